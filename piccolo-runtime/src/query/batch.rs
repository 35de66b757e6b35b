//! Reading many rows with constant memory.

use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};

use super::objects::{Objects, decode};
use super::raw::Raw;
use super::select::Select;
use super::render::Renderer;
use super::show::{Render, shows_sql};
use crate::engine::{Batches, BatchesSync};
use crate::table::Table;
use crate::{Exec, Result};

/// How many rows a plain stream of rows fetches at once.
const ROWS_AT_ONCE: usize = 256;

/// A query whose rows come in batches of at most `size`: its `run` gives a stream of them, its `run_sync` an iterator.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct Batch<Q> {
    query: Q,
    size: usize,
}

/// Rows that come one by one.
pub type Rows<T> = BoxStream<'static, Result<T>>;

/// Rows that come one by one, on a thread that may block.
#[must_use = "an iterator does nothing unless advanced"]
pub struct RowsSync<T> {
    batches: BatchesSync<T>,
    /// What is left of the batch that came last.
    batch: std::vec::IntoIter<T>,
}

impl<T> std::fmt::Debug for RowsSync<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RowsSync")
    }
}

impl<T> Iterator for RowsSync<T> {
    type Item = Result<T>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.batch.next() {
                return Some(Ok(row));
            }
            match self.batches.next()? {
                Ok(batch) => self.batch = batch.into_iter(),
                Err(error) => return Some(Err(error)),
            }
        }
    }
}

/// The rows of batches one by one.
fn one_by_one<T: Send + 'static>(batches: Batches<T>) -> Rows<T> {
    batches.map_ok(|batch| stream::iter(batch.into_iter().map(Ok))).try_flatten().boxed()
}

/// Writes the batches of a builder: its generics, what its rows become, and how they are decoded.
macro_rules! batches {
    ([$($generics:tt)*] $query:ty, $row:ty, $decoder:expr) => {
        impl<$($generics)*> $query {
            /// The rows in batches of at most `size`, with constant memory however many there are.
            pub const fn batch(self, size: usize) -> Batch<Self> {
                Batch { query: self, size }
            }

            /// The rows one by one, with constant memory however many there are.
            ///
            /// # Errors
            ///
            /// Whatever is wrong with the query as built. Errors of the database come in the stream.
            pub fn stream<'e>(self, db: impl Into<Exec<'e>>) -> Result<Rows<$row>> {
                self.batch(ROWS_AT_ONCE).run(db).map(one_by_one)
            }

            /// The same on a thread that may block.
            ///
            /// # Errors
            ///
            /// As [`Self::stream`].
            pub fn stream_sync<'e>(self, db: impl Into<Exec<'e>>) -> Result<RowsSync<$row>> {
                let batches = self.batch(ROWS_AT_ONCE).run_sync(db)?;
                Ok(RowsSync { batches, batch: Vec::new().into_iter() })
            }
        }

        impl<$($generics)*> Batch<$query> {
            /// The batches as a stream. It holds a connection until it ends or is dropped; in a transaction it sees the transaction's rows.
            ///
            /// # Errors
            ///
            /// Whatever is wrong with the query as built. Errors of the database come in the stream.
            pub fn run<'e>(self, db: impl Into<Exec<'e>>) -> Result<Batches<$row>> {
                let exec = db.into();
                let statement = self.query.statement(exec.dialect())?;
                let decoder: fn(&$query) -> _ = $decoder;
                Ok(exec.fetch_batches(statement, self.size, decoder(&self.query)))
            }

            /// The batches as an iterator, on a thread that may block.
            ///
            /// # Errors
            ///
            /// As [`Self::run`].
            pub fn run_sync<'e>(self, db: impl Into<Exec<'e>>) -> Result<BatchesSync<$row>> {
                let exec = db.into();
                let statement = self.query.statement(exec.dialect())?;
                let decoder: fn(&$query) -> _ = $decoder;
                Ok(exec.fetch_batches_sync(statement, self.size, decoder(&self.query)))
            }
        }

        impl<$($generics)*> Render for Batch<$query> {
            fn render(&self, renderer: &mut Renderer) -> Result<()> {
                self.query.render(renderer)
            }
        }

        shows_sql!([$($generics)*] Batch<$query>);
    };
}

batches!([R: Table, O: Send + 'static] Select<R, O>, O, Select::decoder);
batches!([R: Table] Objects<R>, R, |_| decode::<R>);
batches!([O: Send + 'static] Raw<O>, O, Raw::decoder);
