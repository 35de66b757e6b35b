//! Rust values to [`Value`]s and back.

use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{Value, undescribed};
use crate::schema::{ColumnType, ElementType};

/// A Rust type that a [`Value`] can be turned into.
#[diagnostic::on_unimplemented(message = "`{Self}` is not the Rust type of any column")]
pub trait FromValue: Sized {
    /// Converts the value.
    ///
    /// # Errors
    ///
    /// A sentence that says what was expected and what was found.
    fn from_value(value: Value) -> Result<Self, String>;

    /// Converts the value of a column that no schema describes, such as one of `raw`, which has the type that the engine says it has: on
    /// SQLite a mere integer, float, text or bytes, in the form in which SQLite stores this type.
    ///
    /// # Errors
    ///
    /// As [`Self::from_value`].
    fn from_undescribed(value: Value) -> Result<Self, String> {
        Self::from_value(value)
    }
}

/// A Rust type that an array column can hold.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be an element of an array column")]
pub trait ArrayElement: FromValue + Into<Value> {
    /// The type of the elements. Lengths and scales, which no Rust type knows, are the widest.
    fn element_type() -> ElementType;
}

macro_rules! conversions {
    ($($type:ty = $variant:ident, $element:expr;)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                Self::$variant(value)
            }
        }

        impl FromValue for $type {
            fn from_value(value: Value) -> Result<Self, String> {
                if let Value::$variant(value) = value { Ok(value) } else { Err(value.is_not(stringify!($variant))) }
            }

            fn from_undescribed(value: Value) -> Result<Self, String> {
                Self::from_value(undescribed::read(value, &($element).column_type()))
            }
        }

        impl ArrayElement for $type {
            fn element_type() -> ElementType {
                $element
            }
        }
    )*};
}

conversions! {
    bool = Boolean, ElementType::Boolean;
    i16 = SmallInt, ElementType::SmallInt;
    i32 = Integer, ElementType::Integer;
    i64 = BigInt, ElementType::BigInt;
    f32 = Real, ElementType::Real;
    f64 = DoublePrecision, ElementType::DoublePrecision;
    Decimal = Numeric, ElementType::Numeric { precision: 28, scale: 0 };
    String = Text, ElementType::Text;
    Uuid = Uuid, ElementType::Uuid;
    NaiveDate = Date, ElementType::Date;
    NaiveTime = Time, ElementType::Time;
    NaiveDateTime = Timestamp, ElementType::Timestamp;
    DateTime<Utc> = Timestamptz, ElementType::Timestamptz;
    TimeDelta = Interval, ElementType::Interval;
    serde_json::Value = Json, ElementType::Json;
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytea(value)
    }
}

impl FromValue for Vec<u8> {
    fn from_value(value: Value) -> Result<Self, String> {
        if let Value::Bytea(value) = value { Ok(value) } else { Err(value.is_not("Bytea")) }
    }
}

impl ArrayElement for Vec<u8> {
    fn element_type() -> ElementType {
        ElementType::Bytea
    }
}

impl<T: ArrayElement> From<Vec<T>> for Value {
    fn from(items: Vec<T>) -> Self {
        Self::Array(T::element_type(), items.into_iter().map(Into::into).collect())
    }
}

impl<T: ArrayElement> FromValue for Vec<T> {
    fn from_value(value: Value) -> Result<Self, String> {
        let Value::Array(_, items) = value else { return Err(value.is_not("Array")) };
        items.into_iter().map(T::from_value).collect()
    }

    fn from_undescribed(value: Value) -> Result<Self, String> {
        let value = undescribed::read(value, &ColumnType::Array(T::element_type()));
        let Value::Array(_, items) = value else { return Err(value.is_not("Array")) };
        items.into_iter().map(T::from_undescribed).collect()
    }
}

impl<T: Into<Self>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl<T: FromValue> FromValue for Option<T> {
    fn from_value(value: Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }

    fn from_undescribed(value: Value) -> Result<Self, String> {
        if value.is_null() { Ok(None) } else { T::from_undescribed(value).map(Some) }
    }
}

impl FromValue for Value {
    fn from_value(value: Value) -> Result<Self, String> {
        Ok(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&[u8]> for Value {
    fn from(value: &[u8]) -> Self {
        Self::Bytea(value.to_vec())
    }
}

impl From<DateTime<FixedOffset>> for Value {
    fn from(value: DateTime<FixedOffset>) -> Self {
        Self::Timestamptz(value.to_utc())
    }
}

impl From<DateTime<Local>> for Value {
    fn from(value: DateTime<Local>) -> Self {
        Self::Timestamptz(value.to_utc())
    }
}

impl Value {
    /// The name of the value's kind, such as `Integer`; `Null` for a null.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Null => "Null",
            Self::Boolean(_) => "Boolean",
            Self::SmallInt(_) => "SmallInt",
            Self::Integer(_) => "Integer",
            Self::BigInt(_) => "BigInt",
            Self::Real(_) => "Real",
            Self::DoublePrecision(_) => "DoublePrecision",
            Self::Numeric(_) => "Numeric",
            Self::Text(_) => "Text",
            Self::Date(_) => "Date",
            Self::Time(_) => "Time",
            Self::Timestamp(_) => "Timestamp",
            Self::Timestamptz(_) => "Timestamptz",
            Self::Interval(_) => "Interval",
            Self::Uuid(_) => "UUID",
            Self::Json(_) => "JSON",
            Self::Bytea(_) => "Bytea",
            Self::Enum(_) => "Enum",
            Self::Array(..) => "Array",
        }
    }

    /// Whether it is null.
    #[must_use]
    pub const fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    fn is_not(&self, expected: &str) -> String {
        format!("expected {expected}, found {}", self.kind())
    }
}
