//! Values to Postgres' parameters.

use chrono::TimeDelta;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::{Oid, PgInterval};
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo, Postgres};
use sqlx::{Arguments, Encode, Type};

use super::document::normal;
use crate::engine::fault::Fault;
use crate::schema::ElementType;
use crate::{Error, Value};

/// The oid of the type `unknown`, which makes the server find the type out by itself.
const UNKNOWN: Oid = Oid(705);

/// A null or the text of an enum, whose type only the server knows.
struct Unknown<'a>(Option<&'a str>);

impl Type<Postgres> for Unknown<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(UNKNOWN)
    }
}

impl<'q> Encode<'q, Postgres> for Unknown<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        match self.0 {
            None => Ok(IsNull::Yes),
            Some(text) => {
                buffer.extend_from_slice(text.as_bytes());
                Ok(IsNull::No)
            }
        }
    }
}

/// The values as parameters, in order.
pub(crate) fn arguments(values: &[Value]) -> Result<PgArguments, Fault> {
    let mut arguments = PgArguments::default();
    arguments.reserve(values.len(), values.len() * 8);
    for (position, value) in (1..).zip(values) {
        add(&mut arguments, value).map_err(|error| Error::InvalidValue {
            target: format!("parameter {position}"),
            reason: error.to_string(),
        })?;
    }
    Ok(arguments)
}

fn add(arguments: &mut PgArguments, value: &Value) -> Result<(), BoxDynError> {
    match value {
        Value::Null => arguments.add(Unknown(None)),
        Value::Enum(text) => arguments.add(Unknown(Some(text))),
        Value::Boolean(value) => arguments.add(value),
        Value::SmallInt(value) => arguments.add(value),
        Value::Integer(value) => arguments.add(value),
        Value::BigInt(value) => arguments.add(value),
        // With nothing added zero would keep a sign, which SQLite does not.
        Value::Real(value) => arguments.add(value + 0.0),
        Value::DoublePrecision(value) => arguments.add(value + 0.0),
        Value::Numeric(value) => arguments.add(value),
        Value::Text(value) => arguments.add(value.as_str()),
        Value::Date(value) => arguments.add(value),
        Value::Time(value) => arguments.add(value),
        Value::Timestamp(value) => arguments.add(value),
        Value::Timestamptz(value) => arguments.add(value),
        Value::Interval(value) => arguments.add(interval(*value)?),
        Value::Uuid(value) => arguments.add(value),
        Value::Json(value) => arguments.add(normal(value).as_ref()),
        Value::Bytea(value) => arguments.add(value.as_slice()),
        Value::Array(element, items) => add_array(arguments, element, items),
    }
}

/// An array of the element's type. An enum's goes as `text[]`, because only the server knows the enum's oid: the statement
/// casts it (`$1::text[]::genre[]`). Nulls among the elements are for the bulk insert, which passes a column as an array.
fn add_array(arguments: &mut PgArguments, element: &ElementType, items: &[Value]) -> Result<(), BoxDynError> {
    /// The items as options of one variant's content.
    macro_rules! items {
        ($variant:ident) => {
            items!($variant, |value| Ok(value))
        };
        ($variant:ident, $convert:expr) => {
            items
                .iter()
                .map(|item| match item {
                    Value::Null => Ok(None),
                    Value::$variant(value) => content(value, $convert).map(Some),
                    other => Err(format!("an array of {} cannot hold a {}", stringify!($variant), other.kind()).into()),
                })
                .collect::<Result<Vec<_>, BoxDynError>>()?
        };
    }
    match element {
        ElementType::Boolean => arguments.add(items!(Boolean)),
        ElementType::SmallInt => arguments.add(items!(SmallInt)),
        ElementType::Integer => arguments.add(items!(Integer)),
        ElementType::BigInt => arguments.add(items!(BigInt)),
        ElementType::Real => arguments.add(items!(Real, |value| Ok(value + 0.0))),
        ElementType::DoublePrecision => arguments.add(items!(DoublePrecision, |value| Ok(value + 0.0))),
        ElementType::Numeric { .. } => arguments.add(items!(Numeric)),
        ElementType::Varchar { .. } | ElementType::Text => arguments.add(items!(Text)),
        ElementType::Enum(_) => arguments.add(items!(Enum)),
        ElementType::Date => arguments.add(items!(Date)),
        ElementType::Time => arguments.add(items!(Time)),
        ElementType::Timestamp => arguments.add(items!(Timestamp)),
        ElementType::Timestamptz => arguments.add(items!(Timestamptz)),
        ElementType::Interval => arguments.add(items!(Interval, |value| interval(*value))),
        ElementType::Uuid => arguments.add(items!(Uuid)),
        ElementType::Json => arguments.add(items!(Json, |value| Ok(normal(value).into_owned()))),
        ElementType::Bytea => arguments.add(items!(Bytea)),
    }
}

/// Applies a conversion; a function so that the compiler knows the closure's types.
fn content<'v, A, B>(value: &'v A, convert: impl FnOnce(&'v A) -> Result<B, BoxDynError>) -> Result<B, BoxDynError> {
    convert(value)
}

/// The span in microseconds only, which is what all of its arithmetic means.
fn interval(span: TimeDelta) -> Result<PgInterval, BoxDynError> {
    let microseconds = span.num_microseconds().ok_or("the interval is too long")?;
    Ok(PgInterval { months: 0, days: 0, microseconds })
}
