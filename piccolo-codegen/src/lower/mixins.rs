//! Mixins: which lines a table has once they are taken in, and which mixins there are without being declared.

use std::collections::HashSet;

use super::context::Context;
use super::symbols::kind;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Sources;
use crate::syntax::ast::{Ast, Body, Declaration, Ident, Record};

/// The built-in mixin of tables whose rows can log in.
pub const BASE_USER: &str = "BaseUser";

/// The mixins that need no declaration.
pub(super) fn built_in() -> Ast {
    crate::syntax::parse(&Sources::new(), Sources::BUILT_IN).0
}

/// The mixins that a table takes in, each once, those that others build on first.
pub(super) fn linearize<'a>(context: &mut Context<'a>, record: &'a Record) -> Vec<&'a Declaration> {
    report_repeated(context, record);
    walk(context, record.mixins.iter().collect())
}

/// The mixins of these names and those that they take in, each once, those that others build on first.
fn walk<'a>(context: &mut Context<'a>, names: Vec<&'a Ident>) -> Vec<&'a Declaration> {
    let mut order = Vec::new();
    let mut done: HashSet<&str> = HashSet::new();
    let mut open: HashSet<&str> = HashSet::new();
    // An explicit stack: a chain of mixins may be longer than the thread's stack is deep. `true` marks a mixin whose own are done.
    let mut stack: Vec<(&'a Ident, bool)> = names.into_iter().rev().map(|name| (name, false)).collect();
    while let Some((name, children_done)) = stack.pop() {
        let Some((declaration, inner)) = find(context, name) else { continue };
        let key = declaration.name.text.as_str();
        if children_done {
            open.remove(key);
            if done.insert(key) {
                order.push(declaration);
            }
        } else if open.contains(key) {
            // A cycle is reported where it is first met, and not again from each table that leads into it.
            if !context.cyclic_mixins.insert(key) {
                continue;
            }
            context.cyclic_mixins.extend(open.iter().copied());
            context.report(
                Diagnostic::new(Code::MixinCycle, format!("the mixin `{key}` takes itself in"))
                    .label(name.span, "here it comes round")
                    .label(declaration.name.span, "declared here"),
            );
        } else if !done.contains(key) {
            open.insert(key);
            report_repeated(context, inner);
            stack.push((name, true));
            stack.extend(inner.mixins.iter().rev().map(|name| (name, false)));
        }
    }
    order
}

/// The mixin of a name, or a diagnostic.
fn find<'a>(context: &mut Context<'a>, name: &Ident) -> Option<(&'a Declaration, &'a Record)> {
    let found = context.symbols.get(&name.text);
    if let Some(declaration) = found
        && let Body::Mixin(record) = &declaration.body
    {
        return Some((declaration, record));
    }
    if context.symbols.is_lost(&name.text) {
        return None;
    }
    let diagnostic = match found {
        Some(other) => {
            Diagnostic::new(Code::UnknownReference, format!("`{}` is no mixin but {}", name.text, kind(other)))
                .label(name.span, "")
                .label(other.name.span, "declared here")
        }
        None => Diagnostic::new(Code::UnknownReference, format!("there is no mixin `{}`", name.text))
            .label(name.span, "")
            .help(did_you_mean(&name.text, context.symbols.mixins().map(|mixin| mixin.name.text.as_str()))),
    };
    context.report(diagnostic);
    None
}

/// Reports mixins that one header names twice.
fn report_repeated(context: &mut Context<'_>, record: &Record) {
    let mut seen: HashSet<&str> = HashSet::new();
    for name in &record.mixins {
        if !seen.insert(&name.text) {
            context.error(
                Code::DuplicateMixin,
                name.span,
                format!("the mixin `{}` is taken in twice", name.text),
                "remove one",
            );
        }
    }
}

/// Warns of mixins that nothing takes in, and reports cycles that no table meets.
pub(super) fn check(context: &mut Context<'_>) {
    let mut used: HashSet<&str> = HashSet::new();
    for declaration in &context.symbols.declarations {
        if let Body::Table(record) | Body::Mixin(record) = &declaration.body {
            used.extend(record.mixins.iter().map(|name| name.text.as_str()));
        }
    }
    let mixins: Vec<&Declaration> = context.symbols.mixins().collect();
    walk(context, mixins.iter().map(|mixin| &mixin.name).collect());
    for mixin in mixins {
        if !used.contains(mixin.name.text.as_str()) && mixin.span.file != Sources::BUILT_IN {
            context.error(
                Code::UnusedMixin,
                mixin.name.span,
                format!("no table takes in the mixin `{}`", mixin.name.text),
                format!("a table does so in its header: `table Name: {} {{ … }}`", mixin.name.text),
            );
        }
    }
}
