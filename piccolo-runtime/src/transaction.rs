//! Transactions: a guard, a closure, savepoints, and the same rules on both engines.
//!
//! The rules are Postgres', enforced by us where SQLite's differ: after an error of the database a transaction takes no more
//! statements until it is rolled back, or rolled back to a savepoint; and it cannot be committed. A write whose future is
//! dropped before its answer has come ends the transaction, because nobody can know whether it took place.

mod builder;
mod closure;
mod savepoint;
mod state;

use std::sync::Arc;

pub use self::builder::{Isolation, TransactionBuilder};
use self::state::{Level, State};
use crate::engine::fault::{Fault, Origin};
use crate::engine::operation::{Driven, Script};
use crate::engine::session::Session;
use crate::engine::wait::refuse_inside_runtime;
use crate::sql::Dialect;
use crate::statement::Access;
use crate::{Engine, Error, Result};

/// An open transaction, or one inside another (a savepoint). Dropped without [`commit`](Self::commit) it is rolled back.
///
/// ```no_run
/// # async fn example(db: &piccolo_runtime::Engine) -> piccolo_runtime::Result<()> {
/// let tx = db.begin().await?;
/// // … queries that `run(&tx)` …
/// tx.commit().await?;
/// # Ok(()) }
/// ```
pub struct Transaction {
    session: Arc<Session>,
    state: Arc<State>,
    level: Arc<Level>,
    /// Whether dropping this handle rolls back; the handle that a closure is lent does not.
    owner: bool,
}

impl Engine {
    /// Begins a transaction on a connection of its own. On SQLite it takes the write lock at once.
    ///
    /// # Errors
    ///
    /// [`Error::Timeout`] where no connection becomes free, [`Error::Serialization`] where another process holds SQLite's
    /// lock for too long.
    pub async fn begin(&self) -> Result<Transaction> {
        self.build_transaction().begin().await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::begin`], and [`Error::Usage`] inside an async runtime.
    pub fn begin_sync(&self) -> Result<Transaction> {
        self.build_transaction().begin_sync()
    }
}

/// The statement that begins a transaction. A deferred one would fail on SQLite when it writes after it has read.
const fn begin(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres => "BEGIN",
    }
}

impl Transaction {
    /// Begins a transaction on a connection that goes on after it.
    pub(crate) async fn begin_on(session: Arc<Session>) -> Result<Self> {
        session.run(Script::new(begin(session.dialect())), false).await?;
        Ok(Self::outermost(session, false))
    }

    /// The same on a thread that may block.
    pub(crate) fn begin_on_sync(session: Arc<Session>) -> Result<Self> {
        refuse_inside_runtime()?;
        session.run_sync(Script::new(begin(session.dialect())), false)?;
        Ok(Self::outermost(session, false))
    }

    fn outermost(session: Arc<Session>, owns_session: bool) -> Self {
        Self { session, state: State::open(owns_session), level: Level::outermost(), owner: true }
    }

    /// The dialect of SQL that its engine speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    /// Keeps what was done in it. In a nested transaction that means: as far as the outer one is kept.
    ///
    /// # Errors
    ///
    /// [`Error::TransactionOver`] when it has ended before, or a statement in it has failed, in which case it is rolled back
    /// now; and what a deferred constraint finds.
    pub async fn commit(self) -> Result<()> {
        self.level.check_open()?;
        self.state.check_not_over()?;
        if let Err(aborted) = self.state.check_open() {
            self.undo().await;
            return Err(aborted);
        }
        match self.session.run(Script::new(self.keep()), true).await {
            Ok(()) => {
                self.finish("it was committed");
                Ok(())
            }
            Err(fault) => {
                self.undo().await;
                Err(fault.error)
            }
        }
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::commit`], and [`Error::Usage`] inside an async runtime.
    pub fn commit_sync(self) -> Result<()> {
        refuse_inside_runtime()?;
        self.level.check_open()?;
        self.state.check_not_over()?;
        if let Err(aborted) = self.state.check_open() {
            self.undo_sync();
            return Err(aborted);
        }
        match self.session.run_sync(Script::new(self.keep()), true) {
            Ok(()) => {
                self.finish("it was committed");
                Ok(())
            }
            Err(fault) => {
                self.undo_sync();
                Err(fault.error)
            }
        }
    }

