//! The rows of scratch databases, read as texts and compared.

use std::collections::BTreeMap;

use piccolo_runtime::schema::{QualifiedName, Schema, Table, naming};
use piccolo_runtime::sql::{Dialect, identifier, literal, qualified};
use piccolo_runtime::{Error, Exec, RowRef, Statement};

use super::{Refutation, Scratch};
use crate::plan::expect::as_text;

/// A row as texts, a null as `NULL`.
pub(super) type Row = Vec<String>;

/// How many rows of each kind a report shows.
const SHOWN: usize = 3;

/// The rows of one query, sorted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rows {
    pub(super) columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

impl Rows {
    /// Runs a query that gives these columns.
    pub(super) async fn of(scratch: &Scratch<'_>, sql: String, columns: Vec<String>) -> Result<Self, Error> {
        let width = columns.len();
        let decode = move |row: &RowRef<'_>| {
            (0..width).map(|index| Ok(row.get::<Option<String>>(index)?.unwrap_or_else(|| "NULL".to_owned()))).collect()
        };
        let mut rows: Vec<Row> = Exec::from(scratch.engine()).fetch_all(Statement::from(sql), decode).await?;
        rows.sort_unstable();
        Ok(Self { columns, rows })
    }

    /// These columns of a table.
    pub(super) async fn in_table(
        scratch: &Scratch<'_>,
        table: &Table,
        columns: Vec<String>,
    ) -> Result<Self, Refutation> {
        let dialect = scratch.dialect();
        let values: Vec<String> = columns.iter().map(|column| as_text(&identifier(column), dialect)).collect();
        let values = if values.is_empty() { "1".to_owned() } else { values.join(", ") };
        let sql = format!("SELECT {values} FROM {}", qualified(&table.sql_name, dialect));
        Self::of(scratch, sql, columns).await.map_err(|error| scratch.failed(error))
    }

    /// The same rows with these columns alone.
    pub(super) fn only(&self, columns: Vec<String>) -> Self {
        let places: Vec<Option<usize>> =
            columns.iter().map(|column| self.columns.iter().position(|own| own == column)).collect();
        let cut = |row: &Row| places.iter().flatten().filter_map(|place| row.get(*place).cloned()).collect();
        let mut rows: Vec<Row> = self.rows.iter().map(cut).collect();
        rows.sort_unstable();
        Self { columns, rows }
    }

    /// What differs, in a few lines; none where nothing does.
    pub(super) fn differences(&self, wanted: &Self) -> Vec<String> {
        if self == wanted {
            return Vec::new();
        }
        let mut lines = Vec::new();
        if self.rows.len() != wanted.rows.len() {
            lines.push(format!("{} where there have to be {}", counted(self.rows.len()), counted(wanted.rows.len())));
        }
        let missing = subtracted(&wanted.rows, &self.rows);
        let surplus = subtracted(&self.rows, &wanted.rows);
        for (word, rows) in [("missing", missing), ("instead", surplus)] {
            lines.extend(rows.iter().take(SHOWN).map(|row| format!("{word}: {}", self.shown(row))));
            if rows.len() > SHOWN {
                lines.push(format!("and {} more", counted(rows.len() - SHOWN)));
            }
        }
        lines
    }

    fn shown(&self, row: &Row) -> String {
        let cells = self.columns.iter().zip(row).map(|(column, value)| format!("{column} = {}", shortened(value)));
        cells.collect::<Vec<_>>().join(", ")
    }
}

fn counted(rows: usize) -> String {
    if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") }
}

fn shortened(value: &str) -> String {
    match value.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

/// The rows of one list that the other lacks; both are sorted and may hold a row twice.
fn subtracted<'r>(from: &'r [Row], other: &[Row]) -> Vec<&'r Row> {
    let mut counts: BTreeMap<&Row, usize> = BTreeMap::new();
    for row in other {
        *counts.entry(row).or_default() += 1;
    }
    let mut left = Vec::new();
    for row in from {
        match counts.get_mut(row) {
            Some(count) if *count > 0 => *count -= 1,
            Some(_) | None => left.push(row),
        }
    }
    left
}

/// How far the database has counted up the keys of a table; `None` where it does not count.
pub(super) async fn counter(scratch: &Scratch<'_>, table: &Table) -> Result<Option<i64>, Refutation> {
    let Some(column) = table.columns.iter().find(|column| column.ty.is_serial()) else { return Ok(None) };
    let sql = match scratch.dialect() {
        Dialect::Sqlite => format!("SELECT seq FROM sqlite_sequence WHERE name = {}", literal(&table.sql_name.name)),
        Dialect::Postgres => {
            let name = naming::sequence(&table.sql_name.name, &column.sql_name);
            let name = QualifiedName { schema: table.sql_name.schema.clone(), name: name.into() };
            format!("SELECT last_value FROM {}", qualified(&name, Dialect::Postgres))
        }
    };
    let found = Exec::from(scratch.engine()).fetch_optional(Statement::from(sql), |row| row.get::<i64>(0)).await;
    // A sequence of another name is a difference between the shapes.
    found.or(Ok(None))
}

/// The rows that point to nothing, which only SQLite can have.
pub(super) async fn dangling(scratch: &Scratch<'_>) -> Result<Vec<String>, Refutation> {
    if scratch.dialect() == Dialect::Postgres {
        return Ok(Vec::new());
    }
    let sql = "SELECT DISTINCT \"table\", parent FROM pragma_foreign_key_check()";
    let decode = |row: &RowRef<'_>| {
        Ok(format!("rows of {} point to no row of {}", row.get::<String>(0)?, row.get::<String>(1)?))
    };
    Exec::from(scratch.engine()).fetch_all(Statement::from(sql), decode).await.map_err(|error| scratch.failed(error))
}

/// The names of all columns of a table.
pub(super) fn column_names(table: &Table) -> Vec<String> {
    table.columns.iter().map(|column| column.sql_name.to_string()).collect()
}

/// Everything in the tables of a schema.
pub(super) async fn everything(
    scratch: &Scratch<'_>,
    schema: &Schema,
) -> Result<BTreeMap<QualifiedName, Rows>, Refutation> {
    let mut all = BTreeMap::new();
    for table in schema.tables.iter() {
        all.insert(table.sql_name.clone(), Rows::in_table(scratch, table, column_names(table)).await?);
    }
    Ok(all)
}
