//! Deleting rows.

use std::marker::PhantomData;

use super::condition::Condition;
use super::cursor::{Cursor, Layout};
use super::guard::{Guard, Guarded, Unguarded};
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::selection::{SelectList, Selection};
use super::show::{Render, shows_sql};
use super::tree;
use crate::table::Table;
use crate::{Error, Exec, Result};

/// A delete from table `R`. It gives the number of rows that are gone.
///
/// Without [`where_`](Self::where_) or [`force`](Self::force) it has no `run`. A condition that turns out to say nothing when the query runs (a `None`,
/// an empty list of conditions) is [`Error::Deletion`].
#[must_use = "a query does nothing until it is run"]
pub struct Delete<R, G = Unguarded> {
    tree: tree::Delete,
    forced: bool,
    marker: PhantomData<fn() -> (R, G)>,
}

impl<R: Table> Delete<R> {
    /// A delete that does not say yet which rows.
    pub const fn new() -> Self {
        Self { tree: tree::Delete::from(R::META), forced: false, marker: PhantomData }
    }
}

impl<R: Table> Default for Delete<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R: Table, G> Delete<R, G> {
    /// Only rows for which the condition holds. A second one must hold as well. It may name columns of other tables.
    pub fn where_<C: Condition<R>>(mut self, condition: C) -> Delete<R, Guarded> {
        if let Some(condition) = condition.into_condition() {
            self.tree.filter(condition);
        }
        Delete { tree: self.tree, forced: self.forced, marker: PhantomData }
    }

    /// All rows, if no condition says otherwise.
    pub fn force(self) -> Delete<R, Guarded> {
        Delete { tree: self.tree, forced: true, marker: PhantomData }
    }

    /// Gives back columns of the deleted rows.
    pub fn returning<S: Selection<R>>(mut self, selection: S) -> Returning<Self, S::Output> {
        let mut list = SelectList::new(R::META);
        selection.push(&mut list);
        let (items, layout) = list.into_parts();
        self.tree.returning = items;
        Returning { query: self, layout, read: S::read }
    }

    /// Runs the query on an engine or in a transaction.
    ///
    /// # Errors
    ///
    /// Those of the database, [`Error::Deletion`] if the condition says nothing, and whatever is wrong with the query as built.
    pub fn run<'e>(self, db: impl Into<Exec<'e>>) -> impl Future<Output = Result<u64>> + Send
    where
        G: Guard,
    {
        Runner::run(self.guarded(), db.into())
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::run`], and [`Error::Usage`] inside an async runtime.
    pub fn run_sync<'e>(self, db: impl Into<Exec<'e>>) -> Result<u64>
    where
        G: Guard,
    {
        Runner::run_sync(self.guarded(), db.into())
    }

    /// The same query without its state in the type.
    fn guarded(self) -> Delete<R, Guarded> {
        Delete { tree: self.tree, forced: self.forced, marker: PhantomData }
    }
}

impl<R, G> Clone for Delete<R, G> {
    fn clone(&self) -> Self {
        Self { tree: self.tree.clone(), forced: self.forced, marker: PhantomData }
    }
}

impl<R, G> std::fmt::Debug for Delete<R, G> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Delete").field(&self.tree).finish()
    }
}

impl<R: Table, G> Render for Delete<R, G> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        if self.tree.filter.is_none() && !self.forced && !renderer.is_shown() {
            return Err(Error::Deletion { operation: "delete", table: R::META.table().sql_name.to_string() });
        }
        renderer.delete(&self.tree)
    }
}

shows_sql!([R: Table, G] Delete<R, G>);

impl<R: Table> Query for Delete<R, Guarded> {
    type Output = u64;

    async fn execute(self, runner: Runner<'_>) -> Result<u64> {
        runner.execute(self.statement(runner.dialect())?).await
    }
}

/// A delete or update that gives back columns of the rows it touched.
#[must_use = "a query does nothing until it is run"]
pub struct Returning<Q, O> {
    pub(super) query: Q,
    pub(super) layout: Layout,
    pub(super) read: fn(&mut Cursor<'_, '_>) -> Result<O>,
}

impl<Q: std::fmt::Debug, O> std::fmt::Debug for Returning<Q, O> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Returning").field(&self.query).finish()
    }
}

impl<Q: Render + Send, O: Send + 'static> Query for Returning<Q, O> {
    type Output = Vec<O>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<O>> {
        let statement = self.query.statement(runner.dialect())?;
        let (layout, read) = (self.layout, self.read);
        runner.fetch_all(statement, move |row| read(&mut Cursor::new(row, &layout))).await
    }
}

impl<Q: Render, O> Render for Returning<Q, O> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        self.query.render(renderer)
    }
}

runs!([R: Table, O: Send + 'static] Returning<Delete<R, Guarded>, O> => Vec<O>);
shows_sql!([R: Table, G, O] Returning<Delete<R, G>, O>);
