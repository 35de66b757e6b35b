//! Fills a scratch database with rows.

use std::collections::BTreeMap;

use piccolo_runtime::ddl::{create_schema, creation_order, foreign_key_clause};
use piccolo_runtime::schema::{ForeignKey, Index, IndexKeyKind, QualifiedName, Schema, Table, naming};
use piccolo_runtime::sql::{Dialect, literal, qualified};

use super::Reach;
use super::insert::Insert;
use super::line::Line;
use super::search::{Found, search};
use crate::plan::assume::Assumed;
use crate::proof::contents::dangling;
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
    // Where keys form a ring, rows could not go one after the other that point to each other: keys come last. SQLite suspends them.
    let in_ring = !creation_order(&filling.old.tables.iter().collect::<Vec<_>>()).deferred.is_empty();
    let keys_last = dialect == Dialect::Postgres && in_ring;
    let mut created = filling.old.clone();
    let mut closing = Vec::new();
    for table in created.tables.to_mut().iter_mut().filter(|_| keys_last) {
        let name = qualified(&table.sql_name, dialect);
        let keys = std::mem::take(table.foreign_keys.to_mut());
        closing.extend(keys.iter().map(|key| format!("ALTER TABLE {name} ADD {}", foreign_key_clause(key, dialect))));
    }
    scratch.run(create_schema(&created, dialect).map_err(|error| scratch.failed(error))?).await?;
    let nothing = Assumed::default();
    let mut inserts: Vec<Insert<'_>> = Vec::with_capacity(order.tables.len());
    for table in order.tables.iter().filter_map(|wished| filling.old.table(&wished.sql_name)) {
        let assumed = filling.assumed.get(&table.sql_name).unwrap_or(&nothing);
        let deferred =
            order.deferred.iter().filter(|(owner, _)| owner.sql_name == table.sql_name).map(|(_, key)| &key.name);
        let deferred: Vec<_> = deferred.collect();
        let is_later = |key: &&ForeignKey| deferred.contains(&&key.name) || key.target == table.sql_name;
        let later = table.foreign_keys.iter().chain(&assumed.keys).filter(is_later).collect();
        let compares = scratch.run(Insert::comparisons(table, assumed, dialect)).await.is_ok();
        let Filling { old, new, reach, .. } = filling;
        inserts.push(Insert { old, new, table, assumed, compares, later, reach, dialect });
    }
    let guards: Vec<&(String, String)> = inserts.iter().flat_map(|insert| &insert.assumed.uniques).collect();
    for (create, _) in &guards {
        scratch.run(vec![create.clone()]).await?;
    }
    let line = Line::open(scratch, keys_last).await?;
    let filled = rows(&line, &inserts).await;
    line.close().await?;
    filled?;
    let lines = dangling(scratch).await?;
    if !lines.is_empty() {
        return Err(scratch.failed(format_args!("the rows for the proof are wrong: {}", lines.join(", "))));
    }
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

async fn rows(line: &Line<'_>, inserts: &[Insert<'_>]) -> Result<(), Refutation> {
    // All at once, which nearly always works.
    let all: Vec<String> = inserts.iter().flat_map(|insert| insert.statements(0, false, &Found::default())).collect();
    if line.attempt(all).await {
        for insert in inserts {
            settle(line, insert).await;
        }
    } else {
        for insert in inserts {
            first(line, insert).await;
        }
    }
    // Again for those that checks and the like left empty, which leaves those empty that point to them.
    let mut empty: Vec<&Insert<'_>> = inserts.iter().filter(|insert| is_choosy(insert)).collect();
    for round in 1..=ROUNDS {
        let mut left = Vec::new();
        for insert in empty {
            if line.is_empty(insert.table).await? {
                each(line, insert, round).await;
                left.push(insert);
            }
        }
        if left.is_empty() {
            break;
        }
        empty = left;
    }
    point(line, inserts).await;
    if tidy(line, inserts).await? {
        // Where one row after the other had to go there may be others, now that the keys point to what stays.
        for insert in inserts {
            if line.is_empty(insert.table).await? {
                first(line, insert).await;
            }
        }
        point(line, inserts).await;
        tidy(line, inserts).await?;
    }
    Ok(())
}

/// Tries the first candidates of a table.
async fn first(line: &Line<'_>, insert: &Insert<'_>) {
    for statement in insert.statements(0, false, &Found::default()) {
        if !line.attempt(vec![statement]).await {
            each(line, insert, 0).await;
        }
    }
    settle(line, insert).await;
}

/// Removes rows that have to point to one of their own table, and do not: they would be let point to whatever there is, which conditions may
/// not allow.
async fn settle(line: &Line<'_>, insert: &Insert<'_>) {
    for key in insert.later.iter().filter(|key| key.target == insert.table.sql_name && !insert.takes_null(key)) {
        while line.changed(insert.clear(key)).await > 0 {}
    }
}

/// Lets rows point to those that came later.
async fn point(line: &Line<'_>, inserts: &[Insert<'_>]) {
    for insert in inserts {
        for key in insert.later.iter().filter(|key| !insert.stays_null(key)) {
            line.attempt(vec![insert.point(key)]).await;
        }
    }
}

/// Sees to it that no row points to nothing: where the key was null before, it is again, and other rows go. What is gone may have been pointed
/// to, so that goes on from one table to the next. Tells whether a row went.
async fn tidy(line: &Line<'_>, inserts: &[Insert<'_>]) -> Result<bool, Refutation> {
    let mut removed = false;
    loop {
        let loose = line.loose_tables().await?;
        let mut went = 0;
        for insert in inserts {
            let is_loose = loose.as_ref().is_none_or(|loose| loose.contains(insert.table.sql_name.name.as_ref()));
            let own = insert.table.foreign_keys.iter().filter(|key| is_loose || insert.is_later(key));
            // Nothing in the database holds up the keys that only the migration brings.
            for key in own.chain(&insert.assumed.keys) {
                if insert.is_later(key) && insert.takes_null(key) && !insert.stays_null(key) {
                    for statement in insert.let_go(key) {
                        line.attempt(vec![statement]).await;
                    }
                }
                went += line.changed(insert.clear(key)).await;
            }
            // What a row points to may decide what becomes of it, and a row of another table that it counts on may be gone.
            for condition in insert.unmet() {
                went += line.changed(condition).await;
            }
        }
        if went == 0 {
            return Ok(removed);
        }
        removed = true;
    }
}

/// Whether rows of the table may be refused.
fn is_choosy(insert: &Insert<'_>) -> bool {
    let assumed = insert.assumed;
    !insert.table.checks.is_empty()
        || !insert.table.foreign_keys.is_empty()
        || !assumed.conditions.is_empty()
        || !assumed.keys.is_empty()
        || !assumed.apart.is_empty()
        || insert.table.indexes.iter().any(computes)
}

/// Whether the index computes something, which may fail for a row.
fn computes(index: &Index) -> bool {
    index.predicate.is_some() || index.keys.iter().any(|key| matches!(key.kind, IndexKeyKind::Sql(_)))
}

/// Tries the candidates of a round, in later ones with values that are known to be allowed: all in one statement, which leaves out what is
/// refused, or one by one where it fails for one of them.
async fn each(line: &Line<'_>, insert: &Insert<'_>, round: usize) {
    let found = match insert.pools(round) {
        Some(pools) if round > 0 => search(line, insert, &pools).await,
        Some(_) | None => Found::default(),
    };
    if round == 0 || !line.attempt(insert.statements(round, false, &found)).await {
        for statement in insert.statements(round, true, &found) {
            line.attempt(vec![statement]).await;
        }
    }
    settle(line, insert).await;
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
