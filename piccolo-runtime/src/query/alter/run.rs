//! Looking at the database, planning, and running the statements: all of them or none.

use super::change::Change;
use super::live::{described, live_shape, no_such_table};
use super::state::State;
use super::{Plan, postgres, usage};
use crate::query::tables::DropTables;
use crate::sql::Dialect;
use crate::{Exec, Result};

impl Plan {
    /// Does everything, on the engine or in a transaction.
    pub(super) async fn run(self, exec: Exec<'_>) -> Result<()> {
        if let Some(drop) = self.dropped()? {
            return drop.run_on(exec).await;
        }
        let changes = self.expanded();
        if changes.is_empty() {
            return Ok(());
        }
        match exec.dialect() {
            Dialect::Postgres => {
                let table = &self.meta.table().sql_name;
                let state = State::of(self.meta, table, live_shape(exec).await?).ok_or_else(|| no_such_table(table))?;
                exec.execute_batch(&on_postgres(state, &changes)?).await
            }
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => super::sqlite::run(exec, self.meta, &changes).await,
            #[cfg(not(feature = "sqlite"))]
            Dialect::Sqlite => Err(not_compiled_in()),
        }
    }

    /// The statements for a database that is as the schema describes it.
    pub(super) fn sql(&self, dialect: Dialect) -> Result<Vec<String>> {
        if let Some(drop) = self.dropped()? {
            return Ok(drop.sql(dialect));
        }
        let table = self.meta.table();
        let shape = described(table, dialect);
        let state = State::of(self.meta, &table.sql_name, shape).ok_or_else(|| no_such_table(&table.sql_name))?;
        let state = state.alone();
        let changes = self.expanded();
        match dialect {
            Dialect::Postgres => on_postgres(state, &changes),
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => super::sqlite::shown(state, &changes),
            #[cfg(not(feature = "sqlite"))]
            Dialect::Sqlite => Err(not_compiled_in()),
        }
    }

    /// The drop, where the table is dropped.
    fn dropped(&self) -> Result<Option<DropTables>> {
        let is_drop = |change: &Change| matches!(change, Change::DropTable { .. });
        match self.changes.as_slice() {
            [Change::DropTable { if_exists }] => {
                let drop = DropTables::one(self.meta);
                Ok(Some(if *if_exists { drop.if_exists() } else { drop }))
            }
            changes if changes.iter().any(is_drop) => Err(usage(format!(
                "`{}` is dropped, so nothing else of it can be altered; `drop_table` stands alone",
                self.meta.table().sql_name
            ))),
            _ => Ok(None),
        }
    }

    /// The changes, each rename of a column followed by that of its type's check.
    fn expanded(&self) -> Vec<Change> {
        let follow = |change: &Change| {
            let Change::RenameColumn { column, to } = change else { return None };
            Some(Change::RenameTypeCheck { from: column.clone(), to: to.clone() })
        };
        self.changes.iter().flat_map(|change| std::iter::once(change.clone()).chain(follow(change))).collect()
    }
}

/// The statements on Postgres, each planned for the table as those before it leave it.
fn on_postgres(mut state: State, changes: &[Change]) -> Result<Vec<String>> {
    let mut statements = Vec::new();
    for change in changes {
        for step in state.resolve(change)? {
            statements.extend(postgres::statements(&state, &step)?);
            state.apply(&step);
        }
    }
    Ok(statements)
}

#[cfg(not(feature = "sqlite"))]
fn not_compiled_in() -> crate::Error {
    let dialect = Dialect::Sqlite;
    crate::Error::Unsupported { engine: dialect.name(), feature: "the engine is not compiled in".to_owned() }
}
