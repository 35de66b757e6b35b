//! From names to nodes and back: the string syntax, and what the parts of a query are called.

use super::{ColumnRef, Expr};
use crate::Error;
use crate::nearest::{MOST, nearest};
use crate::table::{KeyMeta, TableMeta};

/// The table at the end of this path; `None` if a step of it is no key.
#[must_use]
pub fn target(root: &'static TableMeta, path: &[u16]) -> Option<&'static TableMeta> {
    path.iter().try_fold(root, |table, key| table.key_at(*key).map(|key| key.target))
}

/// The column that a name of the string syntax means: `name`, or `manager.name` along foreign keys.
///
/// A name that means nothing becomes [`Expr::Invalid`] with the nearest names.
#[must_use]
pub fn named_column(root: &'static TableMeta, name: &str) -> Expr {
    let mut table = root;
    let mut path = Vec::new();
    let mut prefix = String::new();
    let mut parts = name.split('.').peekable();
    while let Some(part) = parts.next() {
        let columns = table.table().columns.iter().zip(0_u16..);
        let Some((_, position)) = columns.into_iter().find(|(column, _)| column.name == part) else {
            return unknown(root, table, name, &prefix, part);
        };
        prefix = format!("{prefix}{part}.");
        if parts.peek().is_none() {
            return Expr::Column(ColumnRef { path, column: position, outer: 0 });
        }
        let Some(key) = table.key_at(position) else {
            return unknown(root, table, name, &prefix, "");
        };
        path.push(position);
        table = key.target;
    }
    unknown(root, table, name, &prefix, "")
}

/// The error for a name that means nothing, with the nearest names of the table where the search ended.
fn unknown(root: &TableMeta, table: &TableMeta, name: &str, prefix: &str, part: &str) -> Expr {
    let candidates = table.table().columns.iter().map(|column| column.name.as_ref());
    let mut nearest = nearest(part, candidates.clone());
    if nearest.is_empty() {
        // Then it is seen what there is.
        nearest.extend(candidates.take(MOST).map(str::to_owned));
    }
    let nearest = nearest.into_iter().map(|near| format!("{prefix}{near}")).collect();
    Expr::Invalid(Error::UnknownColumn {
        name: name.to_owned(),
        table: root.table().name.clone().into_owned(),
        nearest,
    })
}

/// The name of a column as the string syntax would write it; `None` for what is no column of this query.
#[must_use]
pub fn name_of(expr: &Expr, root: &'static TableMeta) -> Option<String> {
    let Expr::Column(ColumnRef { path, column, outer: 0 }) = expr else { return None };
    let mut table = root;
    let mut name = String::new();
    for step in path {
        let key = table.key_at(*step)?;
        name.push_str(&table.table().columns.get(usize::from(*step))?.name);
        name.push('.');
        table = key.target;
    }
    name.push_str(&table.table().columns.get(usize::from(*column))?.name);
    Some(name)
}

/// The shortest way to a column: `band.manager.id` is what `band.manager` holds, so that join is not needed.
pub(crate) fn shortest<'c>(root: &'static TableMeta, column: &'c ColumnRef) -> (&'c [u16], u16) {
    let (mut path, mut column) = (column.path.as_slice(), column.column);
    while let Some((last, before)) = path.split_last() {
        let key = target(root, before).and_then(|table| table.key_at(*last));
        match key {
            Some(KeyMeta { target_column, .. }) if *target_column == column => {
                path = before;
                column = *last;
            }
            Some(_) | None => break,
        }
    }
    (path, column)
}
