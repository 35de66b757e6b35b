//! Selects.

use super::Renderer;
use super::joins::Style;
use crate::error::SEVERAL_ROWS;
use crate::query::tree::{
    Distinct, Expr, Item, Lock, LockStrength, LockWait, Nulls, Order, Select, has_collation, is_single,
};
use crate::schema::ColumnType;
use crate::sql::Dialect;
use crate::{Error, Result};

impl Renderer {
    /// Adds a select.
    pub(crate) fn select(&mut self, select: &Select) -> Result<()> {
        super::super::tree::check_groups(select)?;
        // What a query around this one does with the values is its own affair.
        let inside = !self.scopes.is_empty() && super::range::may_be_wide(select);
        self.query(select, |renderer| {
            renderer.separated(&select.items, ", ", |renderer, item| renderer.item(item, !inside))
        })
    }

    /// Adds whether a select has a row.
    pub(crate) fn exists(&mut self, select: &Select) -> Result<()> {
        self.push("EXISTS (");
        self.query(select, |renderer| {
            renderer.push("1");
            Ok(())
        })?;
        self.push(")");
        Ok(())
    }

    /// Adds a select as a value. Of several rows SQLite would take any, where Postgres fails; so SQLite counts them where there may be several.
    pub(super) fn scalar(&mut self, select: &Select) -> Result<()> {
        let counts = self.dialect == Dialect::Sqlite && !is_single(select);
        self.push(if counts { "(WITH found (value) AS (" } else { "(" });
        self.select(select)?;
        if counts {
            self.push(&format!(
                ") SELECT CASE WHEN count(*) > 1 THEN json_extract('{{}}', '{SEVERAL_ROWS}') ELSE max(value) END FROM found"
            ));
        }
        self.push(")");
        Ok(())
    }

    /// Adds a select of what the closure writes. FROM is known last, because it follows from the columns that are named.
    fn query(&mut self, select: &Select, items: impl FnOnce(&mut Self) -> Result<()>) -> Result<()> {
        self.is_about("SELECT", select.root);
        self.enter(select.root, Style::Joined);
        self.anchor(&select.group_by);
        self.push("SELECT ");
        match &select.distinct {
            Distinct::No => {}
            Distinct::Rows => {
                self.once(select.items.iter().map(|item| &item.expr));
                self.push("DISTINCT ");
            }
            Distinct::On(on) => {
                if self.dialect == Dialect::Sqlite {
                    return Err(unsupported("`distinct_on`; select with a condition on a sub-select instead"));
                }
                self.push("DISTINCT ON (");
                self.separated(on, ", ", Self::expr)?;
                self.push(") ");
            }
        }
        items(self)?;
        let head = std::mem::take(&mut self.out);
        self.clauses(select)?;
        let tail = std::mem::replace(&mut self.out, head);
        let from = self.leave();
        self.push(&from);
        self.push(&tail);
        Ok(())
    }

    /// Adds a selected expression with its name in the result, unless the engine gives it that name anyway. It is a result if it is read.
    pub(super) fn item(&mut self, item: &Item, result: bool) -> Result<()> {
        if self.is_distinct() && self.dialect == Dialect::Postgres {
            // What it is sorted by must be written alike.
            self.by_code_point(&item.expr)?;
        } else if result {
            self.result(&item.expr)?;
        } else {
            self.expr(&item.expr)?;
        }
        let named = self
            .scopes
            .last()
            .map(super::joins::Scope::root)
            .is_some_and(|root| super::super::tree::is_plain_column(&item.expr, root, &item.name));
        // A sub-select's columns are nobody's business, and Postgres would cut a long name.
        if !named && self.scopes.len() == 1 && item.name.len() <= crate::schema::naming::MAX_BYTES {
            self.push(" AS ");
            self.identifier(&item.name);
        }
        Ok(())
    }

    /// Adds all that stands after FROM.
    fn clauses(&mut self, select: &Select) -> Result<()> {
        if let Some(filter) = &select.filter {
            self.push(" WHERE ");
            self.row_condition(filter)?;
        }
        if !select.group_by.is_empty() {
            self.push(" GROUP BY ");
            self.separated(&select.group_by, ", ", |renderer, expr| renderer.key(expr, Self::expr))?;
        }
        if let Some(having) = &select.having {
            self.push(" HAVING ");
            self.condition(having)?;
        }
        if !select.order_by.is_empty() {
            self.push(" ORDER BY ");
            self.separated(&select.order_by, ", ", |renderer, order| {
                renderer.order(order, sorted_by(&order.expr, &select.items))
            })?;
        }
        self.limit(select.limit, select.offset);
        if let Some(lock) = &select.lock {
            self.lock(lock)?;
        }
        Ok(())
    }

    /// Adds one key of an order. Without a wish, nulls count as greater than everything, which Postgres does by itself.
    fn order(&mut self, order: &Order, expr: &Expr) -> Result<()> {
        self.sortable(expr)?;
        self.key(expr, Self::ranked)?;
        if order.descending {
            self.push(" DESC");
        }
        let nulls = match (order.nulls, self.dialect) {
            (Some(nulls), _) => Some(nulls),
            (None, Dialect::Postgres) => None,
            (None, Dialect::Sqlite) if !super::super::tree::may_be_null(expr, &self.roots()) => None,
            (None, Dialect::Sqlite) if order.descending => Some(Nulls::First),
            (None, Dialect::Sqlite) => Some(Nulls::Last),
        };
        match nulls {
            None => {}
            Some(Nulls::First) => self.push(" NULLS FIRST"),
            Some(Nulls::Last) => self.push(" NULLS LAST"),
        }
        Ok(())
    }

