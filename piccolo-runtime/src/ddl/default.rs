//! A column's default as an SQL expression.

use super::Unsupported;
use crate::schema::{ColumnType, Default, ElementType};
use crate::sql::{Dialect, column_type, literal};

/// The expression after `DEFAULT` for a column of this type. Expressions that are more than a literal stand in brackets on SQLite,
/// which asks for them.
///
/// # Errors
///
/// When the default makes no sense for the type.
pub fn default_expression(default: &Default, ty: &ColumnType, dialect: Dialect) -> Result<String, Unsupported> {
    Ok(match default {
        Default::Boolean(value) => match dialect {
            Dialect::Sqlite => i32::from(*value).to_string(),
            Dialect::Postgres => value.to_string(),
        },
        Default::Integer(value) => value.to_string(),
        Default::Decimal(text) => text.to_string(),
        Default::Text(text) | Default::Variant(text) | Default::Json(text) => literal(text),
        Default::DateTime(text) => literal(&fixed_width(text, ty)),
        Default::Interval(microseconds) => match dialect {
            Dialect::Sqlite => microseconds.to_string(),
            Dialect::Postgres => literal(&format!("{microseconds} microseconds")),
        },
        Default::Uuid(text) => match dialect {
            Dialect::Sqlite => format!("X'{}'", text.replace('-', "")),
            Dialect::Postgres => literal(text),
        },
        Default::Bytes(bytes) => match dialect {
            Dialect::Sqlite => format!("X'{}'", hex(bytes)),
            Dialect::Postgres => literal(&format!("\\x{}", hex(bytes))),
        },
        Default::Array(elements) => array(elements, ty, dialect)?,
        Default::Now => now(ty, dialect)?,
        Default::Today => match dialect {
            Dialect::Sqlite => "(date('now'))".to_owned(),
            Dialect::Postgres => "((now() AT TIME ZONE 'UTC')::date)".to_owned(),
        },
        Default::Uuid4 => match dialect {
            Dialect::Sqlite => SQLITE_UUID4.to_owned(),
            Dialect::Postgres => "gen_random_uuid()".to_owned(),
        },
        Default::Uuid7 => match dialect {
            Dialect::Sqlite => SQLITE_UUID7.to_owned(),
            Dialect::Postgres => POSTGRES_UUID7.to_owned(),
        },
        Default::Sql(expression) => format!("({expression})"),
    })
}

/// A random UUID: the version digit is 4, the variant digit one of 8, 9, A and B.
const SQLITE_UUID4: &str = "(unhex(hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) \
     || substr('89AB', 1 + (random() & 3), 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6))))";

/// A time-ordered UUID: 48 bits of milliseconds, then as above with the version 7.
const SQLITE_UUID7: &str = "(unhex(printf('%012X', CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)) \
     || '7' || substr(hex(randomblob(2)), 2) || substr('89AB', 1 + (random() & 3), 1) \
     || substr(hex(randomblob(2)), 2) || hex(randomblob(6))))";

/// The same out of what PostgreSQL 13 has: a random UUID whose first 48 bits become the milliseconds and whose version digit gets the
/// two bits that make a 7 of a 4. (`uuidv7()` exists from 18.)
const POSTGRES_UUID7: &str = "(encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid()) \
     placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) \
     from 1 for 6), 52, 1), 53, 1), 'hex')::uuid)";

/// `now()` in the column's own form. SQLite's clock has milliseconds, so three zeros make up the fixed width.
fn now(ty: &ColumnType, dialect: Dialect) -> Result<String, Unsupported> {
    Ok(match (ty, dialect) {
        (ColumnType::Timestamp | ColumnType::Timestamptz, Dialect::Sqlite) => {
            "(strftime('%Y-%m-%d %H:%M:%f000', 'now'))".to_owned()
        }
        (ColumnType::Time, Dialect::Sqlite) => "(strftime('%H:%M:%f000', 'now'))".to_owned(),
        (ColumnType::Timestamptz, Dialect::Postgres) => "now()".to_owned(),
        (ColumnType::Timestamp, Dialect::Postgres) => "(now() AT TIME ZONE 'UTC')".to_owned(),
        (ColumnType::Time, Dialect::Postgres) => "((now() AT TIME ZONE 'UTC')::time)".to_owned(),
        (_, Dialect::Sqlite | Dialect::Postgres) => {
            return Err(Unsupported::new(
                dialect,
                format!("the default `now()` for the type {}", column_type(ty, Dialect::Postgres)),
            ));
        }
    })
}

/// The text of a date or time as it is stored: with six digits after the second.
fn fixed_width(text: &str, ty: &ColumnType) -> String {
    if *ty == ColumnType::Date {
        return text.to_owned();
    }
    let (seconds, fraction) = text.split_once('.').unwrap_or((text, ""));
    format!("{seconds}.{fraction:0<6}")
}

