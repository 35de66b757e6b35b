//! One runner at a time on Postgres.
//!
//! The lock is one of a transaction that stays open on a connection of its own for the whole run. That works behind a pooler, where a
//! session's lock would be stranded on a server connection that is not ours, and it ends with the connection whatever
//! happens to this process. It is polled, in a transaction for each attempt: a statement that waits for it would hold a snapshot, and
//! `CREATE INDEX CONCURRENTLY` waits for the end of every transaction that it sees with an older one. (SQLite needs none of this:
//! `BEGIN IMMEDIATE` is its lock.)

use std::time::{Duration, Instant};

use super::event::Event;
use super::pause::Backoff;
use super::session::Session;
use crate::ask::{first, run};
use crate::engine::Engine;
use crate::transaction::Transaction;
use crate::{Error, Result};

/// The lock's key: "piccolo" and a version, so that no other tool arrives at it by chance.
const KEY: i64 = 0x7069_6363_6f6c_6f01;

/// How long two attempts lie apart, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));

/// How long one waits before it is worth a message.
const PATIENCE: Duration = Duration::from_millis(300);

/// The lock, held until it is released or dropped.
pub(super) struct Lock {
    transaction: Transaction,
}

impl Lock {
    /// Waits for the lock, for at most `limit`.
    pub(super) async fn acquire(
        engine: &Engine,
        limit: Duration,
        tell: &(dyn Fn(Event) + Send + Sync),
    ) -> Result<Self> {
        let session = Session::open(engine).await?;
        let (started, mut backoff, mut told) = (Instant::now(), Backoff::new(PAUSES.0, PAUSES.1), None);
        loop {
            let transaction = begin(&session).await?;
            let attempt = format!("SELECT pg_try_advisory_xact_lock({KEY})");
            if first(&transaction, attempt, |row| row.get::<bool>(0)).await? == Some(true) {
                return Ok(Self { transaction });
            }
            let waited = started.elapsed();
            if waited > PATIENCE {
                let holder = holder(&transaction).await?;
                if waited > limit {
                    return Err(Error::Timeout { message: gave_up(limit, holder.as_deref()) });
                }
                if told.as_ref() != Some(&holder) {
                    tell(Event::Waiting { holder: holder.clone(), waited });
                    told = Some(holder);
                }
            }
            transaction.rollback().await?;
            backoff.pause().await;
        }
    }

    /// Makes sure that the lock is still held, which a lost connection would have ended.
    pub(super) async fn check(&self) -> Result<()> {
        run(&self.transaction, "SELECT 1").await.map_err(|error| Error::Connection {
            message: format!("the connection that keeps other runners away was lost: {error}; run it again"),
        })
    }

    /// Gives the lock back.
    pub(super) async fn release(self) -> Result<()> {
        self.transaction.rollback().await
    }
}

/// The transaction of one attempt. It ends with the attempt: a concurrent build that begins while the attempt's statement runs waits for the
/// end of the whole transaction.
async fn begin(session: &Session) -> Result<Transaction> {
    let transaction = session.begin().await?;
    for setting in [
        // The first statement, because it decides whether the transaction keeps a snapshot between statements.
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
        "SET LOCAL idle_in_transaction_session_timeout = 0",
        "SET LOCAL statement_timeout = 0",
    ] {
        run(&transaction, setting).await?;
    }
    Ok(transaction)
}

/// Who holds the lock, as far as the server tells.
async fn holder(transaction: &Transaction) -> Result<Option<String>> {
    let query = format!(
        "SELECT format('process %s%s%s, %s since %s', a.pid, \
         CASE WHEN a.application_name = '' THEN '' ELSE ' of ' || a.application_name END, \
         CASE WHEN a.client_addr IS NULL THEN '' ELSE ' at ' || host(a.client_addr) END, \
         coalesce(a.state, 'state unknown'), to_char(a.xact_start AT TIME ZONE 'UTC', 'HH24:MI:SS \"UTC\"')) \
         FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid \
         WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) \
         AND (l.classid::bigint << 32) | l.objid::bigint = {KEY}"
    );
    first(transaction, query, |row| row.get::<String>(0)).await
}

fn gave_up(limit: Duration, holder: Option<&str>) -> String {
    let who = holder.map(|holder| format!(": {holder}")).unwrap_or_default();
    format!("waited {}s for another runner of migrations{who}; run it again when that one is done", limit.as_secs())
}
