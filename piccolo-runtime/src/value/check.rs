//! What a value must be before it may go to any database, so that both engines refuse the same.

use std::borrow::Cow;

use chrono::{Datelike, NaiveDate, NaiveTime, Timelike};
use rust_decimal::Decimal;

use super::{Value, json};
use crate::{Error, Result};

/// Refuses values that neither engine can hold.
pub(crate) fn parameters(values: &[Value]) -> Result<()> {
    (1..).zip(values).try_for_each(|(position, value)| {
        representable(value).map_err(|reason| Error::InvalidValue {
            target: format!("parameter {position}"),
            reason: reason.into_owned(),
        })
    })
}

/// Why a value cannot be stored by either engine, whatever its column.
pub(crate) fn representable(value: &Value) -> std::result::Result<(), Cow<'static, str>> {
    match value {
        Value::Real(number) if number.is_nan() => Err(NAN.into()),
        Value::DoublePrecision(number) if number.is_nan() => Err(NAN.into()),
        Value::Text(text) | Value::Enum(text) if text.contains('\0') => Err(NUL.into()),
        Value::Json(document) if json::holds_nul(document) => Err(NUL.into()),
        Value::Date(date) => year(*date),
        Value::Time(time) => leap_second(*time),
        Value::Timestamp(timestamp) => year(timestamp.date()).and_then(|()| leap_second(timestamp.time())),
        Value::Timestamptz(instant) => {
            let timestamp = instant.naive_utc();
            year(timestamp.date()).and_then(|()| leap_second(timestamp.time()))
        }
        Value::Interval(span) if span.num_microseconds().is_none() => {
            Err("the interval is longer than 64 bits of microseconds can say".into())
        }
        Value::Array(_, items) if items.iter().any(|item| matches!(item, Value::Array(..))) => {
            Err("an array cannot hold arrays".into())
        }
        Value::Array(_, items) => items.iter().try_for_each(representable),
        Value::Null
        | Value::Boolean(_)
        | Value::SmallInt(_)
        | Value::Integer(_)
        | Value::BigInt(_)
        | Value::Real(_)
        | Value::DoublePrecision(_)
        | Value::Numeric(_)
        | Value::Text(_)
        | Value::Interval(_)
        | Value::Uuid(_)
        | Value::Json(_)
        | Value::Bytea(_)
        | Value::Enum(_) => Ok(()),
    }
}

const NAN: &str = "NaN is no number and cannot be stored";
const NUL: &str = "a text cannot hold the character NUL";

fn year(date: NaiveDate) -> std::result::Result<(), Cow<'static, str>> {
    if has_year(&date) { Ok(()) } else { Err(format!("the year {} is not between 1 and 9999", date.year()).into()) }
}

/// Whether a date has a year of four digits, as all of ours have.
pub(crate) fn has_year(date: &NaiveDate) -> bool {
    (1..=9999).contains(&date.year())
}

fn leap_second(time: NaiveTime) -> std::result::Result<(), Cow<'static, str>> {
    if time.nanosecond() < 1_000_000_000 { Ok(()) } else { Err("a leap second cannot be stored".into()) }
}

/// The number of decimal digits that matter.
pub(crate) fn digits(number: &Decimal) -> u32 {
    number.normalize().mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log + 1)
}
