//! Values as literals, for texts that people read and paste into an engine's shell. Nothing that is run is written so.

use std::fmt::Write;

use crate::Value;
use crate::schema::ElementType;
use crate::sql::{Dialect, column_type, literal};
use crate::value::{json, text};

/// Adds a value as a literal of the dialect.
pub(super) fn write(value: &Value, dialect: Dialect, out: &mut String) {
    // Writing to a string cannot fail.
    let _ = match dialect {
        Dialect::Sqlite => sqlite(value, out),
        Dialect::Postgres => postgres(value, out),
    };
}

/// The value as SQLite stores it.
fn sqlite(value: &Value, out: &mut String) -> std::fmt::Result {
    match value {
        Value::Null => out.write_str("NULL"),
        Value::Boolean(value) => out.write_str(if *value { "TRUE" } else { "FALSE" }),
        Value::SmallInt(value) => write!(out, "{value}"),
        Value::Integer(value) => write!(out, "{value}"),
        Value::BigInt(value) => write!(out, "{value}"),
        Value::Real(value) => real(f64::from(*value), out),
        Value::DoublePrecision(value) => real(*value, out),
        Value::Numeric(value) => write!(out, "{value}"),
        Value::Text(value) | Value::Enum(value) => out.write_str(&sqlite_text(value)),
        Value::Date(value) => out.write_str(&literal(&text::write_date(*value))),
        Value::Time(value) => out.write_str(&literal(&text::write_time(*value))),
        Value::Timestamp(value) => out.write_str(&literal(&text::write_timestamp(*value))),
        Value::Timestamptz(value) => out.write_str(&literal(&text::write_instant(*value))),
        Value::Interval(value) => write!(out, "{}", value.num_microseconds().unwrap_or(i64::MAX)),
        Value::Uuid(value) => write!(out, "X'{}'", value.simple()),
        Value::Json(value) => out.write_str(&literal(&json::write(value))),
        Value::Bytea(value) => write!(out, "X'{}'", json::hex(value)),
        Value::Array(_, values) => {
            let items = values.iter().filter_map(json::from_element).collect();
            out.write_str(&literal(&json::write(&serde_json::Value::Array(items))))
        }
    }
}

/// Whether a shell or a terminal would swallow the character, as a shell does with the carriage return before a line feed.
fn is_swallowed(character: char) -> bool {
    character.is_control() && character != '\n'
}

/// A text for SQLite, whose literals know no escapes: `('a' || char(13) || 'b')` where it has characters that a shell swallows.
fn sqlite_text(text: &str) -> String {
    if !text.contains(is_swallowed) {
        return literal(text);
    }
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(is_swallowed) {
        let (before, from) = rest.split_at(at);
        if !before.is_empty() {
            parts.push(literal(before));
        }
        let mut characters = from.chars();
        parts.extend(characters.next().map(|character| format!("char({})", u32::from(character))));
        rest = characters.as_str();
    }
    if !rest.is_empty() {
        parts.push(literal(rest));
    }
    format!("({})", parts.join(" || "))
}

/// A text for Postgres: with escapes, `E'a\rb'`, where it has characters that a shell swallows.
fn postgres_text(text: &str) -> String {
    if !text.contains(is_swallowed) {
        return literal(text);
    }
    let mut out = String::from("E'");
    for character in text.chars() {
        match character {
            '\'' => out.push_str("''"),
            '\\' => out.push_str("\\\\"),
            swallowed if is_swallowed(swallowed) => out.push_str(&format!("\\u{:04x}", u32::from(swallowed))),
            other => out.push(other),
        }
    }
    out.push('\'');
    out
}

/// A double that SQLite reads as one, infinity included.
fn real(value: f64, out: &mut String) -> std::fmt::Result {
    if value.is_infinite() {
        out.write_str(if value > 0.0 { "9e999" } else { "-9e999" })
    } else {
        write!(out, "{value:?}")
    }
}

/// The value with the type that Postgres could not guess.
fn postgres(value: &Value, out: &mut String) -> std::fmt::Result {
    match value {
        Value::Null => out.write_str("NULL"),
        Value::Boolean(value) => out.write_str(if *value { "TRUE" } else { "FALSE" }),
        Value::SmallInt(value) => write!(out, "{value}"),
        Value::Integer(value) => write!(out, "{value}"),
        Value::BigInt(value) => write!(out, "{value}"),
        Value::Real(value) => write!(out, "'{value}'::real"),
        Value::DoublePrecision(value) => write!(out, "'{value}'::double precision"),
        Value::Numeric(value) if value.scale() == 0 => write!(out, "{value}::numeric"),
        Value::Numeric(value) => write!(out, "{value}"),
        Value::Text(value) | Value::Enum(value) => out.write_str(&postgres_text(value)),
        Value::Date(value) => write!(out, "'{}'::date", text::write_date(*value)),
        Value::Time(value) => write!(out, "'{}'::time", text::write_time(*value)),
        Value::Timestamp(value) => write!(out, "'{}'::timestamp", text::write_timestamp(*value)),
        Value::Timestamptz(value) => write!(out, "'{}+00'::timestamptz", text::write_instant(*value)),
        Value::Interval(value) => {
            write!(out, "'{} microseconds'::interval", value.num_microseconds().unwrap_or(i64::MAX))
        }
        Value::Uuid(value) => write!(out, "'{value}'::uuid"),
        Value::Json(value) => write!(out, "{}::jsonb", literal(&json::write(value))),
        Value::Bytea(value) => write!(out, "'\\x{}'::bytea", json::hex(value)),
        Value::Array(element, values) => array(element, values, out),
    }
}

/// `ARRAY[…]::type[]`.
fn array(element: &ElementType, values: &[Value], out: &mut String) -> std::fmt::Result {
    out.write_str("ARRAY[")?;
    for (position, value) in values.iter().enumerate() {
        if position > 0 {
            out.write_str(", ")?;
        }
        postgres(value, out)?;
    }
    write!(out, "]::{}[]", postgres_element(element))
}

/// The type of the elements. A decimal's is unbounded, because a list to look in has no scale of its own.
fn postgres_element(element: &ElementType) -> String {
    if matches!(element, ElementType::Numeric { .. }) {
        "numeric".to_owned()
    } else if matches!(element, ElementType::Varchar { .. }) {
        "text".to_owned()
    } else {
        column_type(&element.column_type(), Dialect::Postgres)
    }
}
