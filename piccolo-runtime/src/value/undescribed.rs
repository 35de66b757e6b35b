//! Values of columns that no schema describes, such as those of `raw`, as what the reader takes them for.
//!
//! SQLite says of a value no more than that it is an integer, a float, a text or bytes. Whoever reads it says what it means; these are the
//! forms in which SQLite stores the values of our types. Postgres says more, and what it says is left as it is unless it is one of these forms too,
//! so that one piece of code reads both.

use rust_decimal::Decimal;

use super::{Value, json, text};
use crate::schema::{ColumnType, ElementType};

/// The value as one of a column of this type, where it has the form of one; as it is otherwise.
pub(crate) fn read(value: Value, ty: &ColumnType) -> Value {
    if let ColumnType::Array(element) = ty {
        let Value::Text(stored) = &value else { return value };
        return array(stored, element).unwrap_or(value);
    }
    let Some(element) = ty.referenced().element() else { return value };
    read_element(&value, &element).unwrap_or(value)
}

/// The value as one of this type; `None` where it is one already, or none at all.
fn read_element(value: &Value, element: &ElementType) -> Option<Value> {
    Some(match (element, value) {
        (ElementType::Boolean, Value::BigInt(number @ (0 | 1))) => Value::Boolean(*number == 1),
        (ElementType::SmallInt, value) => Value::SmallInt(integer(value)?.try_into().ok()?),
        (ElementType::Integer, value) => Value::Integer(integer(value)?.try_into().ok()?),
        (ElementType::BigInt, value) => Value::BigInt(integer(value)?),
        #[expect(clippy::cast_possible_truncation, reason = "it was stored from 32 bits, or is rounded to them")]
        (ElementType::Real, value) => Value::Real(float(value)? as f32),
        (ElementType::DoublePrecision, value) => Value::DoublePrecision(float(value)?),
        (ElementType::Numeric { scale, .. }, Value::DoublePrecision(number)) => digits(decimal(*number)?, *scale),
        (ElementType::Numeric { scale, .. }, value) => digits(integer(value)?.into(), *scale),
        (ElementType::Interval, Value::BigInt(number)) => Value::Interval(chrono::TimeDelta::microseconds(*number)),
        (ElementType::Uuid, Value::Bytea(bytes)) => Value::Uuid(uuid::Uuid::from_slice(bytes).ok()?),
        (ElementType::Json, Value::Text(text)) => Value::Json(serde_json::from_str(text).ok()?),
        (ElementType::Date, Value::Text(text)) => Value::Date(text::read_date(text.as_bytes())?),
        (ElementType::Time, Value::Text(text)) => Value::Time(text::read_time(text.as_bytes())?),
        (ElementType::Timestamp, Value::Text(text)) => Value::Timestamp(text::read_timestamp(text.as_bytes())?),
        (ElementType::Timestamptz, Value::Text(text)) => Value::Timestamptz(text::read_instant(text.as_bytes())?),
        _ => return None,
    })
}

/// A whole number of any width.
pub(crate) fn integer(value: &Value) -> Option<i64> {
    if let Value::SmallInt(number) = value {
        return Some((*number).into());
    }
    if let Value::Integer(number) = value {
        return Some((*number).into());
    }
    if let Value::BigInt(number) = value { Some(*number) } else { None }
}

/// A float of any width, or a whole number, which is what an expression of SQLite gives where Postgres' gives a float.
fn float(value: &Value) -> Option<f64> {
    if let Value::Real(number) = value {
        return Some((*number).into());
    }
    if let Value::DoublePrecision(number) = value {
        return Some(*number);
    }
    #[expect(clippy::cast_precision_loss, reason = "a number that stands for a float")]
    integer(value).map(|number| number as f64)
}

/// The decimal that a double was made from: up to 15 digits it is the shortest text of the double.
pub(crate) fn decimal(number: f64) -> Option<Decimal> {
    let text = number.to_string();
    text.parse().or_else(|_| Decimal::from_scientific(&text)).ok()
}

/// The decimal with at least so many digits after the point.
fn digits(mut decimal: Decimal, scale: u8) -> Value {
    decimal.rescale(decimal.scale().max(scale.into()));
    Value::Numeric(decimal)
}

/// The elements in the text of a JSON array.
fn array(stored: &str, element: &ElementType) -> Option<Value> {
    let items: Vec<serde_json::Value> = serde_json::from_str(stored).ok()?;
    let items: Option<Vec<Value>> = items.into_iter().map(|item| json::to_element(item, element)).collect();
    Some(Value::Array(element.clone(), items?))
}
