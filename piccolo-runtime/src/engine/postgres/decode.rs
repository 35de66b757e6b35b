//! Postgres' binary cells to Rust values.
//!
//! They are read from the bytes by position. The type of a column is compared with what the decoder asks for once per
//! statement, because all of its rows have the same types.

use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use rust_decimal::Decimal;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgRow, PgTypeInfo, PgTypeKind};
use sqlx::{Column, Row, TypeInfo, ValueRef};
use uuid::Uuid;

use super::numeric;
use crate::engine::decode::by_type;
use crate::error::OUT_OF_RANGE;
use crate::schema::ElementType;
use crate::value::check;
use crate::{Error, Result, Value};

/// A row, and which columns of its statement have been found to have the type that is asked for.
pub(crate) struct PostgresRow<'a> {
    pub(crate) row: &'a PgRow,
    pub(crate) checked: &'a Checked,
}

/// The columns of one statement whose types have been checked, one bit for each of the first 64.
#[derive(Default)]
pub(crate) struct Checked(AtomicU64);

impl Checked {
    /// Whether the column must still be checked; from then on it need not.
    fn is_new(&self, index: usize) -> bool {
        let bit = u32::try_from(index).ok().and_then(|index| 1_u64.checked_shl(index)).unwrap_or(0);
        // Only the one who decodes writes here; an atomic is what lets the decoder's future be sent.
        let before = self.0.load(Ordering::Relaxed);
        self.0.store(before | bit, Ordering::Relaxed);
        before & bit == 0
    }
}

/// The oids of the types that the server brings with it.
mod oid {
    pub(super) const BOOL: u32 = 16;
    pub(super) const BYTEA: u32 = 17;
    pub(super) const CHAR: u32 = 18;
    pub(super) const NAME: u32 = 19;
    pub(super) const INT8: u32 = 20;
    pub(super) const INT2: u32 = 21;
    pub(super) const INT4: u32 = 23;
    pub(super) const TEXT: u32 = 25;
    pub(super) const OID: u32 = 26;
    pub(super) const JSON: u32 = 114;
    pub(super) const FLOAT4: u32 = 700;
    pub(super) const FLOAT8: u32 = 701;
    pub(super) const UNKNOWN: u32 = 705;
    pub(super) const BPCHAR: u32 = 1042;
    pub(super) const VARCHAR: u32 = 1043;
    pub(super) const DATE: u32 = 1082;
    pub(super) const TIME: u32 = 1083;
    pub(super) const TIMESTAMP: u32 = 1114;
    pub(super) const TIMESTAMPTZ: u32 = 1184;
    pub(super) const INTERVAL: u32 = 1186;
    pub(super) const NUMERIC: u32 = 1700;
    pub(super) const UUID: u32 = 2950;
    pub(super) const JSONB: u32 = 3802;
}

/// A type that a cell can be read as.
pub(crate) trait FromCell<'r>: Sized {
    /// What it is called in messages.
    const EXPECTED: &'static str;
    /// The oids of the types that can be read so.
    const ACCEPTS: &'static [u32];

    /// Whether a type that the server did not bring with it can be read so.
    fn accepts_kind(_kind: &PgTypeKind) -> bool {
        false
    }

    /// Reads the bytes of a cell that is not null.
    fn read(bytes: &'r [u8]) -> Option<Self>;

    /// Whether bytes that cannot be read hold a value beyond those of the type, as an expression may have.
    fn is_beyond(_bytes: &'r [u8]) -> bool {
        false
    }
}

/// The bytes of the cell at `index`, `None` for a null.
fn raw<'r>(row: &'r PostgresRow<'_>, index: usize) -> Result<Option<&'r [u8]>> {
    let cell = row.row.try_get_raw(index).map_err(|_| Error::Decode {
        table: String::new(),
        column: index.to_string(),
        reason: format!("the row has only {} columns", width(row)),
    })?;
    Ok(if cell.is_null() { None } else { cell.as_bytes().ok() })
}

/// An error about the cell at `index`.
fn mismatch(row: &PostgresRow<'_>, index: usize, expected: &str, found: &str) -> Error {
    Error::Decode {
        table: String::new(),
        column: name(row, index).to_owned(),
        reason: format!("expected {expected}, found {found}"),
    }
}

