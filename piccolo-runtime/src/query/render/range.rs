//! How far numbers reach: arithmetic that is wide enough on both engines, and an error where it is not.
//!
//! Postgres computes in the types of its operands, where `integer` plus `integer` ends at 32 bits and `real` has 24; SQLite computes with 64
//! bits and with doubles, and turns what 64 bits cannot hold into a double without a word. So Postgres is told to compute in the wide type, and
//! SQLite to fail. What is read or stored has its own type again on both.

use super::Renderer;
use crate::Result;
use crate::error::OUT_OF_RANGE;
use crate::query::tree::{Aggregate, Arithmetic, Distinct, Expr, Roots, Select, parts, type_of};
use crate::schema::ColumnType;
use crate::sql::{Dialect, column_type};
use crate::value::undescribed::integer;

/// The largest whole number of 64 bits.
const LARGEST: u128 = i64::MAX.unsigned_abs() as u128;

/// From where on a finite double is beyond `real`: half a step above the largest one.
const BEYOND_REAL: &str = "3.4028235677973366e38 AND 1.7976931348623157e308";

impl Renderer {
    /// Adds an expression whose value is read or stored, in the type that it has in the schema.
    pub(super) fn result(&mut self, expr: &Expr) -> Result<()> {
        if self.anchored(expr).is_some() && self.is_wide(expr) {
            return self.narrowed(expr, Self::expr);
        }
        self.outermost = true;
        self.expr(expr)
    }

    /// Adds an expression in its own type, which is narrower than that in which Postgres computes it.
    fn narrowed(&mut self, expr: &Expr, write: impl FnOnce(&mut Self, &Expr) -> Result<()>) -> Result<()> {
        let ty = self.type_of(expr).unwrap_or(ColumnType::BigInt).referenced();
        self.push("CAST(");
        write(self, expr)?;
        self.push(&format!(" AS {})", column_type(&ty, Dialect::Postgres)));
        Ok(())
    }

    /// Adds an expression that is stored in a column of this type. A value has been fitted to it already.
    pub(super) fn stored(&mut self, expr: &Expr, ty: Option<&ColumnType>) -> Result<()> {
        match (self.dialect, ty, expr) {
            (_, _, Expr::Value(_)) => self.expr(expr),
            // Decimals are doubles on SQLite, and rounded on every write.
            (Dialect::Sqlite, Some(ColumnType::Numeric { scale, .. }), _) => self.rounded(expr, *scale),
            (Dialect::Sqlite, Some(ColumnType::Real), Expr::Arithmetic(..)) => {
                self.failing_where(expr, &format!("abs(v) BETWEEN {BEYOND_REAL}"))
            }
            (Dialect::Sqlite | Dialect::Postgres, _, _) => self.result(expr),
        }
    }

    /// Adds an expression, as what surrounds it takes it or as a result.
    pub(super) fn in_range(&mut self, expr: &Expr, outermost: bool) -> Result<()> {
        match (self.dialect, expr) {
            (Dialect::Postgres, Expr::Arithmetic(operator, left, right))
                if outermost && !self.is_wide(left) && !self.is_wide(right) =>
            {
                self.arithmetic(expr, *operator, left, right, Width::AsItIs)
            }
            (Dialect::Postgres, _) if outermost && is_wide(expr, &self.roots(), &|_| false) => {
                self.narrowed(expr, Self::bare)
            }
            (Dialect::Sqlite, Expr::Arithmetic(..))
                if !outermost && reach(expr, &self.roots()).is_some_and(|reach| reach > LARGEST) =>
            {
                self.failing_where(expr, "typeof(v) = 'real'")
            }
            (Dialect::Sqlite | Dialect::Postgres, _) => self.bare(expr),
        }
    }

    /// Adds an expression for SQLite that fails if it has a value `v` of which the condition holds.
    fn failing_where(&mut self, expr: &Expr, condition: &str) -> Result<()> {
        self.push(&format!("(SELECT CASE WHEN {condition} THEN {} ELSE v END FROM (SELECT ", failure()));
        self.bare(expr)?;
        self.push(" AS v))");
        Ok(())
    }

