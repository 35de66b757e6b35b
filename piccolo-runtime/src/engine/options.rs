//! Settings of an engine.

use std::time::Duration;

use super::Engine;
use crate::Result;

/// What an engine is opened with; made by [`Engine::builder`].
#[derive(Clone, Debug)]
#[must_use = "a builder opens nothing before `connect`"]
pub struct EngineBuilder {
    pub(crate) url: String,
    pub(crate) options: Options,
}

/// The settings themselves. Each has a default, so that a url is enough.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    pub(crate) max_connections: Option<usize>,
    pub(crate) acquire_timeout: Duration,
    pub(crate) idle_timeout: Option<Duration>,
    pub(crate) max_lifetime: Option<Duration>,
    pub(crate) query_timeout: Option<Duration>,
    pub(crate) busy_timeout: Duration,
    pub(crate) create_if_missing: bool,
    pub(crate) application_name: Option<String>,
    pub(crate) pooler: Pooler,
    pub(crate) log_queries: bool,
    pub(crate) log_values: bool,
}

/// What stands between the application and a PostgreSQL server.
///
/// A pooler in transaction mode lends its connections to the server out for one transaction at a time. What a statement leaves behind in its session
/// (a prepared statement, a setting, a lock) is then somebody else's. There every statement runs inside of a transaction of its own and
/// nothing is prepared under a name, which is right with every pooler and takes more messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Pooler {
    /// Each connection finds out by itself.
    #[default]
    Detect,
    /// Nothing, or something that gives each connection a session of its own: a pooler in session mode.
    None,
    /// A pooler in transaction mode, such as PgBouncer.
    Transaction,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: None,
            acquire_timeout: Duration::from_secs(30),
            idle_timeout: None,
            max_lifetime: None,
            query_timeout: None,
            busy_timeout: Duration::from_secs(5),
            create_if_missing: true,
            application_name: None,
            pooler: Pooler::Detect,
            log_queries: false,
            log_values: false,
        }
    }
}

impl EngineBuilder {
    pub(super) fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), options: Options::default() }
    }

    /// The greatest number of connections: on Postgres in all (10 unless set), on SQLite for reading (beside the one that
    /// writes; 4 unless set).
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.options.max_connections = Some(connections.max(1));
        self
    }

    /// How long a call waits for a free connection before it gives up with [`Error::Timeout`](crate::Error::Timeout); 30
    /// seconds unless set.
    pub fn acquire_timeout(mut self, limit: Duration) -> Self {
        self.options.acquire_timeout = limit;
        self
    }

    /// Closes connections that nobody used for this long. On Postgres 10 minutes unless set; SQLite keeps them.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.options.idle_timeout = Some(limit);
        self
    }

    /// Closes connections of this age once they are free. On Postgres 30 minutes unless set; SQLite keeps them.
    pub fn max_lifetime(mut self, limit: Duration) -> Self {
        self.options.max_lifetime = Some(limit);
        self
    }

    /// Stops every statement that takes longer, with [`Error::Timeout`](crate::Error::Timeout). There is no limit unless set.
    pub fn query_timeout(mut self, limit: Duration) -> Self {
        self.options.query_timeout = Some(limit);
        self
    }

    /// How long SQLite waits for a lock that another process holds; 5 seconds unless set.
    pub fn busy_timeout(mut self, limit: Duration) -> Self {
        self.options.busy_timeout = limit;
        self
    }

    /// Whether a SQLite file that does not exist is created, which it is unless this says no.
    pub fn create_if_missing(mut self, create: bool) -> Self {
        self.options.create_if_missing = create;
        self
    }

    /// The name under which Postgres lists the connections.
    pub fn application_name(mut self, name: impl Into<String>) -> Self {
        self.options.application_name = Some(name.into());
        self
    }

    /// What stands between this application and the PostgreSQL server; each connection finds it out unless set.
    pub fn pooler(mut self, pooler: Pooler) -> Self {
        self.options.pooler = pooler;
        self
    }

    /// Reports each statement with its time through `tracing`, under the target `piccolo::query` at level `INFO`.
    pub fn log_queries(mut self, log: bool) -> Self {
        self.options.log_queries = log;
        self
    }

    /// Adds the values of parameters to those reports, but for the ones of secret columns.
    pub fn log_values(mut self, log: bool) -> Self {
        self.options.log_values = log;
        self
    }

    /// Opens the engine and one connection, so that a wrong url fails here.
    ///
    /// # Errors
    ///
    /// [`Error::Config`](crate::Error::Config) for a url that cannot be read, [`Error::Connection`](crate::Error::Connection) where
    /// the database cannot be reached.
    pub async fn connect(self) -> Result<Engine> {
        Engine::open(self).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::connect`], and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn connect_sync(self) -> Result<Engine> {
        Engine::open_sync(self)
    }
}
