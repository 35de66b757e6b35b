//! The schema language as text: from a `.piccolo` file to a tree with a span on everything.
//!
//! | Module | Does |
//! |---|---|
//! | [`ast`] | the tree, comments included |
//! | `scan` | cuts a file into declarations, so that a mistake in one leaves the others readable |
//! | `parser` | one declaration to its part of the tree, through the pest grammar |
//! | `comments` | gives each comment to the part of the tree that it stands at |
//!
//! Parsing never fails as a whole: it gives the tree of what could be read and a diagnostic for each thing that
//! could not.

pub mod ast;
mod comments;
mod conflict;
mod expected;
mod literal;
mod parser;
mod scan;

use ast::Ast;

use crate::diagnostic::Diagnostic;
use crate::source::Sources;

#[cfg(feature = "cli")]
pub(crate) use conflict::{has_markers, sides};
pub(crate) use literal::quote;

/// The declarations of a text that a scan finds nothing wrong with, each with its doc comment.
pub(crate) fn pieces(text: &str) -> Option<Vec<&str>> {
    let scan = scan::scan(text, 0);
    if !scan.diagnostics.is_empty() || !conflict::markers(text, 0).is_empty() {
        return None;
    }
    scan.chunks.iter().map(|chunk| text.get(chunk.start..chunk.end).map(str::trim_end)).collect()
}

/// Parses one file of the sources.
#[must_use]
pub fn parse(sources: &Sources, file: usize) -> (Ast, Vec<Diagnostic>) {
    let Some(source) = sources.get(file) else {
        return (Ast::default(), Vec::new());
    };
    let conflicts = conflict::markers(&source.text, file);
    if !conflicts.is_empty() {
        // What stands between the markers is two files at once; what it means is not worth saying.
        return (Ast::default(), conflicts);
    }
    let scan = scan::scan(&source.text, file);
    let mut diagnostics = scan.diagnostics;
    let mut ast = Ast::default();
    for chunk in &scan.chunks {
        match parser::declaration(&source.text, file, chunk, &mut diagnostics) {
            Some(declaration) => ast.declarations.push(declaration),
            None => ast.lost.extend(parser::lost_name(&source.text, chunk)),
        }
    }
    comments::attach(&mut ast, scan.comments, &source.text);
    (ast, diagnostics)
}
