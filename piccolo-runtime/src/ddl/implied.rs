//! The checks that a column's type implies on SQLite, whose own types know neither lengths nor ranges nor formats.

use super::{Enums, Unsupported};
use crate::schema::{Column, ColumnType};
use crate::sql::{Dialect, identifier, literal};

/// The kind of check that a column's type brings on SQLite.
///
/// Its constraint is named `piccolo:<kind>:<column>`, such as `piccolo:length:name`. SQLite reports the name of a check that
/// refused a row, and [`ImpliedCheck::parse`] tells from it that a *value* was wrong (an `InvalidValue`), and which column's.
///
/// Not checked by the database, only by the encoder: a NUL inside a text (looking for it would scan every text on every write; note
/// that SQLite's `length` stops at it), and the elements of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ImpliedCheck {
    /// A `Varchar` has at most as many characters as its length says.
    Length,
    /// A `SmallInt` or an `Integer` is in the range of its type.
    Range,
    /// A `Boolean` is 0 or 1.
    Boolean,
    /// A `Numeric` is rounded to its scale and has no more digits than its precision.
    Numeric,
    /// A `Date` is `YYYY-MM-DD`, of the years 1 to 9999.
    Date,
    /// A `Time` is `HH:MM:SS.ffffff`.
    Time,
    /// A `Timestamp` or `Timestamptz` is `YYYY-MM-DD HH:MM:SS.ffffff`, of the years 1 to 9999.
    Timestamp,
    /// A `UUID` has 16 bytes.
    Uuid,
    /// A `JSON` column holds JSON.
    Json,
    /// An enum's column holds one of the enum's values.
    Enum,
    /// An `Array` is the text of a JSON array.
    Array,
}

/// What the name of every implied check begins with.
const PREFIX: &str = "piccolo:";

impl ImpliedCheck {
    /// All kinds.
    const ALL: [Self; 11] = [
        Self::Length,
        Self::Range,
        Self::Boolean,
        Self::Numeric,
        Self::Date,
        Self::Time,
        Self::Timestamp,
        Self::Uuid,
        Self::Json,
        Self::Enum,
        Self::Array,
    ];

    /// The kind of check that a type implies, if any.
    #[must_use]
    pub fn of(ty: &ColumnType) -> Option<Self> {
        match ty {
            ColumnType::Varchar { .. } => Some(Self::Length),
            ColumnType::SmallInt | ColumnType::Integer | ColumnType::Serial => Some(Self::Range),
            ColumnType::Numeric { .. } => Some(Self::Numeric),
            ColumnType::Boolean => Some(Self::Boolean),
            ColumnType::Date => Some(Self::Date),
            ColumnType::Time => Some(Self::Time),
            ColumnType::Timestamp | ColumnType::Timestamptz => Some(Self::Timestamp),
            ColumnType::Uuid => Some(Self::Uuid),
            ColumnType::Json => Some(Self::Json),
            ColumnType::Enum(_) => Some(Self::Enum),
            ColumnType::Array(_) => Some(Self::Array),
            ColumnType::Text
            | ColumnType::BigInt
            | ColumnType::BigSerial
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Interval
            | ColumnType::Bytea => None,
        }
    }

    /// The word for this kind inside a constraint's name.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Length => "length",
            Self::Range => "range",
            Self::Boolean => "boolean",
            Self::Numeric => "numeric",
            Self::Date => "date",
            Self::Time => "time",
            Self::Timestamp => "timestamp",
            Self::Uuid => "uuid",
            Self::Json => "json",
            Self::Enum => "enum",
            Self::Array => "array",
        }
    }

    /// Why a value that this check refuses does not fit, for messages.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Length => "the text is longer than the column's length",
            Self::Range => "the number is out of the range of the column's type",
            Self::Boolean => "a boolean is 0 or 1",
            Self::Numeric => "the number has more digits than the column's precision or scale",
            Self::Date => "a date is written YYYY-MM-DD, with a year from 0001 to 9999",
            Self::Time => "a time is written HH:MM:SS.ffffff",
            Self::Timestamp => "a timestamp is written YYYY-MM-DD HH:MM:SS.ffffff, with a year from 0001 to 9999",
            Self::Uuid => "a UUID has 16 bytes",
            Self::Json => "the text is not JSON",
            Self::Enum => "the text is not a value of the column's enum",
            Self::Array => "the text is not a JSON array",
        }
    }

    /// The constraint's name for the column with this database name.
    #[must_use]
    pub fn constraint_name(self, column: &str) -> String {
        format!("{PREFIX}{}:{column}", self.kind())
    }

    /// The kind and the column of an implied check's name; `None` for the name of any other constraint.
    #[must_use]
    pub fn parse(constraint: &str) -> Option<(Self, &str)> {
        let (kind, column) = constraint.strip_prefix(PREFIX)?.split_once(':')?;
        Some((Self::ALL.into_iter().find(|check| check.kind() == kind)?, column))
    }
}

