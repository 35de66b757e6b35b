//! A piece of async work driven to its end on a thread that may block.

use std::future::Future;

use super::Engine;
use super::wait::{self, refuse_inside_runtime};
use crate::Result;
use crate::sql::Dialect;

/// Drives work that only waits for an engine of this dialect. SQLite answers from threads of its own; Postgres needs a
/// runtime that watches its sockets.
pub(crate) fn drive<F: Future>(dialect: Dialect, work: F) -> Result<F::Output> {
    refuse_inside_runtime()?;
    match dialect {
        #[cfg(feature = "postgres")]
        Dialect::Postgres => super::postgres::background::block_on(work),
        #[cfg(not(feature = "postgres"))]
        Dialect::Postgres => Ok(wait::block_on(work)),
        Dialect::Sqlite => Ok(wait::block_on(work)),
    }
}

impl Engine {
    /// Drives work that only waits for this engine.
    pub(crate) fn drive<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        drive(self.dialect(), work)?
    }
}
