//! SQLite on rusqlite: one connection that writes, several that read.
//!
//! A database in memory lives as long as its one connection, which then does both.

pub(crate) mod batches;
pub(crate) mod bind;
pub(crate) mod decode;
mod error;
mod open;
mod operation;
mod url;
pub(crate) mod worker;

use std::sync::Arc;

pub(crate) use operation::OnSqlite;

use self::operation::reads;
use self::url::Location;
use self::worker::{Refused, Worker};
use super::fault::{Fault, Origin};
use super::limit::Limit;
use super::options::Options;
use super::pool::{Lease, Limits, Pool};
use super::telemetry::{Settings, Telemetry};
use crate::sql::Dialect;
use crate::{Error, Result};

/// How many connections read side by side unless the options say otherwise.
const READERS: usize = 4;

/// An open SQLite database; clones share it.
#[derive(Clone)]
pub struct SqliteEngine(Arc<Inner>);

struct Inner {
    location: Location,
    writer: Pool<Worker>,
    /// `None` where the one connection of a database in memory does everything.
    readers: Option<Pool<Worker>>,
    telemetry: Telemetry,
    limit: Limit,
}

impl SqliteEngine {
    /// Reads the url; nothing is opened yet.
    fn new(url: &str, options: &Options) -> Result<Self> {
        let location = url::parse(url, options)?;
        let limits = |connections, kept| Limits {
            connections,
            kept,
            acquire: options.acquire_timeout,
            idle: options.idle_timeout,
            lifetime: options.max_lifetime,
        };
        let (writer, readers) = match &location.path {
            // The one connection is the database.
            None => (Limits { idle: None, lifetime: None, ..limits(1, 1) }, None),
            Some(_) => {
                let readers = limits(options.max_connections.unwrap_or(READERS), options.min_connections);
                (limits(1, 0), Some(readers))
            }
        };
        let telemetry = Telemetry::new(Settings {
            dialect: Dialect::Sqlite,
            namespace: location.name(),
            server: None,
            queries: options.log_queries,
            values: options.log_values,
        });
        Ok(Self(Arc::new(Inner {
            location,
            writer: Pool::new(writer),
            readers: readers.map(Pool::new),
            telemetry,
            limit: Limit(options.query_timeout),
        })))
    }

    /// Opens the database and its first connection.
    pub(super) async fn connect(url: &str, options: &Options) -> Result<Self> {
        let engine = Self::new(url, options)?;
        engine.warm_up().await?;
        Ok(engine)
    }

    /// The same on a thread that may block.
    pub(super) fn connect_sync(url: &str, options: &Options) -> Result<Self> {
        let engine = Self::new(url, options)?;
        engine.warm_up_sync()?;
        Ok(engine)
    }

    /// Opens the pools, unless they are open, and changes their limits: of the readers, because there is one writer and always will be.
    pub(super) async fn start(&self, change: impl Fn(&mut Limits)) -> Result<()> {
        self.open_pools(change);
        self.warm_up().await
    }

    /// The same on a thread that may block.
    pub(super) fn start_sync(&self, change: impl Fn(&mut Limits)) -> Result<()> {
        self.open_pools(change);
        self.warm_up_sync()
    }

    fn open_pools(&self, change: impl Fn(&mut Limits)) {
        self.0.writer.open(|limits| {
            let mut changed = *limits;
            change(&mut changed);
            limits.acquire = changed.acquire;
            if self.has_readers() {
                (limits.idle, limits.lifetime) = (changed.idle, changed.lifetime);
            }
        });
        if let Some(readers) = &self.0.readers {
            readers.open(change);
        }
    }

    /// Opens the writer and the readers that are to be kept.
    async fn warm_up(&self) -> Result<()> {
        let mut leases = Vec::new();
        while let Some(to_read) = self.lacks() {
            leases.push(self.lease(to_read).await?);
        }
        Ok(())
    }

    /// The same on a thread that may block.
    fn warm_up_sync(&self) -> Result<()> {
        let mut leases = Vec::new();
        while let Some(to_read) = self.lacks() {
            leases.push(self.lease_sync(to_read)?);
        }
        Ok(())
    }

    /// Whether a connection is missing, and whether it is one that reads. The writer comes first, because it creates the file.
    fn lacks(&self) -> Option<bool> {
        if self.0.writer.lacks(1) {
            return Some(false);
        }
        self.0.readers.as_ref().is_some_and(|readers| readers.lacks(0)).then_some(true)
    }

