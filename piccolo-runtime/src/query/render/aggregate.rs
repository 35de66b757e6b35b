//! Aggregates. Sums and means are with the [numbers](super::number).

use super::Renderer;
use crate::query::tree::{Aggregate, Expr, has_collation};
use crate::sql::Dialect;
use crate::{Error, Result};

impl Renderer {
    /// Adds an aggregate.
    pub(super) fn aggregate(&mut self, whole: &Expr, function: Aggregate, of: &[Expr], distinct: bool) -> Result<()> {
        let distinct = if distinct { "DISTINCT " } else { "" };
        match (function, of) {
            (Aggregate::Count, []) => {
                self.push("count(*)");
                Ok(())
            }
            (Aggregate::Count, [_, _, ..]) => self.count_combinations(of),
            (Aggregate::Avg, [of, ..]) => self.average(of, distinct),
            (Aggregate::Sum, [of, ..]) => self.sum(whole, of, distinct),
            (Aggregate::Count, [of]) => self.applied("count(", distinct, of),
            (Aggregate::Min, [of, ..]) => self.extreme("min(", distinct, of),
            (Aggregate::Max, [of, ..]) => self.extreme("max(", distinct, of),
            (Aggregate::Sum | Aggregate::Avg | Aggregate::Min | Aggregate::Max, []) => Err(Error::Usage {
                message: "an aggregate other than a count needs something to be taken of".to_owned(),
            }),
        }
    }

    /// Adds the least or the greatest value.
    fn extreme(&mut self, head: &str, distinct: &str, of: &Expr) -> Result<()> {
        if self.dialect == Dialect::Sqlite
            && let Some(enumeration) = self.enumeration_of(of)
        {
            // Of their positions, which then become values again.
            self.push("CASE ");
            self.push(head);
            self.ranked(of)?;
            self.push(")");
            for (rank, value) in enumeration.values.iter().enumerate() {
                self.push(&format!(" WHEN {rank} THEN {}", crate::sql::literal(&value.text)));
            }
            self.push(" END");
            return Ok(());
        }
        if self.dialect == Dialect::Sqlite || has_collation(of) {
            return self.applied(head, distinct, of);
        }
        self.push(head);
        self.push(distinct);
        self.by_code_point(of)?;
        self.push(")");
        Ok(())
    }

    /// Adds an aggregate of one expression.
    pub(super) fn applied(&mut self, head: &str, distinct: &str, of: &Expr) -> Result<()> {
        self.push(head);
        self.push(distinct);
        self.expr(of)?;
        self.push(")");
        Ok(())
    }

    /// Adds a count of the distinct combinations of several expressions, nulls among them.
    fn count_combinations(&mut self, of: &[Expr]) -> Result<()> {
        match self.dialect {
            Dialect::Postgres => {
                self.push("count(DISTINCT (");
                self.separated(of, ", ", Self::expr)?;
                self.push("))");
            }
            // SQLite counts one value only; literals of the values, joined, tell combinations apart.
            Dialect::Sqlite => {
                self.push("count(DISTINCT ");
                self.separated(of, " || ',' || ", |renderer, expr| {
                    renderer.push("quote(");
                    renderer.expr(expr)?;
                    renderer.push(")");
                    Ok(())
                })?;
                self.push(")");
            }
        }
        Ok(())
    }
}
