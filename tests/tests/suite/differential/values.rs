//! The types that are compared, and the values that columns and parameters have.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use piccolo_runtime::Value;
use piccolo_runtime::schema::{ColumnType, ElementType, QualifiedName};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::world::MOOD;

/// What values are compared with each other: the types that have the same Rust type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    Integer,
    Text,
    Boolean,
    Numeric,
    BigInt,
    SmallInt,
    Double,
    Real,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Interval,
    Uuid,
    Bytea,
    Enum,
    Json,
    Array,
}

impl Class {
    pub(super) const ALL: [Self; 18] = [
        Self::Integer,
        Self::Text,
        Self::Boolean,
        Self::Numeric,
        Self::BigInt,
        Self::SmallInt,
        Self::Double,
        Self::Real,
        Self::Date,
        Self::Time,
        Self::Timestamp,
        Self::Timestamptz,
        Self::Interval,
        Self::Uuid,
        Self::Bytea,
        Self::Enum,
        Self::Json,
        Self::Array,
    ];

    /// The class of a column's type.
    pub(super) fn of(ty: &ColumnType) -> Self {
        match ty {
            ColumnType::Varchar { .. } | ColumnType::Text => Self::Text,
            ColumnType::SmallInt => Self::SmallInt,
            ColumnType::Integer | ColumnType::Serial => Self::Integer,
            ColumnType::BigInt | ColumnType::BigSerial => Self::BigInt,
            ColumnType::Real => Self::Real,
            ColumnType::DoublePrecision => Self::Double,
            ColumnType::Numeric { .. } => Self::Numeric,
            ColumnType::Boolean => Self::Boolean,
            ColumnType::Date => Self::Date,
            ColumnType::Time => Self::Time,
            ColumnType::Timestamp => Self::Timestamp,
            ColumnType::Timestamptz => Self::Timestamptz,
            ColumnType::Interval => Self::Interval,
            ColumnType::Uuid => Self::Uuid,
            ColumnType::Json => Self::Json,
            ColumnType::Bytea => Self::Bytea,
            ColumnType::Enum(_) => Self::Enum,
            ColumnType::Array(_) => Self::Array,
        }
    }

