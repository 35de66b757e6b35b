//! Where a query runs: on an engine, in a transaction, or on a dedicated connection.

use std::borrow::Cow;

use crate::engine::operation::{Driven, Execute, ExecuteBatch, ExecuteEach, FetchAll, FetchEach, FetchOptional};
use crate::engine::wait::refuse_inside_runtime;
use crate::engine::{Batches, BatchesSync, Connection, RowRef};
use crate::sql::Dialect;
use crate::{Engine, Result, Statement, Transaction, Value};

/// What runs queries. It is made from a reference to an [`Engine`], a [`Transaction`] or a [`Connection`], so a function that
/// takes `impl Into<Exec<'_>>` takes each of them.
///
/// It is an enum and not a trait, so that the futures of generic functions stay `Send`.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Exec<'e> {
    /// Each statement in a transaction of its own, on whatever connection is free.
    Engine(&'e Engine),
    /// In an open transaction.
    Transaction(&'e Transaction),
    /// On one connection.
    Connection(&'e Connection),
}

impl<'e> From<&'e Engine> for Exec<'e> {
    fn from(engine: &'e Engine) -> Self {
        Self::Engine(engine)
    }
}

impl<'e> From<&'e Transaction> for Exec<'e> {
    fn from(transaction: &'e Transaction) -> Self {
        Self::Transaction(transaction)
    }
}

impl<'e> From<&'e Connection> for Exec<'e> {
    fn from(connection: &'e Connection) -> Self {
        Self::Connection(connection)
    }
}

/// Writes each operation in its async form and in the one that blocks.
macro_rules! in_both_forms {
    ($(
        $(#[$doc:meta])*
        fn $name:ident, $name_sync:ident [$($generics:tt)*] ($($argument:ident: $ty:ty),*) -> $output:ty = $operation:expr;
    )*) => {$(
        $(#[$doc])*
        pub async fn $name<$($generics)*>(self, $($argument: $ty),*) -> Result<$output> {
            self.run($operation).await
        }

        /// The same on a thread that may block.
        ///
        /// # Errors
        ///
        /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
        pub fn $name_sync<$($generics)*>(self, $($argument: $ty),*) -> Result<$output> {
            self.run_sync($operation)
        }
    )*};
}

impl Exec<'_> {
    /// The dialect of SQL that statements must be in.
    #[must_use]
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Engine(engine) => engine.dialect(),
            Self::Transaction(transaction) => transaction.dialect(),
            Self::Connection(connection) => connection.dialect(),
        }
    }

    in_both_forms! {
        /// All rows of a statement, decoded where they are.
        ///
        /// # Errors
        ///
        /// Those of the database and of the decoder.
        fn fetch_all, fetch_all_sync
        [T: Send + 'static, D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static]
        (statement: Statement, decode: D) -> Vec<T> = FetchAll::new(statement, decode);

        /// The first row of a statement. A statement that writes does all of its work whatever it returns.
        ///
        /// # Errors
        ///
        /// Those of the database and of the decoder.
        fn fetch_optional, fetch_optional_sync
        [T: Send + 'static, D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static]
        (statement: Statement, decode: D) -> Option<T> = FetchOptional::new(statement, decode);

        /// Runs a statement and gives the number of rows it inserted, changed or deleted.
        ///
        /// # Errors
        ///
        /// Those of the database.
        fn execute, execute_sync [] (statement: Statement) -> u64 = Execute::new(statement);

        /// Runs one statement once for each list of values, all or none, and gives the rows they return, in order.
        ///
        /// # Errors
        ///
        /// Those of the database and of the decoder; nothing is kept then.
        fn fetch_each, fetch_each_sync
        [T: Send + 'static, D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static]
        (sql: impl Into<Cow<'static, str>>, rows: Vec<Vec<Value>>, decode: D) -> Vec<T> =
            FetchEach::new(sql.into(), rows, decode);

        /// Runs one statement once for each list of values, all or none, and gives the number of rows they touched.
        ///
        /// # Errors
        ///
        /// Those of the database; nothing is kept then.
        fn execute_each, execute_each_sync []
        (sql: impl Into<Cow<'static, str>>, rows: Vec<Vec<Value>>) -> u64 = ExecuteEach::new(sql.into(), rows);

        /// Runs several statements without parameters, all or none: DDL, mostly.
        ///
        /// # Errors
        ///
        /// Those of the database; nothing is kept then.
        fn execute_batch, execute_batch_sync [] (statements: &[String]) -> () = ExecuteBatch::new(statements.to_vec());
    }

    /// The rows of a statement in batches of `size`, in constant memory. Nothing runs before the first batch is asked for.
    ///
    /// In a transaction other statements may run between two batches; they see everything, and the batches go on as if nothing
    /// had changed.
    pub fn fetch_batches<T, D>(self, statement: Statement, size: usize, decode: D) -> Batches<T>
    where
        T: Send + 'static,
        D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
    {
        Batches::new(self, statement, size, decode)
    }

    /// The same on a thread that may block.
    pub fn fetch_batches_sync<T, D>(self, statement: Statement, size: usize, decode: D) -> BatchesSync<T>
    where
        T: Send + 'static,
        D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
    {
        self.fetch_batches(statement, size, decode).into_sync(self)
    }

    pub(crate) async fn run<O: Driven>(self, operation: O) -> Result<O::Output> {
        // The futures below are large and would be part of every future above them, down to the stack of the thread
        // that polls: an application's worker thread has 2 MB.
        match self {
            Self::Engine(engine) => Box::pin(engine.run(operation)).await,
            Self::Transaction(transaction) => Box::pin(transaction.run(operation)).await,
            Self::Connection(connection) => {
                Box::pin(connection.session().run(operation, false)).await.map_err(Into::into)
            }
        }
    }

    pub(crate) fn run_sync<O: Driven>(self, operation: O) -> Result<O::Output> {
        match self {
            Self::Engine(engine) => engine.run_sync(operation),
            Self::Transaction(transaction) => transaction.run_sync(operation),
            Self::Connection(connection) => {
                refuse_inside_runtime()?;
                connection.session().run_sync(operation, false).map_err(Into::into)
            }
        }
    }
}
