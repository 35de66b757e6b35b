//! Results that are too large to hold at once, in batches.
//!
//! A batch is fetched when it is asked for. Between two of them the connection of a transaction is free for other statements,
//! and what those change is not seen in the batches that follow: a result is what it was when the first batch was fetched.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::stream::{self, BoxStream, Stream, StreamExt, TryStreamExt};

use super::drive::drive;
use super::operation::{Decoder, Driven, FetchAll, Keep, Kept, Script};
use super::{Connection, Engine, RowRef};
use crate::sql::Dialect;
use crate::statement::Access;
use crate::{Error, Exec, Result, Statement, Transaction};

/// The rows of a statement as a stream of batches, made by [`Exec::fetch_batches`]. Dropping it stops the statement and frees
/// its connection.
#[must_use = "a stream does nothing unless polled"]
pub struct Batches<T>(BoxStream<'static, Result<Vec<T>>>);

/// The same on a thread that may block, made by [`Exec::fetch_batches_sync`].
#[must_use = "an iterator does nothing unless advanced"]
pub struct BatchesSync<T> {
    batches: Batches<T>,
    dialect: Dialect,
}

/// Where the batches come from, without a lifetime.
enum Source {
    Engine(Engine),
    Transaction(Transaction),
    Connection(Connection),
    /// A transaction that was begun for the batches alone.
    Own(Transaction),
}

impl Source {
    fn of(exec: Exec<'_>) -> Self {
        match exec {
            Exec::Engine(engine) => Self::Engine(engine.clone()),
            Exec::Transaction(transaction) => Self::Transaction(transaction.lent()),
            Exec::Connection(connection) => Self::Connection(connection.share()),
        }
    }

    /// The same place with a connection to itself. A SQLite engine that comes here has one connection only, which it shares.
    async fn settled(self) -> Result<Self> {
        match &self {
            Self::Engine(engine) if engine.dialect() == Dialect::Postgres => engine.begin().await.map(Self::Own),
            Self::Connection(connection) if !connection.session().keeps_state().await? => Err(Error::Usage {
                message:
                    "behind a pooler in transaction mode a connection keeps no result between two statements; read the \
                          batches in a transaction (`connection.begin()`)"
                        .to_owned(),
            }),
            Self::Engine(_) | Self::Transaction(_) | Self::Connection(_) | Self::Own(_) => Ok(self),
        }
    }

    async fn run<O: Driven>(&self, operation: O) -> Result<O::Output> {
        let exec = match self {
            Self::Engine(engine) => Exec::Engine(engine),
            Self::Transaction(transaction) | Self::Own(transaction) => Exec::Transaction(transaction),
            Self::Connection(connection) => Exec::Connection(connection),
        };
        exec.run(operation).await
    }

    /// Gives back what was kept.
    async fn forget(self, mut kept: Kept) -> Result<()> {
        match self {
            Self::Own(transaction) => transaction.rollback().await?,
            Self::Engine(_) | Self::Transaction(_) | Self::Connection(_) => {
                self.run(Script::new(std::mem::take(&mut kept.forget))).await?;
            }
        }
        kept.leftover.0 = None;
        Ok(())
    }
}

impl<T: Send + 'static> Batches<T> {
    pub(crate) fn new<D: Decoder<T>>(exec: Exec<'_>, statement: Statement, size: usize, decode: D) -> Self {
        let (size, decode) = (size.max(1), Arc::new(decode));
        #[cfg(feature = "sqlite")]
        if let Exec::Engine(Engine::Sqlite(engine)) = exec
            && statement.access() == Access::Read
            && engine.has_readers()
        {
            return Self(engine.clone().batches(statement, size, decode));
        }
        let source = Source::of(exec);
        if statement.access() == Access::Write {
            // Such a statement does all of its work before its first row.
            return Self(whole(source, statement, size, decode));
        }
        Self(kept(source, statement, size, decode))
    }

    /// The next batch; `None` after the last.
    pub async fn next(&mut self) -> Option<Result<Vec<T>>> {
        self.0.next().await
    }

    pub(crate) fn into_sync(self, exec: Exec<'_>) -> BatchesSync<T> {
        BatchesSync { batches: self, dialect: exec.dialect() }
    }
}

impl<T> Stream for Batches<T> {
    type Item = Result<Vec<T>>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

impl<T> Iterator for BatchesSync<T> {
    type Item = Result<Vec<T>>;

    fn next(&mut self) -> Option<Self::Item> {
        drive(self.dialect, self.batches.next()).unwrap_or_else(|error| Some(Err(error)))
    }
}

/// All rows at once, cut into batches.
fn whole<T: Send + 'static, D: Decoder<T>>(
    source: Source,
    statement: Statement,
    size: usize,
    decode: Arc<D>,
) -> BoxStream<'static, Result<Vec<T>>> {
    let rows = async move { source.run(FetchAll::new(statement, shared(decode))).await };
    let cut = move |rows: Vec<T>| {
        let mut rows = rows.into_iter();
        stream::iter(std::iter::from_fn(move || {
            let batch: Vec<T> = rows.by_ref().take(size).collect();
            (!batch.is_empty()).then_some(Ok(batch))
        }))
    };
    stream::once(rows).map_ok(cut).try_flatten().boxed()
}

/// A decoder that several operations use, one after the other.
pub(super) fn shared<T, D: Decoder<T>>(decode: Arc<D>) -> impl Decoder<T> {
    move |row: &RowRef<'_>| decode(row)
}

/// What is left to do between two batches.
enum Step<D> {
    Begin { source: Source, statement: Statement, size: usize, decode: Arc<D> },
    Next { source: Source, kept: Kept, read: usize, size: usize, decode: Arc<D> },
    Done,
}

/// The batches of a result that is kept where it was made.
fn kept<T: Send + 'static, D: Decoder<T>>(
    source: Source,
    statement: Statement,
    size: usize,
    decode: Arc<D>,
) -> BoxStream<'static, Result<Vec<T>>> {
    let begin = Step::Begin { source, statement, size, decode };
    stream::try_unfold(begin, |step| async move {
        let (source, kept, read, size, decode) = match step {
            Step::Begin { source, statement, size, decode } => {
                let source = source.settled().await?;
                let kept = source.run(Keep::new(statement, size)).await?;
                (source, kept, 0, size, decode)
            }
            Step::Next { source, kept, read, size, decode } => (source, kept, read, size, decode),
            Step::Done => return Ok(None),
        };
        let batch = source.run(FetchAll::new(kept.page(read), shared(Arc::clone(&decode)))).await?;
        let read = read + batch.len();
        if batch.len() == size {
            return Ok(Some((batch, Step::Next { source, kept, read, size, decode })));
        }
        source.forget(kept).await?;
        Ok((!batch.is_empty()).then_some((batch, Step::Done)))
    })
    .boxed()
}
