//! Running an insert that no typed builder made.

use super::plan::{Group, plan};
use super::{insert_groups, key_item, render_groups};
use crate::query::render::{Renderer, key_positions};
use crate::query::run::{Query, Runner, runs};
use crate::query::show::{Render, shows_sql};
use crate::query::tree::Insert;
use crate::query::untyped::decoder;
use crate::{Result, Row, Value};

impl Insert {
    /// The rows with their defaults, each value fitting its column.
    fn plan(&self) -> Result<Vec<Group>> {
        let width = self.table.table().columns.len();
        let cells: Vec<Vec<Option<Value>>> = self
            .rows
            .iter()
            .map(|row| {
                let mut cells = vec![None; width];
                for (position, value) in self.columns.iter().zip(row) {
                    if let Some(cell) = cells.get_mut(usize::from(*position)) {
                        *cell = Some(value.clone());
                    }
                }
                cells
            })
            .collect();
        plan(self.table, &cells, self.conflict.as_ref())
    }
}

impl Render for Insert {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        render_groups(self.plan()?, &self.returning, renderer)
    }
}

impl Query for Insert {
    type Output = Vec<Row>;

    async fn execute(self, runner: Runner<'_>) -> Result<Vec<Row>> {
        let (width, decode) = (self.returning.len(), decoder(self.table, &self.returning));
        // The key comes along behind what was asked for, because rows are put in order by it.
        let keys = key_positions(self.table).into_iter().map(|position| key_item(self.table, position));
        let items: Vec<_> = self.returning.iter().cloned().chain(keys).collect();
        insert_groups(runner, self.plan()?, &items, width, decode).await
    }
}

runs!([] Insert => Vec<Row>);
shows_sql!([] Insert);
