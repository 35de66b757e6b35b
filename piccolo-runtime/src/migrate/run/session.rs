//! The runner's own connection, and the journal as read through it.

use std::collections::BTreeSet;

use crate::ask::{all, first, run};
use crate::engine::{Connection, Decode, Engine, RowRef};
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::{Direction, Journal, Record, StepRecord};
use crate::rebuild;
use crate::sql::Dialect;
use crate::transaction::Transaction;
use crate::{Error, Result};

/// A connection that belongs to the runner alone, so that settings and locks cannot leak into the application's pool.
pub(super) struct Session {
    connection: Connection,
}

/// How far one migration has come in one direction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Progress {
    /// Whether the migration is recorded as applied.
    recorded: bool,
    /// How many of the file's steps are done.
    pub(super) done: usize,
    /// Whether the step after those was begun by a run that did not come to its end.
    pub(super) begun: bool,
}

impl Progress {
    /// Whether there is nothing left to do.
    pub(super) fn is_complete(&self, direction: Direction) -> bool {
        match direction {
            Direction::Forwards => self.recorded,
            Direction::Backwards => !self.recorded,
        }
    }
}

impl Session {
    /// Opens a connection.
    pub(super) async fn open(engine: &Engine) -> Result<Self> {
        Ok(Self { connection: engine.dedicated_unlimited().await? })
    }

    /// The engine's dialect.
    pub(super) fn dialect(&self) -> Dialect {
        self.connection.dialect()
    }

    /// Begins a transaction.
    pub(super) async fn begin(&self) -> Result<Transaction> {
        Box::pin(self.connection.begin()).await
    }

    /// Runs a statement outside of any transaction.
    pub(super) async fn execute(&self, sql: impl Into<String>) -> Result<()> {
        self.connection.run_script(sql.into()).await
    }

    /// Whether what is set on the connection stays set; behind a pooler it would be lent on to others.
    pub(super) async fn keeps_settings(&self) -> Result<bool> {
        self.connection.session().keeps_state().await
    }

    /// Does something while SQLite's foreign keys are suspended, outside of any transaction.
    pub(super) async fn suspended<T, E: From<Error>>(&self, work: impl AsyncFnOnce() -> Result<T, E>) -> Result<T, E> {
        rebuild::suspended(&self.connection, work).await
    }

    /// The first value of a query's first row.
    pub(super) async fn value<T: Decode + Send + 'static>(&self, sql: impl Into<String>) -> Result<Option<T>> {
        first(&self.connection, sql, |row| row.get(0)).await
    }

    /// The whole journal; an empty one where there is none.
    pub(super) async fn journal(&self) -> Result<Journal> {
        if !self.has_journal().await? {
            return Ok(Journal::default());
        }
        let migrations = all(&self.connection, journal::migrations(self.dialect()), |row| {
            Ok(Record { id: row.get(0)?, checksum: row.get(1)?, applied_at: row.get(2)?, faked: row.get(3)? })
        })
        .await?;
        let steps = all(&self.connection, journal::steps(), |row| {
            Ok(StepRecord {
                migration: row.get(0)?,
                direction: direction(&row.get::<String>(1)?)?,
                number: u32::try_from(row.get::<i32>(2)?).unwrap_or_default(),
                checksum: row.get(3)?,
                sql: row.get(4)?,
                done: row.get(5)?,
                in_batches: row.get(6)?,
            })
        })
        .await?;
        Ok(Journal { migrations, steps })
    }

    /// The ids of all migrations that are applied, once there is a journal.
    pub(super) async fn applied(&self) -> Result<BTreeSet<String>> {
        Ok(all(&self.connection, journal::applied(), |row| row.get(0)).await?.into_iter().collect())
    }

    /// Whether the journal's tables exist.
    pub(super) async fn has_journal(&self) -> Result<bool> {
        Ok(self.value::<i32>(journal::exists(self.dialect())).await?.is_some())
    }

    /// Creates the journal's tables where they are missing.
    pub(super) async fn create_journal(&self) -> Result<()> {
        if self.has_journal().await? {
            return Ok(());
        }
        let statements = journal::create(self.dialect())?;
        let transaction = self.begin().await?;
        for statement in statements {
            run(&transaction, statement).await?;
        }
        transaction.commit().await
    }

    /// How far a migration has come, also where there is no journal yet.
    pub(super) async fn preview_progress(&self, entry: &Entry, direction: Direction) -> Result<Progress> {
        if self.has_journal().await? { self.progress(entry, direction).await } else { Ok(Progress::default()) }
    }

    /// How far a migration has come.
    pub(super) async fn progress(&self, entry: &Entry, direction: Direction) -> Result<Progress> {
        let row = first(&self.connection, journal::progress(&entry.id, direction), progress_row).await?;
        row.ok_or_else(no_answer)
    }
}

/// How far a migration has come, as this transaction sees it.
pub(super) async fn progress_in(transaction: &Transaction, entry: &Entry, direction: Direction) -> Result<Progress> {
    let row = first(transaction, journal::progress(&entry.id, direction), progress_row).await?;
    row.ok_or_else(no_answer)
}

/// Reads a row of [`journal::progress`].
fn progress_row(row: &RowRef<'_>) -> Result<Progress> {
    Ok(Progress {
        recorded: row.get::<i64>(0)? > 0,
        done: usize::try_from(row.get::<i64>(1)?).unwrap_or_default(),
        begun: row.get::<i64>(2)? > 0,
    })
}

fn direction(word: &str) -> Result<Direction> {
    [Direction::Forwards, Direction::Backwards]
        .into_iter()
        .find(|direction| journal::word(*direction) == word)
        .ok_or_else(|| Error::Migration {
            id: None,
            message: format!(
                "{} has a step of the unknown direction {word:?}; was it changed by hand?",
                journal::STEP_TABLE
            ),
            cause: None,
        })
}

fn no_answer() -> Error {
    Error::Migration { id: None, message: "the journal gave no answer".to_owned(), cause: None }
}
