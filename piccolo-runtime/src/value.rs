//! A value on its way to or from a database, without its Rust type.

pub(crate) mod check;
mod convert;
pub(crate) mod json;
mod serialize;
pub(crate) mod text;
pub(crate) mod undescribed;

pub use convert::{ArrayElement, FromValue};

use crate::schema::ElementType;

/// One SQL value. Typed builders turn their arguments into it early, so that nothing below them is generic.
///
/// A value keeps the kind of the column it is meant for: an `Integer` column is only ever given an [`Value::Integer`], because
/// Postgres caches a prepared statement with the types of its parameters.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// SQL's null.
    Null,
    /// A boolean.
    Boolean(bool),
    /// A 16-bit integer.
    SmallInt(i16),
    /// A 32-bit integer.
    Integer(i32),
    /// A 64-bit integer.
    BigInt(i64),
    /// A 32-bit float; never NaN.
    Real(f32),
    /// A 64-bit float; never NaN.
    DoublePrecision(f64),
    /// An exact decimal.
    Numeric(rust_decimal::Decimal),
    /// A text without NUL, for `Varchar` and `Text`.
    Text(String),
    /// A date.
    Date(chrono::NaiveDate),
    /// A time of day, in whole microseconds.
    Time(chrono::NaiveTime),
    /// A date and time without zone, in whole microseconds.
    Timestamp(chrono::NaiveDateTime),
    /// An instant, in whole microseconds.
    Timestamptz(chrono::DateTime<chrono::Utc>),
    /// A span of time, in whole microseconds.
    Interval(chrono::TimeDelta),
    /// A UUID.
    Uuid(uuid::Uuid),
    /// A JSON document.
    Json(serde_json::Value),
    /// Bytes.
    Bytea(Vec<u8>),
    /// A value of an enum, by its text in the database.
    Enum(String),
    /// A list of values of one type, none of them null.
    Array(ElementType, Vec<Value>),
}
