//! Batches on SQLite.
//!
//! On an engine the statement has a reading connection to itself, whose thread waits between two batches. Where the connection
//! is shared with other statements (a transaction, a dedicated connection, a database in memory) the result is kept in a
//! temporary table, which those statements cannot change.

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt;
use futures_util::future::{BoxFuture, Either, select};
use futures_util::stream::{self, BoxStream, StreamExt};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::SqliteEngine;
use super::bind::bind;
use super::operation::{OnSqlite, Session};
use crate::engine::fault::Fault;
use crate::engine::operation::{Decoder, Keep, Kept, Leftover, Operation};
use crate::engine::row_ref::RowRef;
use crate::sql::identifier;
use crate::statement::Access;
use crate::{Result, Statement};

/// A statement that sends its rows in batches while it runs.
struct SendBatches<D, T> {
    statement: Statement,
    size: usize,
    decode: Arc<D>,
    batches: Sender<Vec<T>>,
}

impl<T: Send + 'static, D: Decoder<T>> Operation for SendBatches<D, T> {
    type Output = ();

    fn access(&self) -> Access {
        Access::Read
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.statement.sql)
    }

    fn statement(&self) -> Option<&Statement> {
        Some(&self.statement)
    }
}

impl<T: Send + 'static, D: Decoder<T>> OnSqlite for SendBatches<D, T> {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<(), Fault> {
        let mut statement = session.prepare(&self.statement.sql, &self.statement.args)?;
        let mut rows = statement.raw_query();
        let mut batch = Vec::new();
        while let Some(row) = rows.next()? {
            batch.push((self.decode)(&RowRef::sqlite(row))?);
            if batch.len() == self.size && self.batches.blocking_send(std::mem::take(&mut batch)).is_err() {
                // Nobody asks for more.
                return Ok(());
            }
        }
        if !batch.is_empty() {
            // As above, and there is no more.
            let _ = self.batches.blocking_send(batch);
        }
        Ok(())
    }
}

/// The statement on its thread, seen from the caller's side.
struct Streaming<T> {
    batches: Receiver<Vec<T>>,
    /// Ends with the statement. Dropping it interrupts the statement.
    job: BoxFuture<'static, Result<()>>,
}

impl SqliteEngine {
    /// The batches of a statement that has a reading connection to itself.
    pub(in crate::engine) fn batches<T: Send + 'static, D: Decoder<T>>(
        self,
        statement: Statement,
        size: usize,
        decode: Arc<D>,
    ) -> BoxStream<'static, Result<Vec<T>>> {
        // One batch waits while the next is read.
        let (sender, batches) = channel(1);
        let operation = SendBatches { statement, size, decode, batches: sender };
        let job = async move {
            operation.refuse_control()?;
            operation.check()?;
            let watch = self.telemetry().watch(&operation);
            watch.finish(self.run(operation).await).map_err(Into::into)
        }
        .boxed();
        stream::try_unfold(Some(Streaming { batches, job }), |streaming| async move {
            let Some(mut streaming) = streaming else { return Ok(None) };
            let next = match select(Box::pin(streaming.batches.recv()), &mut streaming.job).await {
                Either::Left((batch, _)) => Either::Left(batch),
                Either::Right((ended, _)) => Either::Right(ended),
            };
            match next {
                Either::Left(Some(batch)) => Ok(Some((batch, Some(streaming)))),
                Either::Left(None) => streaming.job.await.map(|()| None),
                Either::Right(ended) => {
                    // What was sent before the end comes first, and an error after it.
                    match streaming.batches.recv().await {
                        Some(batch) => {
                            let job = std::future::ready(ended).boxed();
                            Ok(Some((batch, Some(Streaming { job, ..streaming }))))
                        }
                        None => ended.map(|()| None),
                    }
                }
            }
        })
        .boxed()
    }
}

impl OnSqlite for Keep {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<Kept, Fault> {
        static KEPT: AtomicU64 = AtomicU64::new(0);
        let table = format!("temp.{}", identifier(&format!("piccolo_kept_{}", KEPT.fetch_add(1, Ordering::Relaxed))));
        // The columns get names of ours and no types, so that every value stays as it is; the reader gives the names back.
        let names: Vec<String> = {
            let statement = session.prepare_only(&self.statement.sql)?;
            let named = |position| statement.column_name(position).map(str::to_owned);
            (0..statement.column_count()).map(named).collect::<rusqlite::Result<_>>()?
        };
        let columns: Vec<String> = (0..names.len()).map(|position| format!("c{position}")).collect();
        let columns = columns.join(", ");
        session.connection.execute_batch(&format!("CREATE TABLE {table} (position INTEGER PRIMARY KEY, {columns})"))?;
        let forget = format!("DROP TABLE IF EXISTS {table}");
        let later = (session.worker.clone(), forget.clone());
        let leftover = Leftover(Some(Box::new(move || later.0.run_later(later.1))));
        let fill = format!("INSERT INTO {table} ({columns}) {}", self.statement.sql);
        let mut fill = session.connection.prepare(&fill)?;
        bind(&mut fill, &self.statement.args)?;
        fill.raw_execute()?;
        let named: Vec<String> = (0..)
            .zip(&names)
            .map(|(position, name): (usize, _)| format!("c{position} AS {}", identifier(name)))
            .collect();
        Ok(Kept {
            next: format!(
                "SELECT {} FROM {table} WHERE position > ?1 ORDER BY position LIMIT {}",
                named.join(", "),
                self.size
            ),
            by_position: true,
            forget,
            leftover,
        })
    }
}
