//! Postgres: one query of the catalog for each kind of thing.

mod columns;
mod constraints;
mod indexes;
mod objects;
mod tables;

use std::borrow::Cow;
use std::collections::HashMap;

use super::{Options, Shape, TableShape};
use crate::schema::QualifiedName;
use crate::sql::Dialect;
use crate::{Exec, Result, RowRef, Statement, Transaction};

/// Makes the search path hold the connection's own schema alone, until the transaction ends. Where there is no such schema
/// the path becomes empty, and every name is written with its schema.
const OWN_SEARCH_PATH: &str = "SELECT set_config('search_path', coalesce(quote_ident(current_schema()), ''), true)";

/// Reads the shape of the Postgres schemas that the options name.
pub(super) async fn read(db: Exec<'_>, options: &Options) -> Result<Shape> {
    // A savepoint in an open transaction: rolling it back brings the search path back, too.
    let tx = match db {
        Exec::Engine(engine) => engine.begin().await?,
        Exec::Transaction(outer) => outer.begin().await?,
        Exec::Connection(connection) => connection.begin().await?,
    };
    let shape = read_catalog(&Catalog { tx: &tx, scope: options.condition() }).await;
    tx.rollback().await?;
    shape
}

async fn read_catalog(catalog: &Catalog<'_>) -> Result<Shape> {
    catalog.prepare().await?;
    let mut tables = Tables::new(catalog.rows(tables::QUERY, tables::decode).await?);
    for (table, column) in catalog.rows(columns::QUERY, columns::decode).await? {
        tables.change(&table, |table| table.columns.push(column));
    }
    for (table, constraint) in catalog.rows(constraints::QUERY, constraints::decode).await? {
        tables.change(&table, |table| constraint.add_to(table));
    }
    for (table, index) in catalog.rows(indexes::QUERY, indexes::decode).await? {
        tables.change(&table, |table| table.indexes.push(index));
    }
    Ok(Shape {
        dialect: Dialect::Postgres,
        tables: tables.into_shapes(),
        enums: catalog.rows(objects::ENUMS, objects::decode_enum).await?,
        sequences: catalog.rows(objects::SEQUENCES, objects::decode_sequence).await?,
        objects: catalog.rows(objects::OBJECTS, objects::decode).await?.into_iter().flatten().collect(),
    })
}

/// The transaction in which the catalog is read, and what of it is wanted.
struct Catalog<'a> {
    tx: &'a Transaction,
    /// The condition that stands for `{scope}` in the queries.
    scope: String,
}

impl Catalog<'_> {
    async fn prepare(&self) -> Result<()> {
        Exec::from(self.tx).execute(Statement::from(OWN_SEARCH_PATH)).await.map(drop)
    }

    /// The decoded rows of one query.
    async fn rows<T, D>(&self, query: &'static str, decode: D) -> Result<Vec<T>>
    where
        T: Send + 'static,
        D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
    {
        let sql = query.replace("{scope}", &self.scope);
        Exec::from(self.tx).fetch_all(Statement::from(sql), decode).await
    }
}

/// Tables that are being put together.
struct Tables {
    shapes: Vec<TableShape>,
    positions: HashMap<QualifiedName, usize>,
}

impl Tables {
    fn new(shapes: Vec<TableShape>) -> Self {
        let positions = shapes.iter().enumerate().map(|(position, table)| (table.name.clone(), position)).collect();
        Self { shapes, positions }
    }

    /// Changes a table, unless it is one of those left out: an extension's.
    fn change(&mut self, name: &QualifiedName, change: impl FnOnce(&mut TableShape)) {
        let table = self.positions.get(name).and_then(|position| self.shapes.get_mut(*position));
        if let Some(table) = table {
            change(table);
        }
    }

    fn into_shapes(self) -> Vec<TableShape> {
        self.shapes
    }
}

/// The qualified name in two columns of a row. The first is null for the connection's own schema.
fn name(row: &RowRef<'_>, index: usize) -> Result<QualifiedName> {
    let schema: Option<String> = row.get(index)?;
    let name: String = row.get(index.saturating_add(1))?;
    Ok(QualifiedName { schema: schema.map(Cow::Owned), name: name.into() })
}

/// The qualified name in two columns of a row, where there is one.
fn optional_name(row: &RowRef<'_>, index: usize) -> Result<Option<QualifiedName>> {
    if row.is_null(index.saturating_add(1))? { Ok(None) } else { name(row, index).map(Some) }
}
