//! The journal: two tables in the migrated database itself, and every statement that touches them.
//!
//! `piccolo_migration` has a row for each migration that is completely applied, `piccolo_migration_step` one for each step that ran. A
//! step's row is written in the step's own transaction, so the journal never claims more than happened. The statements are whole
//! texts rather than texts with parameters, so that a preview shows exactly what runs.

use std::borrow::Cow;

use super::file::{Checksum, Step};
use super::history::Entry;
use super::pending::Direction;
use crate::ddl;
use crate::schema::{Column, ColumnType, Default, PrimaryKey, QualifiedName, Schema, Table, Text};
use crate::sql::{Dialect, literal};

/// The table with a row for each applied migration.
pub const MIGRATION_TABLE: &str = "piccolo_migration";

/// The table with a row for each step that ran.
pub const STEP_TABLE: &str = "piccolo_migration_step";

/// The statements that create the journal where it does not exist.
pub(crate) fn create(dialect: Dialect) -> Result<Vec<String>, ddl::Unsupported> {
    let mut statements = Vec::new();
    for table in [migration_table(), step_table()] {
        statements.extend(ddl::create_table_if_not_exists(&table, &Schema::EMPTY, dialect)?);
    }
    Ok(statements)
}

/// The query that tells whether the journal exists: one row, or none.
pub(crate) fn exists(dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => {
            format!("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = {}", literal(STEP_TABLE))
        }
        Dialect::Postgres => format!("SELECT 1 WHERE to_regclass({}) IS NOT NULL", literal(STEP_TABLE)),
    }
}

/// The query for all migrations: id, checksum, when it was applied, whether it was faked.
pub(crate) fn migrations(dialect: Dialect) -> String {
    let applied_at = match dialect {
        Dialect::Sqlite => "substr(applied_at, 1, 19)",
        Dialect::Postgres => "to_char(applied_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')",
    };
    format!("SELECT id, checksum, {applied_at}, faked FROM {MIGRATION_TABLE} ORDER BY applied_at, id")
}

/// The query for the ids of all migrations that are applied.
pub(crate) fn applied() -> String {
    format!("SELECT id FROM {MIGRATION_TABLE}")
}

/// The query for all steps: migration, direction, number, checksum, statements, whether it is done, whether it runs in batches.
pub(crate) fn steps() -> String {
    format!(
        "SELECT migration, direction, number, checksum, sql, done, batch_end IS NOT NULL FROM {STEP_TABLE} ORDER BY migration, direction, number"
    )
}

/// The query for one migration's progress in one direction: whether it is recorded as applied (0 or 1), how many steps are done, and
/// how many are begun but not done (0 or 1).
pub(crate) fn progress(id: &str, direction: Direction) -> String {
    let (id, direction) = (literal(id), literal(word(direction)));
    let steps = format!("SELECT count(*) FROM {STEP_TABLE} WHERE migration = {id} AND direction = {direction}");
    format!(
        "SELECT (SELECT count(*) FROM {MIGRATION_TABLE} WHERE id = {id}), ({steps} AND done), ({steps} AND NOT done)"
    )
}

/// Records a step as done, or as begun.
pub(crate) fn record_step(id: &str, direction: Direction, step: &Step, done: bool) -> String {
    format!(
        "INSERT INTO {STEP_TABLE} (migration, direction, number, checksum, sql, done) VALUES ({}, {}, {}, {}, {}, {done})",
        literal(id),
        literal(word(direction)),
        step.number,
        checksum(step.checksum()),
        literal(&step.recorded_sql()),
    )
}

/// Records that a step which was begun is done.
pub(crate) fn finish_step(id: &str, direction: Direction, number: u32) -> String {
    format!("UPDATE {STEP_TABLE} SET done = true{}", this_step(id, direction, number))
}

/// Records that a step in batches begins, which ends at this key. Keys are literals, as the database wrote them.
pub(crate) fn begin_batches(id: &str, direction: Direction, step: &Step, end: &str) -> String {
    format!(
        "INSERT INTO {STEP_TABLE} (migration, direction, number, checksum, sql, done, batch_end, batch_rows) VALUES ({}, {}, {}, {}, {}, false, {}, 0)",
        literal(id),
        literal(word(direction)),
        step.number,
        checksum(step.checksum()),
        literal(&step.recorded_sql()),
        literal(end),
    )
}

/// The query for how far a step in batches has come: the last key that is done, the one at which it ends, the number of rows.
pub(crate) fn batches(id: &str, direction: Direction, number: u32) -> String {
    format!("SELECT batch_cursor, batch_end, batch_rows FROM {STEP_TABLE}{}", this_step(id, direction, number))
}

/// Records that a batch is done: the last key in it, the number of rows so far, whether it was the last one.
pub(crate) fn record_batch(id: &str, direction: Direction, number: u32, last: &str, rows: i64, done: bool) -> String {
    format!(
        "UPDATE {STEP_TABLE} SET batch_cursor = {}, batch_rows = {rows}, done = {done}{}",
        literal(last),
        this_step(id, direction, number)
    )
}

/// Takes back that a step was begun.
pub(crate) fn forget_step(id: &str, direction: Direction, number: u32) -> String {
    format!("DELETE FROM {STEP_TABLE}{}", this_step(id, direction, number))
}

