//! The ways back along foreign keys: names beside the columns of the table that a key points to.

use std::collections::HashMap;

use super::columns::DraftType;
use super::context::Context;
use super::tables::TableDraft;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Reports ways back whose names are no names or taken.
pub(super) fn check(context: &mut Context<'_>, drafts: &[TableDraft<'_>]) {
    let mut taken: HashMap<(usize, &str), (Span, String)> = HashMap::new();
    for draft in drafts {
        for column in &draft.columns {
            let (DraftType::Key(key), Some((table, _))) = (&column.ty, column.target) else { continue };
            let (Some((name, span)), Some(target)) = (key.reverse, drafts.get(table)) else { continue };
            if !is_identifier(name) {
                let help = "it becomes a field in Rust: letters, digits and underscores, not beginning with a digit";
                context.error(Code::UnusableName, span, format!("`{name}` cannot be the name of a way back"), help);
                continue;
            }
            let clash = match target.column(name) {
                Some(other) => Some((other.name_span, format!("`{}` has a column `{name}`", target.name))),
                None => taken.get(&(table, name)).cloned(),
            };
            match clash {
                Some((first, message)) => context.report(
                    Diagnostic::new(Code::ReverseClash, message)
                        .label(span, "")
                        .label(first, "which is here")
                        .help("choose another name for the way back"),
                ),
                None => {
                    let message = format!("another key has the way back `{name}` on `{}`", target.name);
                    taken.insert((table, name), (span, message));
                }
            }
        }
    }
}

/// Whether a text is a name of the schema language.
fn is_identifier(name: &str) -> bool {
    name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_')
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().any(|character| character != '_')
}
