//! Which name declares what.

use std::collections::{HashMap, HashSet};

use piccolo_runtime::schema::naming;

use crate::diagnostic::{Code, Diagnostic};
use crate::syntax::ast::{Ast, Body, Declaration};

/// The declarations of a schema, in order, and where to find them by name.
#[derive(Default)]
pub(super) struct Symbols<'a> {
    /// The declarations, the first of each name.
    pub(super) declarations: Vec<&'a Declaration>,
    by_name: HashMap<&'a str, usize>,
    tables: HashMap<&'a str, usize>,
    lost: HashSet<&'a str>,
}

impl<'a> Symbols<'a> {
    /// The declaration of a name.
    pub(super) fn get(&self, name: &str) -> Option<&'a Declaration> {
        self.by_name.get(name).and_then(|position| self.declarations.get(*position)).copied()
    }

    /// Whether a name is missing only because its declaration could not be read.
    pub(super) fn is_lost(&self, name: &str) -> bool {
        self.lost.contains(name)
    }

    /// The position of a table among the tables.
    pub(super) fn table(&self, name: &str) -> Option<usize> {
        self.tables.get(name).copied()
    }

    /// The tables, in order.
    pub(super) fn tables(&self) -> impl Iterator<Item = &'a Declaration> {
        self.declarations.iter().copied().filter(|declaration| matches!(declaration.body, Body::Table(_)))
    }

    /// The enums, in order.
    pub(super) fn enums(&self) -> impl Iterator<Item = &'a Declaration> {
        self.declarations.iter().copied().filter(|declaration| matches!(declaration.body, Body::Enum(_)))
    }

    /// The mixins, in order.
    pub(super) fn mixins(&self) -> impl Iterator<Item = &'a Declaration> {
        self.declarations.iter().copied().filter(|declaration| matches!(declaration.body, Body::Mixin(_)))
    }
}

/// What a declaration is called in a sentence.
pub(super) fn kind(declaration: &Declaration) -> &'static str {
    match declaration.body {
        Body::Table(_) => "a table",
        Body::Mixin(_) => "a mixin",
        Body::Enum(_) => "an enum",
    }
}

/// Collects the declarations of all files and reports those whose names meet. Two names meet when they give one Rust module.
pub(super) fn collect<'a>(asts: &'a [Ast], built_in: &'a Ast, diagnostics: &mut Vec<Diagnostic>) -> Symbols<'a> {
    let mut symbols = Symbols::default();
    let mut modules: HashMap<String, &'a Declaration> = HashMap::new();
    let mut tables = 0;
    symbols.lost = asts.iter().flat_map(|ast| &ast.lost).map(String::as_str).collect();
    let declarations = built_in.declarations.iter().chain(asts.iter().flat_map(|ast| &ast.declarations));
    for declaration in declarations {
        let name = declaration.name.text.as_str();
        if let Some(first) = modules.get(naming::snake_case(name).as_str()) {
            diagnostics.push(clash(declaration, first, built_in));
            continue;
        }
        modules.insert(naming::snake_case(name), declaration);
        symbols.by_name.insert(name, symbols.declarations.len());
        if matches!(declaration.body, Body::Table(_)) {
            symbols.tables.insert(name, tables);
            tables += 1;
        }
        symbols.declarations.push(declaration);
    }
    symbols
}

/// The diagnostic for a name that is taken.
fn clash(declaration: &Declaration, first: &Declaration, built_in: &Ast) -> Diagnostic {
    let name = &declaration.name.text;
    let other = &first.name.text;
    if built_in.declarations.iter().any(|taken| std::ptr::eq(taken, first)) {
        return Diagnostic::new(Code::DuplicateDeclaration, format!("`{other}` is a built-in mixin"))
            .label(declaration.name.span, "")
            .help("choose another name");
    }
    let message = if name == other {
        format!("`{name}` is declared twice")
    } else {
        format!("`{name}` and `{other}` are too much alike")
    };
    let help = if name == other { "" } else { "names that differ only in case or underscores give one Rust module" };
    Diagnostic::new(Code::DuplicateDeclaration, message)
        .label(declaration.name.span, "")
        .label(first.name.span, format!("`{other}` is {} here", kind(first)))
        .help(help)
}
