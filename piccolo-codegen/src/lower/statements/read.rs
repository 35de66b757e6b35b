//! The parts that statements are read from: columns by name, the author's name, texts of SQL.

use piccolo_runtime::schema::Text;

use crate::diagnostic::Code;
use crate::lower::arguments::{Owner, Read, Spec, read};
use crate::lower::columns::ColumnDraft;
use crate::lower::context::Context;
use crate::lower::tables::TableDraft;
use crate::lower::{defaults, keys, names};
use crate::source::Span;
use crate::syntax::ast::{Argument, Statement};

/// The most columns that Postgres allows in a key or an index.
const MAX_KEYS: usize = 32;

/// Splits a statement's arguments into those without a name and the named ones.
pub(super) fn split<'a>(
    context: &mut Context<'_>,
    statement: &'a Statement,
    named: &'static [&'static str],
) -> (Vec<&'a Argument>, Read<'a>) {
    let positional = statement.arguments.iter().filter(|argument| argument.name.is_none()).collect();
    let owner = Owner::Named(&statement.keyword.text);
    let spec = Spec { owner, parameters: &[], flags: &[], named };
    if let Some(target) = statement.target.as_ref().filter(|_| statement.keyword.text != "foreign_key") {
        context.error(
            Code::WrongArgument,
            target.span,
            format!("{owner} points to nothing"),
            "only `foreign_key(…)` has a target",
        );
    }
    let read = read(context, statement.arguments.iter().filter(|argument| argument.name.is_some()), spec);
    (positional, read)
}

/// The columns that a statement names, each once, and at least one; mistakes are reported and left out.
pub(super) fn column_names<'a>(
    context: &mut Context<'_>,
    draft: &TableDraft<'_>,
    statement: &Statement,
    positional: &[&'a Argument],
) -> Vec<&'a str> {
    for direction in positional.iter().filter_map(|argument| argument.direction.as_ref()) {
        context.error(Code::WrongArgument, direction.span, "only the keys of an index have a direction", "remove it");
    }
    check_count(context, statement, positional.len());
    names_in(context, draft, positional)
}

/// The columns of a table that arguments name.
pub(super) fn names_in<'a>(
    context: &mut Context<'_>,
    draft: &TableDraft<'_>,
    positional: &[&'a Argument],
) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for argument in positional {
        match argument.value.word() {
            Some(name) if draft.column(name).is_none() => {
                if !draft.damaged {
                    keys::unknown_column(context, draft, name, argument.value.span);
                }
            }
            Some(name) if names.contains(&name) => {
                context.error(
                    Code::DuplicateArgument,
                    argument.value.span,
                    format!("`{name}` is named twice"),
                    "remove one",
                );
            }
            Some(name) => names.push(name),
            None => context.error(
                Code::WrongArgument,
                argument.value.span,
                "the name of a column stands here",
                "columns are written without quotes",
            ),
        }
    }
    names
}

/// Refuses a statement without columns, or with more than an engine takes.
pub(super) fn check_count(context: &mut Context<'_>, statement: &Statement, count: usize) -> bool {
    let keyword = statement.keyword.text.as_str();
    if count == 0 && !statement.arguments.iter().any(|argument| argument.name.is_none()) {
        let help = format!("name its columns: `{keyword}(a, b)`");
        context.error(Code::MissingArgument, statement.span, format!("`{keyword}` needs a column"), help);
    }
    if count > MAX_KEYS {
        let message = format!("`{keyword}` takes at most {MAX_KEYS} columns");
        context.error(Code::TooMany, statement.span, message, "");
    }
    (1..=MAX_KEYS).contains(&count)
}

/// The name that the author gave.
pub(super) fn explicit_name<'a>(context: &mut Context<'_>, read: &Read<'a>) -> Option<(&'a str, Span)> {
    let (name, span) = read.text(context, "name")?;
    names::constraint_name(context, name, span);
    Some((name, span))
}

/// The text of an SQL expression, which is never empty.
pub(super) fn expression(context: &mut Context<'_>, read: &Read<'_>, name: &str) -> Option<String> {
    let (text, span) = read.text(context, name)?;
    defaults::not_empty(context, text, span)
}

/// The column's name in the database.
pub(super) fn sql_name(column: &ColumnDraft<'_>) -> Text {
    column.sql_name.to_owned().into()
}
