//! Transactions as closures: committed when the closure gives `Ok`, rolled back when it gives `Err`, panics or is dropped.

use std::future::Future;
use std::sync::Arc;

use super::Transaction;
use crate::{Engine, Error, Result};

impl Engine {
    /// Runs a closure in a transaction: `Ok` commits it, `Err` rolls it back and reaches the caller.
    ///
    /// ```no_run
    /// # async fn example(db: &piccolo_runtime::Engine) -> piccolo_runtime::Result<()> {
    /// db.transaction(async |tx| {
    ///     // … queries that `run(&tx)` …
    ///     Ok(())
    /// })
    /// .await
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Those of the closure, of [`Self::begin`] and of [`Transaction::commit`].
    pub async fn transaction<T, F, Fut>(&self, work: F) -> Result<T>
    where
        F: FnOnce(Transaction) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        self.try_transaction(work).await
    }

    /// The same for closures with an error type of their own.
    ///
    /// # Errors
    ///
    /// As [`Self::transaction`].
    pub async fn try_transaction<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(Transaction) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        self.begin().await?.conclude(work).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::transaction`], and [`Error::Usage`] inside an async runtime.
    pub fn transaction_sync<T, E: From<Error>>(&self, work: impl FnOnce(&Transaction) -> Result<T, E>) -> Result<T, E> {
        self.begin_sync()?.conclude_sync(work)
    }
}

impl Transaction {
    /// Runs a closure in a transaction inside this one: an error undoes what the closure did and leaves the rest.
    ///
    /// # Errors
    ///
    /// Those of the closure, of [`Self::begin`] and of [`Self::commit`].
    pub async fn transaction<T, F, Fut>(&self, work: F) -> Result<T>
    where
        F: FnOnce(Self) -> Fut,
        Fut: Future<Output = Result<T>>,
    {
        self.try_transaction(work).await
    }

    /// The same for closures with an error type of their own.
    ///
    /// # Errors
    ///
    /// As [`Self::transaction`].
    pub async fn try_transaction<T, E, F, Fut>(&self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(Self) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        self.begin().await?.conclude(work).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::transaction`], and [`Error::Usage`] inside an async runtime.
    pub fn transaction_sync<T, E: From<Error>>(&self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        self.begin_sync()?.conclude_sync(work)
    }

    /// Lends itself to the closure and ends as its result says.
    pub(super) async fn conclude<T, E, F, Fut>(self, work: F) -> Result<T, E>
    where
        E: From<Error>,
        F: FnOnce(Self) -> Fut,
        Fut: Future<Output = Result<T, E>>,
    {
        let result = work(self.lent()).await;
        // The closure may have ended the transaction by itself.
        if !self.level.has_ended() {
            match &result {
                Ok(_) => self.commit().await?,
                Err(_) => self.undo().await,
            }
        }
        result
    }

    pub(super) fn conclude_sync<T, E: From<Error>>(self, work: impl FnOnce(&Self) -> Result<T, E>) -> Result<T, E> {
        let result = work(&self);
        match &result {
            Ok(_) => self.commit_sync()?,
            Err(_) => self.undo_sync(),
        }
        result
    }

    /// A handle for a closure or a stream. Dropping it ends nothing.
    pub(crate) fn lent(&self) -> Self {
        Self {
            session: Arc::clone(&self.session),
            state: Arc::clone(&self.state),
            level: Arc::clone(&self.level),
            owner: false,
        }
    }
}
