//! Reading whole rows.

use std::marker::PhantomData;

use super::clauses::{where_clause, window_clauses};
use super::lock::RowLock;
use super::render::{Renderer, key_positions};
use super::run::{Query, Runner, runs};
use super::select::First;
use super::show::{DISPLAYED, Render, shows_sql};
use super::tree::{self, Comparison, Expr, Item, Order};
use crate::engine::RowRef;
use crate::new_row::Input;
use crate::primary_key::PrimaryKey;
use crate::sql::Dialect;
use crate::table::{Table, TableMeta};
use crate::{Error, Result, Statement, Value};

/// A select of whole rows of table `R`, as values of `R`.
#[must_use = "a query does nothing until it is run"]
pub struct Objects<R> {
    pub(super) tree: tree::Select,
    marker: PhantomData<fn() -> R>,
}

impl<R: Table> Objects<R> {
    /// All rows.
    pub fn new() -> Self {
        Self { tree: whole_rows(R::META), marker: PhantomData }
    }

    where_clause!();
    window_clauses!();

    /// Locks the rows until the end of the transaction (Postgres; [`Error::Unsupported`] on SQLite).
    pub fn lock_rows(mut self, lock: RowLock<R>) -> Self {
        self.tree.lock = Some(lock.into_node());
        self
    }

    /// At most one row: the first in the order, or `None`.
    pub fn first(mut self) -> First<Self> {
        self.tree.limit = Some(self.tree.limit.map_or(1, |limit| limit.min(1)));
        First(self)
    }
}

impl<R: Table> Default for Objects<R> {
    fn default() -> Self {
        Self::new()
    }
}

/// A select of all columns, in their order.
pub(super) fn whole_rows(meta: &'static TableMeta) -> tree::Select {
    let mut select = tree::Select::from(meta);
    select.items = meta
        .table()
        .columns
        .iter()
        .zip(0..)
        .map(|(column, position)| Item { expr: Expr::column(position), name: column.name.to_string() })
        .collect();
    select
}

/// The order by the primary key.
pub(super) fn by_key(meta: &'static TableMeta) -> Vec<Order> {
    let keys = key_positions(meta).into_iter();
    keys.map(|position| Order { expr: Expr::column(position), descending: false, nulls: None }).collect()
}

/// The condition that a row has this key.
pub(super) fn has_key(meta: &'static TableMeta, key: &[Value]) -> Option<Expr> {
    key_positions(meta)
        .into_iter()
        .zip(key.iter().cloned())
        .map(|(position, value)| Expr::column(position).compare(Comparison::Eq, Expr::Value(value)))
        .reduce(Expr::and)
}

/// Reads a whole row.
pub(super) fn decode<R: Table>(row: &RowRef<'_>) -> Result<R> {
    R::decode(row, 0).map_err(|error| error.in_table(&R::META.table().name))
}

impl<R> Clone for Objects<R> {
    fn clone(&self) -> Self {
        Self { tree: self.tree.clone(), marker: PhantomData }
    }
}

impl<R> std::fmt::Debug for Objects<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Objects").field(&self.tree).finish()
    }
}

impl<R> Render for Objects<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.select(&self.tree)
    }
}

shows_sql!([R] Objects<R>);

impl<R: Table> Query for Objects<R> {
    type Output = Vec<R>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<R>> {
        runner.fetch_all(self.statement(runner.dialect())?, decode::<R>).await
    }
}

runs!([R: Table] Objects<R> => Vec<R>);

impl<R: Table> Query for First<Objects<R>> {
    type Output = Option<R>;

    async fn execute(self, runner: Runner<'_>) -> Result<Option<R>> {
        runner.fetch_optional(self.0.statement(runner.dialect())?, decode::<R>).await
    }
}

runs!([R: Table] First<Objects<R>> => Option<R>);
shows_sql!([R] First<Objects<R>>);

/// The row of table `R` with a given key. That it does not exist is [`Error::NotFound`]; see [`optional`](Self::optional).
#[must_use = "a query does nothing until it is run"]
pub struct Get<R> {
    key: Vec<Value>,
    marker: PhantomData<fn() -> R>,
}

impl<R: Table> Get<R> {
    /// The row with this key.
    pub fn new(key: R::Key) -> Self {
        Self { key: key.into_values(), marker: PhantomData }
    }

    /// The row with this key, as a literal or another value that stands for it.
    pub fn by(key: impl Input<R::Key>) -> Self {
        Self { key: vec![key.into_input()], marker: PhantomData }
    }

    /// `None` instead of an error if the row does not exist.
    pub fn optional(self) -> First<Self> {
        First(self)
    }
}

impl<R> Clone for Get<R> {
    fn clone(&self) -> Self {
        Self { key: self.key.clone(), marker: PhantomData }
    }
}

impl<R: Table> std::fmt::Debug for Get<R> {
    /// The statement, without a key that is a secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Get").field(&self.statement(DISPLAYED)).finish()
    }
}

impl<R: Table> Render for Get<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        let mut select = whole_rows(R::META);
        select.filter = has_key(R::META, &self.key);
        renderer.select(&select)
    }

    fn statement(&self, dialect: Dialect) -> Result<Statement> {
        R::META.by_key(dialect, self.key.clone(), || {
            let mut renderer = Renderer::new(dialect);
            self.render(&mut renderer)?;
            Ok(renderer.finish())
        })
    }
}

shows_sql!([R: Table] Get<R>);

impl<R: Table> Query for Get<R> {
    type Output = R;

    async fn execute(self, runner: Runner<'_>) -> Result<R> {
        let statement = self.statement(runner.dialect())?;
        let row = runner.fetch_optional(statement, decode::<R>).await?;
        row.ok_or_else(|| not_found(R::META, &self.key))
    }
}

runs!([R: Table] Get<R> => R);

impl<R: Table> Query for First<Get<R>> {
    type Output = Option<R>;

    async fn execute(self, runner: Runner<'_>) -> Result<Option<R>> {
        runner.fetch_optional(self.0.statement(runner.dialect())?, decode::<R>).await
    }
}

runs!([R: Table] First<Get<R>> => Option<R>);
shows_sql!([R: Table] First<Get<R>>);

/// The error for a row that must exist and does not.
pub(super) fn not_found(meta: &'static TableMeta, key: &[Value]) -> Error {
    let table = meta.table();
    let key: Vec<String> = table
        .primary_key
        .columns
        .iter()
        .zip(key)
        .map(|(name, value)| format!("{name} = {}", super::render::shown_value(value)))
        .collect();
    Error::NotFound { table: table.sql_name.to_string(), key: key.join(" and ") }
}
