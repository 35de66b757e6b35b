//! JSON in the one form in which equal documents are equal, and the JSON forms of array elements on SQLite.

use rust_decimal::Decimal;
use serde_json::{Number, Value as Json};

use super::{Value, text};
use crate::schema::ElementType;

/// Compact JSON with the keys of every object in order, whatever map an application makes `serde_json` use, and with whole numbers
/// without a point; so that equal documents are equal texts.
pub(crate) fn write(document: &Json) -> String {
    let mut out = String::new();
    append(document, &mut out);
    out
}

fn append(document: &Json, out: &mut String) {
    match document {
        Json::Array(items) => {
            out.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                append(item, out);
            }
            out.push(']');
        }
        Json::Object(entries) => {
            let mut entries: Vec<_> = entries.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            out.push('{');
            for (position, (key, item)) in entries.into_iter().enumerate() {
                if position > 0 {
                    out.push(',');
                }
                out.push_str(&Json::from(key.as_str()).to_string());
                out.push(':');
                append(item, out);
            }
            out.push('}');
        }
        Json::Number(number) => out.push_str(&whole(number).unwrap_or_else(|| number.clone()).to_string()),
        Json::Null | Json::Bool(_) | Json::String(_) => out.push_str(&document.to_string()),
    }
}

/// A number that is written as a fraction and is none, as an integer: `jsonb` keeps the point of `1.0` and yet holds it for equal to `1`, so
/// neither engine meets it. Beyond 64 bits `serde_json` knows only the one form.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole numbers in the range of the integer stay what they are"
)]
pub(crate) fn whole(number: &Number) -> Option<Number> {
    const LEAST: f64 = -9_223_372_036_854_775_808.0;
    const BEYOND: f64 = 18_446_744_073_709_551_616.0;
    if number.is_i64() || number.is_u64() {
        return None;
    }
    let double = number.as_f64().filter(|double| double.fract() == 0.0)?;
    if (0.0..BEYOND).contains(&double) {
        Some((double as u64).into())
    } else if (LEAST..0.0).contains(&double) {
        Some((double as i64).into())
    } else {
        None
    }
}

/// Whether a text anywhere in the document, a key included, holds a NUL, which `jsonb` refuses.
pub(crate) fn holds_nul(document: &Json) -> bool {
    match document {
        Json::String(text) => text.contains('\0'),
        Json::Array(items) => items.iter().any(holds_nul),
        Json::Object(entries) => entries.iter().any(|(key, item)| key.contains('\0') || holds_nul(item)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// A value as an element of a JSON array; `None` for what an array cannot hold.
pub(crate) fn from_element(value: &Value) -> Option<Json> {
    Some(match value {
        Value::Null => Json::Null,
        Value::Boolean(value) => Json::from(*value),
        Value::SmallInt(value) => Json::from(*value),
        Value::Integer(value) => Json::from(*value),
        Value::BigInt(value) => Json::from(*value),
        // Through its shortest text, so that 0.1 stays 0.1 and does not become 0.10000000149011612.
        Value::Real(value) => serde_json::Number::from_f64((value + 0.0).to_string().parse().ok()?)?.into(),
        Value::DoublePrecision(value) => serde_json::Number::from_f64(value + 0.0)?.into(),
        Value::Numeric(value) => Json::from(value.to_string()),
        Value::Text(value) | Value::Enum(value) => Json::from(value.as_str()),
        Value::Date(value) => Json::from(text::write_date(*value)),
        Value::Time(value) => Json::from(text::write_time(*value)),
        Value::Timestamp(value) => Json::from(text::write_timestamp(*value)),
        Value::Timestamptz(value) => Json::from(text::write_instant(*value)),
        Value::Interval(value) => Json::from(value.num_microseconds()?),
        Value::Uuid(value) => Json::from(value.to_string()),
        Value::Json(value) => value.clone(),
        Value::Bytea(value) => Json::from(hex(value)),
        Value::Array(..) => return None,
    })
}

/// The inverse of [`from_element`].
pub(crate) fn to_element(item: Json, element: &ElementType) -> Option<Value> {
    Some(match (element, item) {
        (ElementType::Json, item) => Value::Json(item),
        (_, Json::Null) => Value::Null,
        (ElementType::Boolean, Json::Bool(value)) => Value::Boolean(value),
        (ElementType::SmallInt, Json::Number(value)) => Value::SmallInt(value.as_i64()?.try_into().ok()?),
        (ElementType::Integer, Json::Number(value)) => Value::Integer(value.as_i64()?.try_into().ok()?),
        (ElementType::BigInt, Json::Number(value)) => Value::BigInt(value.as_i64()?),
        (ElementType::Real, Json::Number(value)) => Value::Real(value.to_string().parse().ok()?),
        (ElementType::DoublePrecision, Json::Number(value)) => Value::DoublePrecision(value.as_f64()?),
        (ElementType::Interval, Json::Number(value)) => {
            Value::Interval(chrono::TimeDelta::microseconds(value.as_i64()?))
        }
        (ElementType::Varchar { .. } | ElementType::Text, Json::String(value)) => Value::Text(value),
        (ElementType::Enum(_), Json::String(value)) => Value::Enum(value),
        (ElementType::Numeric { scale, .. }, Json::String(value)) => {
            let mut decimal: Decimal = value.parse().ok()?;
            decimal.rescale(u32::from(*scale).max(decimal.scale()));
            Value::Numeric(decimal)
        }
        (ElementType::Date, Json::String(value)) => Value::Date(text::read_date(value.as_bytes())?),
        (ElementType::Time, Json::String(value)) => Value::Time(text::read_time(value.as_bytes())?),
        (ElementType::Timestamp, Json::String(value)) => Value::Timestamp(text::read_timestamp(value.as_bytes())?),
        (ElementType::Timestamptz, Json::String(value)) => Value::Timestamptz(text::read_instant(value.as_bytes())?),
        (ElementType::Uuid, Json::String(value)) => Value::Uuid(value.parse().ok()?),
        (ElementType::Bytea, Json::String(value)) => Value::Bytea(unhex(&value)?),
        _ => return None,
    })
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut out, byte| {
        // Writing to a string cannot fail.
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// The inverse of [`hex`].
fn unhex(digits: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = digits.chars().map(|digit| digit.to_digit(16)).collect();
    let pairs = digits.as_deref()?.chunks(2);
    pairs.map(|pair| if let [high, low] = pair { u8::try_from(high << 4 | low).ok() } else { None }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn equal_documents_are_one_text() {
        for (document, expected) in [
            (json!({"b": [1.0, -2.0, 0.5], "a": 1e3}), r#"{"a":1000,"b":[1,-2,0.5]}"#),
            (json!(-0.0), "0"),
            (json!(9_007_199_254_740_993_i64), "9007199254740993"),
            (json!(18_446_744_073_709_551_615_u64), "18446744073709551615"),
            (json!(1e19), "10000000000000000000"),
            (json!(1e20), "1e+20"),
            (json!(-9_223_372_036_854_775_808.0), "-9223372036854775808"),
            (json!({"text": "1.0"}), r#"{"text":"1.0"}"#),
        ] {
            assert_eq!(write(&document), expected);
        }
    }
}
