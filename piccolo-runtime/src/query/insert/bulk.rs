//! Writing a group of rows the fastest way the engine has: arrays on Postgres, one prepared statement for each row on SQLite.

use std::collections::HashSet;

use super::plan::Group;
use crate::query::render::{Renderer, key_positions};
use crate::query::run::Runner;
use crate::query::tree::{Conflict, Expr, Insert, Item};
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
    let one_by_one = insert.columns.is_empty() || dialect == Dialect::Sqlite || meets_itself(&insert);
    if insert.rows.len() > 1 && !one_by_one {
        return write_arrays(runner, insert, indexes, key_at, decode).await;
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

/// Writes the rows of a group one after the other, each in a statement of its own, so that it is known which of them gave nothing back.
pub(super) async fn write_alone<T: Send + 'static>(
    runner: Runner<'_>,
    group: Group,
    items: &[Item],
    decode: impl Fn(&RowRef<'_>) -> Result<T> + Clone + Send + Sync + 'static,
) -> Result<Vec<(usize, T)>> {
    let Group { mut insert, indexes } = group;
    insert.returning = items.to_vec();
    let mut placed = Vec::with_capacity(indexes.len());
    for (index, row) in indexes.into_iter().zip(std::mem::take(&mut insert.rows)) {
        insert.rows = vec![row];
        let mut renderer = Renderer::new(runner.dialect());
        renderer.insert(&insert)?;
        let written = runner.fetch_all(renderer.finish(), decode.clone()).await?;
        placed.extend(written.into_iter().map(|value| (index, value)));
    }
    Ok(placed)
}

/// Writes a group as arrays. Postgres does not promise the order in which rows are given back, so they are put in order by what they are known
/// by: the columns of the conflict, or the key.
async fn write_arrays<T: Send + 'static>(
    runner: Runner<'_>,
    mut insert: Insert,
    indexes: Vec<usize>,
    key_at: usize,
    decode: impl Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
) -> Result<Vec<(usize, T)>> {
    let keys = key_positions(insert.table);
    let (known_by, first) = match &insert.conflict {
        // The row that was there has a key of its own.
        Some(Conflict::Update { target, .. }) => (target.clone(), insert.returning.len()),
        Some(Conflict::Nothing { .. }) | None => (keys, key_at),
    };
    if first == insert.returning.len() {
        insert.returning.extend(known_by.iter().map(|column| super::key_item(insert.table, *column)));
    }
    let types: Vec<_> = known_by
        .iter()
        .filter_map(|position| insert.table.table().columns.get(usize::from(*position)))
        .map(|column| column.ty.referenced())
        .collect();
    let mut renderer = Renderer::new(Dialect::Postgres);
    renderer.insert_arrays(&insert)?;
    let written = runner
        .fetch_all(renderer.finish(), move |row| {
            let key: Vec<Value> =
                types.iter().zip(first..).map(|(ty, index)| row.value(index, ty)).collect::<Result<_>>()?;
            Ok((key, decode(row)?))
        })
        .await?;
    Ok(in_order(&insert, &known_by, indexes, written))
}

/// Puts rows that came back, with the values of the columns that they are known by, into the order in which they went.
fn in_order<T>(
    insert: &Insert,
    known_by: &[u16],
    indexes: Vec<usize>,
    mut written: Vec<(Vec<Value>, T)>,
) -> Vec<(usize, T)> {
    if known_by.iter().all(|column| insert.columns.contains(column)) {
        // The values were ours.
        let places: Vec<usize> =
            known_by.iter().filter_map(|key| insert.columns.iter().position(|column| column == key)).collect();
        // Of equal ones the first is inserted, and the others met it.
        let known: std::collections::HashMap<String, usize> = insert
            .rows
            .iter()
            .zip(indexes)
            .rev()
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

/// Whether an upsert has rows that meet each other, or may: one statement cannot change a row twice on Postgres, one after the other can. Nor
/// could a row be told from the others that comes back with another value in the columns of the conflict.
fn meets_itself(insert: &Insert) -> bool {
    let Some(Conflict::Update { target, set, .. }) = &insert.conflict else { return false };
    let changes = |column: &u16| set.iter().any(|(position, value)| position == column && *value != Expr::Excluded(*column));
    if target.iter().any(|column| !insert.columns.contains(column) || changes(column)) {
        return true;
    }
    let places: Vec<usize> =
        target.iter().filter_map(|column| insert.columns.iter().position(|candidate| candidate == column)).collect();
    let mut seen = HashSet::new();
    insert.rows.iter().any(|row| !seen.insert(text_of(places.iter().filter_map(|place| row.get(*place)))))
}
