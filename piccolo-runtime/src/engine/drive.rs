//! A piece of async work driven to its end on a thread that may block.

use std::future::Future;

use super::Engine;
use super::wait::{self, refuse_inside_runtime};
use crate::{Error, Result};

impl Engine {
    /// Drives work that only waits for this engine. SQLite answers from threads of its own; Postgres needs a runtime
    /// that watches its sockets.
    pub(crate) fn drive<T>(&self, work: impl Future<Output = Result<T>>) -> Result<T> {
        refuse_inside_runtime()?;
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => wait::block_on(work, None)
                .unwrap_or_else(|| Err(Error::Timeout { message: "a wait without a deadline ended early".to_owned() })),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => super::postgres::background::block_on(work)?,
        }
    }
}
