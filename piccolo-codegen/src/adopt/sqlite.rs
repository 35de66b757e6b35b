//! The type of a column of SQLite: from the check that the type implies where Piccolo made the table, from the declared type otherwise.

use piccolo_runtime::ddl::ImpliedCheck;
use piccolo_runtime::introspect::CheckShape;
use piccolo_runtime::schema::{ColumnType, ElementType};

/// A type, and what was assumed to find it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Typed {
    pub(super) ty: ColumnType,
    pub(super) assumed: Option<String>,
}

/// What a column of SQLite holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A type.
    Typed(Typed),
    /// One of these texts.
    OneOf(Vec<String>),
}

/// The type that the language has for this one; `None` where it has none.
pub(super) fn typed(
    ty: &str,
    counts: bool,
    implied: Option<(ImpliedCheck, &CheckShape)>,
    default: Option<&str>,
) -> Option<Found> {
    let typed = |ty, assumed: Option<&str>| Some(Found::Typed(Typed { ty, assumed: assumed.map(str::to_owned) }));
    let exact = |ty| typed(ty, None);
    if let Some((check, shape)) = implied {
        let numbers = numbers(&shape.expression);
        return match (check, numbers.as_slice()) {
            (ImpliedCheck::Length, [.., length]) => exact(ColumnType::Varchar { length: u32::try_from(*length).ok()? }),
            (ImpliedCheck::Range, [.., upper]) if *upper == i64::from(i16::MAX) => exact(ColumnType::SmallInt),
            (ImpliedCheck::Range, _) if counts => exact(ColumnType::Serial),
            (ImpliedCheck::Range, _) => exact(ColumnType::Integer),
            (ImpliedCheck::Boolean, _) => exact(ColumnType::Boolean),
            (ImpliedCheck::Numeric, [.., scale, bound]) => {
                let scale = u8::try_from(*scale).ok()?;
                let whole = u8::try_from(bound.to_string().len().saturating_sub(1)).ok()?;
                exact(ColumnType::Numeric { precision: whole.saturating_add(scale), scale })
            }
            (ImpliedCheck::Date, _) => exact(ColumnType::Date),
            (ImpliedCheck::Time, _) => exact(ColumnType::Time),
            (ImpliedCheck::Timestamp, _) => typed(
                ColumnType::Timestamp,
                Some("SQLite stores Timestamp and Timestamptz alike; it is taken for Timestamp"),
            ),
            (ImpliedCheck::Uuid, _) => exact(ColumnType::Uuid),
            (ImpliedCheck::Json, _) => exact(ColumnType::Json),
            (ImpliedCheck::Enum, _) => Some(Found::OneOf(texts(&shape.expression))),
            (ImpliedCheck::Array, _) => {
                let (element, name) = element(default);
                let what = format!("SQLite does not know what an array holds; it is taken for Array({name})");
                typed(ColumnType::Array(element), Some(&what))
            }
            (ImpliedCheck::Length | ImpliedCheck::Numeric, _) => None,
        };
    }
    declared(ty, counts).map(Found::Typed)
}

/// What an array holds, as far as its default tells; texts otherwise.
fn element(default: Option<&str>) -> (ElementType, &'static str) {
    let text = default.and_then(|default| default.strip_prefix('\'')).map(|after| super::default::quoted(after).0);
    let values: Vec<serde_json::Value> = text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let all = |is: fn(&serde_json::Value) -> bool| !values.is_empty() && values.iter().all(is);
    if all(serde_json::Value::is_i64) {
        (ElementType::BigInt, "BigInt")
    } else if all(serde_json::Value::is_number) {
        (ElementType::DoublePrecision, "DoublePrecision")
    } else if all(serde_json::Value::is_boolean) {
        (ElementType::Boolean, "Boolean")
    } else {
        (ElementType::Text, "Text")
    }
}

/// A declared type, by the words that applications use.
fn declared(ty: &str, counts: bool) -> Option<Typed> {
    let upper = ty.to_ascii_uppercase();
    let (name, rest) = upper.split_once('(').unwrap_or((&upper, ""));
    let inside: Vec<u32> = rest.trim_end_matches(')').split(',').filter_map(|one| one.trim().parse().ok()).collect();
    let (ty, assumed) = match (name.trim(), inside.as_slice()) {
        _ if counts => (ColumnType::BigSerial, None),
        ("VARCHAR" | "NVARCHAR" | "CHARACTER VARYING" | "CHARACTER" | "CHAR" | "NCHAR", [length]) => {
            (ColumnType::Varchar { length: *length }, None)
        }
        ("TEXT" | "CLOB" | "VARCHAR" | "NVARCHAR" | "CHARACTER VARYING" | "CHAR", _) => (ColumnType::Text, None),
        ("INTEGER" | "INT" | "BIGINT" | "INT8" | "MEDIUMINT" | "SMALLINT" | "TINYINT" | "INT2" | "INT4", _) => {
            (ColumnType::BigInt, None)
        }
        ("REAL" | "DOUBLE" | "DOUBLE PRECISION" | "FLOAT", _) => (ColumnType::DoublePrecision, None),
        ("NUMERIC" | "DECIMAL", [precision, scale]) => {
            let (precision, scale) = (u8::try_from(*precision).ok()?, u8::try_from(*scale).ok()?);
            (ColumnType::Numeric { precision, scale }, Some("its values are taken for numbers of that scale"))
        }
        ("BOOLEAN" | "BOOL", _) => (ColumnType::Boolean, None),
        ("DATE", _) => (ColumnType::Date, Some("its values are taken for texts `YYYY-MM-DD`")),
        ("TIME", _) => (ColumnType::Time, Some("its values are taken for texts `HH:MM:SS.ffffff`")),
        ("DATETIME" | "TIMESTAMP", _) => {
            (ColumnType::Timestamp, Some("its values are taken for texts `YYYY-MM-DD HH:MM:SS.ffffff` in UTC"))
        }
        ("JSON", _) => (ColumnType::Json, Some("its values are taken for JSON")),
        ("BLOB", _) => (ColumnType::Bytea, None),
        _ => return None,
    };
    Some(Typed { ty, assumed: assumed.map(str::to_owned) })
}

/// The numbers in an expression, in order. Names may hold digits, so quoted ones are passed over.
fn numbers(expression: &str) -> Vec<i64> {
    let mut numbers = Vec::new();
    let mut word = String::new();
    let mut quoted = false;
    for character in expression.chars().chain([' ']) {
        if character == '"' {
            quoted = !quoted;
        }
        if !quoted && (character.is_ascii_alphanumeric() || character == '_') {
            word.push(character);
        } else {
            numbers.extend(std::mem::take(&mut word).parse::<i64>());
        }
    }
    numbers
}

/// The texts in quotes in an expression, in order.
fn texts(expression: &str) -> Vec<String> {
    let mut texts = Vec::new();
    let mut rest = expression;
    while let Some((_, after)) = rest.split_once('\'') {
        let (text, after) = super::default::quoted(after);
        texts.push(text);
        rest = after;
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::{numbers, texts};

    #[test]
    fn numbers_and_texts_are_found_in_expressions() {
        assert_eq!(numbers("number1 = round(number1, 2) AND abs(number1) < 1000"), [2, 1000]);
        assert_eq!(numbers("length(\"a 7\") <= 100"), [100]);
        assert_eq!(texts("mood IN ('happy', 'it''s', '')"), ["happy", "it's", ""]);
    }
}
