//! Reading a cell as a Rust type.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::row_ref::{RowRef, of_source};
use crate::Result;
use crate::schema::ColumnType;
use crate::value::{ArrayElement, FromValue};

/// A type that a cell of a row can be read as.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be read from a column")]
pub trait Decode: Sized {
    /// Reads the cell at `index`.
    ///
    /// # Errors
    ///
    /// [`Error::Decode`](crate::Error::Decode) where the cell is something else.
    fn decode(row: &RowRef<'_>, index: usize) -> Result<Self>;
}

/// Evaluates an expression with the Rust type of an [`ElementType`](crate::schema::ElementType), and wraps what it gives in
/// the value of that type.
macro_rules! by_type {
    ($element:expr, |$T:ident| $expression:expr) => {
        $crate::engine::decode::by_type!(@match $element, $T, $expression;
            Boolean(bool), SmallInt(i16), Integer(i32), BigInt(i64), Real(f32), DoublePrecision(f64), Date(::chrono::NaiveDate),
            Time(::chrono::NaiveTime), Timestamp(::chrono::NaiveDateTime), Timestamptz(::chrono::DateTime<::chrono::Utc>),
            Interval(::chrono::TimeDelta), Uuid(::uuid::Uuid), Json(::serde_json::Value), Bytea(Vec<u8>))
    };
    (@match $element:expr, $T:ident, $expression:expr; $($variant:ident($type:ty)),*) => {
        match $element {
            $($crate::schema::ElementType::$variant => {
                type $T = $type;
                $crate::Value::$variant($expression)
            })*
            $crate::schema::ElementType::Varchar { .. } | $crate::schema::ElementType::Text => {
                type $T = String;
                $crate::Value::Text($expression)
            }
            $crate::schema::ElementType::Enum(_) => {
                type $T = String;
                $crate::Value::Enum($expression)
            }
            $crate::schema::ElementType::Numeric { .. } => {
                type $T = ::rust_decimal::Decimal;
                $crate::Value::Numeric($expression)
            }
        }
    };
}
pub(super) use by_type;

macro_rules! decode_by_driver {
    ($($type:ty),* $(,)?) => {$(
        impl Decode for $type {
            fn decode(row: &RowRef<'_>, index: usize) -> Result<Self> {
                of_source!(row.source, cell::<$type>(index))
            }
        }
    )*};
}

decode_by_driver!(
    bool,
    i16,
    i32,
    i64,
    f32,
    f64,
    Decimal,
    String,
    Vec<u8>,
    Uuid,
    NaiveDate,
    NaiveTime,
    NaiveDateTime,
    DateTime<Utc>,
    TimeDelta,
    serde_json::Value,
);

impl<T: Decode> Decode for Option<T> {
    fn decode(row: &RowRef<'_>, index: usize) -> Result<Self> {
        if row.is_null(index)? { Ok(None) } else { T::decode(row, index).map(Some) }
    }
}

impl<T: ArrayElement> Decode for Vec<T> {
    fn decode(row: &RowRef<'_>, index: usize) -> Result<Self> {
        let value = row.value(index, &ColumnType::Array(T::element_type()))?;
        FromValue::from_value(value).map_err(|reason| row.error(index, reason))
    }
}