    /// Undoes what was done in it. A transaction that the engine has ended by itself needs no undoing, so that is no error.
    ///
    /// # Errors
    ///
    /// [`Error::TransactionOver`] when it was committed or rolled back before.
    pub async fn rollback(self) -> Result<()> {
        self.level.check_open()?;
        self.undo().await;
        Ok(())
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::rollback`], and [`Error::Usage`] inside an async runtime.
    pub fn rollback_sync(self) -> Result<()> {
        refuse_inside_runtime()?;
        self.level.check_open()?;
        self.undo_sync();
        Ok(())
    }

    /// Runs an operation in the transaction.
    pub(crate) async fn run<O: Driven>(&self, operation: O) -> Result<O::Output> {
        operation.refuse_control()?;
        self.level.check_open()?;
        self.state.check_open()?;
        // What is still to be undone of an inner transaction comes first, and would be left in doubt as well.
        let matters = operation.access() == Access::Write || self.session.owes();
        let mut dropped = Dropped { transaction: self, matters };
        let result = self.session.run(operation, true).await;
        dropped.matters = false;
        result.map_err(|fault| self.note(fault))
    }

    /// The same on a thread that may block.
    pub(crate) fn run_sync<O: Driven>(&self, operation: O) -> Result<O::Output> {
        refuse_inside_runtime()?;
        operation.refuse_control()?;
        self.level.check_open()?;
        self.state.check_open()?;
        self.session.run_sync(operation, true).map_err(|fault| self.note(fault))
    }

    /// Keeps in mind what an error means for the transaction.
    fn note(&self, fault: Fault) -> Error {
        match (fault.origin, &fault.error) {
            (Origin::Broken | Origin::Unsent, error) => self.end(format!("it ended with an error: {error}")),
            (_, Error::TransactionOver { message }) => self.end(message.clone()),
            (Origin::Database | Origin::Stale | Origin::NotReadOnly, error) => self.state.abort(error),
            (Origin::Ourselves, _) => {}
        }
        fault.error
    }

    /// The statement that keeps this level.
    fn keep(&self) -> String {
        match &self.level.savepoint {
            None => "COMMIT".to_owned(),
            Some(savepoint) => savepoint::release(savepoint),
        }
    }

    /// The statement that undoes this level.
    fn discard(&self) -> String {
        match &self.level.savepoint {
            None => "ROLLBACK".to_owned(),
            Some(savepoint) => format!("{}; {}", savepoint::rollback_to(savepoint), savepoint::release(savepoint)),
        }
    }

    /// Rolls this level back. Where the whole transaction is over there is nothing left to undo.
    async fn undo(&self) {
        if self.state.check_not_over().is_err() {
            return self.level.end();
        }
        let undone = self.session.run(Script::new(self.discard()), true).await;
        self.finish_undo(undone);
    }

    fn undo_sync(&self) {
        if self.state.check_not_over().is_err() {
            return self.level.end();
        }
        let undone = self.session.run_sync(Script::new(self.discard()), true);
        self.finish_undo(undone);
    }

    /// A level that could not be rolled back takes the whole transaction with it.
    fn finish_undo(&self, undone: Result<(), Fault>) {
        match (undone, &self.level.savepoint) {
            (Ok(()), Some(_)) => {
                self.state.reopen();
                self.level.end();
            }
            (Ok(()), None) => self.finish("it was rolled back"),
            (Err(fault), _) => {
                self.level.end();
                self.end(format!("it was rolled back, and that failed: {}", fault.error));
            }
        }
    }

    /// Ends the whole transaction without a word to the engine: giving the connection back rolls back what is open on it, or
    /// closes it.
    fn end(&self, why: impl Into<String>) {
        if self.state.check_not_over().is_err() {
            return;
        }
        self.state.end(why);
        if self.state.owns_session {
            self.session.end();
        } else {
            self.session.owe("ROLLBACK");
        }
    }

    /// Marks the end of this level, and gives the connection back at the end of the outermost.
    fn finish(&self, why: &str) {
        self.level.end();
        if self.level.savepoint.is_none() {
            self.state.end(why);
            if self.state.owns_session {
                self.session.end();
            }
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.owner || self.level.has_ended() {
            return;
        }
        if self.level.savepoint.is_some() {
            // It is undone before the next statement of the outer transaction.
            self.session.owe(self.discard());
            self.state.reopen();
            self.level.end();
        } else {
            self.level.end();
            self.end("it was dropped without a commit, which rolls it back");
        }
    }
}

/// Ends the transaction when a write is dropped before its answer has come, or a rollback of an inner transaction before it.
struct Dropped<'a> {
    transaction: &'a Transaction,
    matters: bool,
}

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        if self.matters {
            self.transaction.end("a write in it was dropped before its answer had come, so it is rolled back");
        }
    }
}
