//! The way from A over B to C.

use piccolo_codegen::arbitrary;
use piccolo_codegen::proof::{Grounds, Moment, Refutation, Scratch, fresh};
use piccolo_runtime::introspect::{Shape, differences};
use piccolo_runtime::migrate::Migration;
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use super::case::{Change, golden};
use super::run::Kind;

/// Three versions of a schema, and a coin for each rename that could be meant.
#[derive(Clone, Debug)]
pub(super) struct Detour {
    pub(super) schemas: [Schema; 3],
    pub(super) coins: Vec<bool>,
}

impl Detour {
    pub(super) async fn holds(&self, grounds: &Grounds, dialect: Dialect) -> Result<Kind, String> {
        let [first, second, third] = &self.schemas;
        let goal = fresh(grounds, dialect, third).await.map_err(said)?;
        for ways in [vec![(first, third)], vec![(first, second), (second, third)]] {
            let steps = ways.iter().map(|way| self.migration(*way, dialect)).collect::<Result<Vec<_>, _>>()?;
            let scratch = grounds.scratch(dialect).await.map_err(said)?;
            let shape = walked(&scratch, first, &steps.into_iter().flatten().collect::<Vec<_>>()).await;
            scratch.close().await;
            let shape = shape.map_err(said)?;
            let found = differences(&shape, &goal);
            if !found.is_empty() {
                let lines: Vec<String> =
                    found.iter().map(|one| one.describe("the migrated one", "a fresh one")).collect();
                return Err(format!("over {} migrations: {}", ways.len(), lines.join("\n")));
            }
        }
        Ok("the same database")
    }

    fn migration(&self, way: (&Schema, &Schema), dialect: Dialect) -> Result<Option<Migration>, String> {
        let decisions = arbitrary::decisions(way.0, way.1, &self.coins);
        Ok(Change::plan("way", way, &decisions, &[dialect])?.map(|change| change.migration("way", dialect)))
    }

    pub(super) fn as_text(&self) -> String {
        let [first, second, third] = &self.schemas;
        let shown = |from, to| golden(from, to, &arbitrary::decisions(from, to, &self.coins));
        [shown(first, second), shown(second, third), shown(first, third)].join("\n\n")
    }
}

/// What the migrations make of a database that is created from the schema.
async fn walked(scratch: &Scratch<'_>, from: &Schema, steps: &[Migration]) -> Result<Shape, Refutation> {
    scratch.create(from).await?;
    for step in steps {
        scratch.up(step, Moment::Up).await?;
        scratch.forget().await?;
    }
    scratch.shape().await
}

fn said(refutation: Refutation) -> String {
    refutation.to_string()
}