/// Records a migration as applied.
pub(crate) fn record_migration(entry: &Entry, faked: bool) -> String {
    format!(
        "INSERT INTO {MIGRATION_TABLE} (id, checksum, faked) VALUES ({}, {}, {faked})",
        literal(&entry.id),
        checksum(entry.up.checksum()),
    )
}

/// Takes over the checksum of a migration that was edited after it had been applied.
pub(crate) fn take_over(entry: &Entry) -> String {
    format!(
        "UPDATE {MIGRATION_TABLE} SET checksum = {} WHERE id = {}",
        checksum(entry.up.checksum()),
        literal(&entry.id)
    )
}

/// Takes a migration and its steps out of the journal.
pub(crate) fn forget_migration(id: &str) -> [String; 2] {
    [
        format!("DELETE FROM {STEP_TABLE} WHERE migration = {}", literal(id)),
        format!("DELETE FROM {MIGRATION_TABLE} WHERE id = {}", literal(id)),
    ]
}

/// Records the shape of the database after a migration. What a run kept there for the case that it does not come to its end is settled by that.
pub(crate) fn record_shape(id: &str, shape: &str) -> String {
    let id = literal(id);
    format!(
        "UPDATE {MIGRATION_TABLE} SET shape = CASE WHEN id = {id} THEN {} END WHERE id = {id} OR {}",
        literal(shape),
        is_of_run()
    )
}

/// The word with which the record of a run that has not come to its end begins, in the place of a shape.
pub(crate) const RUN: &str = "run";

fn is_of_run() -> String {
    format!("shape LIKE {}", literal(&format!("{RUN} %")))
}

/// Keeps the record of a run that begins. It stands with the migration that a run backwards undoes last, so that it is there as long as any is applied.
pub(crate) fn record_run(record: &str) -> String {
    format!(
        "UPDATE {MIGRATION_TABLE} SET shape = {} WHERE id = (SELECT min(id) FROM {MIGRATION_TABLE})",
        literal(record)
    )
}

/// The query for the record of a run that did not come to its end.
pub(crate) fn run_record() -> String {
    format!("SELECT max(shape) FROM {MIGRATION_TABLE} WHERE {}", is_of_run())
}

/// The query for the shape that was recorded with a migration.
pub(crate) fn shape(id: &str) -> String {
    format!("SELECT shape FROM {MIGRATION_TABLE} WHERE id = {} AND NOT {}", literal(id), is_of_run())
}

/// Takes away the shape that was recorded with a migration.
pub(crate) fn forget_shape(id: &str) -> String {
    format!("UPDATE {MIGRATION_TABLE} SET shape = NULL WHERE id = {}", literal(id))
}

/// How the journal writes a direction.
pub(crate) fn word(direction: Direction) -> &'static str {
    match direction {
        Direction::Forwards => "up",
        Direction::Backwards => "down",
    }
}

fn this_step(id: &str, direction: Direction, number: u32) -> String {
    format!(" WHERE migration = {} AND direction = {} AND number = {number}", literal(id), literal(word(direction)))
}

fn checksum(checksum: Checksum) -> String {
    literal(&checksum.to_string())
}

/// The journal's first table, in the words of the model, so that the one DDL writer writes it.
fn migration_table() -> Table {
    let columns = vec![
        column("id", ColumnType::Text, false, None),
        column("checksum", ColumnType::Text, false, None),
        column("applied_at", ColumnType::Timestamptz, false, Some(Default::Now)),
        column("faked", ColumnType::Boolean, false, Some(Default::Boolean(false))),
        column("shape", ColumnType::Text, true, None),
    ];
    table(MIGRATION_TABLE, columns, vec!["id".into()])
}

/// The journal's second table.
fn step_table() -> Table {
    let columns = vec![
        column("migration", ColumnType::Text, false, None),
        column("direction", ColumnType::Text, false, None),
        column("number", ColumnType::Integer, false, None),
        column("checksum", ColumnType::Text, false, None),
        column("sql", ColumnType::Text, false, None),
        column("done", ColumnType::Boolean, false, None),
        column("ran_at", ColumnType::Timestamptz, false, Some(Default::Now)),
        column("batch_cursor", ColumnType::Text, true, None),
        column("batch_end", ColumnType::Text, true, None),
        column("batch_rows", ColumnType::BigInt, true, None),
    ];
    table(STEP_TABLE, columns, vec!["migration".into(), "direction".into(), "number".into()])
}

fn column(name: &'static str, ty: ColumnType, null: bool, default: Option<Default>) -> Column {
    Column {
        name: name.into(),
        sql_name: name.into(),
        doc: "".into(),
        ty,
        null,
        default,
        secret: false,
        collation: None,
    }
}

fn table(name: &'static str, columns: Vec<Column>, key: Vec<Text>) -> Table {
    Table {
        name: name.into(),
        sql_name: QualifiedName::plain(name),
        doc: "".into(),
        columns: columns.into(),
        primary_key: PrimaryKey { name: format!("{name}_pkey").into(), columns: key.into() },
        uniques: Cow::Borrowed(&[]),
        checks: Cow::Borrowed(&[]),
        indexes: Cow::Borrowed(&[]),
        foreign_keys: Cow::Borrowed(&[]),
    }
}
