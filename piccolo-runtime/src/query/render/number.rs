//! Arithmetic and sums: what gives the same number on both engines.

use super::Renderer;
use super::range::Width;
use crate::Result;
use crate::query::tree::{Arithmetic, Expr};
use crate::schema::ColumnType;
use crate::sql::Dialect;

/// What a quotient of decimals is multiplied by on SQLite before it is rounded: two units in a double's last place, so that a half whose
/// double lies below it is rounded away from zero, as Postgres does.
const HALF_UP: &str = "1.0000000000000004";

impl Renderer {
    /// Adds arithmetic. A decimal result is rounded to its scale: SQLite computes with doubles, and Postgres gives quotients more digits.
    pub(super) fn arithmetic(
        &mut self,
        whole: &Expr,
        operator: Arithmetic,
        left: &Expr,
        right: &Expr,
        width: Width,
    ) -> Result<()> {
        let scale =
            self.decimal_scale(whole).filter(|_| self.dialect == Dialect::Sqlite || operator == Arithmetic::Divide);
        if scale.is_some() {
            self.push("round(");
        }
        let corrected = operator == Arithmetic::Divide && scale.is_some() && self.dialect == Dialect::Sqlite;
        if corrected {
            self.push("(");
        }
        if width == Width::Wide && self.dialect == Dialect::Postgres {
            self.widened(whole, left, right)?;
        } else {
            self.operand(left)?;
        }
        match operator {
            Arithmetic::Add => self.then(" + ", right)?,
            Arithmetic::Subtract => self.then(" - ", right)?,
            Arithmetic::Multiply => self.then(" * ", right)?,
            Arithmetic::Divide => self.by_nonzero(" / ", right)?,
            Arithmetic::Remainder => self.by_nonzero(" % ", right)?,
        }
        if corrected {
            self.push(") * ");
            self.push(HALF_UP);
        }
        if let Some(scale) = scale {
            self.push(&format!(", {scale})"));
        }
        Ok(())
    }

    /// Adds a decimal rounded to the scale of a column, on SQLite. Half is rounded away from zero, as Postgres does.
    ///
    /// The double for a half is as often below it as above. Of an expression with more digits than the column it is known how many: a twentieth
    /// of its last digit lifts a half over the edge, and nothing else.
    pub(super) fn rounded(&mut self, expr: &Expr, scale: u8) -> Result<()> {
        let Some(digits) = self.decimal_scale(expr).filter(|digits| *digits > scale) else {
            self.push("round(");
            self.expr(expr)?;
            self.push(&format!(", {scale})"));
            return Ok(());
        };
        let lift = format!("5e-{}", u32::from(digits) + 2);
        self.push(&format!("(SELECT round(v + CASE WHEN v < 0 THEN -{lift} ELSE {lift} END, {scale}) FROM (SELECT "));
        self.expr(expr)?;
        self.push(" AS v))");
        Ok(())
    }

    /// Adds an operator and its right side.
    fn then(&mut self, operator: &str, right: &Expr) -> Result<()> {
        self.push(operator);
        self.operand(right)
    }

    /// Adds the rest of a division. By zero it is an error on Postgres and null on SQLite; it is null on both with us.
    fn by_nonzero(&mut self, operator: &str, right: &Expr) -> Result<()> {
        if self.dialect == Dialect::Sqlite {
            return self.then(operator, right);
        }
        self.push(operator);
        self.push("NULLIF(");
        self.expr(right)?;
        self.push(", 0)");
        Ok(())
    }

    /// Adds a sum. Postgres sums in a wider type than it must, SQLite decimals as doubles.
    pub(super) fn sum(&mut self, whole: &Expr, of: &Expr, distinct: &str) -> Result<()> {
        let ty = self.type_of(whole);
        match (self.dialect, &ty) {
            (Dialect::Postgres, Some(ColumnType::BigInt)) => {
                self.applied("sum(", distinct, of)?;
                self.push("::bigint");
            }
            (Dialect::Postgres, Some(ColumnType::DoublePrecision)) => {
                self.push("sum(");
                self.push(distinct);
                self.operand(of)?;
                self.push("::double precision)");
            }
            (Dialect::Sqlite, Some(ColumnType::Numeric { scale, .. })) => {
                self.push("round(");
                self.applied("sum(", distinct, of)?;
                self.push(&format!(", {scale})"));
            }
            (Dialect::Sqlite | Dialect::Postgres, _) => self.applied("sum(", distinct, of)?,
        }
        Ok(())
    }

    /// Adds a mean as a double. Of whole numbers and of decimals it is the exact sum divided once; of whole numbers SQLite's is so.
    pub(super) fn average(&mut self, of: &Expr, distinct: &str) -> Result<()> {
        if self.dialect == Dialect::Sqlite {
            let Some(scale) = self.decimal_scale(of) else { return self.applied("avg(", distinct, of) };
            // No row is no mean: the sum is null.
            self.push("(round(");
            self.applied("sum(", distinct, of)?;
            self.push(&format!(", {scale}) / "));
            self.applied("count(", distinct, of)?;
            self.push(")");
            return Ok(());
        }
        self.push("(");
        if self.type_of(of) == Some(ColumnType::Real) {
            // Their sum would have no more digits than they have.
            self.push("sum(");
            self.push(distinct);
            self.operand(of)?;
            self.push("::double precision)");
        } else {
            self.applied("sum(", distinct, of)?;
            self.push("::double precision");
        }
        self.push(" / NULLIF(");
        self.applied("count(", distinct, of)?;
        self.push(", 0))");
        Ok(())
    }

    /// The digits after the point that a decimal expression has; `None` for what is no decimal.
    pub(super) fn decimal_scale(&self, expr: &Expr) -> Option<u8> {
        match self.type_of(expr) {
            Some(ColumnType::Numeric { scale, .. }) => Some(scale),
            Some(_) | None => None,
        }
    }
}
