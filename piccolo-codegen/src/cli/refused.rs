//! Conditions of the schema that a database does not understand, as mistakes with their place.

use piccolo_runtime::sql::Dialect;

use crate::diagnostic::{Code, Diagnostic, Diagnostics};
use crate::proof::RefusedCheck;
use crate::source::{Sources, Span};
use crate::syntax::ast::{Ast, Body, ItemKind, Record, ValueKind};
use crate::syntax::parse;

/// The mistakes, each at the words of its condition.
pub(super) fn diagnostics(refused: &[RefusedCheck], dialect: Dialect, sources: &Sources) -> Diagnostics {
    let files: Vec<Ast> = (0..sources.len()).map(|file| parse(sources, file).0).collect();
    let list = refused.iter().map(|check| {
        let found = Diagnostic::new(Code::RefusedCondition, format!("{dialect} does not understand the check"));
        match place(check, &files) {
            Some(span) => found.label(span, check.message.as_str()),
            // A schema that no text says, such as an adopted one.
            None => Diagnostic { message: format!("{dialect} does not understand {check}"), ..found },
        }
    });
    Diagnostics::new(sources.clone(), list.collect())
}

/// Where the condition stands: in its table, or in a mixin.
fn place(check: &RefusedCheck, files: &[Ast]) -> Option<Span> {
    let declarations = || files.iter().flat_map(|file| &file.declarations);
    let tables = declarations().filter_map(|declaration| match &declaration.body {
        Body::Table(record) if declaration.name.text == check.table => Some(record),
        Body::Table(_) | Body::Mixin(_) | Body::Enum(_) => None,
    });
    let mixins = declarations().filter_map(|declaration| match &declaration.body {
        Body::Mixin(record) => Some(record),
        Body::Table(_) | Body::Enum(_) => None,
    });
    tables.chain(mixins).find_map(|record| in_record(&check.condition, record))
}

fn in_record(condition: &str, record: &Record) -> Option<Span> {
    let checks = record.items.iter().filter_map(|item| match &item.kind {
        ItemKind::Statement(statement) if statement.keyword.text == "check" => Some(statement),
        ItemKind::Statement(_) | ItemKind::Column(_) => None,
    });
    let mut values = checks.flat_map(|check| &check.arguments).map(|argument| &argument.value);
    let says = |kind: &ValueKind| matches!(kind, ValueKind::Text(text) if text == condition);
    values.find(|value| says(&value.kind)).map(|value| value.span)
}