    /// The types of columns of this class.
    pub(super) fn types(self) -> &'static [ColumnType] {
        match self {
            Self::Integer => &[ColumnType::Integer],
            Self::Text => &[ColumnType::Text, ColumnType::Varchar { length: 12 }],
            Self::Boolean => &[ColumnType::Boolean],
            Self::Numeric => {
                &[ColumnType::Numeric { precision: 10, scale: 2 }, ColumnType::Numeric { precision: 6, scale: 3 }]
            }
            Self::BigInt => &[ColumnType::BigInt],
            Self::SmallInt => &[ColumnType::SmallInt],
            Self::Double => &[ColumnType::DoublePrecision],
            Self::Real => &[ColumnType::Real],
            Self::Date => &[ColumnType::Date],
            Self::Time => &[ColumnType::Time],
            Self::Timestamp => &[ColumnType::Timestamp],
            Self::Timestamptz => &[ColumnType::Timestamptz],
            Self::Interval => &[ColumnType::Interval],
            Self::Uuid => &[ColumnType::Uuid],
            Self::Bytea => &[ColumnType::Bytea],
            Self::Enum => {
                const { &[ColumnType::Enum(QualifiedName { schema: None, name: std::borrow::Cow::Borrowed(MOOD) })] }
            }
            Self::Json => &[ColumnType::Json],
            Self::Array => &[ColumnType::Array(ElementType::Integer)],
        }
    }

    /// Whether it has an order on which both engines agree.
    pub(super) fn sorts(self) -> bool {
        !matches!(self, Self::Json | Self::Array)
    }

    /// Whether it has a least and a greatest value.
    pub(super) fn has_extremes(self) -> bool {
        self.sorts() && !matches!(self, Self::Boolean | Self::Uuid | Self::Bytea)
    }

    /// Whether it can be computed with.
    pub(super) fn is_number(self) -> bool {
        self.is_whole() || matches!(self, Self::Numeric | Self::Double | Self::Real)
    }

    /// Whether it is a whole number.
    pub(super) fn is_whole(self) -> bool {
        matches!(self, Self::Integer | Self::BigInt | Self::SmallInt)
    }

    /// Whether it can be moved by a span of time.
    pub(super) fn is_moment(self) -> bool {
        matches!(self, Self::Date | Self::Time | Self::Timestamp | Self::Timestamptz)
    }

    /// Values of it, the simplest first.
    pub(super) fn values(self) -> Vec<Value> {
        match self {
            Self::Integer => [0, 1, 2, 3, -1, -2, 7, 1000, i32::MAX, i32::MIN].map(Value::Integer).to_vec(),
            Self::BigInt => [0, 1, 2, 3, -1, -7, 1 << 40, i64::MAX, i64::MIN].map(Value::BigInt).to_vec(),
            Self::SmallInt => [0, 1, 2, 3, -1, -7, 100, i16::MAX, i16::MIN].map(Value::SmallInt).to_vec(),
            Self::Text => TEXTS.map(|text| Value::Text(text.to_owned())).to_vec(),
            Self::Boolean => [false, true].map(Value::Boolean).to_vec(),
            Self::Numeric => ["0", "1", "1.5", "0.01", "-0.99", "2.67", "100.1", "-3", "0.5"].map(decimal).to_vec(),
            Self::Double => {
                [0.0, 1.0, 0.5, -0.25, 0.1, 3.0, -2.75, 1e10, 1.0 / 3.0, std::f64::consts::PI, 0.1 + 0.2, 9.87654321e-7]
                    .map(Value::DoublePrecision)
                    .to_vec()
            }
            Self::Real => [0.0, 1.0, 0.5, -0.25, 0.1, 3.0, -2.75, 1e10].map(Value::Real).to_vec(),
            Self::Date => ["2020-02-29", "2019-12-31", "1970-01-01", "1969-12-31", "0001-01-01", "9999-12-31"]
                .map(|text| Value::Date(text.parse::<NaiveDate>().unwrap()))
                .to_vec(),
            Self::Time => ["00:00:00", "12:30:00", "23:59:59.999999", "00:00:00.000001", "04:05:06.007"]
                .map(|text| Value::Time(text.parse::<NaiveTime>().unwrap()))
                .to_vec(),
            Self::Timestamp => MOMENTS.map(|text| Value::Timestamp(moment(text))).to_vec(),
            Self::Timestamptz => MOMENTS.map(|text| Value::Timestamptz(instant(text))).to_vec(),
            Self::Interval => [0, 1, -1, 1_000_000, 86_400_000_000, -90_061_000_001, 2_592_000_000_000]
                .map(|micros| Value::Interval(TimeDelta::microseconds(micros)))
                .to_vec(),
            Self::Uuid => [0, 1, u128::MAX, 0x1234 << 100].map(|bits| Value::Uuid(Uuid::from_u128(bits))).to_vec(),
            Self::Bytea => [&b""[..], b"\0", b"a", b"ab", b"\xff\x00", b"'"].map(|b| Value::Bytea(b.to_vec())).to_vec(),
            Self::Enum => MOODS.map(|text| Value::Enum(text.to_owned())).to_vec(),
            Self::Json => ["null", "1", "\"a\"", "[1,2]", "{}", "{\"b\":1,\"a\":[null,true]}", "{\"a\":\"it's\"}"]
                .map(|text| Value::Json(text.parse().unwrap()))
                .to_vec(),
            Self::Array => [&[][..], &[1], &[1, 2], &[2, 1], &[-5]]
                .map(|items| {
                    Value::Array(ElementType::Integer, items.iter().map(|item| Value::Integer(*item)).collect())
                })
                .to_vec(),
        }
    }
}

/// The values of the one enum, in an order that is not that of their texts.
pub(super) const MOODS: [&str; 4] = ["sad", "ok", "happy", "it's"];

/// Texts with what a quoting or a pattern could trip over, of at most twelve characters.
pub(super) const TEXTS: [&str; 24] = [
    "", "a", "A", "b", "B", "ab", "aB", "Abba", "a%", "a_b", "a\\b", "[a]", "*", "a?", "é", "É", "zé", "日本", "😀",
    "it's", "\"q\"", " a ", "10", "9",
];

/// Patterns of `like`.
pub(super) const PATTERNS: [&str; 20] = [
    "%", "", "a%", "%b", "%b%", "_", "a_b", "a\\_b", "a\\%", "%\\\\%", "[a]", "*", "a?", "%é%", "é_", "A%", "_%",
    "%it's%", "__", "%a%b%",
];

const MOMENTS: [&str; 6] = [
    "2020-02-29T12:30:00",
    "2020-01-01T00:00:00",
    "1969-12-31T23:59:59.999999",
    "1970-01-01T00:00:00.000001",
    "0001-01-01T00:00:00",
    "9999-12-31T23:59:59.999999",
];

fn moment(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn instant(text: &str) -> DateTime<Utc> {
    moment(text).and_utc()
}

fn decimal(text: &str) -> Value {
    Value::Numeric(text.parse::<Decimal>().unwrap())
}