/// The condition that a column's type implies on SQLite; `None` where the type needs none. A null always passes.
///
/// # Errors
///
/// [`Unsupported`] for a type that SQLite cannot keep.
pub fn condition<E: Enums + ?Sized>(column: &Column, enums: &E) -> Result<Option<String>, Unsupported> {
    let name = identifier(&column.sql_name);
    Ok(Some(match &column.ty {
        ColumnType::Varchar { length } => format!("length({name}) <= {length}"),
        ColumnType::SmallInt => format!("{name} BETWEEN {} AND {}", i16::MIN, i16::MAX),
        ColumnType::Integer | ColumnType::Serial => format!("{name} BETWEEN {} AND {}", i32::MIN, i32::MAX),
        ColumnType::Boolean => format!("{name} IN (0, 1)"),
        ColumnType::Numeric { precision, scale } => {
            // A double holds 15 decimal digits exactly, and only so many.
            if *precision > 15 {
                return Err(Unsupported::new(
                    Dialect::Sqlite,
                    format!(
                        "`{}` is Numeric({precision}, {scale}), and SQLite keeps at most 15 digits exactly",
                        column.sql_name
                    ),
                ));
            }
            let whole = usize::from(precision.saturating_sub(*scale));
            let bound = format!("1{}", "0".repeat(whole));
            format!("{name} = round({name}, {scale}) AND abs({name}) < {bound}")
        }
        // SQLite's functions normalise what they read (the 30th of February, hour 24), so that only a proper date is left as it is.
        ColumnType::Date => format!("{name} IS date({name}) AND {name} >= '0001'"),
        ColumnType::Time => {
            format!("substr({name}, 1, 8) IS time(substr({name}, 1, 8)) AND substr({name}, 9) GLOB {MICROSECONDS}")
        }
        ColumnType::Timestamp | ColumnType::Timestamptz => format!(
            "substr({name}, 1, 19) IS datetime(substr({name}, 1, 19)) AND substr({name}, 20) GLOB {MICROSECONDS} AND {name} >= '0001'"
        ),
        ColumnType::Uuid => format!("length({name}) = 16"),
        ColumnType::Json => format!("json_valid({name})"),
        ColumnType::Enum(enum_name) => {
            let enumeration = enums.find(enum_name).ok_or_else(|| {
                Unsupported::new(
                    Dialect::Sqlite,
                    format!("`{}` has the type `{enum_name}`, which is not a declared enum", column.sql_name),
                )
            })?;
            // Sorted, so that another order of the values, which a database without enums need not know, changes nothing.
            let mut values: Vec<String> = enumeration.values.iter().map(|value| literal(&value.text)).collect();
            values.sort();
            format!("{name} IN ({})", values.join(", "))
        }
        // We write arrays without white space, so the bracket comes first; `json_type` would raise an error of its own on other text.
        ColumnType::Array(_) => format!("json_valid({name}) AND {name} GLOB '[[]*'"),
        ColumnType::Text
        | ColumnType::BigInt
        | ColumnType::BigSerial
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Interval
        | ColumnType::Bytea => return Ok(None),
    }))
}

/// The fraction of a second as a GLOB pattern, quoted.
const MICROSECONDS: &str = "'.[0-9][0-9][0-9][0-9][0-9][0-9]'";

#[cfg(test)]
mod tests {
    use super::ImpliedCheck;

    #[test]
    fn the_name_of_an_implied_check_says_its_kind_and_column() {
        for check in ImpliedCheck::ALL {
            assert_eq!(ImpliedCheck::parse(&check.constraint_name("a:b")), Some((check, "a:b")));
        }
        assert_eq!(ImpliedCheck::parse("band_popularity_check"), None);
        assert_eq!(ImpliedCheck::parse("piccolo:unknown:x"), None);
    }
}
