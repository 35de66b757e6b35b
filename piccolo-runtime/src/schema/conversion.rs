//! What becomes of the rows when a column changes its type.

use super::{ColumnType, ElementType};

/// What a change of type does to values.
///
/// There is no kind for "loses something silently": a conversion of ours either keeps every value or refuses the rows it cannot keep.
/// Anything else is for the user's own expression.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Conversion {
    /// Every value survives and means the same.
    Widening,
    /// Values that fit survive, the others make the change fail.
    Refusing,
    /// Only the user can say what the new value is.
    Unknown,
}

impl Conversion {
    /// What a change from one type to the other does. Types that differ in the name of their enum alone are the caller's business.
    #[must_use]
    pub fn between(from: &ColumnType, to: &ColumnType) -> Self {
        if from.referenced() == to.referenced() {
            return Self::Widening;
        }
        match to {
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::Serial
            | ColumnType::BigInt
            | ColumnType::BigSerial => to_whole(from, to),
            ColumnType::Real | ColumnType::DoublePrecision => to_float(from, to),
            ColumnType::Numeric { precision, scale } => to_decimal(from, *precision, *scale),
            ColumnType::Text => text_width(from).map_or(Self::Unknown, |_| Self::Widening),
            ColumnType::Varchar { length } => match text_width(from) {
                Some(Some(width)) if width <= *length => Self::Widening,
                Some(_) => Self::Refusing,
                None => Self::Unknown,
            },
            ColumnType::Boolean => refusing_if(whole_digits(from).is_some() || is_text(from)),
            ColumnType::Date => refusing_if(is_timestamp(from) || is_text(from)),
            ColumnType::Timestamp | ColumnType::Timestamptz => {
                if *from == ColumnType::Date || is_timestamp(from) {
                    Self::Widening
                } else {
                    Self::Unknown
                }
            }
            ColumnType::Uuid => refusing_if(is_text(from)),
            ColumnType::Enum(_) => refusing_if(is_text(from) || matches!(from, ColumnType::Enum(_))),
            ColumnType::Array(to) => match from {
                ColumnType::Array(from) => between_elements(from, to),
                ColumnType::Varchar { .. }
                | ColumnType::Text
                | ColumnType::SmallInt
                | ColumnType::Integer
                | ColumnType::BigInt
                | ColumnType::Serial
                | ColumnType::BigSerial
                | ColumnType::Real
                | ColumnType::DoublePrecision
                | ColumnType::Numeric { .. }
                | ColumnType::Boolean
                | ColumnType::Date
                | ColumnType::Time
                | ColumnType::Timestamp
                | ColumnType::Timestamptz
                | ColumnType::Interval
                | ColumnType::Uuid
                | ColumnType::Json
                | ColumnType::Bytea
                | ColumnType::Enum(_) => Self::Unknown,
            },
            ColumnType::Time | ColumnType::Interval | ColumnType::Json | ColumnType::Bytea => Self::Unknown,
        }
    }
}

/// Refusing where a conversion exists, unknown where not.
fn refusing_if(exists: bool) -> Conversion {
    if exists { Conversion::Refusing } else { Conversion::Unknown }
}

/// To a whole number: a wider one keeps everything, other numbers and texts are checked row by row.
fn to_whole(from: &ColumnType, to: &ColumnType) -> Conversion {
    if *from == ColumnType::Boolean {
        return Conversion::Widening;
    }
    match (whole_digits(from), whole_digits(to)) {
        (Some(from), Some(to)) if from <= to => Conversion::Widening,
        (Some(_), _) => Conversion::Refusing,
        (None, _) => refusing_if(is_fractional(from) || is_text(from)),
    }
}

/// To a float: what has no more digits than it holds exactly is kept.
fn to_float(from: &ColumnType, to: &ColumnType) -> Conversion {
    let exact_digits = if *to == ColumnType::Real { 6 } else { 15 };
    match (from, whole_digits(from)) {
        (ColumnType::Real, _) => Conversion::Widening,
        (ColumnType::Numeric { precision, .. }, _) if u32::from(*precision) <= exact_digits => Conversion::Widening,
        (ColumnType::Numeric { .. } | ColumnType::DoublePrecision, _) => Conversion::Refusing,
        (_, Some(digits)) if digits <= exact_digits => Conversion::Widening,
        (_, whole) => refusing_if(whole.is_some()),
    }
}

/// To a decimal: more digits on both sides of the point keep everything.
fn to_decimal(from: &ColumnType, precision: u8, scale: u8) -> Conversion {
    let room = u32::from(precision.saturating_sub(scale));
    match (from, whole_digits(from)) {
        (ColumnType::Numeric { precision: old, scale: old_scale }, _) => {
            if *old_scale <= scale && u32::from(old.saturating_sub(*old_scale)) <= room {
                Conversion::Widening
            } else {
                Conversion::Refusing
            }
        }
        (_, Some(digits)) if digits <= room => Conversion::Widening,
        (_, Some(_)) => Conversion::Refusing,
        (_, None) => refusing_if(is_fractional(from)),
    }
}

