//! What work that suspends foreign keys must leave as it was.

use std::collections::{BTreeMap, BTreeSet};

use super::Trouble;
use crate::Result;
use crate::ask::{all, first};
use crate::introspect::JOURNAL;
use crate::sql::identifier;
use crate::transaction::Transaction;

/// A row that points to nothing: its table, its number where it has one, and the table that it points to.
type Broken = (String, Option<i64>, String);

/// The number of rows of every table and the broken foreign keys, which a step that suspends foreign keys must not change.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Census {
    rows: BTreeMap<String, i64>,
    broken: BTreeSet<Broken>,
}

impl Census {
    /// Counts.
    pub(super) async fn take(transaction: &Transaction) -> Result<Self> {
        let tables = all(transaction,
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'",
                |row| row.get::<String>(0),
            )
            .await?;
        let mut rows = BTreeMap::new();
        for table in tables.into_iter().filter(|table| !JOURNAL.contains(&table.as_str())) {
            let query = format!("SELECT count(*) FROM {}", identifier(&table));
            let count = first(transaction, query, |row| row.get::<i64>(0)).await?.unwrap_or_default();
            rows.insert(table, count);
        }
        let broken = all(transaction, "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check()", |row| {
            Ok((row.get(0)?, row.get(1)?, row.get(2)?))
        })
        .await?;
        Ok(Self { rows, broken: broken.into_iter().collect() })
    }

    /// What is worse after the step than it was before, if anything.
    pub(super) fn compare<E>(&self, after: &Self) -> Result<(), Trouble<E>> {
        for (table, before) in &self.rows {
            match after.rows.get(table) {
                Some(now) if now != before => {
                    return Err(Trouble::Refused(format!(
                        "{table} had {before} rows before the step and has {now} after it; statements that change rows need a step that does not suspend foreign keys"
                    )));
                }
                Some(_) | None => {}
            }
        }
        let broken: Vec<&Broken> = after.broken.difference(&self.broken).take(5).collect();
        let Some((table, _, _)) = broken.first() else { return Ok(()) };
        let said: Vec<String> = broken
            .iter()
            .map(|(table, row, parent)| match row {
                Some(row) => format!("row {row} of {table} points to no row of {parent}"),
                None => format!("a row of {table} points to no row of {parent}"),
            })
            .collect();
        Err(Trouble::BrokenKeys {
            table: table.clone(),
            message: format!("foreign keys would be broken: {}", said.join(", ")),
        })
    }
}
