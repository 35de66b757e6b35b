//! The tree for developers. Values are left out: what is printed goes into logs, and a value may belong to a column that holds secrets.

use std::fmt::{Debug, Formatter, Result};

use super::{Expr, Insert, RawPiece};
use crate::Value;

/// A value without what it is.
struct Hidden<'v>(&'v Value);

impl Debug for Hidden<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_str(self.0.kind())
    }
}

impl Debug for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Column(column) => column.fmt(f),
            Self::Value(value) => f.debug_tuple("Value").field(&Hidden(value)).finish(),
            Self::Typed(value, ty) => f.debug_tuple("Typed").field(&Hidden(value)).field(ty).finish(),
            Self::Now => f.write_str("Now"),
            Self::Compare(comparison, left, right) => {
                f.debug_tuple("Compare").field(comparison).field(left).field(right).finish()
            }
            Self::IsNull(expr) => f.debug_tuple("IsNull").field(expr).finish(),
            Self::IsNotNull(expr) => f.debug_tuple("IsNotNull").field(expr).finish(),
            Self::In { expr, list, negated } => {
                let list: Vec<Hidden<'_>> = list.iter().map(Hidden).collect();
                f.debug_struct("In").field("expr", expr).field("list", &list).field("negated", negated).finish()
            }
            Self::InSelect { expr, select, negated } => f
                .debug_struct("InSelect")
                .field("expr", expr)
                .field("select", select)
                .field("negated", negated)
                .finish(),
            Self::Like { expr, pattern: _, insensitive, negated } => f
                .debug_struct("Like")
                .field("expr", expr)
                .field("insensitive", insensitive)
                .field("negated", negated)
                .finish_non_exhaustive(),
            Self::And(all) => f.debug_tuple("And").field(all).finish(),
            Self::Or(all) => f.debug_tuple("Or").field(all).finish(),
            Self::Not(expr) => f.debug_tuple("Not").field(expr).finish(),
            Self::Arithmetic(operator, left, right) => {
                f.debug_tuple("Arithmetic").field(operator).field(left).field(right).finish()
            }
            Self::Concat(left, right) => f.debug_tuple("Concat").field(left).field(right).finish(),
            Self::Shift { expr, by, negative } => {
                f.debug_struct("Shift").field("expr", expr).field("by", by).field("negative", negative).finish()
            }
            Self::Call(function, arguments) => f.debug_tuple("Call").field(function).field(arguments).finish(),
            Self::Case { arms, otherwise } => {
                f.debug_struct("Case").field("arms", arms).field("otherwise", otherwise).finish()
            }
            Self::Aggregate { function, of, distinct } => f
                .debug_struct("Aggregate")
                .field("function", function)
                .field("of", of)
                .field("distinct", distinct)
                .finish(),
            Self::Exists(select) => f.debug_tuple("Exists").field(select).finish(),
            Self::Scalar(select) => f.debug_tuple("Scalar").field(select).finish(),
            Self::Arrow(document, steps) => f.debug_tuple("Arrow").field(document).field(steps).finish(),
            Self::Excluded(column) => f.debug_tuple("Excluded").field(column).finish(),
            Self::Raw(pieces) => f.debug_tuple("Raw").field(pieces).finish(),
            Self::Invalid(error) => f.debug_tuple("Invalid").field(error).finish(),
        }
    }
}

impl Debug for RawPiece {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Sql(sql) => f.debug_tuple("Sql").field(sql).finish(),
            Self::Parameter(value) => f.debug_tuple("Parameter").field(&Hidden(value)).finish(),
        }
    }
}

impl Debug for Insert {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Self { table, columns, rows, conflict, returning } = self;
        f.debug_struct("Insert")
            .field("table", &table.table().sql_name)
            .field("columns", columns)
            .field("rows", &rows.len())
            .field("conflict", conflict)
            .field("returning", returning)
            .finish()
    }
}
