//! Running trees that no typed builder made: for what is known at run time only, such as a shell or a property test.
//!
//! What is read comes as [`Row`]s. The guard of `delete` and `update` is the typed builders'; here a tree without a condition means all
//! rows.

use super::cursor::{Cursor, Layout};
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::show::{Render, shows_sql};
use super::tree::{Delete, Item, Select, Update};
use crate::table::TableMeta;
use crate::{Result, Row, RowRef, Statement};

/// What turns a driver's row into a [`Row`] of these items.
pub(super) fn decoder(
    root: &'static TableMeta,
    items: &[Item],
) -> impl Fn(&RowRef<'_>) -> Result<Row> + Clone + Send + Sync + use<> {
    let layout = Layout::of(root, items, &[]);
    move |row| Cursor::new(row, &layout).whole_row()
}

impl Render for Select {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.select(self)
    }
}

impl Render for Update {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.update(self)
    }
}

impl Render for Delete {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.delete(self)
    }
}

impl Query for Select {
    type Output = Vec<Row>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<Row>> {
        runner.fetch_all(self.statement(runner.dialect())?, decoder(self.root, &self.items)).await
    }
}

impl Query for Update {
    type Output = Vec<Row>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<Row>> {
        write(runner, self.statement(runner.dialect())?, self.table, &self.returning).await
    }
}

impl Query for Delete {
    type Output = Vec<Row>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<Row>> {
        write(runner, self.statement(runner.dialect())?, self.table, &self.returning).await
    }
}

/// Changes or removes rows and gives what is to be given back of them.
async fn write(
    runner: Runner<'_>,
    statement: Statement,
    table: &'static TableMeta,
    returning: &[Item],
) -> Result<Vec<Row>> {
    if returning.is_empty() {
        runner.execute(statement).await?;
        return Ok(Vec::new());
    }
    runner.fetch_all(statement, decoder(table, returning)).await
}

runs!([] Select => Vec<Row>);
runs!([] Update => Vec<Row>);
runs!([] Delete => Vec<Row>);
shows_sql!([] Select);
shows_sql!([] Update);
shows_sql!([] Delete);