/// The cell at `index` as a `T`.
pub(crate) fn cell<'r, T: FromCell<'r>>(row: &'r PostgresRow<'_>, index: usize) -> Result<T> {
    let Some(bytes) = raw(row, index)? else { return Err(mismatch(row, index, T::EXPECTED, "null")) };
    if row.checked.is_new(index) {
        check_type::<T>(row, index)?;
    }
    T::read(bytes).ok_or_else(|| {
        if T::is_beyond(bytes) {
            return Error::InvalidValue { target: name(row, index).to_owned(), reason: OUT_OF_RANGE.to_owned() };
        }
        mismatch(row, index, T::EXPECTED, "a value that does not fit or is not representable")
    })
}

fn check_type<'r, T: FromCell<'r>>(row: &'r PostgresRow<'_>, index: usize) -> Result<()> {
    let Some(column) = row.row.columns().get(index) else { return Ok(()) };
    let ty = base(column.type_info());
    let accepted = ty.oid().is_some_and(|Oid(oid)| T::ACCEPTS.contains(&oid)) || T::accepts_kind(ty.kind());
    if accepted { Ok(()) } else { Err(mismatch(row, index, T::EXPECTED, &format!("the type {}", ty.name()))) }
}

/// The type behind a domain.
fn base(ty: &PgTypeInfo) -> &PgTypeInfo {
    match ty.kind() {
        PgTypeKind::Domain(inner) => base(inner),
        PgTypeKind::Simple
        | PgTypeKind::Pseudo
        | PgTypeKind::Composite(_)
        | PgTypeKind::Array(_)
        | PgTypeKind::Enum(_)
        | PgTypeKind::Range(_) => ty,
    }
}

/// The number of columns.
pub(crate) fn width(row: &PostgresRow<'_>) -> usize {
    row.row.columns().len()
}

/// The name of a column; empty where there is none.
pub(crate) fn name<'r>(row: &'r PostgresRow<'_>, index: usize) -> &'r str {
    row.row.columns().get(index).map_or("", Column::name)
}

/// The decimal that was read from a cell: Postgres keeps every digit.
#[expect(clippy::unnecessary_wraps, reason = "SQLite's fails")]
pub(crate) fn exact(_row: &PostgresRow<'_>, _index: usize, decimal: Decimal) -> Result<Decimal> {
    Ok(decimal)
}

/// Whether the cell is null.
pub(crate) fn is_null(row: &PostgresRow<'_>, index: usize) -> Result<bool> {
    Ok(raw(row, index)?.is_none())
}

/// The text in the cell.
pub(crate) fn text<'r>(row: &'r PostgresRow<'_>, index: usize) -> Result<&'r str> {
    cell(row, index)
}

/// The cell by the type that the server gives it.
pub(crate) fn dynamic(row: &PostgresRow<'_>, index: usize) -> Result<Value> {
    let Some(column) = row.row.columns().get(index) else { return raw(row, index).map(|_| Value::Null) };
    let ty = base(column.type_info());
    if is_null(row, index)? {
        return Ok(Value::Null);
    }
    match (ty.kind(), element_type(ty)) {
        (PgTypeKind::Array(item), _) => match element_type(base(item)) {
            Some(element) => array(row, index, &element),
            None => Err(mismatch(row, index, "a type that Piccolo knows", &format!("an array of {}", item.name()))),
        },
        (_, Some(element)) => Ok(by_type!(&element, |T| cell::<T>(row, index)?)),
        (_, None) if ty.oid() == Some(Oid(oid::OID)) => Ok(Value::BigInt(cell::<ObjectId>(row, index)?.0)),
        (_, None) => Err(mismatch(row, index, "a type that Piccolo knows", &format!("the type {}", ty.name()))),
    }
}

