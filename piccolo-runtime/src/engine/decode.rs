//! Reading a cell as a Rust type.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::row_ref::{RowRef, of_source};
use crate::schema::ColumnType;
use crate::value::ArrayElement;
use crate::{Result, Value};

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
        match value {
            Value::Array(_, items) => items
                .into_iter()
                .map(T::from_value)
                .collect::<Result<_, String>>()
                .map_err(|reason| row.error(index, reason)),
            other => Err(row.error(index, format!("expected an array, found {}", other.kind()))),
        }
    }
}
