//! An array as the text that Postgres reads as one, for a bulk insert into a column of arrays.

use crate::Value;
use crate::value::{json, text};

/// The text of an array; `None` for what is none.
pub(super) fn of(value: &Value) -> Option<String> {
    let Value::Array(_, items) = value else { return None };
    let items: Option<Vec<String>> = items.iter().map(element).collect();
    Some(format!("{{{}}}", items?.join(",")))
}

/// An element in double quotes, in which a backslash takes the meaning from the character after it.
fn element(value: &Value) -> Option<String> {
    let text = match value {
        Value::Null | Value::Array(..) => return None,
        Value::Boolean(value) => value.to_string(),
        Value::SmallInt(value) => value.to_string(),
        Value::Integer(value) => value.to_string(),
        Value::BigInt(value) => value.to_string(),
        Value::Real(value) => value.to_string(),
        Value::DoublePrecision(value) => value.to_string(),
        Value::Numeric(value) => value.to_string(),
        Value::Text(value) | Value::Enum(value) => value.clone(),
        Value::Date(value) => text::write_date(*value),
        Value::Time(value) => text::write_time(*value),
        Value::Timestamp(value) => text::write_timestamp(*value),
        Value::Timestamptz(value) => format!("{}+00", text::write_instant(*value)),
        Value::Interval(value) => format!("{} microseconds", value.num_microseconds()?),
        Value::Uuid(value) => value.to_string(),
        Value::Json(value) => json::write(value),
        Value::Bytea(value) => format!("\\x{}", json::hex(value)),
    };
    Some(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}
