//! Expressions and conditions, without Rust types.

use std::borrow::Cow;

use super::Select;
use crate::schema::ColumnType;
use crate::{Error, Value};

/// A column at the end of a path of foreign keys.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ColumnRef {
    /// The positions of the keys' columns, each in the table that the one before points to.
    pub path: Vec<u16>,
    /// The position of the column in the last table.
    pub column: u16,
    /// How many queries further out the path begins: 0 is this query, 1 the one around it.
    pub outer: u8,
}

/// An expression. A condition is an expression whose type is boolean.
#[derive(Clone, PartialEq)]
pub enum Expr {
    /// A column.
    Column(ColumnRef),
    /// A value, sent as a parameter.
    Value(Value),
    /// A value whose type the engine could not infer where it stands, so that it is named.
    Typed(Value, ColumnType),
    /// The moment of the statement: one value, however often it is named.
    Now,
    /// A comparison.
    Compare(Comparison, Box<Expr>, Box<Expr>),
    /// Whether the expression is null.
    IsNull(Box<Expr>),
    /// Whether the expression is not null.
    IsNotNull(Box<Expr>),
    /// Whether the expression is one of a list of values.
    In {
        /// The expression.
        expr: Box<Expr>,
        /// The values.
        list: Vec<Value>,
        /// Whether it must not be one of them.
        negated: bool,
    },
    /// Whether the expression is one of the values of a sub-select with one column.
    InSelect {
        /// The expression.
        expr: Box<Expr>,
        /// The sub-select.
        select: Box<Select>,
        /// Whether it must not be one of them.
        negated: bool,
    },
    /// Whether a text matches a pattern of `%`, `_` and backslashes.
    Like {
        /// The text.
        expr: Box<Expr>,
        /// The pattern, sent as a parameter.
        pattern: String,
        /// Whether upper and lower case of ASCII letters are one.
        insensitive: bool,
        /// Whether it must not match.
        negated: bool,
    },
    /// All of them; true if there are none.
    And(Vec<Expr>),
    /// At least one of them; false if there are none.
    Or(Vec<Expr>),
    /// Not so.
    Not(Box<Expr>),
    /// Arithmetic on numbers.
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
    /// Two texts joined.
    Concat(Box<Expr>, Box<Expr>),
    /// A date or time moved by a span of time; the other way if `negative`.
    Shift {
        /// The date or time.
        expr: Box<Expr>,
        /// The span of time.
        by: Box<Expr>,
        /// Whether it is subtracted.
        negative: bool,
    },
    /// A function of SQL that means the same on both engines.
    Call(Function, Vec<Expr>),
    /// The value of the first condition that holds.
    Case {
        /// Conditions and their values.
        arms: Vec<(Expr, Expr)>,
        /// The value if none holds; null without it.
        otherwise: Option<Box<Expr>>,
    },
    /// An aggregate over the rows of a group.
    Aggregate {
        /// Which one.
        function: Aggregate,
        /// What it is taken of; several for a count of distinct combinations, none for a count of rows.
        of: Vec<Expr>,
        /// Whether equal values are taken once.
        distinct: bool,
    },
    /// Whether the sub-select has a row.
    Exists(Box<Select>),
    /// The one value of a sub-select with one column; null if it has no row.
    Scalar(Box<Select>),
    /// A part of a JSON document, by keys and positions.
    Arrow(Box<Expr>, Vec<JsonStep>),
    /// The row that an insert could not insert: a column of it, by position.
    Excluded(u16),
    /// SQL that the user wrote, with parameters between the pieces.
    Raw(Vec<RawPiece>),
    /// An expression that could not be built; running the query gives the error.
    Invalid(Error),
}

/// A comparison of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the operator of that name")]
pub enum Comparison {
    Eq,
    Ne,
    Lt,
    Lte,
    Gt,
    Gte,
}

/// An arithmetic operator. Division and remainder by zero give null.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "each variant is the operator of that name")]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// A function of SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Function {
    /// The first argument that is not null.
    Coalesce,
    /// A text with its ASCII letters in lower case.
    Lower,
    /// A text with its ASCII letters in upper case.
    Upper,
    /// The number of characters of a text.
    Length,
    /// A number without its sign.
    Abs,
}

/// An aggregate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aggregate {
    /// How many rows, or how many values that are not null.
    Count,
    /// The sum.
    Sum,
    /// The mean, as a float.
    Avg,
    /// The least value.
    Min,
    /// The greatest value.
    Max,
}

/// One step into a JSON document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum JsonStep {
    /// The value of a key of an object.
    Key(String),
    /// The element of an array at this position, from 0.
    Position(u32),
}

/// A piece of SQL that the user wrote.
#[derive(Clone, PartialEq)]
pub enum RawPiece {
    /// SQL.
    Sql(Cow<'static, str>),
    /// A parameter.
    Parameter(Value),
}

impl Expr {
    /// The column at this position of the root table.
    #[must_use]
    pub const fn column(column: u16) -> Self {
        Self::Column(ColumnRef { path: Vec::new(), column, outer: 0 })
    }

    /// `self` compared with `other`. Equal to null means is null, as nobody means anything else by it.
    #[must_use]
    pub fn compare(self, comparison: Comparison, other: Self) -> Self {
        match (comparison, other) {
            (Comparison::Eq, Self::Value(Value::Null)) => Self::IsNull(Box::new(self)),
            (Comparison::Ne, Self::Value(Value::Null)) => Self::IsNotNull(Box::new(self)),
            (comparison, other) => Self::Compare(comparison, Box::new(self), Box::new(other)),
        }
    }

    /// Both. Nested conjunctions stay as they were built, so that brackets are kept.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        if let Self::And(mut all) = self {
            all.push(other);
            return Self::And(all);
        }
        Self::And(vec![self, other])
    }

    /// Either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        if let Self::Or(mut all) = self {
            all.push(other);
            return Self::Or(all);
        }
        Self::Or(vec![self, other])
    }
}
