//! The value of a column that a new row does not name.

use super::{List, Text};

/// A column's default. It stands in the DDL, and the runtime evaluates it at insert, so that both engines give the same value;
/// [`Default::Sql`] alone is left to the database.
///
/// Literals are kept in one canonical text per value, so that equal defaults compare equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Default {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A number with a point or an exponent, for floats and decimals, in its shortest decimal text.
    Decimal(Text),
    /// A text.
    Text(Text),
    /// A date `YYYY-MM-DD`, a time `HH:MM:SS[.ffffff]`, a timestamp `YYYY-MM-DD HH:MM:SS[.ffffff]`
    /// or, for a timestamptz, the same in UTC; the column's type says which.
    DateTime(Text),
    /// A span of time in microseconds.
    Interval(i64),
    /// A UUID in its lower-case hyphenated text.
    Uuid(Text),
    /// A JSON document as compact text with sorted keys.
    Json(Text),
    /// Bytes.
    Bytes(List<u8>),
    /// A value of the column's enum, by its text in the database.
    Variant(Text),
    /// A list of literals for an array; never nested, never a function.
    Array(List<Default>),
    /// `now()`: the moment of the insert, the same for all rows and columns of one statement.
    Now,
    /// `today()`: the UTC date of that moment.
    Today,
    /// `uuid4()`: a random UUID for each row.
    Uuid4,
    /// `uuid7()`: a time-ordered UUID for each row.
    Uuid7,
    /// `sql("…")`: an expression for the database alone.
    Sql(Text),
}

impl Default {
    /// Whether it is a literal, one value for all rows that is known without a clock, chance or a database.
    #[must_use]
    pub fn is_literal(&self) -> bool {
        match self {
            Self::Boolean(_)
            | Self::Integer(_)
            | Self::Decimal(_)
            | Self::Text(_)
            | Self::DateTime(_)
            | Self::Interval(_)
            | Self::Uuid(_)
            | Self::Json(_)
            | Self::Bytes(_)
            | Self::Variant(_)
            | Self::Array(_) => true,
            Self::Now | Self::Today | Self::Uuid4 | Self::Uuid7 | Self::Sql(_) => false,
        }
    }
}

/// Writes the defaults that plain values stand for.
macro_rules! from_value {
    ($($ty:ty => $variant:ident($convert:expr);)*) => {$(
        impl From<$ty> for Default {
            fn from(value: $ty) -> Self {
                Self::$variant($convert(value))
            }
        }
    )*};
}

from_value! {
    bool => Boolean(std::convert::identity);
    i16 => Integer(i64::from);
    i32 => Integer(i64::from);
    i64 => Integer(std::convert::identity);
    &'static str => Text(Text::Borrowed);
    String => Text(Text::Owned);
}
