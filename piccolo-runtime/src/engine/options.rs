//! Settings of an engine.

use std::time::Duration;

use super::Engine;
use crate::Result;
use crate::config::{EngineSettings, Pooler, without_password};

/// What an engine is opened with; made by [`Engine::builder`], or by [`from_configuration`](Self::from_configuration) from
/// `piccolo.toml`, which has a key of the same name for each setting.
#[derive(Clone, PartialEq)]
#[must_use = "a builder opens nothing before `connect`"]
pub struct EngineBuilder {
    pub(crate) url: String,
    pub(crate) options: Options,
}

impl std::fmt::Debug for EngineBuilder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { url, options } = self;
        f.debug_struct("EngineBuilder").field("url", &without_password(url)).field("options", options).finish()
    }
}

/// The settings themselves. Each has a default, so that a url is enough.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Options {
    pub(crate) max_connections: Option<usize>,
    pub(crate) min_connections: usize,
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

impl Default for Options {
    fn default() -> Self {
        Self {
            max_connections: None,
            min_connections: 0,
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

    /// How many connections are opened at once and kept, however long nobody uses them: on SQLite for reading. None unless set, beside the
    /// one that [`connect`](Self::connect) opens.
    pub fn min_connections(mut self, connections: usize) -> Self {
        self.options.min_connections = connections;
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

    /// Stops every statement that takes longer, with [`Error::Timeout`](crate::Error::Timeout). There is no limit unless set. Migrations
    /// take the time that they need.
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
    pub fn application_name<N: Into<String>>(mut self, name: N) -> Self {
        self.options.application_name = Some(name.into());
        self
    }

    /// What stands between this application and the PostgreSQL server; each connection finds it out unless set.
    pub fn pooler(mut self, pooler: Pooler) -> Self {
        self.options.pooler = pooler;
        self
    }

    /// Reports each statement with its time through `tracing`, under the target `piccolo::query` at level `INFO`.
    ///
    /// An event has the attributes that OpenTelemetry's stable conventions name: `db.system.name`, `db.namespace`, `db.query.text` (with
    /// placeholders), `db.query.summary`, `db.client.operation.duration` in seconds, and where they apply `db.operation.name` and
    /// `db.collection.name` (of queries that Piccolo wrote), `db.operation.batch.size`, `server.address`, `server.port`, `error.type` (the
    /// [kind](crate::Error::kind) of error) and `db.response.status_code`.
    pub fn log_queries(mut self, log: bool) -> Self {
        self.options.log_queries = log;
        self
    }

    /// Adds the values of parameters to those reports, as `piccolo.query.parameters`.
    ///
    /// Values that meet a `secret` column are never shown, in a report as little as in an error or in the `Debug` text of a query. Those of raw
    /// SQL are not shown either, because nobody can tell what they meet.
    pub fn log_values(mut self, log: bool) -> Self {
        self.options.log_values = log;
        self
    }

    /// Sets all that somebody has said something about.
    pub fn settings(self, settings: &EngineSettings) -> Self {
        /// The builder with a setting, if there is one.
        fn set<T>(
            builder: EngineBuilder,
            value: Option<T>,
            set: fn(EngineBuilder, T) -> EngineBuilder,
        ) -> EngineBuilder {
            match value {
                Some(value) => set(builder, value),
                None => builder,
            }
        }
        let EngineSettings {
            max_connections,
            min_connections,
            acquire_timeout,
            idle_timeout,
            max_lifetime,
            query_timeout,
            busy_timeout,
            create_if_missing,
            application_name,
            pooler,
            log_queries,
            log_values,
        } = settings.clone();
        let builder = set(self, max_connections, Self::max_connections);
        let builder = set(builder, min_connections, Self::min_connections);
        let builder = set(builder, acquire_timeout, Self::acquire_timeout);
        let builder = set(builder, idle_timeout, Self::idle_timeout);
        let builder = set(builder, max_lifetime, Self::max_lifetime);
        let builder = set(builder, query_timeout, Self::query_timeout);
        let builder = set(builder, busy_timeout, Self::busy_timeout);
        let builder = set(builder, create_if_missing, Self::create_if_missing);
        let builder = set(builder, application_name, Self::application_name::<String>);
        let builder = set(builder, pooler, Self::pooler);
        let builder = set(builder, log_queries, Self::log_queries);
        set(builder, log_values, Self::log_values)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_part_of_what_is_shown() {
        let builder = EngineBuilder::new("postgres://bob:hidden@host/db?password=hidden");
        let shown = format!("{builder:?}");
        assert!(shown.contains("bob:***@host") && !shown.contains("hidden"), "{shown}");
    }

    #[test]
    fn settings_change_what_they_name_and_nothing_else() {
        let builder = || EngineBuilder::new("sqlite://a");
        assert_eq!(builder().settings(&EngineSettings::default()), builder());
        let some = EngineSettings { max_connections: Some(3), pooler: Some(Pooler::None), ..EngineSettings::default() };
        assert_eq!(builder().settings(&some), builder().max_connections(3).pooler(Pooler::None));
    }
}
