//! The types a column can have.

use super::QualifiedName;

/// The type of a column, named after its SQL equivalent.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ColumnType {
    /// Text of at most `length` characters.
    Varchar {
        /// The greatest number of characters (not bytes).
        length: u32,
    },
    /// Text of any length.
    Text,
    /// A 16-bit integer.
    SmallInt,
    /// A 32-bit integer.
    Integer,
    /// A 64-bit integer.
    BigInt,
    /// A 32-bit integer that the database counts up; a primary key only.
    Serial,
    /// A 64-bit integer that the database counts up; a primary key only.
    BigSerial,
    /// A 32-bit float.
    Real,
    /// A 64-bit float.
    DoublePrecision,
    /// An exact decimal number.
    Numeric {
        /// The number of digits in all, at most 28.
        precision: u8,
        /// The digits after the point.
        scale: u8,
    },
    /// True or false.
    Boolean,
    /// A calendar date.
    Date,
    /// A time of day, to the microsecond.
    Time,
    /// A date and time without a zone, to the microsecond.
    Timestamp,
    /// An instant, to the microsecond; read back in UTC.
    Timestamptz,
    /// A span of time, in exact microseconds.
    Interval,
    /// A 128-bit identifier.
    Uuid,
    /// A JSON document.
    Json,
    /// Bytes.
    Bytea,
    /// A declared enum, by its database name.
    Enum(QualifiedName),
    /// A list of values, none of them null.
    Array(ElementType),
}

/// The type of an array's elements: any column type that is neither a serial nor an array.
///
/// It is a type of its own because `ColumnType` inside `ColumnType` would need a box, which a `static` cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each variant is the `ColumnType` of the same name")]
pub enum ElementType {
    Varchar { length: u32 },
    Text,
    SmallInt,
    Integer,
    BigInt,
    Real,
    DoublePrecision,
    Numeric { precision: u8, scale: u8 },
    Boolean,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Interval,
    Uuid,
    Json,
    Bytea,
    Enum(QualifiedName),
}

impl ColumnType {
    /// Whether the database counts this column up by itself.
    #[must_use]
    pub fn is_serial(&self) -> bool {
        matches!(self, Self::Serial | Self::BigSerial)
    }

    /// The type of a column that refers to a column of this type: a reference to a serial is a plain integer.
    #[must_use]
    pub fn referenced(&self) -> Self {
        match self {
            Self::Serial => Self::Integer,
            Self::BigSerial => Self::BigInt,
            Self::Varchar { .. }
            | Self::Text
            | Self::SmallInt
            | Self::Integer
            | Self::BigInt
            | Self::Real
            | Self::DoublePrecision
            | Self::Numeric { .. }
            | Self::Boolean
            | Self::Date
            | Self::Time
            | Self::Timestamp
            | Self::Timestamptz
            | Self::Interval
            | Self::Uuid
            | Self::Json
            | Self::Bytea
            | Self::Enum(_)
            | Self::Array(_) => self.clone(),
        }
    }

    /// The enum of the column, or of the elements of an array.
    #[must_use]
    pub fn enumeration(&self) -> Option<&QualifiedName> {
        if let Self::Enum(name) | Self::Array(ElementType::Enum(name)) = self { Some(name) } else { None }
    }

    /// This type as the element of an array; `None` for serials and arrays.
    #[must_use]
    pub fn element(&self) -> Option<ElementType> {
        Some(match self {
            Self::Varchar { length } => ElementType::Varchar { length: *length },
            Self::Text => ElementType::Text,
            Self::SmallInt => ElementType::SmallInt,
            Self::Integer => ElementType::Integer,
            Self::BigInt => ElementType::BigInt,
            Self::Real => ElementType::Real,
            Self::DoublePrecision => ElementType::DoublePrecision,
            Self::Numeric { precision, scale } => ElementType::Numeric { precision: *precision, scale: *scale },
            Self::Boolean => ElementType::Boolean,
            Self::Date => ElementType::Date,
            Self::Time => ElementType::Time,
            Self::Timestamp => ElementType::Timestamp,
            Self::Timestamptz => ElementType::Timestamptz,
            Self::Interval => ElementType::Interval,
            Self::Uuid => ElementType::Uuid,
            Self::Json => ElementType::Json,
            Self::Bytea => ElementType::Bytea,
            Self::Enum(name) => ElementType::Enum(name.clone()),
            Self::Serial | Self::BigSerial | Self::Array(_) => return None,
        })
    }
}

impl ElementType {
    /// The column type of the same name.
    #[must_use]
    pub fn column_type(&self) -> ColumnType {
        match self {
            Self::Varchar { length } => ColumnType::Varchar { length: *length },
            Self::Text => ColumnType::Text,
            Self::SmallInt => ColumnType::SmallInt,
            Self::Integer => ColumnType::Integer,
            Self::BigInt => ColumnType::BigInt,
            Self::Real => ColumnType::Real,
            Self::DoublePrecision => ColumnType::DoublePrecision,
            Self::Numeric { precision, scale } => ColumnType::Numeric { precision: *precision, scale: *scale },
            Self::Boolean => ColumnType::Boolean,
            Self::Date => ColumnType::Date,
            Self::Time => ColumnType::Time,
            Self::Timestamp => ColumnType::Timestamp,
            Self::Timestamptz => ColumnType::Timestamptz,
            Self::Interval => ColumnType::Interval,
            Self::Uuid => ColumnType::Uuid,
            Self::Json => ColumnType::Json,
            Self::Bytea => ColumnType::Bytea,
            Self::Enum(name) => ColumnType::Enum(name.clone()),
        }
    }
}
