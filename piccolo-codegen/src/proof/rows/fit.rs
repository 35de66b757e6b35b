//! Values of one type that another type takes as well: what rows hold when somebody has consented to a narrower type.

use piccolo_runtime::schema::{ColumnType, Default, ElementType, Schema};

use super::sample::{Reach, samples};

/// A type of a schema, which knows its enums.
#[derive(Clone, Copy)]
pub(super) struct Typed<'a> {
    pub(super) ty: &'a ColumnType,
    pub(super) schema: &'a Schema,
}

/// Values of `from` that can become values of `to`; empty where none is known.
pub(super) fn fitting(from: Typed<'_>, to: Typed<'_>, reach: Reach) -> Vec<Default> {
    let known = samples(to.ty, to.schema, reach).into_iter().chain(samples(to.ty, to.schema, Reach::Middle));
    let mut found = Vec::new();
    for value in known.filter_map(|value| spelled(&value, from.ty, to.ty)) {
        let fits = holds(from.ty, &value, from.schema) && holds(to.ty, &value, to.schema);
        if fits && !found.contains(&value) {
            found.push(value);
        }
    }
    found
}

/// A value of `to` as one of `from`, where it is one.
fn spelled(value: &Default, from: &ColumnType, to: &ColumnType) -> Option<Default> {
    Some(match (from, value) {
        (ColumnType::Varchar { .. } | ColumnType::Text, value) => Default::Text(as_text(value, to)?.into()),
        (
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Serial
            | ColumnType::BigSerial,
            value,
        ) => Default::Integer(as_whole(value)?),
        (ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. }, Default::Integer(number)) => {
            Default::Decimal(number.to_string().into())
        }
        (ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. }, Default::Decimal(text)) => {
            Default::Decimal(text.clone())
        }
        (ColumnType::Timestamp | ColumnType::Timestamptz, Default::DateTime(text)) if *to == ColumnType::Date => {
            Default::DateTime(format!("{text} 00:00:00").into())
        }
        (ColumnType::Timestamp | ColumnType::Timestamptz, Default::DateTime(text)) => Default::DateTime(text.clone()),
        (ColumnType::Enum(_), Default::Variant(text) | Default::Text(text)) => Default::Variant(text.clone()),
        (ColumnType::Array(element), Default::Array(values)) => {
            let ColumnType::Array(other) = to else { return None };
            let (inner, outer) = (element.column_type(), other.column_type());
            let all = values.iter().map(|value| spelled(value, &inner, &outer)).collect::<Option<Vec<_>>>()?;
            Default::Array(all.into())
        }
        _ => return None,
    })
}

fn as_whole(value: &Default) -> Option<i64> {
    if let Default::Integer(number) = value {
        Some(*number)
    } else if let Default::Boolean(value) = value {
        Some((*value).into())
    } else {
        number(value).filter(|number| number.fract() == 0.0).and_then(small)
    }
}

/// The value as a number, where it is written as one.
fn number(value: &Default) -> Option<f64> {
    if let Default::Integer(_) | Default::Decimal(_) | Default::Text(_) = value {
        written(value)?.parse().ok()
    } else {
        None
    }
}

fn as_text(value: &Default, to: &ColumnType) -> Option<String> {
    if let Default::Boolean(value) = value {
        return Some(value.to_string());
    }
    if matches!(value, Default::DateTime(_)) && *to != ColumnType::Date {
        return None;
    }
    written(value)
}

/// The text of a value that both engines write in the same way.
fn written(value: &Default) -> Option<String> {
    if let Default::Integer(number) = value {
        return Some(number.to_string());
    }
    if let Default::Decimal(text)
    | Default::Text(text)
    | Default::DateTime(text)
    | Default::Uuid(text)
    | Default::Variant(text) = value
    {
        return Some(text.to_string());
    }
    None
}

/// A number that every type but the smallest holds exactly.
fn small(number: f64) -> Option<i64> {
    // The range is checked before the cast.
    #[expect(clippy::cast_possible_truncation, reason = "it is small")]
    (number.abs() <= 1_000_000.0).then_some(number as i64)
}

/// Whether a value is within the bounds of the type; what has none holds everything.
fn holds(ty: &ColumnType, value: &Default, schema: &Schema) -> bool {
    let among = |least: f64, greatest: f64| number(value).is_none_or(|number| least <= number && number <= greatest);
    let within = |greatest: f64| among(-greatest, greatest);
    match ty {
        ColumnType::Varchar { length } => {
            let characters = written(value).map_or(0, |text| text.chars().count());
            characters <= usize::try_from(*length).unwrap_or(usize::MAX)
        }
        ColumnType::SmallInt => among(i16::MIN.into(), i16::MAX.into()),
        ColumnType::Integer | ColumnType::Serial => among(i32::MIN.into(), i32::MAX.into()),
        ColumnType::Real => within(16_777_216.0) && decimals(value) <= 2,
        ColumnType::DoublePrecision => within(9_007_199_254_740_992.0),
        ColumnType::Numeric { precision, scale } => {
            let room = 10_f64.powi(i32::from(precision.saturating_sub(*scale)));
            number(value).is_none_or(|number| number.abs() < room) && decimals(value) <= usize::from(*scale)
        }
        ColumnType::Enum(name) => {
            let known = |text: &str| {
                schema.enumeration(name).is_none_or(|found| found.values.iter().any(|value| value.text == text))
            };
            written(value).is_none_or(|text| known(&text))
        }
        ColumnType::Array(element) => {
            let element = ElementType::column_type(element);
            let Default::Array(values) = value else { return true };
            values.iter().all(|value| holds(&element, value, schema))
        }
        ColumnType::Text
        | ColumnType::BigInt
        | ColumnType::BigSerial
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Interval
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Bytea => true,
    }
}

/// The digits after the point that matter.
fn decimals(value: &Default) -> usize {
    let Default::Decimal(text) = value else { return 0 };
    text.split_once('.').map_or(0, |(_, digits)| digits.trim_end_matches('0').len())
}
