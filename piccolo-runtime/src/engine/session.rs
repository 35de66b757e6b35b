//! A line of statements on one connection: what a transaction and a dedicated connection are made of.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::fault::{Fault, Origin};
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
    owed: Mutex<VecDeque<Cow<'static, str>>>,
}

/// The statement that is owed when a transaction on a connection that goes on was given up.
const ROLLBACK: &str = "ROLLBACK";

/// A statement that is owed, while it runs. Dropped before its answer has come, it is owed still.
struct Debt<'s> {
    session: &'s Session,
    sql: Cow<'static, str>,
    settled: bool,
}

impl Debt<'_> {
    /// Takes note of the answer. That there is nothing to roll back is no error: an earlier attempt, whose answer nobody heard, has done it.
    fn settle(mut self, answer: Result<(), Fault>) -> Result<(), Fault> {
        self.settled = true;
        match answer {
            Err(fault) if self.sql == ROLLBACK && fault.origin == Origin::Database => Ok(()),
            answer => answer,
        }
    }
}

impl Drop for Debt<'_> {
    fn drop(&mut self) {
        if !self.settled {
            self.session.lock_owed().push_front(std::mem::take(&mut self.sql));
        }
    }
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
        while let Some(debt) = self.first_debt() {
            let paid = self.run_one(Script::new(debt.sql.clone()), false).await;
            debt.settle(paid)?;
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
                while let Some(debt) = self.first_debt() {
                    let paid = Self::run_here(reserved, &Script::new(debt.sql.clone()), false);
                    debt.settle(paid)?;
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

    /// Leaves a statement to be run before the next one. A rollback makes whatever is owed already needless.
    pub(crate) fn owe(&self, sql: impl Into<Cow<'static, str>>) {
        let (sql, mut owed) = (sql.into(), self.lock_owed());
        if sql == ROLLBACK {
            owed.clear();
        }
        owed.push_back(sql);
    }

    /// Whether statements are to be run before the next one.
    pub(crate) fn owes(&self) -> bool {
        !self.lock_owed().is_empty()
    }

    fn first_debt(&self) -> Option<Debt<'_>> {
        self.lock_owed().pop_front().map(|sql| Debt { session: self, sql, settled: false })
    }

    fn lock_owed(&self) -> MutexGuard<'_, VecDeque<Cow<'static, str>>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
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
