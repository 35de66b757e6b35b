//! Moving dates and times by spans of time.

use super::Renderer;
use super::range::failure;
use crate::query::tree::Expr;
use crate::schema::ColumnType;
use crate::sql::Dialect;
use crate::{Result, Value};

/// The microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// The first and the last microsecond of the years 1 to 9999, which dates and times have.
const YEARS: &str = "-62135596800000000 AND 253402300799999999";

impl Renderer {
    /// Adds a date or time moved by a span of time. The result has the type of what is moved.
    pub(super) fn shift(&mut self, expr: &Expr, by: &Expr, negative: bool) -> Result<()> {
        let operator = if negative { " - " } else { " + " };
        let ty = self.type_of(expr);
        match self.dialect {
            Dialect::Postgres if ty == Some(ColumnType::Date) => {
                self.push("CAST(");
                self.shift_by(expr, operator, by)?;
                self.push(" AS date)");
                Ok(())
            }
            Dialect::Postgres => self.shift_by(expr, operator, by),
            Dialect::Sqlite => self.shift_text(expr, operator, by, ty.as_ref()),
        }
    }

    /// Adds the operands. A null alone could be a moment as well, and the difference of two moments is a span of time.
    fn shift_by(&mut self, expr: &Expr, operator: &str, by: &Expr) -> Result<()> {
        let Expr::Value(Value::Null) = by else { return self.infix(expr, operator, by) };
        self.operand(expr)?;
        self.push(operator);
        self.typed(&Value::Null, &ColumnType::Interval);
        Ok(())
    }

    /// SQLite stores dates and times as text and a span of time as microseconds; its own functions stop at milliseconds. So the text
    /// becomes microseconds `t`, is moved, and becomes text again; `m` is what is left beside whole seconds.
    fn shift_text(&mut self, expr: &Expr, operator: &str, by: &Expr, ty: Option<&ColumnType>) -> Result<()> {
        let (format, fraction) = match ty {
            Some(ColumnType::Date) => ("%Y-%m-%d", false),
            Some(ColumnType::Time) => ("%H:%M:%S", true),
            Some(_) | None => ("%Y-%m-%d %H:%M:%S", true),
        };
        let time = ty == Some(&ColumnType::Time);
        self.push("(SELECT ");
        if !time {
            // Beyond these years SQLite's own answer is null.
            self.push(&format!("CASE WHEN t NOT BETWEEN {YEARS} THEN {} ELSE ", failure()));
        }
        self.push(&format!("strftime('{format}', (t - m) / 1000000, 'unixepoch')"));
        if fraction {
            self.push(" || '.' || printf('%06d', m)");
        }
        if !time {
            self.push(" END");
        }
        self.push(" FROM (SELECT t, ((t % 1000000) + 1000000) % 1000000 AS m FROM (SELECT ");
        if time {
            self.push("((");
        }
        self.microseconds(expr, ty)?;
        self.push(operator);
        self.operand(by)?;
        if time {
            // A time of day goes round the clock.
            self.push(&format!(") % {DAY} + {DAY}) % {DAY}"));
        }
        self.push(" AS t)))");
        Ok(())
    }

    /// Adds a text of SQLite's dates and times as microseconds.
    fn microseconds(&mut self, expr: &Expr, ty: Option<&ColumnType>) -> Result<()> {
        match ty {
            Some(ColumnType::Date) => {
                self.push("unixepoch(");
                self.expr(expr)?;
                self.push(") * 1000000");
            }
            Some(ColumnType::Time) => {
                self.push("unixepoch('1970-01-01 ' || substr(");
                self.expr(expr)?;
                self.push(", 1, 8)) * 1000000 + CAST(substr(");
                self.expr(expr)?;
                self.push(", 10, 6) AS INTEGER)");
            }
            Some(_) | None => {
                self.push("unixepoch(substr(");
                self.expr(expr)?;
                self.push(", 1, 19)) * 1000000 + CAST(substr(");
                self.expr(expr)?;
                self.push(", 21, 6) AS INTEGER)");
            }
        }
        Ok(())
    }
}
