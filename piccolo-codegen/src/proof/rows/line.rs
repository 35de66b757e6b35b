//! The connection on which rows are made.

use std::collections::BTreeSet;

use piccolo_runtime::schema::Table;
use piccolo_runtime::sql::{Dialect, qualified};
use piccolo_runtime::{Connection, Exec, Statement};

use crate::proof::{Refutation, Scratch};

/// Where the statements go that make rows.
///
/// On SQLite it is the one connection that a database in memory has, so nobody else can use the database meanwhile. Its foreign keys are
/// suspended: into each statement that deletes or changes rows SQLite compiles what the keys do in turn, over all tables that can be
/// reached, which in a large schema takes longer than anything else of a proof. And rows of tables that point to each other could not
/// be made one after the other.
pub(super) struct Line<'s> {
    scratch: &'s Scratch<'s>,
    own: Option<Connection>,
    /// Whether the database has no foreign keys yet.
    keys_last: bool,
}

impl<'s> Line<'s> {
    /// Takes the connection.
    pub(super) async fn open(scratch: &'s Scratch<'s>, keys_last: bool) -> Result<Self, Refutation> {
        let mut line = Self { scratch, own: None, keys_last };
        if scratch.dialect() == Dialect::Sqlite {
            line.own = Some(scratch.engine().dedicated().await.map_err(|error| scratch.failed(error))?);
            line.enforce("OFF").await?;
        }
        Ok(line)
    }

    /// Gives it back, with its foreign keys on.
    pub(super) async fn close(self) -> Result<(), Refutation> {
        self.enforce("ON").await
    }

    async fn enforce(&self, word: &str) -> Result<(), Refutation> {
        let Some(connection) = &self.own else { return Ok(()) };
        let done = connection.run_script(format!("PRAGMA foreign_keys = {word}")).await;
        done.map_err(|error| self.scratch.failed(error))
    }

    /// What runs statements on it.
    pub(super) fn exec(&self) -> Exec<'_> {
        match &self.own {
            Some(connection) => Exec::from(connection),
            None => Exec::from(self.scratch.engine()),
        }
    }

    /// Whether the statements ran, all of them. Which rows a schema refuses is what is found out.
    pub(super) async fn attempt(&self, statements: Vec<String>) -> bool {
        self.exec().execute_batch(&statements).await.is_ok()
    }

    /// How many rows the statement changed, if it ran.
    pub(super) async fn changed(&self, statement: String) -> u64 {
        self.exec().execute(Statement::from(statement)).await.unwrap_or_default()
    }

    /// Whether the table has no row.
    pub(super) async fn is_empty(&self, table: &Table) -> Result<bool, Refutation> {
        let sql = format!("SELECT 1 FROM {} LIMIT 1", qualified(&table.sql_name, self.scratch.dialect()));
        let found = self.exec().fetch_optional(Statement::from(sql), |_| Ok(())).await;
        found.map(|row| row.is_none()).map_err(|error| self.scratch.failed(error))
    }

    /// The tables with rows that point to nothing: SQLite has them while its foreign keys are suspended. `None` where any may have some.
    pub(super) async fn loose_tables(&self) -> Result<Option<BTreeSet<String>>, Refutation> {
        if self.own.is_none() {
            return Ok((!self.keys_last).then(BTreeSet::new));
        }
        let sql = "SELECT DISTINCT \"table\" FROM pragma_foreign_key_check()";
        let found = self.exec().fetch_all(Statement::from(sql), |row| row.get::<String>(0)).await;
        found.map(|tables| Some(tables.into_iter().collect())).map_err(|error| self.scratch.failed(error))
    }
}
