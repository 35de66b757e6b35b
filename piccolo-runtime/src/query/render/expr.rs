//! Expressions and conditions.

use super::range::Width;
use super::{Renderer, Values};
use crate::query::tree::{
    Comparison, Expr, Function, JsonStep, RawPiece, has_collation, holds_aggregate, names_secret,
};
use crate::schema::ColumnType;
use crate::sql::{Dialect, column_type};
use crate::{Error, Result, Value};

impl Renderer {
    /// Adds an expression, in the words it had before if the query groups by it.
    pub(super) fn expr(&mut self, expr: &Expr) -> Result<()> {
        let outermost = std::mem::take(&mut self.outermost);
        match self.anchored(expr).map(|kept| kept.map(str::to_owned)) {
            None => self.fresh(expr, outermost),
            Some(Ok(text)) => {
                self.secret_seen |= names_secret(expr, &self.roots());
                self.push(&text);
                Ok(())
            }
            Some(Err(place)) => {
                let start = self.out.len();
                // What is taken once is a result, and written once.
                self.fresh(expr, self.is_distinct())?;
                let text = self.out.get(start..).unwrap_or_default().to_owned();
                self.keep(place, text);
                Ok(())
            }
        }
    }

    /// Adds an expression. A value is as secret as the columns that it meets; conditions side by side do not meet.
    fn fresh(&mut self, expr: &Expr, outermost: bool) -> Result<()> {
        let meets_nothing =
            matches!(expr, Expr::Column(_) | Expr::Value(_) | Expr::And(_) | Expr::Or(_) | Expr::Not(_));
        if meets_nothing { self.bare(expr) } else { self.guarded(false, |renderer| renderer.in_range(expr, outermost)) }
    }

    /// Adds an expression in words of its own, without a look at what surrounds it.
    pub(super) fn bare(&mut self, expr: &Expr) -> Result<()> {
        match expr {
            Expr::Column(column) => self.column(column),
            Expr::Value(value) => {
                self.value(value);
                Ok(())
            }
            Expr::Typed(value, ty) => {
                self.typed(value, ty);
                Ok(())
            }
            Expr::Now => {
                self.now();
                Ok(())
            }
            Expr::Compare(comparison, left, right) => self.compare(*comparison, left, right),
            Expr::IsNull(inner) => self.null_test(inner, " IS NULL"),
            Expr::IsNotNull(inner) => self.null_test(inner, " IS NOT NULL"),
            Expr::In { expr, list, negated } => self.in_list(expr, list, *negated),
            Expr::InSelect { expr, select, negated } => {
                self.operand(expr)?;
                self.push(if *negated { " NOT IN (" } else { " IN (" });
                self.select(select)?;
                self.push(")");
                Ok(())
            }
            Expr::Like { expr, pattern, insensitive, negated } => self.like(expr, pattern, *insensitive, *negated),
            Expr::And(all) => self.junction(all, " AND ", "TRUE"),
            Expr::Or(all) => self.junction(all, " OR ", "FALSE"),
            Expr::Not(inner) => {
                self.push("NOT (");
                self.condition(inner)?;
                self.push(")");
                Ok(())
            }
            Expr::Arithmetic(operator, left, right) => self.arithmetic(expr, *operator, left, right, Width::Wide),
            Expr::Concat(left, right) => self.infix(left, " || ", right),
            Expr::Shift { expr, by, negative } => self.shift(expr, by, *negative),
            Expr::Call(function, arguments) => self.call(*function, arguments),
            Expr::Case { arms, otherwise } => self.case(arms, otherwise.as_deref()),
            Expr::Aggregate { function, of, distinct } => self.aggregate(expr, *function, of, *distinct),
            Expr::Exists(select) => self.exists(select),
            Expr::Scalar(select) => self.scalar(select),
            Expr::Arrow(document, steps) => self.arrow(document, steps),
            Expr::Excluded(column) => self.excluded(*column),
            Expr::Raw(pieces) => {
                self.raw(pieces);
                Ok(())
            }
            Expr::Invalid(error) => Err(error.clone()),
        }
    }

    /// Adds a condition, where a plain value would not do.
    pub(super) fn condition(&mut self, expr: &Expr) -> Result<()> {
        self.expr(expr)
    }

