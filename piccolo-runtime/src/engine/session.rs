//! A line of statements on one connection: what a transaction and a dedicated connection are made of.

use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

use super::fault::Fault;
use super::limit::Limit;
use super::operation::{Driven, Script};
use super::reserved::Reserved;
use super::telemetry::Telemetry;
use crate::sql::Dialect;
use crate::{Error, Result};

/// One reserved connection of either engine.
pub(crate) struct Session {
    kind: Kind,
    telemetry: Telemetry,
    limit: Limit,
    /// Statements that a handle dropped half-way could not wait for; they run before the next one.
    owed: Mutex<Vec<Cow<'static, str>>>,
}

enum Kind {
    #[cfg(feature = "sqlite")]
    Sqlite(Reserved<super::sqlite::worker::Worker>),
    #[cfg(feature = "postgres")]
    Postgres(Reserved<super::postgres::Link>),
}

impl Session {
    #[cfg(feature = "sqlite")]
    pub(super) fn sqlite(
        reserved: Reserved<super::sqlite::worker::Worker>,
        telemetry: Telemetry,
        limit: Limit,
    ) -> Self {
        Self { kind: Kind::Sqlite(reserved), telemetry, limit, owed: Mutex::default() }
    }

    #[cfg(feature = "postgres")]
    pub(super) fn postgres(reserved: Reserved<super::postgres::Link>, telemetry: Telemetry, limit: Limit) -> Self {
        Self { kind: Kind::Postgres(reserved), telemetry, limit, owed: Mutex::default() }
    }

    pub(crate) fn dialect(&self) -> Dialect {
        match self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Runs an operation, `within` an open transaction or outside of any.
    pub(crate) async fn run<O: Driven>(&self, operation: O, within: bool) -> Result<O::Output, Fault> {
        operation.check()?;
        for sql in self.take_owed() {
            self.run_one(Script::new(sql), false).await?;
        }
        let watch = self.telemetry.watch(&operation);
        watch.finish(self.limit.apply(self.run_one(operation, within)).await)
    }

    async fn run_one<O: Driven>(&self, operation: O, within: bool) -> Result<O::Output, Fault> {
        match self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(ref reserved) => {
                let mut hold = reserved.hold().await;
                let lease = hold.lease()?;
                lease.mark_used_by_transaction();
                let worker = lease.connection().cloned().ok_or_else(closed)?;
                worker.run(hold, within, operation).await.map_err(|refused| refused.fault)
            }
            #[cfg(feature = "postgres")]
            Kind::Postgres(ref reserved) => {
                let mut hold = reserved.hold().await;
                let link = hold.lease()?.connection().ok_or_else(closed)?;
                link.run(&operation).await
            }
        }
    }

    /// The same on a thread that may block.
    pub(crate) fn run_sync<O: Driven>(&self, operation: O, within: bool) -> Result<O::Output, Fault> {
        match self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(ref reserved) => {
                operation.check()?;
                for sql in self.take_owed() {
                    Self::run_here(reserved, &Script::new(sql), false)?;
                }
                let watch = self.telemetry.watch(&operation);
                let result = self.limit.apply_sync(
                    operation,
                    |operation| Self::run_here(reserved, &operation, within),
                    |operation| self.run_one(operation, within),
                );
                watch.finish(result)
            }
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => super::postgres::background::block_on(self.run(operation, within))?,
        }
    }

    #[cfg(feature = "sqlite")]
    fn run_here<O: Driven>(
        reserved: &Reserved<super::sqlite::worker::Worker>,
        operation: &O,
        within: bool,
    ) -> Result<O::Output, Fault> {
        let mut hold = reserved.hold_sync();
        let lease = hold.lease()?;
        lease.mark_used_by_transaction();
        lease.connection().ok_or_else(closed)?.run_here(operation, within)
    }

    /// Whether what one statement leaves in the session is there for the next, which a pooler between us and the server need not grant.
    pub(crate) async fn keeps_state(&self) -> Result<bool> {
        match self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(_) => Ok(true),
            #[cfg(feature = "postgres")]
            Kind::Postgres(ref reserved) => {
                let mut hold = reserved.hold().await;
                hold.lease()?.connection().map(|link| link.keeps_session()).ok_or_else(closed)
            }
        }
    }

    /// Leaves a statement to be run before the next one.
    pub(crate) fn owe(&self, sql: impl Into<Cow<'static, str>>) {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner).push(sql.into());
    }

    fn take_owed(&self) -> Vec<Cow<'static, str>> {
        std::mem::take(&mut *self.owed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Gives the connection back, after rolling back what is still open on it.
    pub(crate) fn end(&self) {
        match self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(ref reserved) => reserved.end(),
            #[cfg(feature = "postgres")]
            Kind::Postgres(ref reserved) => reserved.end(),
        }
    }
}

fn closed() -> Error {
    Error::Connection { message: "the connection has been closed".to_owned() }
}
