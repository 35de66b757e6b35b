//! PostgreSQL on sqlx, with a pool of ours (see [`super::pool`] for why).

mod arguments;
pub(crate) mod background;
pub(crate) mod decode;
mod document;
mod error;
mod guard;
mod link;
mod numeric;
mod operation;
mod signature;
mod target;
mod url;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot::Receiver;

use self::guard::Guard;
pub(crate) use self::link::Link;
pub(crate) use self::operation::OnPostgres;
use self::target::Target;
use super::fault::{Fault, Origin};
use super::limit::Limit;
use super::operation::Script;
use super::options::Options;
use super::pool::{Lease, Limits, Pool};
use super::telemetry::{Settings, Telemetry};
use super::wait::within;
use crate::sql::Dialect;
use crate::{Error, Result};

/// The number of connections unless the options say otherwise.
const CONNECTIONS: usize = 10;

/// A connection that was idle for longer is asked whether it still lives before it is lent. Asking always would double the
/// time of a short query.
const TRUSTED: Duration = Duration::from_secs(1);

/// An open PostgreSQL database; clones share it.
#[derive(Clone)]
pub struct PostgresEngine(Arc<Inner>);

struct Inner {
    target: Target,
    pool: Pool<Link>,
    telemetry: Telemetry,
    limit: Limit,
    /// How long opening a connection may take.
    patience: Duration,
}

impl PostgresEngine {
    /// Opens the database and its first connection.
    pub(super) async fn connect(url: &str, options: &Options) -> Result<Self> {
        let target = Target { options: url::parse(url, options)?, pooler: options.pooler };
        let limits = Limits {
            connections: options.max_connections.unwrap_or(CONNECTIONS),
            kept: options.min_connections,
            acquire: options.acquire_timeout,
            idle: Some(options.idle_timeout.unwrap_or(Duration::from_mins(10))),
            lifetime: Some(options.max_lifetime.unwrap_or(Duration::from_mins(30))),
        };
        let telemetry = Telemetry::new(Settings {
            dialect: Dialect::Postgres,
            namespace: target.database().to_owned(),
            server: Some(target.address()),
            queries: options.log_queries,
            values: options.log_values,
        });
        let engine = Self(Arc::new(Inner {
            target,
            pool: Pool::new(limits),
            telemetry,
            limit: Limit(options.query_timeout),
            patience: options.acquire_timeout,
        }));
        engine.warm_up().await?;
        Ok(engine)
    }

    /// Opens the pool, unless it is open, and changes its limits.
    pub(super) async fn start(&self, change: impl Fn(&mut Limits)) -> Result<()> {
        self.0.pool.open(change);
        self.warm_up().await
    }

    /// Opens the connections that are to be kept, and one at least, so that a wrong url fails here.
    async fn warm_up(&self) -> Result<()> {
        let mut leases = Vec::new();
        while self.0.pool.lacks(1) {
            leases.push(self.lease().await?);
        }
        Ok(())
    }

    /// Runs an operation on a pooled connection; once more on a fresh one when the first turns out broken before anything
    /// ran on it.
    pub(super) async fn run<O: OnPostgres>(&self, operation: O) -> Result<O::Output, Fault> {
        let mut lease = self.lease().await?;
        match run_on(&mut lease, &operation).await {
            Err(fault) if fault.origin == Origin::Unsent => {
                self.reconnect(&mut lease).await?;
                run_on(&mut lease, &operation).await
            }
            result => result,
        }
    }

    /// A pooled connection with a transaction begun on it by `sql`.
    pub(super) async fn begin(&self, sql: String) -> Result<Lease<Link>> {
        let mut lease = self.lease().await?;
        let begin = Script::new(sql);
        match run_on(&mut lease, &begin).await {
            Err(fault) if fault.origin == Origin::Unsent => {
                self.reconnect(&mut lease).await?;
                run_on(&mut lease, &begin).await?;
            }
            result => result?,
        }
        Ok(lease)
    }

    /// A connection outside of the pool, whose statements take the time that this limit says.
    pub(super) async fn dedicated(&self, limit: Limit) -> Result<Lease<Link>> {
        Ok(Lease::detached(self.open(Guard { statement: limit.0 }).await?))
    }

    /// Closes all connections; the answer comes when the last lease has ended.
    pub(super) fn close(&self) -> Receiver<()> {
        self.0.pool.close()
    }

    pub(super) fn limit(&self) -> Limit {
        self.0.limit
    }

    pub(super) fn telemetry(&self) -> &Telemetry {
        &self.0.telemetry
    }

    /// A pooled connection that lives, as far as one can know without asking.
    async fn lease(&self) -> Result<Lease<Link>> {
        let mut lease = self.0.pool.acquire(Link::is_driven_here).await?;
        let idle = lease.idle_for();
        let usable = match lease.connection() {
            Some(link) => link.is_driven_here() && (idle < TRUSTED || link.is_alive().await),
            None => false,
        };
        if !usable {
            self.reconnect(&mut lease).await?;
        }
        Ok(lease)
    }

    /// Puts a fresh connection into a lease.
    async fn reconnect(&self, lease: &mut Lease<Link>) -> Result<()> {
        lease.discard();
        lease.replace(self.open(Guard { statement: self.0.limit.0 }).await?);
        Ok(())
    }

    async fn open(&self, guard: Guard) -> Result<Link> {
        within(self.0.patience, Link::open(&self.0.target, guard)).await.unwrap_or_else(|| {
            Err(Error::Timeout { message: format!("PostgreSQL did not answer within {:?}", self.0.patience) })
        })
    }
}

async fn run_on<O: OnPostgres>(lease: &mut Lease<Link>, operation: &O) -> Result<O::Output, Fault> {
    match lease.connection() {
        Some(link) => link.run(operation).await,
        None => Err(Error::Connection { message: "the connection has been closed".to_owned() }.into()),
    }
}
