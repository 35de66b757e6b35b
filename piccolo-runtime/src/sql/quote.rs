//! The one place that quotes identifiers and text literals.

use super::Dialect;
use crate::schema::QualifiedName;

/// The identifier in double quotes, with inner double quotes doubled. Both engines read it so
/// (SQLite because double-quoted strings are switched off on every connection).
#[must_use]
pub fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The quoted name of a table or type. SQLite has no schemas in our sense, so there the schema is left out.
#[must_use]
pub fn qualified(name: &QualifiedName, dialect: Dialect) -> String {
    match (&name.schema, dialect) {
        (Some(schema), Dialect::Postgres) => format!("{}.{}", identifier(schema), identifier(&name.name)),
        (Some(_), Dialect::Sqlite) | (None, _) => identifier(&name.name),
    }
}

/// A text literal. A backslash is an ordinary character on both engines (`standard_conforming_strings` is on in every session of ours).
#[must_use]
pub fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
