//! Running queries, async and in place, from one description.
//!
//! A query says what it does as a future over a [`Runner`]. For `run_sync` the runner blocks inside each call, so that the future is
//! ready when it is polled for the first time.

use std::borrow::Cow;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use crate::engine::operation::{Driven, Execute, ExecuteBatch, FetchAll, FetchEach, FetchOptional};
use crate::engine::{RowRef, drive};
use crate::sql::Dialect;
use crate::statement::About;
use crate::{Error, Exec, Result, Statement, Transaction, Value};

/// What can be run: every builder that is ready for it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a query that can be run",
    label = "expected a query, such as `Band::create_table()` or a delete with a `where_`"
)]
pub trait Query: Sized {
    /// What it gives.
    type Output;

    /// Does it. Call `run` or `run_sync` of the builder instead.
    #[doc(hidden)]
    fn execute(self, runner: Runner<'_>) -> impl Future<Output = Result<Self::Output>> + Send;
}

/// Where a query runs, and whether it may block.
#[doc(hidden)]
#[derive(Clone, Copy)]
pub struct Runner<'e> {
    exec: Exec<'e>,
    blocking: bool,
}

/// The same error, which says what statement broke a foreign key: SQLite names no table, and only the statement tells a row that is pointed to
/// from one that points.
fn broken_by(about: Option<About>, mut error: Error) -> Error {
    if let (Error::ForeignKeyViolation { table, pointed_to, .. }, Some(about)) = (&mut error, about) {
        let name = about.table.name.to_string();
        if about.operation == "DELETE" {
            *pointed_to = Some(name);
        } else {
            table.get_or_insert(name);
        }
    }
    error
}

impl<'e> Runner<'e> {
    /// Runs a query without blocking.
    pub(crate) fn run<Q: Query + 'e>(query: Q, exec: Exec<'e>) -> impl Future<Output = Result<Q::Output>> + Send {
        query.execute(Self { exec, blocking: false })
    }

    /// Runs a query on this thread.
    pub(crate) fn run_sync<Q: Query>(query: Q, exec: Exec<'e>) -> Result<Q::Output> {
        let future = pin!(query.execute(Self { exec, blocking: true }));
        match future.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => output,
            Poll::Pending => Err(Error::Usage { message: "a blocking query waited for something else".to_owned() }),
        }
    }

    /// The same way of running somewhere else.
    const fn on(self, exec: Exec<'_>) -> Runner<'_> {
        Runner { exec, blocking: self.blocking }
    }

    pub(crate) fn dialect(self) -> Dialect {
        self.exec.dialect()
    }

    /// Does this in the way that the caller can wait for.
    async fn perform<O: Driven>(self, operation: O) -> Result<O::Output> {
        if self.blocking { self.exec.run_sync(operation) } else { self.exec.run(operation).await }
    }

    pub(crate) async fn fetch_all<T, D>(self, statement: Statement, decode: D) -> Result<Vec<T>>
    where
        T: Send + 'static,
        D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
    {
        let about = statement.about();
        self.perform(FetchAll::new(statement, decode)).await.map_err(|error| broken_by(about, error))
    }

    pub(crate) async fn fetch_optional<T, D>(self, statement: Statement, decode: D) -> Result<Option<T>>
    where
        T: Send + 'static,
        D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
    {
        let about = statement.about();
        self.perform(FetchOptional::new(statement, decode)).await.map_err(|error| broken_by(about, error))
    }

    pub(crate) async fn execute(self, statement: Statement) -> Result<u64> {
        let about = statement.about();
        self.perform(Execute::new(statement)).await.map_err(|error| broken_by(about, error))
    }

    pub(crate) async fn fetch_each<T, D>(
        self,
        sql: impl Into<Cow<'static, str>> + Send,
        rows: Vec<Vec<Value>>,
        decode: D,
    ) -> Result<Vec<T>>
    where
        T: Send + 'static,
        D: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static,
    {
        self.perform(FetchEach::new(sql.into(), rows, decode)).await
    }

    pub(crate) async fn execute_batch(self, statements: &[String]) -> Result<()> {
        self.perform(ExecuteBatch::new(statements.to_vec())).await
    }

    /// Does work that is only written in the async form.
    pub(crate) async fn through<T: Send>(
        self,
        work: impl FnOnce(Exec<'e>) -> Pin<Box<dyn Future<Output = Result<T>> + Send + 'e>> + Send,
    ) -> Result<T> {
        let future = work(self.exec);
        if self.blocking { drive(self.exec.dialect(), future)? } else { future.await }
    }

    /// Begins a transaction, or a savepoint inside the one there is.
    pub(crate) async fn begin(self) -> Result<Open<'e>> {
        let transaction = match (self.exec, self.blocking) {
            (Exec::Engine(engine), false) => engine.begin().await,
            (Exec::Engine(engine), true) => engine.begin_sync(),
            (Exec::Transaction(transaction), false) => transaction.begin().await,
            (Exec::Transaction(transaction), true) => transaction.begin_sync(),
            (Exec::Connection(connection), false) => connection.begin().await,
            (Exec::Connection(connection), true) => connection.begin_sync(),
        }?;
        Ok(Open { transaction, outer: self })
    }
}

/// An open transaction of a query that takes several statements. Dropped, it is rolled back.
pub(crate) struct Open<'e> {
    transaction: Transaction,
    outer: Runner<'e>,
}

impl Open<'_> {
    /// What runs statements in it.
    pub(crate) fn runner(&self) -> Runner<'_> {
        self.outer.on(Exec::Transaction(&self.transaction))
    }

    /// Keeps what was done in it.
    pub(crate) async fn commit(self) -> Result<()> {
        if self.outer.blocking { self.transaction.commit_sync() } else { self.transaction.commit().await }
    }
}

/// Writes `run` and `run_sync` of a builder that implements [`Query`].
macro_rules! runs {
    ([$($generics:tt)*] $builder:ty => $output:ty) => {
        impl<$($generics)*> $builder {
            /// Runs the query on an engine or in a transaction.
            ///
            /// # Errors
            ///
            /// Those of the database, and whatever is wrong with the query as built, before any SQL is sent.
            pub fn run<'e>(
                self,
                db: impl Into<$crate::Exec<'e>>,
            ) -> impl Future<Output = $crate::Result<$output>> + Send {
                $crate::query::run::Runner::run(self, db.into())
            }

            /// The same on a thread that may block.
            ///
            /// # Errors
            ///
            /// As [`Self::run`], and [`crate::Error::Usage`] inside an async runtime.
            pub fn run_sync<'e>(self, db: impl Into<$crate::Exec<'e>>) -> $crate::Result<$output> {
                $crate::query::run::Runner::run_sync(self, db.into())
            }
        }
    };
}
pub(super) use runs;
