//! The runtime that drives Postgres' connections for `run_sync`: one per process, started by the first call.

use std::future::Future;
use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

use crate::engine::wait::refuse_inside_runtime;
use crate::{Error, Result};

/// Drives a future to its end on this thread, while the runtime's own thread watches the sockets.
pub(crate) fn block_on<F: Future>(future: F) -> Result<F::Output> {
    refuse_inside_runtime()?;
    Ok(runtime()?.block_on(future))
}

fn runtime() -> Result<&'static Runtime> {
    static RUNTIME: OnceLock<std::io::Result<Runtime>> = OnceLock::new();
    let start = || Builder::new_multi_thread().worker_threads(1).thread_name("piccolo-postgres").enable_all().build();
    RUNTIME.get_or_init(start).as_ref().map_err(|error| Error::Connection {
        message: format!("cannot start the runtime behind PostgreSQL's blocking calls: {error}"),
    })
}
