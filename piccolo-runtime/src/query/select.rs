//! Selecting columns.

use std::marker::PhantomData;
use std::sync::Arc;

use super::clauses::{where_clause, window_clauses};
use super::condition::Condition;
use super::cursor::{Cursor, Layout};
use super::lock::RowLock;
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::selection::{SelectList, Selection, expressions};
use super::show::{Render, shows_sql};
use super::tree;
use crate::Result;
use crate::engine::RowRef;
use crate::row::Row;
use crate::table::Table;

/// A select from table `R` whose rows become an `O` each.
///
/// ```
/// # use piccolo_guide::prelude::*;
/// # example(async |db| {
/// let rows: Vec<(String, Option<String>)> = Band::select((Band.name, Band.manager.name))
///     .where_(Band.popularity.gte(100))
///     .order_by(Band.name.asc())
///     .run(&db)
///     .await?;
/// # assert_eq!(rows.len(), 2);
/// # Ok(()) });
/// ```
#[must_use = "a query does nothing until it is run"]
pub struct Select<R, O> {
    pub(super) tree: tree::Select,
    pub(super) layout: Arc<Layout>,
    pub(super) read: Read<O>,
    pub(super) marker: PhantomData<fn() -> R>,
}

/// How a row becomes an `O`.
pub(super) type Read<O> = Arc<dyn Fn(&mut Cursor<'_, '_>) -> Result<O> + Send + Sync>;

impl<R: Table, O: Send + 'static> Select<R, O> {
    /// A select of this from all rows.
    pub fn new<S: Selection<R, Output = O>>(selection: S) -> Self {
        let mut list = SelectList::new(R::META);
        selection.add_to(&mut list);
        let (items, layout) = list.into_parts();
        let mut tree = tree::Select::from(R::META);
        tree.items = items;
        let read: fn(&mut Cursor<'_, '_>) -> Result<O> = S::read;
        Self { tree, layout: Arc::new(layout), read: Arc::new(read), marker: PhantomData }
    }

    where_clause!();
    window_clauses!();

    /// Equal rows once. Such a select can be sorted by what it selects only.
    pub fn distinct(mut self) -> Self {
        self.tree.distinct = tree::Distinct::Rows;
        self
    }

    /// Of the rows that are equal in these columns only the first in the order (Postgres; [`crate::Error::Unsupported`] on SQLite).
    pub fn distinct_on<K: Selection<R>>(mut self, columns: K) -> Self {
        self.tree.distinct = tree::Distinct::On(expressions(columns));
        self
    }

    /// One row for each group of rows that are equal in these columns. What is selected besides them must be aggregates.
    pub fn group_by<K: Selection<R>>(mut self, columns: K) -> Self {
        self.tree.group_by.extend(expressions(columns));
        self
    }

    /// Only groups for which the condition holds. A second one must hold as well.
    pub fn having<C: Condition<R>>(mut self, condition: C) -> Self {
        if let Some(condition) = condition.into_condition() {
            tree::add_condition(&mut self.tree.having, condition);
        }
        self
    }

    /// Locks the rows until the end of the transaction (Postgres; [`crate::Error::Unsupported`] on SQLite).
    pub fn lock_rows(mut self, lock: RowLock<R>) -> Self {
        self.tree.lock = Some(lock.into_node());
        self
    }
}

impl<R: Table, O: Send + 'static> Select<R, O> {
    /// At most one row: the first in the order, or `None`.
    pub fn first(mut self) -> First<Self> {
        self.tree.limit = Some(self.tree.limit.map_or(1, |limit| limit.min(1)));
        First(self)
    }

    /// The same select with its rows as [`Row`]s, which go by names: those of the columns, such as `manager.name`. Secret columns that nobody
    /// has named are left out.
    pub fn rows(self) -> Select<R, Row> {
        let (tree, layout) = self.named();
        Select {
            tree,
            layout,
            read: Arc::new(|cursor| cursor.whole_row()),
            marker: PhantomData,
        }
    }

    /// What is selected without the secret columns that came with a whole table.
    pub(super) fn named(self) -> (tree::Select, Arc<Layout>) {
        if self.layout.unnamed_secrets.is_empty() {
            return (self.tree, self.layout);
        }
        let mut tree = self.tree;
        let items = std::mem::take(&mut tree.items).into_iter().enumerate();
        let secrets = &self.layout.unnamed_secrets;
        tree.items = items.filter(|(at, _)| !secrets.contains(at)).map(|(_, item)| item).collect();
        let layout = Arc::new(Layout::of(R::META, &tree.items, &[]));
        (tree, layout)
    }

    /// What turns a driver's row into an `O`.
    pub(super) fn decoder(&self) -> impl Fn(&RowRef<'_>) -> Result<O> + Send + Sync + use<R, O> {
        let (layout, read) = (Arc::clone(&self.layout), Arc::clone(&self.read));
        move |row| read(&mut Cursor::new(row, &layout))
    }
}

impl<R: Table, O: Send + 'static> Query for Select<R, O> {
    type Output = Vec<O>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<O>> {
        runner.fetch_all(self.statement(runner.dialect())?, self.decoder()).await
    }
}

runs!([R: Table, O: Send + 'static] Select<R, O> => Vec<O>);

/// At most one row of a query.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct First<Q>(pub(super) Q);

impl<R: Table, O: Send + 'static> Query for First<Select<R, O>> {
    type Output = Option<O>;

    async fn execute(self, runner: Runner<'_>) -> Result<Option<O>> {
        runner.fetch_optional(self.0.statement(runner.dialect())?, self.0.decoder()).await
    }
}

impl<Q: Render> Render for First<Q> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        self.0.render(renderer)
    }
}

runs!([R: Table, O: Send + 'static] First<Select<R, O>> => Option<O>);
shows_sql!([R, O] First<Select<R, O>>);

impl<R, O> Clone for Select<R, O> {
    fn clone(&self) -> Self {
        Self {
            tree: self.tree.clone(),
            layout: Arc::clone(&self.layout),
            read: Arc::clone(&self.read),
            marker: PhantomData,
        }
    }
}

impl<R, O> std::fmt::Debug for Select<R, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Select").field(&self.tree).finish()
    }
}

impl<R, O> Render for Select<R, O> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.select(&self.tree)
    }
}

shows_sql!([R, O] Select<R, O>);
