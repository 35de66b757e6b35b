//! SQLite's storage forms to Rust values.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rusqlite::Row;
use rusqlite::types::ValueRef;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::bind::MAX_DIGITS;
use crate::error::OUT_OF_RANGE;
use crate::schema::ElementType;
use crate::value::{json, text, undescribed};
use crate::{Error, Result, Value};

/// A type that a cell can be read as.
pub(crate) trait FromCell<'r>: Sized {
    /// Reads the cell; a null is never asked for.
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable>;
}

/// The first double beyond 64 bits.
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;

/// What is wrong with a cell.
pub(crate) enum Unreadable {
    /// It holds something else, which a message says.
    Other(String),
    /// It holds a number that the type has no room for, as an expression may have: columns hold no such numbers.
    OutOfRange,
}

impl From<String> for Unreadable {
    fn from(reason: String) -> Self {
        Self::Other(reason)
    }
}

/// The cell at `index`.
pub(crate) fn raw<'r>(row: &'r Row<'_>, index: usize) -> Result<ValueRef<'r>> {
    row.get_ref(index).map_err(|_| Error::Decode {
        table: String::new(),
        column: index.to_string(),
        reason: format!("the row has only {} columns", width(row)),
    })
}

/// The cell at `index` as a `T`.
pub(crate) fn cell<'r, T: FromCell<'r>>(row: &'r Row<'_>, index: usize) -> Result<T> {
    T::from_cell(raw(row, index)?).map_err(|error| {
        let column = name(row, index).to_owned();
        match error {
            Unreadable::Other(reason) => Error::Decode { table: String::new(), column, reason },
            Unreadable::OutOfRange => Error::InvalidValue { target: column, reason: OUT_OF_RANGE.to_owned() },
        }
    })
}

/// The number of columns.
pub(crate) fn width(row: &Row<'_>) -> usize {
    row.as_ref().column_count()
}

/// The name of a column; empty where there is none.
pub(crate) fn name<'r>(row: &'r Row<'_>, index: usize) -> &'r str {
    row.as_ref().column_name(index).unwrap_or_default()
}

/// The cell by what SQLite stores in it, where no schema says what it means.
pub(crate) fn dynamic(row: &Row<'_>, index: usize) -> Result<Value> {
    Ok(match raw(row, index)? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => Value::BigInt(number),
        ValueRef::Real(number) => Value::DoublePrecision(number + 0.0),
        ValueRef::Text(_) => Value::Text(cell(row, index)?),
        ValueRef::Blob(bytes) => Value::Bytea(bytes.to_vec()),
    })
}

/// The text of a JSON array as its elements.
pub(crate) fn array(row: &Row<'_>, index: usize, element: &ElementType) -> Result<Value> {
    let items: serde_json::Value = cell(row, index)?;
    let mismatch = || Error::Decode {
        table: String::new(),
        column: name(row, index).to_owned(),
        reason: "the JSON in the cell is not an array of the column's elements".to_owned(),
    };
    let serde_json::Value::Array(items) = items else { return Err(mismatch()) };
    let items: Option<Vec<Value>> = items.into_iter().map(|item| json::to_element(item, element)).collect();
    Ok(Value::Array(element.clone(), items.ok_or_else(mismatch)?))
}

/// What was found where `expected` should be. Not the value itself: it may be a secret, and errors go into logs.
fn mismatch(expected: &str, found: ValueRef<'_>) -> Unreadable {
    let found = match found {
        ValueRef::Null => "null".to_owned(),
        ValueRef::Integer(_) => "an integer".to_owned(),
        ValueRef::Real(_) => "a number".to_owned(),
        ValueRef::Text(text) => format!("a text of {} bytes", text.len()),
        ValueRef::Blob(bytes) => format!("{} bytes", bytes.len()),
    };
    Unreadable::Other(format!("expected {expected}, found {found}"))
}

impl<'r> FromCell<'r> for i64 {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        match cell {
            ValueRef::Integer(number) => Ok(number),
            // What 64 bits cannot hold SQLite has made a double.
            ValueRef::Real(number) if number.abs() >= BEYOND_I64 => Err(Unreadable::OutOfRange),
            ValueRef::Null | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
                Err(mismatch("an integer", cell))
            }
        }
    }
}

impl<'r> FromCell<'r> for i32 {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        let number = i64::from_cell(cell)?;
        Self::try_from(number).map_err(|_| Unreadable::OutOfRange)
    }
}

impl<'r> FromCell<'r> for i16 {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        let number = i64::from_cell(cell)?;
        Self::try_from(number).map_err(|_| Unreadable::OutOfRange)
    }
}