    /// Adds an expression to group or to sort by. A literal number alone would be a position among what is selected.
    fn key(&mut self, expr: &Expr, write: fn(&mut Self, &Expr) -> Result<()>) -> Result<()> {
        let literal =
            self.is_shown() && self.dialect == Dialect::Sqlite && matches!(expr, Expr::Value(_) | Expr::Typed(..));
        self.push(if literal { "coalesce(" } else { "" });
        write(self, expr)?;
        self.push(if literal { ", NULL)" } else { "" });
        Ok(())
    }

    /// Refuses what has no order that the engines agree on: SQLite keeps arrays and JSON as texts.
    pub(super) fn sortable(&self, expr: &Expr) -> Result<()> {
        let (what, instead) = match self.type_of(expr) {
            Some(ColumnType::Array(_)) => ("an array", "keep what it is to be sorted by in a column of its own"),
            Some(ColumnType::Json) => ("JSON", "sort and compare by a part of it as a value, with `raw_value`"),
            Some(_) | None => return Ok(()),
        };
        let name = if let Expr::Column(column) = expr {
            super::super::tree::resolve(column, &self.roots())
                .map(|(table, column)| format!("`{}.{}`", table.table().name, column.name))
        } else {
            None
        };
        let name = name.unwrap_or_else(|| "an expression".to_owned());
        Err(Error::Usage {
            message: format!(
                "{name} is {what}, of which one is equal to another or not, but the engines do not agree which is greater: {instead}"
            ),
        })
    }

    /// Adds an expression as what it sorts by: an enum by its position, which SQLite has to be told.
    pub(super) fn ranked(&mut self, expr: &Expr) -> Result<()> {
        if self.dialect == Dialect::Postgres {
            return self.by_code_point(expr);
        }
        let Some(enumeration) = self.enumeration_of(expr) else {
            return self.operand(expr);
        };
        self.push("CASE ");
        self.operand(expr)?;
        for (rank, value) in enumeration.values.iter().enumerate() {
            // The values stand in the schema, so they are ours and the same in every query.
            self.push(&format!(" WHEN {} THEN {rank}", crate::sql::literal(&value.text)));
        }
        self.push(" END");
        Ok(())
    }

    /// The enum that an expression has the values of.
    pub(super) fn enumeration_of(&self, expr: &Expr) -> Option<&'static crate::schema::Enum> {
        let Some(ColumnType::Enum(name)) = self.type_of(expr) else { return None };
        super::super::tree::enumeration_of(expr, &name, &self.roots())
    }

    /// Adds an expression for Postgres, which sorts a text that no column has a part in by the language of the database.
    pub(super) fn by_code_point(&mut self, expr: &Expr) -> Result<()> {
        self.operand(expr)?;
        if !has_collation(expr) && matches!(self.type_of(expr), Some(ColumnType::Text | ColumnType::Varchar { .. })) {
            self.push(" COLLATE \"C\"");
        }
        Ok(())
    }

    /// Adds LIMIT and OFFSET. The limit is a literal, because Postgres plans with it; the offset is a parameter.
    fn limit(&mut self, limit: Option<u64>, offset: Option<u64>) {
        match (limit, offset, self.dialect) {
            (Some(limit), ..) => self.push(&format!(" LIMIT {}", limit.min(i64::MAX.unsigned_abs()))),
            // SQLite has no OFFSET alone.
            (None, Some(_), Dialect::Sqlite) => self.push(" LIMIT -1"),
            (None, Some(_), Dialect::Postgres) | (None, None, _) => {}
        }
        if let Some(offset) = offset {
            self.push(" OFFSET ");
            self.value(&crate::Value::BigInt(i64::try_from(offset).unwrap_or(i64::MAX)));
        }
    }

    /// Adds a row lock.
    fn lock(&mut self, lock: &Lock) -> Result<()> {
        if self.dialect == Dialect::Sqlite {
            return Err(unsupported("`lock_rows`; a transaction on SQLite has the database to itself"));
        }
        self.push(match lock.strength {
            LockStrength::Update => " FOR UPDATE",
            LockStrength::NoKeyUpdate => " FOR NO KEY UPDATE",
            LockStrength::Share => " FOR SHARE",
            LockStrength::KeyShare => " FOR KEY SHARE",
        });
        // Rows on the nullable side of a join cannot be locked, so the root's are meant unless somebody says otherwise.
        let root_alone = [Vec::new()];
        let of: &[Vec<u16>] = if lock.of.is_empty() && self.has_joins() { &root_alone } else { &lock.of };
        if !of.is_empty() {
            self.push(" OF ");
            self.separated(of, ", ", |renderer, path| {
                let alias = renderer.alias_of(path)?;
                renderer.identifier(&alias);
                Ok(())
            })?;
        }
        self.push(match lock.wait {
            LockWait::Wait => "",
            LockWait::SkipLocked => " SKIP LOCKED",
            LockWait::NoWait => " NOWAIT",
        });
        Ok(())
    }
}

/// What an order sorts by: a name that is no column may be that of something selected.
fn sorted_by<'x>(expr: &'x Expr, items: &'x [Item]) -> &'x Expr {
    let Expr::Invalid(Error::UnknownColumn { name, .. }) = expr else { return expr };
    items.iter().find(|item| item.name == *name).map_or(expr, |item| &item.expr)
}

/// The error for what SQLite lacks.
fn unsupported(feature: &str) -> Error {
    Error::Unsupported { engine: Dialect::Sqlite.name(), feature: feature.to_owned() }
}
