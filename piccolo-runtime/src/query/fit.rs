//! Whether a value fits its column, asked before any SQL is sent, so that both engines refuse the same in the same words.

use rust_decimal::Decimal;

use crate::schema::{Column, ColumnType, ElementType};
use crate::table::TableMeta;
use crate::value::{check, undescribed};
use crate::{Error, Result, Value};

/// The value as its column holds it.
pub(super) fn fit(meta: &TableMeta, column: &Column, value: Value) -> Result<Value> {
    if value.is_null() {
        return if column.null {
            Ok(value)
        } else {
            Err(Error::NotNullViolation {
                table: Some(meta.table().sql_name.to_string()),
                column: column.sql_name.to_string(),
            })
        };
    }
    check::representable(&value)
        .map_err(std::borrow::Cow::into_owned)
        .and_then(|()| fit_type(meta, &column.ty, value))
        .map_err(|reason| Error::InvalidValue {
            target: format!("{}.{}", meta.table().sql_name.name, column.sql_name),
            // A reason may repeat the value.
            reason: if column.secret { format!("it is no {:?}; the value is secret", column.ty) } else { reason },
        })
}

/// The value as a column of this type holds it, or why it cannot.
fn fit_type(meta: &TableMeta, ty: &ColumnType, value: Value) -> Result<Value, String> {
    match (ty, value) {
        (ColumnType::Varchar { length }, Value::Text(text)) => short(text, *length),
        (ColumnType::Numeric { precision, scale }, Value::Numeric(number)) => decimal(number, *precision, *scale),
        (ColumnType::Enum(name), Value::Enum(text) | Value::Text(text)) => {
            let enumeration = meta.enumeration(name).ok_or_else(|| format!("the enum `{name}` is not known"))?;
            if enumeration.values.iter().any(|value| value.text == text) {
                return Ok(Value::Enum(text));
            }
            let values: Vec<&str> = enumeration.values.iter().map(|value| value.text.as_ref()).collect();
            Err(format!("`{text}` is not one of {}", values.join(", ")))
        }
        (ColumnType::Array(element), Value::Array(_, items)) => array(meta, element, items),
        (ColumnType::SmallInt, value) => integer(&value)
            .and_then(|number| i16::try_from(number).map_err(|_| out_of_range(number, "16")))
            .map(Value::SmallInt),
        (ColumnType::Integer | ColumnType::Serial, value) => integer(&value)
            .and_then(|number| i32::try_from(number).map_err(|_| out_of_range(number, "32")))
            .map(Value::Integer),
        (ColumnType::BigInt | ColumnType::BigSerial, value) => integer(&value).map(Value::BigInt),
        (ColumnType::Text, value @ Value::Text(_))
        | (ColumnType::Real, value @ Value::Real(_))
        | (ColumnType::DoublePrecision, value @ Value::DoublePrecision(_))
        | (ColumnType::Boolean, value @ Value::Boolean(_))
        | (ColumnType::Date, value @ Value::Date(_))
        | (ColumnType::Time, value @ Value::Time(_))
        | (ColumnType::Timestamp, value @ Value::Timestamp(_))
        | (ColumnType::Timestamptz, value @ Value::Timestamptz(_))
        | (ColumnType::Interval, value @ Value::Interval(_))
        | (ColumnType::Uuid, value @ Value::Uuid(_))
        | (ColumnType::Json, value @ Value::Json(_))
        | (ColumnType::Bytea, value @ Value::Bytea(_)) => Ok(value),
        (ty, value) => Err(format!("a column of type {ty:?} does not hold a {}", value.kind())),
    }
}

/// A text of at most this many characters.
fn short(text: String, length: u32) -> Result<Value, String> {
    // No text has more characters than bytes, so most need no counting.
    let limit = usize::try_from(length).unwrap_or(usize::MAX);
    if text.len() > limit {
        let characters = text.chars().count();
        if characters > limit {
            return Err(format!("it has {characters} characters, and at most {length} are allowed"));
        }
    }
    Ok(Value::Text(text))
}

/// A decimal with exactly this many digits after the point.
fn decimal(number: Decimal, precision: u8, scale: u8) -> Result<Value, String> {
    let shortest = number.normalize();
    if shortest.scale() > u32::from(scale) {
        return Err(format!("{number} has more than {scale} digits after the point"));
    }
    let before_point = check::digits(&shortest).saturating_sub(shortest.scale());
    if !shortest.is_zero()
        && before_point > u32::from(precision.saturating_sub(scale))
        && shortest.trunc() != Decimal::ZERO
    {
        return Err(format!("{number} has more than {} digits before the point", precision.saturating_sub(scale)));
    }
    let mut scaled = number;
    scaled.rescale(u32::from(scale));
    Ok(Value::Numeric(scaled))
}

/// The elements of an array, each fitting the element type.
fn array(meta: &TableMeta, element: &ElementType, items: Vec<Value>) -> Result<Value, String> {
    let ty = element.column_type();
    let items = items
        .into_iter()
        .map(
            |item| {
                if item.is_null() { Err("an array cannot hold nulls".to_owned()) } else { fit_type(meta, &ty, item) }
            },
        )
        .collect::<Result<_, _>>()?;
    Ok(Value::Array(element.clone(), items))
}

/// A whole number of any width.
fn integer(value: &Value) -> Result<i64, String> {
    undescribed::integer(value).ok_or_else(|| format!("expected a whole number, found {}", value.kind()))
}

fn out_of_range(number: i64, bits: &str) -> String {
    format!("{number} is out of the range of {bits} bits")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_decimal_gets_its_scale_and_must_fit_both_sides_of_the_point() {
        for (text, expected) in [
            ("1.1", Some("1.10")),
            ("999.99", Some("999.99")),
            ("0", Some("0.00")),
            ("-0.5", Some("-0.50")),
            ("1.100", Some("1.10")),
            ("1000", None),
            ("1.234", None),
            ("12345.678", None),
        ] {
            let result = decimal(text.parse().unwrap(), 5, 2).ok();
            let expected = expected.map(|text| Value::Numeric(text.parse().unwrap()));
            assert_eq!(result, expected, "{text}");
        }
        assert!(decimal("0.001".parse().unwrap(), 3, 3).is_ok());
    }

    #[test]
    fn length_is_counted_in_characters() {
        assert!(short("é".repeat(5), 5).is_ok());
        assert!(short("é".repeat(6), 5).is_err());
    }
}
