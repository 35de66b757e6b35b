//! One connection to PostgreSQL, and the state in which its last user left it.

use std::collections::HashMap;
use std::time::Duration;

use sqlx::postgres::PgConnection;
use sqlx::{ConnectOptions, Connection, Executor, Row};
use tokio::runtime::Handle;

use super::guard::Guard;
use super::operation::{OnPostgres, Session, text};
use super::signature::Signatures;
use super::target::Target;
use crate::engine::fault::{Fault, Origin};
use crate::engine::pool::{Resource, Slot};
use crate::{Error, Result};

/// How long a connection that was left in the middle of something has to come back clean before it is closed.
const CLEANING: Duration = Duration::from_millis(500);

/// A connection.
pub(crate) struct Link {
    connection: PgConnection,
    /// The runtime that watches its socket.
    runtime: Handle,
    /// Whether a statement runs, or was abandoned.
    busy: bool,
    /// Whether a transaction of ours is open.
    in_transaction: bool,
    /// Whether it can still be used.
    broken: bool,
    /// What each transaction is begun with, where a pooler lends its server connections out for one transaction.
    pooled: Option<Guard>,
    cursors: HashMap<u64, u32>,
    signatures: Signatures,
}

impl Link {
    /// Opens a connection.
    pub(crate) async fn open(target: &Target, guard: Guard) -> Result<Self> {
        let runtime = Handle::try_current().map_err(|_| Error::Usage {
            message: "PostgreSQL needs a Tokio runtime around its async calls; without one use the `_sync` forms"
                .to_owned(),
        })?;
        let failed = |error: sqlx::Error| Error::Connection {
            message: format!("cannot connect to PostgreSQL at {}: {}", target.place(), Fault::from(error).error),
        };
        let mut connection = target.options.connect().await.map_err(failed)?;
        let greeting = guard.greeting(target.pooler);
        let row = connection.fetch_one(sqlx::raw_sql(text(greeting.into()))).await.map_err(failed)?;
        let pooled: bool = row.try_get(0).map_err(failed)?;
        Ok(Self {
            connection,
            runtime,
            busy: false,
            in_transaction: false,
            broken: false,
            pooled: pooled.then_some(guard),
            cursors: HashMap::new(),
            signatures: Signatures::default(),
        })
    }

    /// Whether the current runtime is the one that watches the socket. Another one may have been shut down.
    pub(crate) fn is_driven_here(&self) -> bool {
        Handle::try_current().is_ok_and(|current| current.id() == self.runtime.id())
    }

    /// Asks the server for a sign of life.
    pub(crate) async fn is_alive(&mut self) -> bool {
        self.connection.ping().await.is_ok()
    }

    /// Runs an operation. A future that is dropped leaves the connection busy, which the end of its lease looks after.
    pub(crate) async fn run<O: OnPostgres>(&mut self, operation: &O) -> Result<O::Output, Fault> {
        self.busy = true;
        let mut result = operation.run_on_postgres(self.session()).await;
        let stale = matches!(&result, Err(fault) if fault.origin == Origin::Stale);
        if stale || self.signatures.is_full() {
            self.connection.clear_cached_statements().await?;
            self.signatures.clear();
        }
        if stale && !self.in_transaction {
            result = operation.run_on_postgres(self.session()).await;
        }
        self.busy = false;
        match (&result, operation.text().as_ref()) {
            (Err(fault), _) if matches!(fault.origin, Origin::Unsent | Origin::Broken) => self.broken = true,
            (Ok(_), "COMMIT" | "ROLLBACK") => {
                self.in_transaction = false;
                self.cursors.clear();
            }
            (Ok(_), text) if text.starts_with("BEGIN") => self.in_transaction = true,
            _ => {}
        }
        result
    }

    /// Whether what one statement leaves in the session is there for the next.
    pub(crate) fn keeps_session(&self) -> bool {
        self.pooled.is_none() || self.in_transaction
    }

    fn session(&mut self) -> Session<'_> {
        Session {
            connection: &mut self.connection,
            in_transaction: self.in_transaction,
            pooled: self.pooled,
            cursors: &mut self.cursors,
            signatures: &mut self.signatures,
        }
    }

    /// Waits for what still runs and rolls back what is open.
    async fn clean(mut self, slot: Slot<Self>) {
        let cleaned = tokio::time::timeout(CLEANING, async {
            self.connection.ping().await?;
            if self.in_transaction || self.busy {
                self.connection.execute(sqlx::raw_sql("ROLLBACK")).await?;
            }
            Ok::<_, sqlx::Error>(())
        })
        .await;
        if matches!(cleaned, Ok(Ok(()))) {
            (self.busy, self.in_transaction) = (false, false);
            self.cursors.clear();
            slot.put_back(self);
        }
        // Otherwise both are dropped: the socket is closed, the server stops and rolls back, and the slot is free.
    }
}

impl Resource for Link {
    fn give_back(self, slot: Slot<Self>) {
        if self.broken {
            return;
        }
        if self.busy || self.in_transaction {
            let runtime = self.runtime.clone();
            // A runtime that has been shut down drops the future, and with it connection and slot.
            drop(runtime.spawn(self.clean(slot)));
        } else {
            slot.put_back(self);
        }
    }
}
