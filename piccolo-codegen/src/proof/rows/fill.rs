//! Fills a scratch database with rows.

use std::collections::BTreeMap;

use piccolo_runtime::ddl::{create_schema, creation_order};
use piccolo_runtime::schema::{ForeignKey, Index, IndexKeyKind, QualifiedName, Schema, Table, naming};
use piccolo_runtime::sql::{Dialect, literal, qualified};
use piccolo_runtime::{Exec, Statement};

use super::Reach;
use super::insert::Insert;
use super::search::{Found, search};
use crate::plan::assume::Assumed;
use crate::proof::{Refutation, Scratch};

/// How many times rows are tried for a table that has none yet.
const ROUNDS: usize = 4;

/// How far keys have been counted up: rows with higher ones were deleted.
const COUNTED: i64 = 40;

/// A database to be created and filled.
#[derive(Clone, Copy)]
pub(in crate::proof) struct Filling<'a> {
    pub(in crate::proof) old: &'a Schema,
    pub(in crate::proof) new: &'a Schema,
    pub(in crate::proof) assumed: &'a BTreeMap<QualifiedName, Assumed>,
    pub(in crate::proof) reach: Reach,
}

/// Creates the old schema and fills it with rows.
pub(in crate::proof) async fn fill(scratch: &Scratch<'_>, filling: Filling<'_>) -> Result<(), Refutation> {
    let dialect = scratch.dialect();
    // A table comes after those that it will point to as well, so that its rows can.
    let wished = with_keys(filling);
    let order = creation_order(&wished.iter().collect::<Vec<_>>());
    let mut statements = create_schema(filling.old, dialect).map_err(|error| scratch.failed(error))?;
    // Keys that close a cycle are the last statements; on SQLite they are part of the tables.
    let closing = match dialect {
        Dialect::Postgres => {
            let own = creation_order(&filling.old.tables.iter().collect::<Vec<_>>()).deferred.len();
            statements.split_off(statements.len().saturating_sub(own))
        }
        Dialect::Sqlite => Vec::new(),
    };
    scratch.run(statements).await?;
    let nothing = Assumed::default();
    let inserts: Vec<Insert<'_>> = order
        .tables
        .iter()
        .filter_map(|wished| filling.old.table(&wished.sql_name))
        .map(|table| {
            let assumed = filling.assumed.get(&table.sql_name).unwrap_or(&nothing);
            let deferred =
                order.deferred.iter().filter(|(owner, _)| owner.sql_name == table.sql_name).map(|(_, key)| &key.name);
            let deferred: Vec<_> = deferred.collect();
            let is_later = |key: &&ForeignKey| deferred.contains(&&key.name) || key.target == table.sql_name;
            let later = table.foreign_keys.iter().chain(&assumed.keys).filter(is_later).collect();
            Insert { old: filling.old, new: filling.new, table, assumed, later, reach: filling.reach, dialect }
        })
        .collect();
    let guards: Vec<&(String, String)> = inserts.iter().flat_map(|insert| &insert.assumed.uniques).collect();
    for (create, _) in &guards {
        scratch.run(vec![create.clone()]).await?;
    }
    let suspended = dialect == Dialect::Sqlite
        && inserts.iter().any(|insert| insert.later.iter().any(|key| !insert.takes_null(key)));
    if suspended {
        pragma(scratch, "PRAGMA foreign_keys = OFF").await?;
    }
    let filled = rows(scratch, &inserts).await;
    if suspended {
        pragma(scratch, "PRAGMA foreign_keys = ON").await?;
    }
    filled?;
    for (_, drop) in &guards {
        scratch.run(vec![drop.clone()]).await?;
    }
    for statement in closing {
        scratch.run(vec![statement]).await?;
    }
    count_up(scratch, filling.old).await
}

/// The tables with the keys that they will have.
fn with_keys(filling: Filling<'_>) -> Vec<Table> {
    let mut tables = filling.old.tables.to_vec();
    for table in &mut tables {
        if let Some(assumed) = filling.assumed.get(&table.sql_name) {
            table.foreign_keys.to_mut().extend(assumed.keys.iter().cloned());
        }
    }
    tables
}