/// Our name for a type of the server.
fn element_type(ty: &PgTypeInfo) -> Option<ElementType> {
    if let PgTypeKind::Enum(_) = ty.kind() {
        return Some(ElementType::Enum(crate::schema::QualifiedName::plain(ty.name().to_owned())));
    }
    Some(match ty.oid()?.0 {
        oid::BOOL => ElementType::Boolean,
        oid::BYTEA => ElementType::Bytea,
        oid::INT8 => ElementType::BigInt,
        oid::INT2 => ElementType::SmallInt,
        oid::INT4 => ElementType::Integer,
        oid::TEXT | oid::VARCHAR | oid::BPCHAR | oid::NAME | oid::UNKNOWN | oid::CHAR => ElementType::Text,
        oid::JSON | oid::JSONB => ElementType::Json,
        oid::FLOAT4 => ElementType::Real,
        oid::FLOAT8 => ElementType::DoublePrecision,
        oid::DATE => ElementType::Date,
        oid::TIME => ElementType::Time,
        oid::TIMESTAMP => ElementType::Timestamp,
        oid::TIMESTAMPTZ => ElementType::Timestamptz,
        oid::INTERVAL => ElementType::Interval,
        oid::NUMERIC => ElementType::Numeric { precision: 28, scale: 0 },
        oid::UUID => ElementType::Uuid,
        _ => return None,
    })
}

/// The binary form of an array: dimensions, a flag for nulls, the oid of the elements, the bounds, and each element after its
/// length.
pub(crate) fn array(row: &PostgresRow<'_>, index: usize, element: &ElementType) -> Result<Value> {
    let bytes = raw(row, index)?.unwrap_or_default();
    let items = read_array(bytes, element);
    let items = items.ok_or_else(|| mismatch(row, index, "an array of the column's elements", "something else"))?;
    Ok(Value::Array(element.clone(), items))
}

fn read_array(bytes: &[u8], element: &ElementType) -> Option<Vec<Value>> {
    let mut rest = bytes;
    let dimensions = take_i32(&mut rest)?;
    let _has_nulls = take_i32(&mut rest)?;
    let oid = u32::try_from(take_i32(&mut rest)?).ok()?;
    if dimensions == 0 {
        return Some(Vec::new());
    }
    let (1, count, _lower_bound) = (dimensions, take_i32(&mut rest)?, take_i32(&mut rest)?) else { return None };
    let item = |_| {
        let Ok(length) = usize::try_from(take_i32(&mut rest)?) else { return Some(Value::Null) };
        let (bytes, after) = rest.split_at_checked(length)?;
        rest = after;
        Some(by_type!(element, |T| {
            // An enum's oid is the server's own.
            let known = T::ACCEPTS.contains(&oid) || matches!(element, ElementType::Enum(_));
            known.then(|| T::read(bytes)).flatten()?
        }))
    };
    (0..count).map(item).collect()
}