    /// Adds a condition that each row by itself meets or not, in which no aggregate has a value.
    pub(super) fn row_condition(&mut self, expr: &Expr) -> Result<()> {
        if holds_aggregate(expr) {
            return Err(Error::Usage {
                message: "an aggregate has no value for a single row, as `where_` asks of each: put the condition into `having`, or compare \
                          with a select of the aggregate"
                    .to_owned(),
            });
        }
        self.condition(expr)
    }

    /// Adds an expression as an operand of something: in brackets unless it holds together by itself.
    pub(super) fn operand(&mut self, expr: &Expr) -> Result<()> {
        let atom = match expr {
            Expr::Column(_)
            | Expr::Value(_)
            | Expr::Typed(..)
            | Expr::Now
            | Expr::Call(..)
            | Expr::Case { .. }
            | Expr::Aggregate { .. }
            | Expr::Scalar(_)
            | Expr::Exists(_)
            | Expr::Excluded(_)
            | Expr::Raw(_)
            | Expr::Invalid(_) => true,
            Expr::Compare(..)
            | Expr::IsNull(_)
            | Expr::IsNotNull(_)
            | Expr::In { .. }
            | Expr::InSelect { .. }
            | Expr::Like { .. }
            | Expr::And(_)
            | Expr::Or(_)
            | Expr::Not(_)
            | Expr::Arithmetic(..)
            | Expr::Concat(..)
            | Expr::Shift { .. }
            | Expr::Arrow(..) => false,
        };
        if atom {
            return self.expr(expr);
        }
        self.push("(");
        self.expr(expr)?;
        self.push(")");
        Ok(())
    }

    /// Adds two operands with an operator between them.
    pub(super) fn infix(&mut self, left: &Expr, operator: &str, right: &Expr) -> Result<()> {
        self.operand(left)?;
        self.push(operator);
        self.operand(right)
    }

    /// Adds the question whether an operand is null.
    fn null_test(&mut self, expr: &Expr, suffix: &str) -> Result<()> {
        let outer = std::mem::replace(&mut self.null_test, true);
        self.operand(expr)?;
        self.null_test = outer;
        self.push(suffix);
        Ok(())
    }

    /// Adds a value whose type Postgres is told.
    pub(super) fn typed(&mut self, value: &Value, ty: &ColumnType) {
        match self.dialect {
            Dialect::Sqlite => self.value(value),
            Dialect::Postgres => {
                self.push("CAST(");
                self.value(value);
                self.push(" AS ");
                self.push(&column_type(ty, Dialect::Postgres));
                self.push(")");
            }
        }
    }

    fn compare(&mut self, comparison: Comparison, left: &Expr, right: &Expr) -> Result<()> {
        let (operator, sorts) = match comparison {
            Comparison::Eq => (" = ", false),
            Comparison::Ne => (" <> ", false),
            Comparison::Lt => (" < ", true),
            Comparison::Lte => (" <= ", true),
            Comparison::Gt => (" > ", true),
            Comparison::Gte => (" >= ", true),
        };
        if !sorts {
            return self.infix(left, operator, right);
        }
        self.sortable(left)?;
        self.sortable(right)?;
        self.ranked_beside(left, right)?;
        self.push(operator);
        self.ranked_beside(right, left)
    }

    /// Adds one side of a comparison of size; the other side says which enum it is where this side is a value.
    fn ranked_beside(&mut self, side: &Expr, other: &Expr) -> Result<()> {
        if self.dialect == Dialect::Postgres {
            // What a column says about the order of texts holds for what it is compared with.
            return if has_collation(other) { self.operand(side) } else { self.ranked(side) };
        }
        let (Expr::Value(Value::Enum(text)), Some(ColumnType::Enum(name))) = (side, self.type_of(other)) else {
            return self.ranked(side);
        };
        let roots = self.roots();
        let rank = super::super::tree::enumeration_of(other, &name, &roots)
            .and_then(|enumeration| enumeration.values.iter().position(|value| value.text == *text))
            .and_then(|rank| i64::try_from(rank).ok());
        self.value(&rank.map_or(Value::Null, Value::BigInt));
        Ok(())
    }

    /// Adds conditions with AND or OR between them. Only those that would read wrong get brackets.
    fn junction(&mut self, all: &[Expr], separator: &str, none: &str) -> Result<()> {
        if all.is_empty() {
            self.push(none);
            return Ok(());
        }
        self.separated(all, separator, |renderer, expr| {
            let brackets = matches!(expr, Expr::And(_) | Expr::Or(_));
            if brackets {
                renderer.push("(");
            }
            renderer.condition(expr)?;
            if brackets {
                renderer.push(")");
            }
            Ok(())
        })
    }

