//! The canonical text of a schema.
//!
//! There is one printer, and it prints trees with their comments: `fmt` gives it the tree of a file, the snapshot a
//! schema that is raised to a tree. So `parse(print(schema)) == schema`, and printing what was printed changes nothing.

mod build;
mod layout;
mod raise;

use piccolo_runtime::schema::Schema;

use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::syntax::{self, ast::Ast};

/// The canonical text of a schema: enums and tables in declared order, mixins expanded, lengths, keys and actions explicit.
#[must_use]
pub fn schema(schema: &Schema) -> String {
    let raiser = raise::Raiser::new(schema);
    let mut printer = layout::Printer::default();
    // One at a time: a large schema's whole tree would be a multiple of its text.
    raiser.declarations(schema).for_each(|declaration| printer.declaration(&declaration));
    printer.finish()
}

/// The canonical text of each declaration of a schema, enums first, without the end of its last line.
pub(crate) fn declarations(schema: &Schema) -> Vec<String> {
    let text = |declaration| {
        let mut printer = layout::Printer::default();
        printer.declaration(&declaration);
        let mut text = printer.finish();
        text.truncate(text.trim_end().len());
        text
    };
    raise::Raiser::new(schema).declarations(schema).map(text).collect()
}

/// The first line of a snapshot. Its number changes with the format, so that an older program does not misread a newer file.
const SNAPSHOT_HEADER: &str =
    "// piccolo snapshot 1: the schema after the newest migration; `piccolo-codegen diff` writes it.";

/// The text of a snapshot: the canonical text of a schema under a line that says what it is.
#[must_use]
pub fn snapshot(of: &Schema) -> String {
    format!("{SNAPSHOT_HEADER}\n\n{}", schema(of))
}

/// The format of a snapshot, if its first line says one; the only one that this program reads is 1.
#[must_use]
pub fn snapshot_format(text: &str) -> Option<u32> {
    let number = text.strip_prefix("// piccolo snapshot ")?.split(':').next()?;
    number.parse().ok()
}

/// The canonical text of a file, with all its comments. Empty lines between the lines of a table are kept, one at a time, because they
/// group what belongs together.
#[must_use]
pub fn source(ast: &Ast) -> String {
    layout::print(ast)
}

/// The canonical layout of a file as it was read from disk. What cannot be read cannot be laid out either, so a file with mistakes
/// in its syntax is left to its author; what it means plays no part.
///
/// # Errors
/// The mistakes.
pub fn format(name: &str, bytes: &[u8]) -> Result<String, Diagnostics> {
    let mut sources = Sources::new();
    let file = sources.add_bytes(name, bytes)?;
    let (ast, diagnostics) = syntax::parse(&sources, file);
    if diagnostics.is_empty() { Ok(source(&ast)) } else { Err(Diagnostics::new(sources, diagnostics)) }
}
