//! Values to SQLite's storage forms.

use std::borrow::Cow;

use rusqlite::Statement;
use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};

use crate::engine::fault::Fault;
use crate::value::{check, json, text};
use crate::{Error, Value};

/// Binds the values in order; a wrong number of them is an error.
pub(crate) fn bind(statement: &mut Statement<'_>, args: &[Value]) -> Result<(), Fault> {
    let expected = statement.parameter_count();
    if expected != args.len() {
        return Err(Error::Usage {
            message: format!("the statement has {expected} parameters and was given {} values", args.len()),
        }
        .into());
    }
    for (position, value) in (1..).zip(args) {
        let stored = stored(value).map_err(|reason| Error::InvalidValue {
            target: format!("parameter {position}"),
            reason: reason.into_owned(),
        })?;
        statement.raw_bind_parameter(position, stored)?;
    }
    Ok(())
}

/// The form in which SQLite keeps a value, or why it cannot.
fn stored(value: &Value) -> Result<ToSqlOutput<'_>, Cow<'static, str>> {
    let owned_text = |text: String| Ok(ToSqlOutput::Owned(Owned::Text(text)));
    Ok(ToSqlOutput::Borrowed(match value {
        Value::Null => ValueRef::Null,
        Value::Boolean(value) => ValueRef::Integer(i64::from(*value)),
        Value::SmallInt(value) => ValueRef::Integer(i64::from(*value)),
        Value::Integer(value) => ValueRef::Integer(i64::from(*value)),
        Value::BigInt(value) => ValueRef::Integer(*value),
        // Zero loses its sign where it is stored, so it has none as a parameter either.
        Value::Real(value) => ValueRef::Real(f64::from(*value) + 0.0),
        Value::DoublePrecision(value) => ValueRef::Real(*value + 0.0),
        Value::Numeric(value) => {
            if check::digits(value) > MAX_DIGITS {
                return Err(
                    format!("the number has more than the {MAX_DIGITS} digits that SQLite keeps exactly").into()
                );
            }
            // Through its text, because that gives the double that is nearest.
            ValueRef::Real(value.to_string().parse().map_err(|_| "the number is too large")?)
        }
        Value::Text(value) | Value::Enum(value) => ValueRef::Text(value.as_bytes()),
        Value::Date(value) => return owned_text(text::write_date(*value)),
        Value::Time(value) => return owned_text(text::write_time(*value)),
        Value::Timestamp(value) => return owned_text(text::write_timestamp(*value)),
        Value::Timestamptz(value) => return owned_text(text::write_instant(*value)),
        Value::Interval(value) => ValueRef::Integer(value.num_microseconds().ok_or("the interval is too long")?),
        Value::Uuid(value) => ValueRef::Blob(value.as_bytes()),
        Value::Json(value) => return owned_text(json::write(value)),
        Value::Bytea(value) => ValueRef::Blob(value),
        Value::Array(_, items) => {
            let items: Option<Vec<_>> = items.iter().map(json::from_element).collect();
            let items = items.ok_or("an array cannot hold such elements")?;
            return owned_text(json::write(&items.into()));
        }
    }))
}

/// The decimal digits that a double keeps exactly.
pub(super) const MAX_DIGITS: u32 = 15;
