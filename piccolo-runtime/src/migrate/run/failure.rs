//! What is said about a step that failed.

use super::step_sql::{Place, steps};
use crate::Error;
use crate::migrate::file::{Mode, Statement};
use crate::migrate::pending::Direction;
use crate::sql::Dialect;

/// The longest piece of a statement that a message shows, in characters.
const SHOWN: usize = 400;

/// The error for a statement of the file that the database refused.
pub(super) fn of_statement(place: &Place<'_>, statement: &Statement, error: &Error, dialect: Dialect) -> Error {
    let direction = match place.direction {
        Direction::Forwards => "up",
        Direction::Backwards => "down",
    };
    let mut what = format!(
        "line {} of {direction}.{dialect}.sql failed: {error}\n  {}{}",
        statement.line,
        shortened(&statement.normal),
        way_out(statement, error, dialect)
    );
    if place.direction == Direction::Forwards && exists_already(error) {
        what.push_str(&format!(
            "\nsomething else made it: the database was not made by these migrations, or another one makes the same. Where the database has all \
             that this one creates, `piccolo-codegen migration forwards {} --fake` records it without running it; a database that was made \
             without Piccolo is taken over by `piccolo-codegen adopt`; where a migration of another branch makes the same, \
             `piccolo-codegen diff --rebase` plans this one anew; whether it is a copy, `piccolo-codegen check` says; otherwise migrate another \
             database",
            place.entry.id
        ));
    }
    of_step(place, &what, Some(error.clone()))
}

/// The way out where something that we know nothing about, a view or a trigger, stands on what changes.
const HELD: &str = "\ndrop what depends on it before this statement and create it anew after it, in this file, which may be changed because it has not run \
     here to its end; or drop it in a migration that comes before this one";

/// What can be done, where something stands on what the statement changes.
fn way_out(statement: &Statement, error: &Error, dialect: Dialect) -> &'static str {
    let is_pointed_to = matches!(error, Error::ForeignKeyViolation { .. }) && drops_a_table(&statement.normal);
    if dialect == Dialect::Sqlite && is_pointed_to {
        POINTED_TO
    } else if is_held(error) {
        HELD
    } else {
        ""
    }
}

/// The way out where rows of a table that SQLite is to drop are pointed to: it deletes them first, and names nothing.
const POINTED_TO: &str =
    "\nrows of other tables still point to rows of this one: drop the keys to it, or those tables, in a step before";

/// Whether a statement drops a table.
fn drops_a_table(sql: &str) -> bool {
    let mut words = sql.split_whitespace();
    let mut is = |word: &str| words.next().is_some_and(|found| found.eq_ignore_ascii_case(word));
    is("drop") && is("table")
}

/// Whether a statement failed because something depends on what it changes.
fn is_held(error: &Error) -> bool {
    let Error::Database { code, message } = error else { return false };
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    match code.as_deref() {
        Some("2BP01") => true,
        Some("0A000") => says(&["used by a ", "used in a "]),
        Some(_) | None => says(&["error in view ", "error in trigger "]),
    }
}

/// Whether what a statement creates is there: an object, table, schema or column of that name.
fn exists_already(error: &Error) -> bool {
    let Error::Database { code: Some(code), message } = error else { return false };
    // SQLite has one code for all mistakes in a statement.
    matches!(code.as_str(), "42710" | "42P07" | "42P06" | "42701")
        || (code == "1" && ["already exists", "duplicate column name"].iter().any(|words| message.contains(words)))
}

/// The error for a step that failed as `what` says.
pub(super) fn of_step(place: &Place<'_>, what: &str, cause: Option<Error>) -> Error {
    let (step, rest) = match place.step {
        Some(step) => {
            let title = step.title.as_deref().map(|title| format!(" ({title})")).unwrap_or_default();
            let kept = if place.first < step.number {
                format!(
                    "nothing of steps {} to {} was kept; the next run begins with the first of them",
                    place.first, step.number
                )
            } else {
                "nothing of this step was kept; the next run begins with it".to_owned()
            };
            let step_of = format!("step {} of {}{title}", step.number, steps(place.entry, place.direction).len());
            let rest = match step.mode {
                Mode::Transaction if step.batches.is_some() => {
                    "the batches before this one are kept; the next run goes on after them".to_owned()
                }
                Mode::Transaction => kept,
                Mode::NoTransaction => {
                    "the step runs outside of a transaction; the next run looks at what it left and begins with it"
                        .to_owned()
                }
            };
            (step_of, rest)
        }
        None => ("the end".to_owned(), "nothing of this was kept; the next run begins here".to_owned()),
    };
    Error::Migration {
        id: Some(place.entry.id.clone()),
        message: format!("{step}: {what}\n{rest}"),
        cause: cause.map(Box::new),
    }
}

/// A statement in at most [`SHOWN`] characters.
fn shortened(sql: &str) -> String {
    match sql.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", sql.get(..end).unwrap_or_default()),
        None => sql.to_owned(),
    }
}

/// Whether trying the step again may help: it waited too long for a lock, lost a dead-lock, or SQLite's writer was busy.
pub(super) fn is_passing(error: &Error) -> bool {
    let passing = |code: &Option<String>| matches!(code.as_deref(), Some("55P03" | "40P01" | "40001"));
    matches!(error, Error::Serialization { .. } | Error::Timeout { .. })
        || matches!(error, Error::Database { code, .. } if passing(code))
}
