//! The JSON form of values, the same on both engines.

use serde::{Serialize, Serializer};

use super::{Value, json, text};

impl Serialize for Value {
    /// Numbers and booleans as such, decimals as text with all their digits, dates and times in ISO 8601 (instants in UTC), intervals in
    /// microseconds, bytes in hexadecimal, documents as they are, and all else as text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_none(),
            Self::Boolean(value) => serializer.serialize_bool(*value),
            Self::SmallInt(value) => serializer.serialize_i16(*value),
            Self::Integer(value) => serializer.serialize_i32(*value),
            Self::BigInt(value) => serializer.serialize_i64(*value),
            Self::Real(value) => serializer.serialize_f32(*value),
            Self::DoublePrecision(value) => serializer.serialize_f64(*value),
            Self::Numeric(value) => serializer.collect_str(value),
            Self::Text(value) | Self::Enum(value) => serializer.serialize_str(value),
            Self::Date(value) => serializer.serialize_str(&text::write_date(*value)),
            Self::Time(value) => serializer.serialize_str(&text::write_time(*value)),
            Self::Timestamp(value) => serializer.serialize_str(&text::write_timestamp(*value).replace(' ', "T")),
            Self::Timestamptz(value) => {
                let mut iso = text::write_instant(*value).replace(' ', "T");
                iso.push('Z');
                serializer.serialize_str(&iso)
            }
            Self::Interval(value) => serializer.serialize_i64(value.num_microseconds().unwrap_or(i64::MAX)),
            Self::Uuid(value) => serializer.collect_str(value),
            Self::Json(value) => value.serialize(serializer),
            Self::Bytea(value) => serializer.serialize_str(&json::hex(value)),
            Self::Array(_, values) => serializer.collect_seq(values),
        }
    }
}