/// An array: the text of a JSON array on SQLite, `ARRAY[…]` on Postgres.
fn array(elements: &[Default], ty: &ColumnType, dialect: Dialect) -> Result<String, Unsupported> {
    let ColumnType::Array(element) = ty else {
        return Err(Unsupported::new(dialect, "a list as the default of a column that is not an array"));
    };
    match dialect {
        Dialect::Sqlite => {
            let texts = elements.iter().map(|value| json_element(value, element)).collect::<Result<Vec<_>, _>>()?;
            Ok(literal(&format!("[{}]", texts.join(","))))
        }
        Dialect::Postgres => {
            let inner = element.column_type();
            let texts = elements
                .iter()
                .map(|value| default_expression(value, &inner, dialect))
                .collect::<Result<Vec<_>, _>>()?;
            Ok(format!("ARRAY[{}]::{}", texts.join(", "), column_type(ty, dialect)))
        }
    }
}

/// One element of an array on SQLite, as the encoder writes it: numbers and booleans as JSON has them, decimals and everything that
/// is text in SQL as strings, bytes in hexadecimal.
fn json_element(value: &Default, element: &ElementType) -> Result<String, Unsupported> {
    Ok(match value {
        Default::Boolean(value) => value.to_string(),
        Default::Integer(value) => match element {
            ElementType::Numeric { .. } => json_string(&value.to_string()),
            ElementType::Real | ElementType::DoublePrecision => format!("{value}.0"),
            ElementType::Varchar { .. }
            | ElementType::Text
            | ElementType::SmallInt
            | ElementType::Integer
            | ElementType::BigInt
            | ElementType::Boolean
            | ElementType::Date
            | ElementType::Time
            | ElementType::Timestamp
            | ElementType::Timestamptz
            | ElementType::Interval
            | ElementType::Uuid
            | ElementType::Json
            | ElementType::Bytea
            | ElementType::Enum(_) => value.to_string(),
        },
        Default::Decimal(text) => {
            if matches!(element, ElementType::Numeric { .. }) {
                json_string(text)
            } else {
                text.to_string()
            }
        }
        Default::Text(text) | Default::Variant(text) | Default::Uuid(text) => json_string(text),
        Default::DateTime(text) => json_string(&fixed_width(text, &element.column_type())),
        Default::Interval(microseconds) => microseconds.to_string(),
        Default::Json(text) => text.to_string(),
        Default::Bytes(bytes) => json_string(&hex(bytes)),
        Default::Array(_) | Default::Now | Default::Today | Default::Uuid4 | Default::Uuid7 | Default::Sql(_) => {
            return Err(Unsupported::new(Dialect::Sqlite, "an array's default that holds a list or a function"));
        }
    })
}

/// A JSON string, escaped as `serde_json` does it, so that a default and an encoded value are the same text.
fn json_string(text: &str) -> String {
    let mut json = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            control if u32::from(control) < 0x20 => json.push_str(&format!("\\u{:04x}", u32::from(control))),
            other => json.push(other),
        }
    }
    json.push('"');
    json
}

/// The bytes in lower-case hexadecimal.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::default_expression;
    use crate::schema::{ColumnType, Default, ElementType};
    use crate::sql::Dialect;

    #[test]
    fn literals_are_spelled_per_dialect() {
        for (default, ty, sqlite, postgres) in [
            (Default::Boolean(true), ColumnType::Boolean, "1", "true"),
            (Default::Integer(-5), ColumnType::Integer, "-5", "-5"),
            (Default::Text("it's".into()), ColumnType::Text, "'it''s'", "'it''s'"),
            (
                Default::DateTime("2020-01-02 03:04:05.5".into()),
                ColumnType::Timestamp,
                "'2020-01-02 03:04:05.500000'",
                "'2020-01-02 03:04:05.500000'",
            ),
            (Default::DateTime("2020-05-17".into()), ColumnType::Date, "'2020-05-17'", "'2020-05-17'"),
            (Default::Interval(90), ColumnType::Interval, "90", "'90 microseconds'"),
            (Default::Bytes(vec![0, 255].into()), ColumnType::Bytea, "X'00ff'", "'\\x00ff'"),
            (
                Default::Array(vec![Default::Text("a\"b\n".into())].into()),
                ColumnType::Array(ElementType::Text),
                "'[\"a\\\"b\\n\"]'",
                "ARRAY['a\"b\n']::text[]",
            ),
        ] {
            assert_eq!(default_expression(&default, &ty, Dialect::Sqlite).as_deref(), Ok(sqlite));
            assert_eq!(default_expression(&default, &ty, Dialect::Postgres).as_deref(), Ok(postgres));
        }
    }

    #[test]
    fn now_on_a_number_is_refused() {
        let error = default_expression(&Default::Now, &ColumnType::Integer, Dialect::Sqlite).unwrap_err();
        assert_eq!(error.to_string(), "not supported on sqlite: the default `now()` for the type integer");
    }
}
