//! Transactions that are not as usual: another isolation, reading only, tried again.

use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::Duration;

use super::Transaction;
use crate::engine::wait::sleep;
use crate::sql::Dialect;
use crate::{Engine, Error, Result};

/// How a transaction begins; made by [`Engine::build_transaction`].
///
/// ```no_run
/// # async fn example(db: &piccolo_runtime::Engine) -> piccolo_runtime::Result<()> {
/// db.build_transaction()
///     .isolation(piccolo_runtime::Isolation::Serializable)
///     .run_with_retry(async |tx| {
///         // … queries that `run(&tx)`; they may run more than once …
///         Ok(())
///     })
///     .await
/// # }
/// ```
#[derive(Clone, Debug)]
#[must_use = "nothing begins before `begin` or `run`"]
pub struct TransactionBuilder<'e> {
    engine: &'e Engine,
    isolation: Option<Isolation>,
    read_only: bool,
    attempts: u32,
}

/// How often a transaction that loses races is tried, unless somebody says otherwise. With the pauses between, a few dozen who change one
/// row at once all come through.
const ATTEMPTS: u32 = 20;

/// What a transaction sees of others. SQLite's transactions are always serializable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Isolation {
    /// Each statement sees what was committed before it. Postgres' default.
    ReadCommitted,
    /// All statements see what was committed before the first.
    RepeatableRead,
    /// As if transactions ran one after the other; some fail with [`Error::Serialization`] and have to be tried again.
    Serializable,
}

impl Isolation {
    const fn sql(self) -> &'static str {
        match self {
            Self::ReadCommitted => " ISOLATION LEVEL READ COMMITTED",
            Self::RepeatableRead => " ISOLATION LEVEL REPEATABLE READ",
            Self::Serializable => " ISOLATION LEVEL SERIALIZABLE",
        }
    }
}

impl Engine {
    /// A transaction with settings of its own.
    pub fn build_transaction(&self) -> TransactionBuilder<'_> {
        TransactionBuilder { engine: self, isolation: None, read_only: false, attempts: ATTEMPTS }
    }

    /// Runs a closure in a serializable transaction, and again (up to twenty times in all, with growing, random pauses) while it fails with
    /// [`Error::Serialization`]: a serialization failure, a dead-lock, a busy database.
    ///
    /// What the closure has read is still so when it is committed: a row that is read, computed with and written loses nobody's
    /// change. [`TransactionBuilder::run_with_retry`] does the same with another isolation or number of attempts.
    ///
    /// # Errors
    ///
    /// As [`Self::transaction`]; the last [`Error::Serialization`] when no attempt got through.
    pub async fn transaction_with_retry<T, F, Fut>(&self, work: F) -> Result<T>
    where
        F: Fn(Transaction) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        self.build_transaction().run_with_retry(work).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::transaction_with_retry`], and [`Error::Usage`] inside an async runtime.
    pub fn transaction_with_retry_sync<T>(&self, work: impl Fn(&Transaction) -> Result<T>) -> Result<T> {
        self.build_transaction().run_with_retry_sync(work)
    }
}

impl TransactionBuilder<'_> {
    /// Sets what the transaction sees of others.
    pub fn isolation(mut self, isolation: Isolation) -> Self {
        self.isolation = Some(isolation);
        self
    }

    /// Promises not to write. On SQLite such a transaction has a connection for reading and keeps no writer waiting.
    pub fn read_only(mut self) -> Self {
        self.read_only = true;
        self
    }

    /// How often [`Self::run_with_retry`] tries in all; twenty times unless set.
    pub fn attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts.max(1);
        self
    }

    /// Begins the transaction.
    ///
    /// # Errors
    ///
    /// As [`Engine::begin`].
    pub async fn begin(&self) -> Result<Transaction> {
        let session = self.engine.begin_session(self.sql(), self.read_only).await?;
        Ok(Transaction::outermost(Arc::new(session), true))
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Engine::begin_sync`].
    pub fn begin_sync(&self) -> Result<Transaction> {
        let session = self.engine.begin_session_sync(self.sql(), self.read_only)?;
        Ok(Transaction::outermost(Arc::new(session), true))
    }

    /// Runs a closure in the transaction, as [`Engine::transaction`] does.
    ///
    /// # Errors
    ///
    /// As [`Engine::transaction`].
    pub async fn run<T, F, Fut>(&self, work: F) -> Result<T>
    where
        F: FnOnce(Transaction) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        self.begin().await?.conclude(work).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Engine::transaction_sync`].
    pub fn run_sync<T>(&self, work: impl FnOnce(&Transaction) -> Result<T>) -> Result<T> {
        self.begin_sync()?.conclude_sync(work)
    }

    /// Runs a closure in the transaction, and again while it loses races, as [`Engine::transaction_with_retry`] does.
    ///
    /// It is [`Isolation::Serializable`] unless [`isolation`](Self::isolation) says otherwise. One that is [`read_only`](Self::read_only) has
    /// the engine's own isolation: it writes nothing that could rest on something old, and replicas have no serializable transactions.
    ///
    /// # Errors
    ///
    /// As [`Engine::transaction_with_retry`].
    pub async fn run_with_retry<T, F, Fut>(&self, work: F) -> Result<T>
    where
        F: Fn(Transaction) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        let retried = self.retried();
        let mut failures = 0;
        loop {
            match retried.run(&work).await {
                Err(Error::Serialization { .. }) if failures + 1 < self.attempts => {
                    failures += 1;
                    sleep(pause(failures)).await;
                }
                result => return result,
            }
        }
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Engine::transaction_with_retry_sync`].
    pub fn run_with_retry_sync<T>(&self, work: impl Fn(&Transaction) -> Result<T>) -> Result<T> {
        let retried = self.retried();
        let mut failures = 0;
        loop {
            match retried.run_sync(&work) {
                Err(Error::Serialization { .. }) if failures + 1 < self.attempts => {
                    failures += 1;
                    std::thread::sleep(pause(failures));
                }
                result => return result,
            }
        }
    }

    /// The transaction as it is tried again. Below `Serializable` Postgres lets a write rest on a row that another transaction has changed since
    /// it was read, and nothing would be tried again.
    fn retried(&self) -> Self {
        let isolation = if self.read_only { self.isolation } else { self.isolation.or(Some(Isolation::Serializable)) };
        Self { isolation, ..self.clone() }
    }

    fn sql(&self) -> String {
        match self.engine.dialect() {
            // A transaction that only reads must not take the write lock.
            Dialect::Sqlite if self.read_only => "BEGIN".to_owned(),
            Dialect::Sqlite => super::begin(Dialect::Sqlite).to_owned(),
            Dialect::Postgres => {
                let isolation = self.isolation.map_or("", Isolation::sql);
                format!("BEGIN{isolation}{}", if self.read_only { " READ ONLY" } else { "" })
            }
        }
    }
}

/// How long to wait after so many failures: a random time below a bound that doubles up to a second, so that those who
/// collided do not collide again.
fn pause(failures: u32) -> Duration {
    let bound = 10_u64.saturating_mul(1 << failures.min(7)).min(1_000);
    Duration::from_millis(RandomState::new().hash_one(failures) % bound + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_bounded() {
        for failures in 1..50 {
            let bound = Duration::from_millis(if failures > 6 { 1_000 } else { 10 << failures });
            for _ in 0..20 {
                assert!(pause(failures) <= bound, "{failures}");
            }
        }
    }
}
