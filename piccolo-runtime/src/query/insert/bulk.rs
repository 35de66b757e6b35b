//! Writing a group of rows the fastest way the engine has: arrays on Postgres, one prepared statement for each row on SQLite.

use std::collections::HashSet;

use super::plan::Group;
use crate::query::render::{Renderer, key_positions};
use crate::query::run::Runner;
use crate::query::tree::{Conflict, Insert, Item};
use crate::sql::Dialect;
use crate::{Result, RowRef, Value};

/// Writes a group and gives what the decoder reads of each row, with the place that the row had. The columns of the key stand at `key_at`.
pub(super) async fn write_group<T: Send + 'static>(
    runner: Runner<'_>,
    group: Group,
    items: &[Item],
    key_at: usize,
    decode: impl Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
) -> Result<Vec<(usize, T)>> {
    let Group { mut insert, indexes } = group;
    insert.returning = items.to_vec();
    let dialect = runner.dialect();
    let one_by_one = insert.columns.is_empty() || dialect == Dialect::Sqlite || repeats_target(&insert);
    if insert.rows.len() > 1 && !one_by_one {
        return write_arrays(runner, &insert, indexes, key_at, decode).await;
    }
    let rows = std::mem::take(&mut insert.rows);
    insert.rows = rows.first().cloned().into_iter().collect();
    let mut renderer = Renderer::new(dialect);
    renderer.insert(&insert)?;
    let statement = renderer.finish();
    let written = if rows.len() == 1 {
        runner.fetch_all(statement, decode).await?
    } else {
        // What a conflict clause brings besides the row's own values is the same for each row.
        let own = insert.columns.len();
        let rest = statement.args.get(own..).unwrap_or_default();
        let rows = rows.into_iter().map(|row| row.into_iter().chain(rest.iter().cloned()).collect()).collect();
        runner.fetch_each(statement.sql, rows, decode).await?
    };
    Ok(indexes.into_iter().zip(written).collect())
}

/// Writes a group as arrays. Postgres does not promise the order in which rows are given back, so the keys put them in order.
async fn write_arrays<T: Send + 'static>(
    runner: Runner<'_>,
    insert: &Insert,
    indexes: Vec<usize>,
    key_at: usize,
    decode: impl Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
) -> Result<Vec<(usize, T)>> {
    let keys = key_positions(insert.table);
    let types: Vec<_> = keys
        .iter()
        .filter_map(|position| insert.table.table().columns.get(usize::from(*position)))
        .map(|column| column.ty.referenced())
        .collect();
    let mut renderer = Renderer::new(Dialect::Postgres);
    renderer.insert_arrays(insert)?;
    let written = runner
        .fetch_all(renderer.finish(), move |row| {
            let key: Vec<Value> =
                types.iter().zip(key_at..).map(|(ty, index)| row.value(index, ty)).collect::<Result<_>>()?;
            Ok((key, decode(row)?))
        })
        .await?;
    Ok(in_order(insert, &keys, indexes, written))
}

/// Puts rows that came back into the order in which they went.
fn in_order<T>(
    insert: &Insert,
    keys: &[u16],
    indexes: Vec<usize>,
    mut written: Vec<(Vec<Value>, T)>,
) -> Vec<(usize, T)> {
    if keys.iter().all(|key| insert.columns.contains(key)) {
        // The keys were ours, so each row that came back is known by its key.
        let places: Vec<usize> =
            keys.iter().filter_map(|key| insert.columns.iter().position(|column| column == key)).collect();
        let known: std::collections::HashMap<String, usize> = insert
            .rows
            .iter()
            .zip(indexes)
            .map(|(row, index)| (text_of(places.iter().filter_map(|place| row.get(*place))), index))
            .collect();
        let mut placed: Vec<(usize, T)> = written
            .into_iter()
            .map(|(key, value)| (known.get(&text_of(&key)).copied().unwrap_or(usize::MAX), value))
            .collect();
        placed.sort_by_key(|(index, _)| *index);
        return placed;
    }
    // The database counted the keys up in the order in which the rows went in.
    written.sort_by_key(|(key, _)| match key.as_slice() {
        [Value::Integer(number)] => Some(i64::from(*number)),
        [Value::BigInt(number)] => Some(*number),
        _ => None,
    });
    indexes.into_iter().zip(written.into_iter().map(|(_, value)| value)).collect()
}

/// Values as a text that tells different ones apart.
fn text_of<'v>(values: impl IntoIterator<Item = &'v Value>) -> String {
    values.into_iter().map(|value| format!("{value:?}\n")).collect()
}

/// Whether an upsert has rows that meet each other: one statement cannot change a row twice on Postgres, one after the other can.
fn repeats_target(insert: &Insert) -> bool {
    let Some(Conflict::Update { target, .. }) = &insert.conflict else { return false };
    let places: Vec<usize> =
        target.iter().filter_map(|column| insert.columns.iter().position(|candidate| candidate == column)).collect();
    let mut seen = HashSet::new();
    insert.rows.iter().any(|row| !seen.insert(text_of(places.iter().filter_map(|place| row.get(*place)))))
}
