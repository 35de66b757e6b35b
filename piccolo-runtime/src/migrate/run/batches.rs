//! A step that runs in batches: a statement that is run again and again, each time for the next so many rows.
//!
//! The cursor is the last value of the column that is done. It is kept in the journal, in the transaction of the batch that it belongs
//! to, as the literal that the database itself writes for it. The walk ends at the greatest value that there was at its beginning, so
//! that an application which adds rows cannot keep it going for ever.

use crate::ask::first;
use crate::migrate::file::{Batches, Statement, Step};
use crate::migrate::journal;
use crate::migrate::pending::Direction;
use crate::sql::{Dialect, literal};
use crate::{Exec, Result};

/// Where a walk over a table stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Walk {
    /// The last value that is done.
    pub(super) cursor: Option<String>,
    /// The value at which the walk ends.
    pub(super) end: String,
    /// How many rows are done.
    pub(super) rows: i64,
}

/// One batch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Batch {
    first: String,
    /// Its last value, where the next batch begins.
    pub(super) last: String,
    /// How many rows it has.
    pub(super) rows: i64,
}

impl Walk {
    /// A walk over all rows that there are now; `None` where there are none.
    pub(super) async fn begin(exec: Exec<'_>, batches: &Batches) -> Result<Option<Self>> {
        let end = first(exec, greatest(batches, exec.dialect()), |row| row.get::<String>(0)).await?;
        Ok(end.map(|end| Self { cursor: None, end, rows: 0 }))
    }

    /// The walk of a step that has begun, out of the journal.
    pub(super) async fn resume(exec: Exec<'_>, id: &str, direction: Direction, step: &Step) -> Result<Option<Self>> {
        let query = journal::batches(id, direction, step.number);
        let row = first(exec, query, |row| {
            let (cursor, end): (Option<String>, Option<String>) = (row.get(0)?, row.get(1)?);
            let rows = row.get::<Option<i64>>(2)?.unwrap_or_default();
            Ok(end.map(|end| Self { cursor, end, rows }))
        });
        Ok(row.await?.flatten())
    }

    /// The next batch; `None` at the end.
    pub(super) async fn next(&self, exec: Exec<'_>, batches: &Batches) -> Result<Option<Batch>> {
        let batch = first(exec, next(batches, self, exec.dialect()), |row| {
            let bounds = row.get::<Option<String>>(0)?.zip(row.get::<Option<String>>(1)?);
            let rows = row.get::<i64>(2)?;
            Ok(bounds.map(|(first, last)| Batch { first, last, rows }))
        });
        Ok(batch.await?.flatten())
    }
}

impl Batch {
    /// What runs for this batch.
    pub(super) fn sql(&self, statement: &Statement, dialect: Dialect) -> String {
        statement.between(&self.first, &self.last, dialect)
    }

    /// Whether no batch can come after it.
    pub(super) fn is_last(&self, batches: &Batches) -> bool {
        self.rows < i64::from(batches.size)
    }
}

/// The query for an estimate of the rows, where there is one that does not read them all.
pub(super) fn estimate(batches: &Batches, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("SELECT count(*) FROM {}", batches.table),
        Dialect::Postgres => {
            let table = literal(&batches.table);
            format!("SELECT reltuples::bigint FROM pg_class WHERE oid = to_regclass({table}) AND reltuples > 0")
        }
    }
}

/// What a run that is shown and not done writes in place of all batches: one block that does the same.
pub(super) fn script(batches: &Batches, statement: &Statement, walk: Option<&Walk>, dialect: Dialect) -> String {
    let Batches { size, table, column } = batches;
    let end = walk.map_or_else(|| format!("(SELECT max({column}) FROM {table})"), |walk| walk.end.clone());
    let after = walk.and_then(|walk| walk.cursor.as_ref());
    let from = after.map(|cursor| format!(" AND {column} > {cursor}")).unwrap_or_default();
    match dialect {
        // SQLite has one writer at a time, and its shell no loops.
        Dialect::Sqlite => {
            let begin = format!("(SELECT min({column}) FROM {table} WHERE {column} <= {end}{from})");
            statement.between(&begin, &end, dialect)
        }
        Dialect::Postgres => {
            let statement = statement.between("piccolo_first", "piccolo_last", dialect);
            let end = walk.map_or_else(
                || format!("(SELECT {column} FROM {table} WHERE {column} IS NOT NULL ORDER BY {column} DESC LIMIT 1)"),
                |walk| walk.end.clone(),
            );
            let cursor = after.map_or("NULL", String::as_str);
            format!(
                "DO $piccolo$\nDECLARE\n    piccolo_first {table}.{column}%TYPE;\n    piccolo_last {table}.{column}%TYPE := {cursor};\n    \
                 piccolo_end {table}.{column}%TYPE := {end};\nBEGIN\n    LOOP\n        \
                 SELECT (array_agg(k ORDER BY k))[1], (array_agg(k ORDER BY k DESC))[1] INTO piccolo_first, piccolo_last\n            \
                 FROM (SELECT {column} AS k FROM {table} WHERE {column} <= piccolo_end AND (piccolo_last IS NULL OR {column} > piccolo_last)\n                  \
                 ORDER BY {column} LIMIT {size}) piccolo_batch;\n        EXIT WHEN piccolo_last IS NULL;\n        {statement};\n        COMMIT;\n    \
                 END LOOP;\nEND\n$piccolo$"
            )
        }
    }
}

/// The query for the greatest value, as a literal.
fn greatest(Batches { table, column, .. }: &Batches, dialect: Dialect) -> String {
    let literal = as_literal("k", dialect);
    format!(
        "SELECT {literal} FROM (SELECT {column} AS k FROM {table} WHERE {column} IS NOT NULL ORDER BY {column} DESC LIMIT 1) b"
    )
}

/// The query for the bounds of the next batch, as literals, and the number of its rows.
fn next(Batches { size, table, column }: &Batches, walk: &Walk, dialect: Dialect) -> String {
    let literal = as_literal("k", dialect);
    let from = walk.cursor.as_ref().map(|cursor| format!(" AND {column} > {cursor}")).unwrap_or_default();
    let end = &walk.end;
    format!(
        "WITH b AS (SELECT {column} AS k FROM {table} WHERE {column} <= {end}{from} ORDER BY {column} LIMIT {size}) \
         SELECT (SELECT {literal} FROM b ORDER BY k LIMIT 1), (SELECT {literal} FROM b ORDER BY k DESC LIMIT 1), (SELECT count(*) FROM b)"
    )
}

/// The expression for a value as a literal of the engine.
fn as_literal(value: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("quote({value})"),
        Dialect::Postgres => format!("quote_literal({value}::text)"),
    }
}
