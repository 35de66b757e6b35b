//! Deletes and updates that give back what they touched.

use super::cursor::{Cursor, Layout};
use super::render::Renderer;
use super::run::{Query, Runner};
use super::show::Render;
use crate::{Result, RowRef};

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
        runner.fetch_all(statement, move |row: &RowRef<'_>| read(&mut Cursor::new(row, &layout))).await
    }
}

impl<Q: Render, O> Render for Returning<Q, O> {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        self.query.render(renderer)
    }
}
