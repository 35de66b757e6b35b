//! SQLite: what the pragmas tell, and what only the definitions in `sqlite_schema` do.
//!
//! The pragmas know columns and their types. The names of constraints, the texts of checks, collations, `AUTOINCREMENT`
//! and what an index is made of stand in the `CREATE` statements alone, so these are read as well: [`piece`] cuts a statement into
//! pieces, [`create_table`] and [`create_index`] follow SQLite's grammar over them.

mod assemble;
pub(crate) mod clause;
mod create_index;
mod create_table;
mod piece;
mod reader;
pub(crate) mod table_text;

use assemble::{CatalogColumn, CatalogEntry, CatalogTable, assemble};

use super::Shape;
use crate::{Exec, Result, RowRef, Statement};

/// Everything in one statement, so that it is one state of the database that is read.
const CATALOG: &str = include_str!("sqlite/catalog.sql");

/// A row of [`CATALOG`].
enum Row {
    Entry(CatalogEntry),
    Table(CatalogTable),
    Column(CatalogColumn),
}

/// The constraints that a `CREATE TABLE` statement says, wherever they stand: the name of each, where it has one, and what it says. (Of a
/// foreign key that is where it points, and not what follows from that.)
pub(crate) fn constraints(sql: &str) -> Vec<(Option<String>, String)> {
    let definition = create_table::definition(sql);
    let key = |words: &str, columns: &[String]| format!("{words} ({})", columns.join(", "));
    let keys = definition.primary_key.into_iter().map(|one| (one.name, key("PRIMARY KEY", &one.columns)));
    let uniques = definition.uniques.into_iter().map(|one| (one.name, key("UNIQUE", &one.columns)));
    let checks = definition.checks.into_iter().map(|one| (one.name, format!("CHECK ({})", one.expression)));
    let foreign = definition.foreign_keys.into_iter().map(|one| {
        let said = format!("{} REFERENCES {}", key("FOREIGN KEY", &one.columns), one.target.name);
        (one.name, said)
    });
    keys.chain(uniques).chain(checks).chain(foreign).collect()
}

/// Reads the shape of the main database of this connection.
pub(super) async fn read(db: Exec<'_>) -> Result<Shape> {
    let rows = db.fetch_all(Statement::from(CATALOG), Row::decode).await?;
    let (mut entries, mut tables, mut columns) = (Vec::new(), Vec::new(), Vec::new());
    for row in rows {
        match row {
            Row::Entry(entry) => entries.push(entry),
            Row::Table(table) => tables.push(table),
            Row::Column(column) => columns.push(column),
        }
    }
    Ok(assemble(entries, tables, columns))
}

impl Row {
    fn decode(row: &RowRef<'_>) -> Result<Self> {
        let (kind, name, owner): (String, String, String) = (row.get(1)?, row.get(2)?, row.get(3)?);
        let (text, position): (Option<String>, i64) = (row.get(4)?, row.get(5)?);
        let (first, second): (i64, i64) = (row.get(6)?, row.get(7)?);
        Ok(match row.get::<String>(0)?.as_str() {
            "entry" => Self::Entry(CatalogEntry { kind, name, table: owner, sql: text.unwrap_or_default() }),
            "table" => Self::Table(CatalogTable { kind, name, without_rowid: first != 0, strict: second != 0 }),
            "column" => Self::Column(CatalogColumn {
                table: owner,
                name,
                ty: kind,
                position,
                not_null: first != 0,
                default: text,
                hidden: second,
            }),
            other => return Err(row.error(0, format!("`{other}` is not a part of the catalog"))),
        })
    }
}