    /// Adds the left side of arithmetic, by which Postgres computes in the wide type.
    pub(super) fn widened(&mut self, whole: &Expr, left: &Expr, right: &Expr) -> Result<()> {
        let ty = self.type_of(whole);
        match ty.as_ref().and_then(wide).filter(|_| !self.is_wide(left) && !self.is_wide(right)) {
            Some(wide) => {
                self.push("CAST(");
                self.expr(left)?;
                self.push(&format!(" AS {})", column_type(&wide, Dialect::Postgres)));
                Ok(())
            }
            None => self.operand(left),
        }
    }

    /// Whether this is Postgres, and it computes the expression in a wider type than it has in the schema.
    fn is_wide(&self, expr: &Expr) -> bool {
        let once = |expr: &Expr| self.is_distinct() && self.anchored(expr).is_some();
        self.dialect == Dialect::Postgres && is_wide(expr, &self.roots(), &once)
    }
}

/// What fails on SQLite, which has no function for it: a path of JSON that cannot be read.
pub(super) fn failure() -> String {
    format!("json_extract('{{}}', '{OUT_OF_RANGE}')")
}

/// Whether arithmetic is done in a wider type than that of its operands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    Wide,
    AsItIs,
}

/// Whether the values of a select inside another query may have a wider type. What it groups by or takes once is written once, as a result.
pub(super) fn may_be_wide(select: &Select) -> bool {
    select.group_by.is_empty() && select.distinct == Distinct::No
}

fn is_wide(expr: &Expr, roots: Roots<'_>, anchored: &dyn Fn(&Expr) -> bool) -> bool {
    if anchored(expr) || type_of(expr, roots).as_ref().and_then(wide).is_none() {
        return false;
    }
    if let Expr::Scalar(select) = expr {
        let mut inner = roots.to_vec();
        inner.push(select.root);
        return may_be_wide(select) && select.items.iter().any(|item| is_wide(&item.expr, &inner, &|_| false));
    }
    matches!(expr, Expr::Arithmetic(..)) || parts(expr).into_iter().any(|part| is_wide(part, roots, anchored))
}

/// The type in which SQLite computes with numbers of this type, where Postgres would not.
fn wide(ty: &ColumnType) -> Option<ColumnType> {
    let ty = ty.referenced();
    if matches!(ty, ColumnType::SmallInt | ColumnType::Integer) {
        Some(ColumnType::BigInt)
    } else {
        (ty == ColumnType::Real).then_some(ColumnType::DoublePrecision)
    }
}

/// How far from zero a whole number or a span of time can be; `None` for what is neither, or is not known.
fn reach(expr: &Expr, roots: Roots<'_>) -> Option<u128> {
    if let Expr::Arithmetic(operator, left, right) = expr {
        let (left, right) = (reach(left, roots)?, reach(right, roots)?);
        return Some(match operator {
            Arithmetic::Add | Arithmetic::Subtract => left.saturating_add(right),
            Arithmetic::Multiply => left.saturating_mul(right),
            // The smallest number by -1 is one more than the largest.
            Arithmetic::Divide => left,
            Arithmetic::Remainder => left.min(LARGEST),
        });
    }
    if let Expr::Value(value) = expr
        && let Some(number) = integer(value)
    {
        return Some(u128::from(number.unsigned_abs()));
    }
    if matches!(expr, Expr::Aggregate { function: Aggregate::Count, .. }) {
        // SQLite's largest database has 2 to the power of 48 bytes.
        return Some(1 << 48);
    }
    let ty = type_of(expr, roots)?.referenced();
    if ty == ColumnType::SmallInt {
        Some(1 << 15)
    } else if ty == ColumnType::Integer {
        Some(1 << 31)
    } else {
        matches!(ty, ColumnType::BigInt | ColumnType::Interval).then_some(1 << 63)
    }
}
