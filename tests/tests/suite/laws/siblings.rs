//! Two migrations of one parent.

use piccolo_codegen::arbitrary;
use piccolo_codegen::change::Decisions;
use piccolo_codegen::proof::{Grounds, Moment, Refutation, in_order};
use piccolo_runtime::introspect::{Shape, differences};
use piccolo_runtime::migrate::Migration;
use piccolo_runtime::schema::{Column, Default, Schema};
use piccolo_runtime::sql::{Dialect, identifier, qualified};
use piccolo_runtime::{Engine, Error, Exec, RowRef, Statement};

use super::case::{Change, golden};
use super::run::Kind;

/// A schema, two that followed it, and a coin for each rename that could be meant.
#[derive(Clone, Debug)]
pub(super) struct Siblings {
    pub(super) schemas: [Schema; 3],
    pub(super) coins: Vec<bool>,
}

/// Every row of every table, sorted.
type Contents = Vec<(String, Vec<Vec<String>>)>;

impl Siblings {
    /// `check` says that two siblings commute where both orders give the same empty database. Then they must do so with rows: whichever
    /// order the rows let through, the same values are left.
    pub(super) async fn hold(&self, grounds: &Grounds, dialect: Dialect) -> Result<Kind, String> {
        let [parent, one, other] = &self.schemas;
        let nothing = Schema { enums: Vec::new().into(), tables: Vec::new().into() };
        let Some(first) = self.migration("1_first", (&nothing, parent), dialect)? else { return Ok("no parent") };
        let one = self.migration("2_one", (parent, one), dialect)?;
        let other = self.migration("2_other", (parent, other), dialect)?;
        let (Some(one), Some(other)) = (one, other) else { return Ok("nothing to change") };
        let there = in_order(grounds, dialect, &[&first, &one, &other]).await;
        let back = in_order(grounds, dialect, &[&first, &other, &one]).await;
        let (Ok(there), Ok(back)) = (there, back) else { return Ok("not commuting: an order fails") };
        if !differences(&there, &back).is_empty() {
            return Ok("not commuting: the orders differ");
        }
        let there = self.filled(grounds, dialect, [&one, &other]).await;
        let back = self.filled(grounds, dialect, [&other, &one]).await;
        match (there, back) {
            (Ok(there), Ok(back)) if there == back => Ok("commuting, with rows"),
            (Ok(there), Ok(back)) => Err(format!("one order leaves\n{there:?}\nand the other one\n{back:?}")),
            (Err(Refutation::Scratch { message, .. }), _) | (_, Err(Refutation::Scratch { message, .. })) => {
                Err(message)
            }
            (Err(_), Err(_)) => Ok("commuting, refused by rows"),
            (Err(refused), Ok(_)) | (Ok(_), Err(refused)) => Err(format!("one order alone is refused: {refused}")),
        }
    }

    /// What both make of a database with rows.
    async fn filled(
        &self,
        grounds: &Grounds,
        dialect: Dialect,
        order: [&Migration; 2],
    ) -> Result<Contents, Refutation> {
        let scratch = grounds.scratch(dialect).await?;
        let walk = async || {
            let [parent, ..] = &self.schemas;
            scratch.create_with_rows(parent).await?;
            for migration in order {
                scratch.up(migration, Moment::Up).await?;
                scratch.forget().await?;
            }
            let shape = scratch.shape().await?;
            let contents = contents(scratch.engine(), &shape, &self.volatile()).await;
            contents.map_err(|error| Refutation::Scratch { dialect, message: error.to_string() })
        };
        let contents = walk().await;
        scratch.close().await;
        contents
    }

    /// The columns whose values are other ones each time: new ones that are counted or made up by the database.
    fn volatile(&self) -> Vec<&str> {
        let columns =
            self.schemas.iter().flat_map(|schema| schema.tables.iter()).flat_map(|table| table.columns.iter());
        let moves = |column: &&Column| {
            let default = matches!(
                column.default,
                Some(Default::Now | Default::Today | Default::Uuid4 | Default::Uuid7 | Default::Sql(_))
            );
            default || column.ty.is_serial()
        };
        columns.filter(moves).map(|column| column.sql_name.as_ref()).collect()
    }

    fn decisions(&self, from: &Schema, to: &Schema) -> Decisions {
        arbitrary::decisions(from, to, &self.coins)
    }

    fn migration(
        &self,
        id: &'static str,
        way: (&Schema, &Schema),
        dialect: Dialect,
    ) -> Result<Option<Migration>, String> {
        let change = Change::plan(id, way, &self.decisions(way.0, way.1), &[dialect])?;
        Ok(change.map(|change| change.migration(id, dialect)))
    }

    pub(super) fn as_text(&self) -> String {
        let [parent, one, other] = &self.schemas;
        let shown = |to| golden(parent, to, &self.decisions(parent, to));
        [shown(one), shown(other)].join("\n\n")
    }
}

/// Everything in the tables but for these columns; the order of columns is none.
async fn contents(engine: &Engine, shape: &Shape, without: &[&str]) -> Result<Contents, Error> {
    let dialect = engine.dialect();
    let mut all = Vec::new();
    for table in &shape.tables {
        let text = |column: &str| match dialect {
            Dialect::Sqlite => format!("quote({})", identifier(column)),
            Dialect::Postgres => format!("{}::text", identifier(column)),
        };
        let names = table.columns.iter().map(|column| column.name.as_str()).filter(|name| !without.contains(name));
        let mut columns: Vec<String> = names.map(text).collect();
        columns.push("'a row'".to_owned());
        columns.sort();
        let width = columns.len();
        let sql = format!("SELECT {} FROM {}", columns.join(", "), qualified(&table.name, dialect));
        let decode = move |row: &RowRef<'_>| {
            (0..width).map(|place| Ok(row.get::<Option<String>>(place)?.unwrap_or_default())).collect()
        };
        let mut rows: Vec<Vec<String>> = Exec::from(engine).fetch_all(Statement::from(sql), decode).await?;
        rows.sort();
        all.push((table.name.to_string(), rows));
    }
    Ok(all)
}
