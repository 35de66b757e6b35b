//! The guard around work that makes tables anew on SQLite: what would be lost is saved before and brought back after, and nothing is
//! committed that lost a row or broke a key. Migrations and alterations at run time share it.
//!
//! SQLite alters little in place; the rest is done by creating the table under another name, copying the rows, dropping the old one
//! and renaming the new one (the "12 steps" of SQLite's manual; [`crate::ddl::Rebuild`] writes them). Its drop takes along the triggers, the
//! indexes and the AUTOINCREMENT mark, and the rename fails where any view or trigger mentions the table. So all views and triggers go
//! before, and come back after, in their old order. With foreign keys on, the drop would delete the rows of other tables: they are
//! suspended by [`suspended`], outside of the transaction, because inside of one the pragma does nothing.
//! And a column that the planner of the work did not know would not be copied, and a constraint not be there any more: with one, nothing is
//! done.

mod census;
mod dependents;
mod unknown;

use self::census::Census;
pub(crate) use self::dependents::{Dependents, unquoted};
pub(crate) use self::unknown::{Known, unknown};
use crate::ask::{first, run};
use crate::ddl::Rebuilt;
use crate::engine::Connection;
use crate::transaction::Transaction;
use crate::{Error, Result};

/// What is done under the guard.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Work {
    /// The tables that are made anew; none where foreign keys are suspended for something else.
    pub(crate) tables: Vec<Rebuilt>,
    /// The statements, which say what becomes of indexes. Comments in them do not matter.
    pub(crate) statements: Vec<String>,
    /// All constraints that whoever planned the work can have known; `None` where that cannot be told.
    pub(crate) constraints: Option<Known>,
}

/// What went wrong with guarded work.
pub(crate) enum Trouble<E> {
    /// Its own statements did.
    Statements(E),
    /// One of ours did; `what` it was.
    Database { what: String, error: Error },
    /// It would lose something.
    Refused(String),
    /// It would leave rows of this table, and perhaps of others, that point to nothing.
    BrokenKeys {
        /// The first table.
        table: String,
        /// The first rows, in a sentence.
        message: String,
    },
}

/// The error for rows of this table that would point to nothing.
pub(crate) fn broken_key(table: String) -> Error {
    Error::ForeignKeyViolation { table: Some(table), constraint: None, pointed_to: None, dropped: false }
}

/// Runs `statements`, those of the work, in the transaction, and makes sure that nothing is lost by it.
pub(crate) async fn guarded<E>(
    transaction: &Transaction,
    work: &Work,
    statements: impl AsyncFnOnce() -> Result<(), E>,
) -> Result<(), Trouble<E>> {
    if let Some(message) = unknown(transaction, work).await.map_err(Trouble::reading)? {
        return Err(Trouble::Refused(message));
    }
    let before = Box::pin(Census::take(transaction)).await.map_err(Trouble::reading)?;
    let dependents = match work.tables.as_slice() {
        [] => None,
        tables => Some(Box::pin(Dependents::read(transaction, tables)).await.map_err(Trouble::reading)?),
    };
    for statement in dependents.iter().flat_map(Dependents::take_away) {
        let dropped = run(transaction, statement.clone()).await;
        dropped.map_err(|error| Trouble::Database { what: format!("{statement} failed"), error })?;
    }
    statements().await.map_err(Trouble::Statements)?;
    if let Some(dependents) = dependents {
        for statement in dependents.bring_back(work) {
            let created = run(transaction, statement.clone()).await;
            let what = || format!("what hangs on the table could not be brought back with\n  {statement}\n ");
            created.map_err(|error| Trouble::Database { what: what(), error })?;
        }
        Box::pin(dependents.check(transaction)).await.map_err(Trouble::Refused)?;
    }
    let after = Box::pin(Census::take(transaction)).await.map_err(Trouble::reading)?;
    before.compare(&after)
}

impl<E> Trouble<E> {
    fn reading(error: Error) -> Self {
        Self::Database { what: "the database could not be read".to_owned(), error }
    }
}

/// Switches SQLite's foreign keys on or off on this connection and tells whether they were on.
pub(crate) async fn foreign_keys(connection: &Connection, on: bool) -> Result<bool> {
    let query = || first(connection, "PRAGMA foreign_keys", |row| row.get::<bool>(0));
    let before = query().await?.unwrap_or_default();
    connection.run_script(format!("PRAGMA foreign_keys = {}", if on { "ON" } else { "OFF" })).await?;
    // Inside a transaction the pragma does nothing and says nothing.
    match query().await? {
        Some(now) if now == on => Ok(before),
        Some(_) | None => Err(Error::Usage {
            message: "SQLite did not switch its foreign keys; is the connection inside a transaction?".to_owned(),
        }),
    }
}

/// Does something on the connection while its foreign keys are suspended. They are on again afterwards, whatever happened, if they were on
/// before.
pub(crate) async fn suspended<T, E: From<Error>>(
    connection: &Connection,
    work: impl AsyncFnOnce() -> Result<T, E>,
) -> Result<T, E> {
    let enforced = foreign_keys(connection, false).await?;
    let result = work().await;
    if enforced {
        let restored = foreign_keys(connection, true).await;
        return result.and_then(|value| restored.map(|_| value).map_err(E::from));
    }
    result
}