fn take_i32(bytes: &mut &[u8]) -> Option<i32> {
    let (number, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(i32::from_be_bytes(*number))
}

/// Microseconds and days count from the first day of this year.
fn epoch() -> NaiveDateTime {
    NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default().into()
}

/// Integers of any width are read as any other that they fit into, because the result of a sum is wider than its column.
fn integer(bytes: &[u8]) -> Option<i64> {
    Some(match bytes.len() {
        2 => i16::from_be_bytes(bytes.try_into().ok()?).into(),
        4 => i32::from_be_bytes(bytes.try_into().ok()?).into(),
        8 => i64::from_be_bytes(bytes.try_into().ok()?),
        _ => return None,
    })
}

/// An object id of the server's catalogue.
struct ObjectId(i64);

macro_rules! from_cell {
    ($($type:ty, $expected:literal, [$($oid:ident),*], |$bytes:ident| $read:expr
        $(, beyond |$beyond:ident| $condition:expr)?;)*) => {$(
        impl<'r> FromCell<'r> for $type {
            const EXPECTED: &'static str = $expected;
            const ACCEPTS: &'static [u32] = &[$(oid::$oid),*];

            fn read($bytes: &'r [u8]) -> Option<Self> {
                $read
            }
            $(
            fn is_beyond($beyond: &'r [u8]) -> bool {
                $condition
            }
            )?
        }
    )*};
}

from_cell! {
    bool, "a boolean", [BOOL], |bytes| Some(bytes == [1]);
    i16, "a 16-bit integer", [INT2, INT4, INT8], |bytes| integer(bytes)?.try_into().ok(),
        beyond |bytes| integer(bytes).is_some();
    i32, "a 32-bit integer", [INT2, INT4, INT8], |bytes| integer(bytes)?.try_into().ok(),
        beyond |bytes| integer(bytes).is_some();
    i64, "a 64-bit integer", [INT2, INT4, INT8], |bytes| integer(bytes);
    ObjectId, "an object id", [OID], |bytes| Some(Self(u32::from_be_bytes(bytes.try_into().ok()?).into()));
    // With nothing added zero would keep a sign, which SQLite does not.
    f32, "a 32-bit float", [FLOAT4], |bytes| Some(Self::from_be_bytes(bytes.try_into().ok()?) + 0.0);
    f64, "a float", [FLOAT4, FLOAT8], |bytes| match bytes.len() {
        4 => f32::read(bytes).map(Self::from),
        _ => Some(Self::from_be_bytes(bytes.try_into().ok()?) + 0.0),
    };
    Vec<u8>, "bytes", [BYTEA], |bytes| Some(bytes.to_vec());
    Uuid, "a UUID", [UUID], |bytes| Self::from_slice(bytes).ok();
    NaiveDate, "a date", [DATE], |bytes| {
        let days = TimeDelta::try_days(i32::from_be_bytes(bytes.try_into().ok()?).into())?;
        epoch().date().checked_add_signed(days).filter(check::has_year)
    }, beyond |bytes| bytes.len() == 4;
    NaiveTime, "a time", [TIME], |bytes| {
        let microseconds = u64::try_from(integer(bytes)?).ok()?;
        let (seconds, rest) = (microseconds / 1_000_000, microseconds % 1_000_000);
        Self::from_num_seconds_from_midnight_opt(seconds.try_into().ok()?, u32::try_from(rest).ok()? * 1_000)
    };
    NaiveDateTime, "a timestamp", [TIMESTAMP], |bytes| {
        let microseconds = TimeDelta::microseconds(i64::from_be_bytes(bytes.try_into().ok()?));
        epoch().checked_add_signed(microseconds).filter(|timestamp| check::has_year(&timestamp.date()))
    }, beyond |bytes| bytes.len() == 8;
    DateTime<Utc>, "an instant", [TIMESTAMPTZ], |bytes| {
        NaiveDateTime::read(bytes).map(|timestamp| timestamp.and_utc())
    }, beyond |bytes| bytes.len() == 8;
    // A day has 24 hours here; a month has no length at all.
    TimeDelta, "an interval without months", [INTERVAL], |bytes| {
        let (microseconds, rest) = bytes.split_first_chunk()?;
        let (days, months) = rest.split_first_chunk()?;
        if months.iter().any(|byte| *byte != 0) {
            return None;
        }
        TimeDelta::try_days(i32::from_be_bytes(*days).into())?
            .checked_add(&TimeDelta::microseconds(i64::from_be_bytes(*microseconds)))
            .filter(|span| span.num_microseconds().is_some())
    }, beyond |bytes| bytes.ends_with(&[0; 4]);
    Decimal, "a decimal", [NUMERIC], |bytes| numeric::read(bytes);
}

impl<'r> FromCell<'r> for &'r str {
    const EXPECTED: &'static str = "a text";
    const ACCEPTS: &'static [u32] = &[oid::TEXT, oid::VARCHAR, oid::BPCHAR, oid::NAME, oid::UNKNOWN, oid::CHAR];

    fn accepts_kind(kind: &PgTypeKind) -> bool {
        matches!(kind, PgTypeKind::Enum(_))
    }

    fn read(bytes: &'r [u8]) -> Option<Self> {
        std::str::from_utf8(bytes).ok()
    }
}

impl<'r> FromCell<'r> for String {
    const EXPECTED: &'static str = <&str>::EXPECTED;
    const ACCEPTS: &'static [u32] = <&str>::ACCEPTS;

    fn accepts_kind(kind: &PgTypeKind) -> bool {
        <&str>::accepts_kind(kind)
    }

    fn read(bytes: &'r [u8]) -> Option<Self> {
        <&str>::read(bytes).map(str::to_owned)
    }
}

impl<'r> FromCell<'r> for serde_json::Value {
    const EXPECTED: &'static str = "JSON";
    const ACCEPTS: &'static [u32] = &[oid::JSON, oid::JSONB];

    fn read(bytes: &'r [u8]) -> Option<Self> {
        // The binary form of `jsonb` is its text after a version number, which no JSON text begins with.
        serde_json::from_slice(bytes.strip_prefix(&[1]).unwrap_or(bytes)).ok()
    }
}
