//! SQLite's errors as ours.
//!
//! SQLite names tables and columns only in the text of a message, whose form has not changed since 3.8.2.

use rusqlite::ffi;

use crate::Error;
use crate::ddl::ImpliedCheck;
use crate::engine::fault::{Fault, Origin};
use crate::error::{COMPUTED, NO_TABLE, OUT_OF_RANGE, SEVERAL_ROWS};

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let code = error.sqlite_error().map(|failure| failure.extended_code.to_string());
        Self { error: translate(error), origin: Origin::Database, code }
    }
}

/// What SQLite says when a connection that only reads is to write, said before it is asked.
pub(crate) fn read_only() -> Fault {
    let code = ffi::SQLITE_READONLY;
    let error = translate_code(code, "attempt to write a readonly database".to_owned());
    Fault { error, origin: Origin::NotReadOnly, code: Some(code.to_string()) }
}

/// The error in our words.
pub(crate) fn translate(error: rusqlite::Error) -> Error {
    if let rusqlite::Error::SqlInputError { error, msg, sql, offset } = error {
        let near = usize::try_from(offset).ok().and_then(|offset| sql.get(offset..)).unwrap_or_default();
        let near: String = near.chars().take(30).collect();
        let message = if near.is_empty() { msg } else { format!("{msg}, at `{near}`") };
        return translate_code(error.extended_code, message);
    }
    let code = error.sqlite_error().map(|failure| failure.extended_code);
    let message =
        if let rusqlite::Error::SqliteFailure(_, Some(message)) = error { message } else { error.to_string() };
    match code {
        Some(code) => translate_code(code, message),
        // What is left is a wrong use of rusqlite.
        None => Error::Database { code: None, message },
    }
}

fn translate_code(code: i32, message: String) -> Error {
    match code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            unique(&message)
        }
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            let (table, column) = table_and_column(subject(&message));
            Error::NotNullViolation { table, column }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => {
            Error::ForeignKeyViolation { table: None, constraint: None, pointed_to: None, dropped: false }
        }
        // `ON DELETE RESTRICT` is a trigger inside SQLite, and its refusal has that code with the key's message.
        ffi::SQLITE_CONSTRAINT_TRIGGER if message == "FOREIGN KEY constraint failed" => {
            Error::ForeignKeyViolation { table: None, constraint: None, pointed_to: None, dropped: false }
        }
        ffi::SQLITE_CONSTRAINT_CHECK => check(subject(&message)),
        ffi::SQLITE_CONSTRAINT_DATATYPE => datatype(&message),
        ffi::SQLITE_TOOBIG => Error::InvalidValue { target: "the statement".to_owned(), reason: message },
        _ => match code & 0xff {
            ffi::SQLITE_BUSY | ffi::SQLITE_LOCKED => Error::Serialization { message },
            ffi::SQLITE_INTERRUPT => Error::Timeout { message: "the statement was interrupted".to_owned() },
            // As Postgres' refusal of a write where there is only reading.
            ffi::SQLITE_READONLY => Error::Database {
                code: Some(code.to_string()),
                message: format!(
                    "nothing can be written here ({message}): the transaction or the url says that it only reads, or the permissions \
                     of the database's file and folder do"
                ),
            },
            ffi::SQLITE_CANTOPEN | ffi::SQLITE_NOTADB | ffi::SQLITE_CORRUPT | ffi::SQLITE_IOERR => {
                Error::Connection { message }
            }
            // The second is SQLite's own word, of a sum and of `abs`.
            _ if message.contains(OUT_OF_RANGE) || message == "integer overflow" => {
                Error::InvalidValue { target: COMPUTED.to_owned(), reason: OUT_OF_RANGE.to_owned() }
            }
            _ => Error::Database { code: Some(code.to_string()), message: in_our_words(message) },
        },
    }
}

/// The sentence of ours that a message quotes as a wrong JSON path, or the message itself, with a way out where there is one.
fn in_our_words(message: String) -> String {
    if message.contains(SEVERAL_ROWS) {
        return SEVERAL_ROWS.to_owned();
    }
    if message.starts_with("no such table: ") { format!("{message} ({NO_TABLE})") } else { message }
}

/// What follows the last colon of `UNIQUE constraint failed: band.name`.
fn subject(message: &str) -> &str {
    message.split_once("constraint failed: ").map_or("", |(_, subject)| subject)
}

/// `band.name` in two; a name with a dot in it cannot be told apart and is taken whole.
fn table_and_column(subject: &str) -> (Option<String>, String) {
    match subject.split_once('.') {
        Some((table, column)) => (Some(table.to_owned()), column.to_owned()),
        None => (None, subject.to_owned()),
    }
}

/// `band.name, band.manager`, or `index 'band_name_idx'` where the index has an expression.
fn unique(message: &str) -> Error {
    let subject = subject(message);
    if let Some(index) = subject.strip_prefix("index '").and_then(|rest| rest.strip_suffix('\'')) {
        return Error::UniqueViolation { table: None, constraint: Some(index.to_owned()), columns: Vec::new() };
    }
    let (tables, columns): (Vec<_>, Vec<_>) = subject.split(", ").map(table_and_column).unzip();
    Error::UniqueViolation { table: tables.into_iter().next().flatten(), constraint: None, columns }
}

/// A check of the schema, or one that stands for what Postgres' types do by themselves.
fn check(constraint: &str) -> Error {
    match ImpliedCheck::parse(constraint) {
        Some((check, column)) => Error::InvalidValue { target: column.to_owned(), reason: check.reason().to_owned() },
        None => {
            Error::CheckViolation { table: None, constraint: (!constraint.is_empty()).then(|| constraint.to_owned()) }
        }
    }
}

/// `cannot store TEXT value in INTEGER column band.popularity`.
fn datatype(message: &str) -> Error {
    let target = message.rsplit_once(' ').map_or(message, |(_, target)| target);
    Error::InvalidValue { target: target.to_owned(), reason: message.to_owned() }
}
