//! From cells to rows: defaults, checks, and groups of rows that name the same columns.

use chrono::{SubsecRound, Utc};

use crate::query::defaults::evaluate;
use crate::query::fit::fit;
use crate::query::tree::{Conflict, Insert};
use crate::table::TableMeta;
use crate::{Error, Result, Value};

/// Rows that name the same columns.
pub(super) struct Group {
    /// The insert of these rows; it gives nothing back yet.
    pub(super) insert: Insert,
    /// Where each row stood among all rows.
    pub(super) indexes: Vec<usize>,
}

/// The rows in groups, every cell with its value. What only the database can fill in (a serial key, a default in SQL) is left out.
pub(super) fn plan(
    meta: &'static TableMeta,
    rows: &[Vec<Option<Value>>],
    conflict: Option<&Conflict>,
) -> Result<Vec<Group>> {
    let now = Utc::now().trunc_subsecs(6);
    let mut groups: Vec<Group> = Vec::new();
    for (index, cells) in rows.iter().enumerate() {
        let mut columns = Vec::with_capacity(cells.len());
        let mut values = Vec::with_capacity(cells.len());
        for ((column, cell), position) in meta.table().columns.iter().zip(cells).zip(0_u16..) {
            let value = match (cell, &column.default) {
                (Some(value), _) => Some(value.clone()),
                (None, Some(default)) => evaluate(column, default, now)?,
                (None, None) if column.ty.is_serial() => None,
                // A column that is not null and has no default refuses this null, by its name.
                (None, None) => Some(Value::Null),
            };
            if let Some(value) = value {
                columns.push(position);
                values.push(fit(meta, column, value)?);
            }
        }
        match groups.iter_mut().find(|group| group.insert.columns == columns) {
            Some(group) => {
                group.insert.rows.push(values);
                group.indexes.push(index);
            }
            None => groups.push(Group {
                insert: Insert {
                    table: meta,
                    columns,
                    rows: vec![values],
                    conflict: conflict.cloned(),
                    returning: Vec::new(),
                },
                indexes: vec![index],
            }),
        }
    }
    check_conflict(conflict)?;
    Ok(groups)
}

/// Refuses what SQL has no words for.
fn check_conflict(conflict: Option<&Conflict>) -> Result<()> {
    match conflict {
        Some(Conflict::Update { target, .. }) if target.is_empty() => Err(Error::Usage {
            message: "`do_update` needs the columns of the unique constraint that it is about".to_owned(),
        }),
        Some(Conflict::Update { set, .. }) if set.is_empty() => {
            Err(Error::Usage { message: "`do_update` needs at least one column to set".to_owned() })
        }
        Some(Conflict::Update { .. } | Conflict::Nothing { .. }) | None => Ok(()),
    }
}