async fn rows(scratch: &Scratch<'_>, inserts: &[Insert<'_>]) -> Result<(), Refutation> {
    // All at once, which nearly always works.
    let all: Vec<String> = inserts.iter().flat_map(|insert| insert.statements(0, false, &Found::default())).collect();
    if !attempt(scratch, all).await {
        for insert in inserts {
            for statement in insert.statements(0, false, &Found::default()) {
                if !attempt(scratch, vec![statement]).await {
                    each(scratch, insert, 0).await;
                }
            }
        }
    }
    // Again for those that checks and the like left empty, which leaves those empty that point to them.
    let mut empty: Vec<&Insert<'_>> = inserts.iter().filter(|insert| is_choosy(insert)).collect();
    for round in 1..=ROUNDS {
        let mut left = Vec::new();
        for insert in empty {
            if is_empty(scratch, insert.table).await? {
                each(scratch, insert, round).await;
                left.push(insert);
            }
        }
        if left.is_empty() {
            break;
        }
        empty = left;
    }
    let mut cleared = false;
    for insert in inserts {
        let stays_null = |key: &&&ForeignKey| key.columns.iter().any(|column| insert.assumed.empty.contains(column));
        for key in insert.later.iter().filter(|key| !stays_null(key)) {
            let pointed = attempt(scratch, vec![insert.point(key)]).await;
            if !pointed || !insert.takes_null(key) {
                attempt(scratch, vec![insert.clear(key)]).await;
                cleared = true;
            }
        }
    }
    // What is gone may have been pointed to, from one table after the other.
    for _ in inserts.iter().filter(|_| cleared) {
        for (insert, key) in inserts.iter().flat_map(|insert| insert.later.iter().map(move |key| (insert, key))) {
            attempt(scratch, vec![insert.clear(key)]).await;
        }
    }
    // Nothing in the database holds up the keys that only the migration brings.
    for _ in 0..2 {
        for (insert, key) in inserts.iter().flat_map(|insert| insert.assumed.keys.iter().map(move |key| (insert, key)))
        {
            attempt(scratch, vec![insert.clear(key)]).await;
        }
    }
    Ok(())
}

/// Whether rows of the table may be refused.
fn is_choosy(insert: &Insert<'_>) -> bool {
    let assumed = insert.assumed;
    !insert.table.checks.is_empty()
        || !insert.table.foreign_keys.is_empty()
        || !assumed.conditions.is_empty()
        || !assumed.keys.is_empty()
        || insert.table.indexes.iter().any(computes)
}

/// Whether the index computes something, which may fail for a row.
fn computes(index: &Index) -> bool {
    index.predicate.is_some() || index.keys.iter().any(|key| matches!(key.kind, IndexKeyKind::Sql(_)))
}

/// Tries the candidates of a round, in later ones with values that are known to be allowed: all in one statement, which leaves out what is
/// refused, or one by one where it fails for one of them.
async fn each(scratch: &Scratch<'_>, insert: &Insert<'_>, round: usize) {
    let found = match insert.pools(round) {
        Some(pools) if round > 0 => search(scratch, insert, &pools).await,
        Some(_) | None => Found::default(),
    };
    if round == 0 || !attempt(scratch, insert.statements(round, false, &found)).await {
        for statement in insert.statements(round, true, &found) {
            attempt(scratch, vec![statement]).await;
        }
    }
}

/// Whether the statements ran. Which rows a schema refuses is what is found out.
async fn attempt(scratch: &Scratch<'_>, statements: Vec<String>) -> bool {
    Exec::from(scratch.engine()).execute_batch(&statements).await.is_ok()
}

/// Whether the table has no row.
pub(in crate::proof) async fn is_empty(scratch: &Scratch<'_>, table: &Table) -> Result<bool, Refutation> {
    let sql = format!("SELECT 1 FROM {} LIMIT 1", qualified(&table.sql_name, scratch.dialect()));
    let found = Exec::from(scratch.engine()).fetch_optional(Statement::from(sql), |_| Ok(())).await;
    found.map(|row| row.is_none()).map_err(|error| scratch.failed(error))
}

async fn pragma(scratch: &Scratch<'_>, sql: &'static str) -> Result<(), Refutation> {
    // A database in memory has one connection, which this is.
    let connection = scratch.engine().dedicated().await.map_err(|error| scratch.failed(error))?;
    connection.run_script(sql).await.map_err(|error| scratch.failed(error))
}

/// Counts keys up beyond those that the rows have.
async fn count_up(scratch: &Scratch<'_>, schema: &Schema) -> Result<(), Refutation> {
    let serial = schema
        .tables
        .iter()
        .filter_map(|table| Some((table, table.columns.iter().find(|column| column.ty.is_serial())?)));
    let statements: Vec<String> = match scratch.dialect() {
        Dialect::Sqlite => vec![format!("UPDATE sqlite_sequence SET seq = {COUNTED}")],
        Dialect::Postgres => serial
            .map(|(table, column)| {
                let name = naming::sequence(&table.sql_name.name, &column.sql_name);
                let name = QualifiedName { schema: table.sql_name.schema.clone(), name: name.into() };
                format!("SELECT setval({}, {COUNTED})", literal(&qualified(&name, Dialect::Postgres)))
            })
            .collect(),
    };
    let counts = schema.tables.iter().any(|table| table.columns.iter().any(|column| column.ty.is_serial()));
    if counts { scratch.run(statements).await } else { Ok(()) }
}
