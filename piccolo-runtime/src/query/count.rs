//! Counting rows and asking whether there are any.

use std::marker::PhantomData;

use super::clauses::where_clause;
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::selection::{Selection, expressions};
use super::show::{Render, shows_sql};
use super::tree::{self, Aggregate, Expr, Item};
use crate::Result;
use crate::table::Table;

/// The number of rows of table `R`.
#[must_use = "a query does nothing until it is run"]
pub struct Count<R> {
    tree: tree::Select,
    marker: PhantomData<fn() -> R>,
}

impl<R: Table> Count<R> {
    /// The number of all rows.
    pub fn new() -> Self {
        let mut tree = tree::Select::from(R::META);
        tree.items.push(counted(Vec::new(), false));
        Self { tree, marker: PhantomData }
    }

    where_clause!();

    /// Only rows in which this is not null.
    pub fn of<S: Selection<R>>(mut self, column: S) -> Self {
        self.tree.items = vec![counted(expressions(column), false)];
        self
    }

    /// The number of different values, or of different combinations of them: `.distinct((Band.manager, Band.name))`.
    pub fn distinct<S: Selection<R>>(mut self, columns: S) -> Self {
        self.tree.items = vec![counted(expressions(columns), true)];
        self
    }
}

impl<R: Table> Default for Count<R> {
    fn default() -> Self {
        Self::new()
    }
}

/// A count as something selected.
fn counted(of: Vec<Expr>, distinct: bool) -> Item {
    Item { expr: Expr::Aggregate { function: Aggregate::Count, of, distinct }, name: "count".to_owned() }
}

impl<R> Clone for Count<R> {
    fn clone(&self) -> Self {
        Self { tree: self.tree.clone(), marker: PhantomData }
    }
}

impl<R> std::fmt::Debug for Count<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Count").field(&self.tree).finish()
    }
}

impl<R> Render for Count<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.select(&self.tree)
    }
}

shows_sql!([R] Count<R>);

impl<R: Table> Query for Count<R> {
    type Output = u64;

    async fn execute(self, runner: Runner<'_>) -> Result<u64> {
        let statement = self.statement(runner.dialect())?;
        let count: Option<i64> = runner.fetch_optional(statement, |row| row.get(0)).await?;
        Ok(count.and_then(|count| u64::try_from(count).ok()).unwrap_or(0))
    }
}

runs!([R: Table] Count<R> => u64);

/// Whether table `R` has a row.
#[must_use = "a query does nothing until it is run"]
pub struct Exists<R> {
    pub(super) tree: tree::Select,
    marker: PhantomData<fn() -> R>,
}

impl<R: Table> Exists<R> {
    /// Whether there is any row.
    pub const fn new() -> Self {
        Self { tree: tree::Select::from(R::META), marker: PhantomData }
    }

    where_clause!();
}

impl<R: Table> Default for Exists<R> {
    fn default() -> Self {
        Self::new()
    }
}

impl<R> Clone for Exists<R> {
    fn clone(&self) -> Self {
        Self { tree: self.tree.clone(), marker: PhantomData }
    }
}

impl<R> std::fmt::Debug for Exists<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Exists").field(&self.tree).finish()
    }
}

impl<R> Render for Exists<R> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.push("SELECT ");
        renderer.exists(&self.tree)
    }
}

shows_sql!([R] Exists<R>);

impl<R: Table> Query for Exists<R> {
    type Output = bool;

    async fn execute(self, runner: Runner<'_>) -> Result<bool> {
        let statement = self.statement(runner.dialect())?;
        Ok(runner.fetch_optional(statement, |row| row.get(0)).await?.unwrap_or(false))
    }
}

runs!([R: Table] Exists<R> => bool);