    /// Adds a match of a pattern. `LIKE` of SQLite folds case, so what must not fold is a `GLOB` there.
    fn like(&mut self, expr: &Expr, pattern: &str, insensitive: bool, negated: bool) -> Result<()> {
        let pieces = super::super::pattern::parse(pattern)?;
        self.operand(expr)?;
        if negated {
            self.push(" NOT");
        }
        match (self.dialect, insensitive) {
            (Dialect::Postgres, false) => self.push(" LIKE "),
            (Dialect::Postgres, true) => self.push(" ILIKE "),
            (Dialect::Sqlite, true) => self.push(" LIKE "),
            (Dialect::Sqlite, false) => {
                self.push(" GLOB ");
                self.value(&Value::Text(super::super::pattern::glob(&pieces)));
                return Ok(());
            }
        }
        self.value(&Value::Text(pattern.to_owned()));
        if self.dialect == Dialect::Sqlite {
            self.push(" ESCAPE '\\'");
        }
        Ok(())
    }

    fn call(&mut self, function: Function, arguments: &[Expr]) -> Result<()> {
        let (name, text) = match function {
            Function::Coalesce => ("coalesce", false),
            Function::Lower => ("lower", true),
            Function::Upper => ("upper", true),
            Function::Length => ("length", false),
            Function::Abs => ("abs", false),
        };
        self.push(name);
        self.push("(");
        self.separated(arguments, ", ", Self::expr)?;
        // Only ASCII letters change their case on SQLite; in the collation "C" that is so on Postgres as well.
        if text && self.dialect == Dialect::Postgres {
            self.push(" COLLATE \"C\"");
        }
        self.push(")");
        Ok(())
    }

    fn case(&mut self, arms: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Result<()> {
        self.push("CASE");
        for (condition, value) in arms {
            self.push(" WHEN ");
            self.condition(condition)?;
            self.push(" THEN ");
            self.expr(value)?;
        }
        if let Some(otherwise) = otherwise {
            self.push(" ELSE ");
            self.expr(otherwise)?;
        }
        self.push(" END");
        Ok(())
    }

    /// Adds a part of a JSON document, step by step; both engines have the operator. SQLite takes a text that begins with `$` or `[` for a
    /// path, and a quote for the end of a key, so there a key is given as a path with the key as JSON writes it.
    fn arrow(&mut self, document: &Expr, steps: &[JsonStep]) -> Result<()> {
        self.operand(document)?;
        for step in steps {
            self.push(" -> ");
            match step {
                JsonStep::Key(key) => self.value(&Value::Text(match self.dialect {
                    Dialect::Sqlite => format!("$.{}", serde_json::Value::String(key.clone())),
                    Dialect::Postgres => key.clone(),
                })),
                JsonStep::Position(position) => {
                    self.value(&Value::Integer(i32::try_from(*position).unwrap_or(i32::MAX)));
                }
            }
        }
        Ok(())
    }

    fn excluded(&mut self, column: u16) -> Result<()> {
        let scope = self.scopes.last().filter(|_| self.upserts);
        let column =
            scope.and_then(|scope| scope.root().table().columns.get(usize::from(column))).ok_or_else(|| {
                Error::Usage {
                    message: "`excluded` has a meaning only where an insert says what it does on a conflict".to_owned(),
                }
            })?;
        self.secret_seen |= column.secret;
        self.push("excluded.");
        self.identifier(&column.sql_name);
        Ok(())
    }

    /// Adds what the user wrote, in brackets, with its parameters.
    fn raw(&mut self, pieces: &[RawPiece]) {
        self.push("(");
        self.pieces(pieces);
        self.push(")");
    }

    /// Adds what the user wrote with its parameters.
    pub(crate) fn pieces(&mut self, pieces: &[RawPiece]) {
        for piece in pieces {
            match piece {
                RawPiece::Sql(sql) => self.push(sql),
                RawPiece::Parameter(value) => {
                    if let Values::Bound(args) = &self.values {
                        self.hidden.push(args.len());
                    }
                    self.value(value);
                }
            }
        }
    }
}