    /// Runs an operation on a connection of its kind.
    pub(super) async fn run<O: OnSqlite>(&self, mut operation: O) -> Result<O::Output, Fault> {
        if self.0.readers.is_some() && reads(&operation) {
            let (worker, lease) = self.lease(true).await?;
            match worker.run(lease, false, operation).await {
                Err(Refused { fault: Fault { origin: Origin::NotReadOnly, .. }, operation: Some(again) }) => {
                    operation = again;
                }
                Err(refused) => return Err(refused.fault),
                Ok(output) => return Ok(output),
            }
        }
        let (worker, lease) = self.lease(false).await?;
        worker.run(lease, false, operation).await.map_err(|refused| refused.fault)
    }

    /// The same on a thread that may block.
    pub(super) fn run_sync<O: OnSqlite>(&self, operation: O) -> Result<O::Output, Fault> {
        self.0.limit.apply_sync(operation, |operation| self.run_here(&operation), |operation| self.run(operation))
    }

    fn run_here<O: OnSqlite>(&self, operation: &O) -> Result<O::Output, Fault> {
        if self.0.readers.is_some() && reads(operation) {
            let (worker, _lease) = self.lease_sync(true)?;
            match worker.run_here(operation, false) {
                Err(Fault { origin: Origin::NotReadOnly, .. }) => {}
                result => return result,
            }
        }
        let (worker, _lease) = self.lease_sync(false)?;
        worker.run_here(operation, false)
    }

    /// A lease of the connection that writes, or of one that reads, and the connection in it.
    pub(super) async fn lease(&self, to_read: bool) -> Result<(Worker, Lease<Worker>)> {
        let mut lease = self.pool(to_read).acquire(|_| true).await?;
        if let Some(worker) = lease.connection() {
            return Ok((worker.clone(), lease));
        }
        let worker = open::open_aside(self.0.location.clone(), to_read).await?;
        lease.replace(worker.clone());
        Ok((worker, lease))
    }

    /// The same on a thread that may block.
    pub(super) fn lease_sync(&self, to_read: bool) -> Result<(Worker, Lease<Worker>)> {
        let mut lease = self.pool(to_read).acquire_sync(|_| true)?;
        if let Some(worker) = lease.connection() {
            return Ok((worker.clone(), lease));
        }
        let worker = open::open(&self.0.location, to_read)?;
        lease.replace(worker.clone());
        Ok((worker, lease))
    }

    /// A connection of its own, or the only one there is.
    pub(super) async fn dedicated(&self) -> Result<(Worker, Lease<Worker>)> {
        if self.0.location.path.is_none() {
            return self.lease(false).await;
        }
        let worker = open::open_aside(self.0.location.clone(), false).await?;
        Ok((worker.clone(), Lease::detached(worker)))
    }

    /// The same on a thread that may block.
    pub(super) fn dedicated_sync(&self) -> Result<(Worker, Lease<Worker>)> {
        if self.0.location.path.is_none() {
            return self.lease_sync(false);
        }
        let worker = open::open(&self.0.location, false)?;
        Ok((worker.clone(), Lease::detached(worker)))
    }

    /// Closes all connections; the answers come when the last leases have ended.
    pub(super) fn close(&self) -> impl Iterator<Item = tokio::sync::oneshot::Receiver<()>> {
        // Readers first: the connection that closes last tidies the write-ahead log up, and only the writer can.
        let readers = self.0.readers.as_ref().map(Pool::close);
        readers.into_iter().chain([self.0.writer.close()])
    }

    /// Whether it has connections that only read.
    pub(super) fn has_readers(&self) -> bool {
        self.0.readers.is_some()
    }

    pub(super) fn limit(&self) -> Limit {
        self.0.limit
    }

    pub(super) fn telemetry(&self) -> &Telemetry {
        &self.0.telemetry
    }

    fn pool(&self, to_read: bool) -> &Pool<Worker> {
        self.0.readers.as_ref().filter(|_| to_read).unwrap_or(&self.0.writer)
    }
}

/// What every call on a transaction says after SQLite has ended it.
fn rolled_back() -> Error {
    Error::TransactionOver {
        message: "SQLite has rolled it back, after an interrupted write or an error of the disk".to_owned(),
    }
}
