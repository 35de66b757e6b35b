//! What every step of lowering shares.

use std::collections::{HashMap, HashSet};

use piccolo_runtime::schema::QualifiedName;
use piccolo_runtime::sql::Dialect;

use super::enums::EnumInfo;
use super::symbols::Symbols;
use crate::change::Renames;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Declaration;

/// The state of one lowering.
pub(super) struct Context<'a> {
    /// The engines that the schema is for.
    pub(super) targets: &'a [Dialect],
    /// Which name declares what.
    pub(super) symbols: Symbols<'a>,
    /// What lowering has learnt of each enum, by its name.
    pub(super) enums: HashMap<&'a str, EnumInfo>,
    /// The name in the schema language of each enum, by its name in the database.
    pub(super) enum_names: HashMap<QualifiedName, &'a str>,
    /// The mixins of cycles that have been reported.
    pub(super) cyclic_mixins: HashSet<&'a str>,
    /// The old names met so far.
    pub(super) renames: Renames,
    /// The findings so far.
    pub(super) diagnostics: Vec<Diagnostic>,
}

impl<'a> Context<'a> {
    pub(super) fn new(targets: &'a [Dialect]) -> Self {
        Self {
            targets,
            symbols: Symbols::default(),
            enums: HashMap::new(),
            enum_names: HashMap::new(),
            cyclic_mixins: HashSet::new(),
            renames: Renames::default(),
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Reports a mistake at one place.
    pub(super) fn error(&mut self, code: Code, span: Span, message: impl Into<String>, help: impl Into<String>) {
        self.report(Diagnostic::new(code, message).label(span, "").help(help));
    }

    pub(super) fn targets(&self, dialect: Dialect) -> bool {
        self.targets.contains(&dialect)
    }

    /// Refuses what an engine lacks, where it is a target.
    pub(super) fn not_on(&mut self, dialect: Dialect, span: Span, what: &str, help: &str) {
        let name = match dialect {
            Dialect::Sqlite => "SQLite",
            Dialect::Postgres => "Postgres",
        };
        if self.targets(dialect) {
            let diagnostic = Diagnostic::new(Code::Unsupported, format!("{name} has no {what}"))
                .label(span, format!("{name} is one of the schema's engines"))
                .help(help);
            self.report(diagnostic);
        }
    }

    /// What was learnt. A mixin's mistakes are met once for each table that takes it in, and kept once.
    pub(super) fn finish(self) -> (Renames, Vec<Diagnostic>) {
        let mut seen = HashSet::new();
        let mut diagnostics = self.diagnostics;
        diagnostics.retain(|diagnostic| seen.insert((diagnostic.code, diagnostic.span(), diagnostic.message.clone())));
        (self.renames, diagnostics)
    }
}

/// The doc comment of the model: its lines, joined.
pub(super) fn doc(lines: &[String]) -> String {
    lines.join("\n")
}

/// Whether a name in this declaration may be missing only because a part of it could not be read.
pub(super) fn excused(declarations: &[&Declaration]) -> bool {
    declarations.iter().any(|declaration| declaration.damaged)
}