impl<'r> FromCell<'r> for bool {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        match i64::from_cell(cell) {
            Ok(0) => Ok(false),
            Ok(1) => Ok(true),
            Ok(_) => Err("expected 0 or 1, found another integer".to_owned().into()),
            Err(_) => Err(mismatch("0 or 1", cell)),
        }
    }
}

impl<'r> FromCell<'r> for f64 {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        match cell {
            // Minus zero, which is computed and never stored, is zero.
            ValueRef::Real(number) => Ok(number + 0.0),
            #[expect(clippy::cast_precision_loss, reason = "a sum of floats that came out whole")]
            ValueRef::Integer(number) => Ok(number as Self),
            ValueRef::Null | ValueRef::Text(_) | ValueRef::Blob(_) => Err(mismatch("a number", cell)),
        }
    }
}

impl<'r> FromCell<'r> for f32 {
    #[expect(clippy::cast_possible_truncation, reason = "it was stored from 32 bits, or is rounded to them")]
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        let number = f64::from_cell(cell)?;
        let narrow = number as Self;
        if narrow.is_infinite() && number.is_finite() { Err(Unreadable::OutOfRange) } else { Ok(narrow) }
    }
}

impl<'r> FromCell<'r> for Decimal {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        match cell {
            ValueRef::Integer(number) => Ok(Self::from(number)),
            ValueRef::Real(number) => undescribed::decimal(number).ok_or_else(|| mismatch("a decimal", cell)),
            ValueRef::Null | ValueRef::Text(_) | ValueRef::Blob(_) => Err(mismatch("a decimal", cell)),
        }
    }
}

impl<'r> FromCell<'r> for &'r str {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        let ValueRef::Text(text) = cell else { return Err(mismatch("a text", cell)) };
        std::str::from_utf8(text).map_err(|_| "the text is not UTF-8".to_owned().into())
    }
}

impl<'r> FromCell<'r> for String {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        <&str>::from_cell(cell).map(str::to_owned)
    }
}

impl<'r> FromCell<'r> for Vec<u8> {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        if let ValueRef::Blob(bytes) = cell { Ok(bytes.to_vec()) } else { Err(mismatch("bytes", cell)) }
    }
}

impl<'r> FromCell<'r> for Uuid {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        let uuid = if let ValueRef::Blob(bytes) = cell { Self::from_slice(bytes).ok() } else { None };
        uuid.ok_or_else(|| mismatch("the 16 bytes of a UUID", cell))
    }
}

impl<'r> FromCell<'r> for TimeDelta {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        i64::from_cell(cell).map(Self::microseconds)
    }
}

impl<'r> FromCell<'r> for serde_json::Value {
    fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
        let ValueRef::Text(text) = cell else { return Err(mismatch("JSON", cell)) };
        serde_json::from_slice(text).map_err(|error| format!("the text is not JSON: {error}").into())
    }
}

/// Types that are stored as text of a fixed form.
macro_rules! from_text {
    ($($type:ty: $read:path, $form:literal;)*) => {$(
        impl<'r> FromCell<'r> for $type {
            fn from_cell(cell: ValueRef<'r>) -> Result<Self, Unreadable> {
                let value = if let ValueRef::Text(text) = cell { $read(text) } else { None };
                value.ok_or_else(|| mismatch($form, cell))
            }
        }
    )*};
}

from_text! {
    NaiveDate: text::read_date, "a date (YYYY-MM-DD)";
    NaiveTime: text::read_time, "a time (HH:MM:SS.ffffff)";
    NaiveDateTime: text::read_timestamp, "a timestamp (YYYY-MM-DD HH:MM:SS.ffffff)";
    DateTime<Utc>: text::read_instant, "an instant (YYYY-MM-DD HH:MM:SS.ffffff in UTC)";
}

/// The decimal that was read from a cell, with all the digits of its scale. SQLite computes with doubles, in which further digits are wrong.
pub(crate) fn exact(row: &Row<'_>, index: usize, decimal: Decimal) -> Result<Decimal> {
    let digits = decimal.mantissa().unsigned_abs().checked_ilog10().map_or(1, |log| log + 1);
    if digits <= MAX_DIGITS {
        return Ok(decimal);
    }
    Err(Error::Decode {
        table: String::new(),
        column: name(row, index).to_owned(),
        reason: format!(
            "the number has {digits} digits, {} of them after the point: more than the {MAX_DIGITS} digits that SQLite keeps exactly",
            decimal.scale()
        ),
    })
}

/// Whether the cell is null.
pub(crate) fn is_null(row: &Row<'_>, index: usize) -> Result<bool> {
    Ok(raw(row, index)? == ValueRef::Null)
}

/// The text in the cell.
pub(crate) fn text<'r>(row: &'r Row<'_>, index: usize) -> Result<&'r str> {
    cell(row, index)
}