/// Arrays: of whole numbers, or of texts.
fn between_elements(from: &ElementType, to: &ElementType) -> Conversion {
    let (from, to) = (from.column_type(), to.column_type());
    let whole = whole_digits(&from).is_some() && whole_digits(&to).is_some();
    let text = is_text(&from) && is_text(&to);
    if whole || text { Conversion::between(&from, &to) } else { Conversion::Unknown }
}

/// The greatest number of decimal digits of a whole number; `None` for what is none.
fn whole_digits(ty: &ColumnType) -> Option<u32> {
    match ty {
        ColumnType::SmallInt => Some(5),
        ColumnType::Integer | ColumnType::Serial => Some(10),
        ColumnType::BigInt | ColumnType::BigSerial => Some(19),
        ColumnType::Varchar { .. }
        | ColumnType::Text
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Numeric { .. }
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
        | ColumnType::Array(_) => None,
    }
}

fn is_fractional(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. })
}

fn is_text(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Varchar { .. } | ColumnType::Text)
}

fn is_timestamp(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Timestamp | ColumnType::Timestamptz)
}

/// Whether a value has a text that is the same on both engines (the outer `Option`), and its greatest length where there is one.
fn text_width(ty: &ColumnType) -> Option<Option<u32>> {
    match ty {
        ColumnType::Varchar { length } => Some(Some(*length)),
        // The longest value of an enum is not known here.
        ColumnType::Text | ColumnType::Enum(_) => Some(None),
        ColumnType::SmallInt => Some(Some(6)),
        ColumnType::Integer | ColumnType::Serial => Some(Some(11)),
        ColumnType::BigInt | ColumnType::BigSerial => Some(Some(20)),
        ColumnType::Boolean => Some(Some(5)),
        ColumnType::Date => Some(Some(10)),
        ColumnType::Uuid => Some(Some(36)),
        // These print differently on the two engines.
        ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Numeric { .. }
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Interval
        | ColumnType::Json
        | ColumnType::Bytea
        | ColumnType::Array(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::schema::{ColumnType as T, QualifiedName};

    use super::Conversion::{self, Refusing, Unknown, Widening};

    #[test]
    fn a_conversion_keeps_every_value_or_says_that_it_may_refuse_some() {
        for (from, to, expected) in [
            (T::Integer, T::BigInt, Widening),
            (T::BigInt, T::Integer, Refusing),
            (T::BigSerial, T::BigInt, Widening),
            (T::Varchar { length: 50 }, T::Varchar { length: 100 }, Widening),
            (T::Varchar { length: 100 }, T::Varchar { length: 50 }, Refusing),
            (T::Varchar { length: 100 }, T::Text, Widening),
            (T::Text, T::Varchar { length: 100 }, Refusing),
            (T::Text, T::Integer, Refusing),
            (T::Integer, T::Text, Widening),
            (T::Integer, T::Varchar { length: 5 }, Refusing),
            (T::Real, T::DoublePrecision, Widening),
            (T::DoublePrecision, T::Real, Refusing),
            (T::DoublePrecision, T::Integer, Refusing),
            (T::Numeric { precision: 5, scale: 2 }, T::Numeric { precision: 7, scale: 3 }, Widening),
            (T::Numeric { precision: 5, scale: 2 }, T::Numeric { precision: 5, scale: 3 }, Refusing),
            (T::SmallInt, T::Numeric { precision: 5, scale: 0 }, Widening),
            (T::Date, T::Timestamp, Widening),
            (T::Timestamp, T::Date, Refusing),
            (T::Timestamp, T::Timestamptz, Widening),
            (T::Boolean, T::Integer, Widening),
            (T::Integer, T::Boolean, Refusing),
            (T::Json, T::Text, Unknown),
            (T::Boolean, T::Date, Unknown),
        ] {
            assert_eq!(Conversion::between(&from, &to), expected, "{from:?} to {to:?}");
        }
    }

    /// Otherwise undoing a change that lost nothing would lose something.
    #[test]
    fn what_widens_can_be_narrowed_again() {
        let mut types = vec![
            T::Text,
            T::Varchar { length: 5 },
            T::Varchar { length: 50 },
            T::SmallInt,
            T::Integer,
            T::BigInt,
            T::Serial,
            T::BigSerial,
            T::Real,
            T::DoublePrecision,
            T::Numeric { precision: 5, scale: 2 },
            T::Numeric { precision: 15, scale: 0 },
            T::Numeric { precision: 28, scale: 10 },
            T::Boolean,
            T::Date,
            T::Time,
            T::Timestamp,
            T::Timestamptz,
            T::Interval,
            T::Uuid,
            T::Json,
            T::Bytea,
            T::Enum(QualifiedName::plain("genre")),
        ];
        let arrays: Vec<T> = types.iter().filter_map(T::element).map(T::Array).collect();
        types.extend(arrays);
        for from in &types {
            for to in &types {
                if Conversion::between(from, to) == Widening {
                    assert_ne!(Conversion::between(to, from), Unknown, "{to:?} to {from:?}");
                }
            }
        }
    }
}
