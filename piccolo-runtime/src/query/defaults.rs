//! The values of columns that a new row does not name.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};

use crate::schema::{Column, ColumnType, Default, ElementType};
use crate::{Error, Result, Value};

/// The value that a default means at this moment; `None` where only the database can tell.
pub(super) fn evaluate(column: &Column, default: &Default, now: DateTime<Utc>) -> Result<Option<Value>> {
    if matches!(default, Default::Sql(_)) {
        return Ok(None);
    }
    value(default, &column.ty, now).map(Some).ok_or_else(|| Error::Usage {
        message: format!("the default of column `{}` is no value of its type", column.sql_name),
    })
}

/// The value of a default for a column of this type.
fn value(default: &Default, ty: &ColumnType, now: DateTime<Utc>) -> Option<Value> {
    Some(match (default, ty) {
        (Default::Boolean(value), _) => Value::Boolean(*value),
        (Default::Integer(value), _) => integer(*value, ty)?,
        (Default::Decimal(text), ColumnType::Real) => Value::Real(text.parse().ok()?),
        (Default::Decimal(text), ColumnType::DoublePrecision) => Value::DoublePrecision(text.parse().ok()?),
        (Default::Decimal(text), _) => Value::Numeric(text.parse().ok().or_else(|| from_scientific(text))?),
        (Default::Text(text), _) => Value::Text(text.clone().into_owned()),
        (Default::DateTime(text), _) => date_time(text, ty)?,
        (Default::Interval(microseconds), _) => Value::Interval(TimeDelta::microseconds(*microseconds)),
        (Default::Uuid(text), _) => Value::Uuid(text.parse().ok()?),
        (Default::Json(text), _) => Value::Json(serde_json::from_str(text).ok()?),
        (Default::Bytes(bytes), _) => Value::Bytea(bytes.to_vec()),
        (Default::Variant(text), _) => Value::Enum(text.clone().into_owned()),
        (Default::Array(items), ColumnType::Array(element)) => array(items, element, now)?,
        (Default::Now, ColumnType::Timestamp) => Value::Timestamp(now.naive_utc()),
        (Default::Now, ColumnType::Date) | (Default::Today, _) => Value::Date(now.date_naive()),
        (Default::Now, ColumnType::Time) => Value::Time(now.time()),
        (Default::Now, _) => Value::Timestamptz(now),
        (Default::Uuid4, _) => Value::Uuid(uuid::Uuid::new_v4()),
        (Default::Uuid7, _) => Value::Uuid(uuid::Uuid::now_v7()),
        (Default::Array(_) | Default::Sql(_), _) => return None,
    })
}

/// A whole number for a column of this type.
fn integer(number: i64, ty: &ColumnType) -> Option<Value> {
    Some(match ty {
        ColumnType::SmallInt => Value::SmallInt(number.try_into().ok()?),
        ColumnType::Integer | ColumnType::Serial => Value::Integer(number.try_into().ok()?),
        // Defaults are written by people, who do not write numbers that a double cannot hold.
        #[expect(clippy::cast_precision_loss, reason = "the nearest double is what the database would take as well")]
        ColumnType::DoublePrecision => Value::DoublePrecision(number as f64),
        #[expect(clippy::cast_precision_loss, reason = "the nearest float is what the database would take as well")]
        ColumnType::Real => Value::Real(number as f32),
        ColumnType::Numeric { .. } => Value::Numeric(number.into()),
        ColumnType::BigInt | ColumnType::BigSerial => Value::BigInt(number),
        ColumnType::Varchar { .. }
        | ColumnType::Text
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Interval
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Bytea
        | ColumnType::Enum(_)
        | ColumnType::Array(_) => return None,
    })
}

/// A decimal such as `1e-3`.
fn from_scientific(text: &str) -> Option<rust_decimal::Decimal> {
    rust_decimal::Decimal::from_scientific(text).ok()
}

/// A date or time for a column of this type.
fn date_time(text: &str, ty: &ColumnType) -> Option<Value> {
    if *ty == ColumnType::Date {
        return NaiveDate::parse_from_str(text, "%Y-%m-%d").ok().map(Value::Date);
    }
    if *ty == ColumnType::Time {
        return NaiveTime::parse_from_str(text, "%H:%M:%S%.f").ok().map(Value::Time);
    }
    let timestamp = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f").ok()?;
    Some(if *ty == ColumnType::Timestamptz {
        Value::Timestamptz(timestamp.and_utc())
    } else {
        Value::Timestamp(timestamp)
    })
}

/// A list of literals.
fn array(items: &[Default], element: &ElementType, now: DateTime<Utc>) -> Option<Value> {
    let ty = element.column_type();
    let items = items.iter().map(|item| value(item, &ty, now)).collect::<Option<_>>()?;
    Some(Value::Array(element.clone(), items))
}
