//! The manual's calls around an application's life: opening the pool when it starts, closing it when it ends.

use std::time::Duration;

use super::Engine;
use super::pool::Limits;
use super::wait::refuse_inside_runtime;
use crate::Result;

/// Opens an engine's pool; made by [`Engine::start_connection_pool`]. What is not set stays as it is.
#[derive(Clone, Debug)]
#[must_use = "nothing is opened before `run`"]
pub struct StartPool<'e> {
    engine: &'e Engine,
    max_connections: Option<usize>,
    min_connections: Option<usize>,
    acquire_timeout: Option<Duration>,
    idle_timeout: Option<Duration>,
    max_lifetime: Option<Duration>,
}

impl Engine {
    /// Opens the pool again after it was closed, or changes it while it is open.
    ///
    /// An engine that has been connected has its pool already, so this is for applications that set its size when they know it, and
    /// for those that close and open it. A SQLite database in memory is lost when its engine is closed, and begins anew.
    ///
    /// ```no_run
    /// # async fn example() -> piccolo_runtime::Result<()> {
    /// let engine = piccolo_runtime::engine_finder().await?;
    /// engine.start_connection_pool().max_connections(20).run().await?;
    /// // … the application …
    /// engine.close_connection_pool().await;
    /// # Ok(()) }
    /// ```
    pub fn start_connection_pool(&self) -> StartPool<'_> {
        StartPool {
            engine: self,
            max_connections: None,
            min_connections: None,
            acquire_timeout: None,
            idle_timeout: None,
            max_lifetime: None,
        }
    }

    /// Closes the pool, as [`Self::close`] does.
    pub async fn close_connection_pool(&self) {
        self.close().await;
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn close_connection_pool_sync(&self) -> Result<()> {
        self.close_sync()
    }
}

impl StartPool<'_> {
    /// As [`EngineBuilder::max_connections`](super::EngineBuilder::max_connections). Connections that are too many are closed when nobody uses
    /// them.
    pub fn max_connections(mut self, connections: usize) -> Self {
        self.max_connections = Some(connections.max(1));
        self
    }

    /// As [`EngineBuilder::min_connections`](super::EngineBuilder::min_connections).
    pub fn min_connections(mut self, connections: usize) -> Self {
        self.min_connections = Some(connections);
        self
    }

    /// As [`EngineBuilder::acquire_timeout`](super::EngineBuilder::acquire_timeout).
    pub fn acquire_timeout(mut self, limit: Duration) -> Self {
        self.acquire_timeout = Some(limit);
        self
    }

    /// As [`EngineBuilder::idle_timeout`](super::EngineBuilder::idle_timeout).
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = Some(limit);
        self
    }

    /// As [`EngineBuilder::max_lifetime`](super::EngineBuilder::max_lifetime).
    pub fn max_lifetime(mut self, limit: Duration) -> Self {
        self.max_lifetime = Some(limit);
        self
    }

    /// Opens the pool and one connection, so that a database that cannot be reached is noticed here.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`](crate::Error::Connection) where the database cannot be reached, [`Error::Timeout`](crate::Error::Timeout) where it does not answer.
    pub async fn run(self) -> Result<()> {
        match self.engine {
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(engine) => engine.start(|limits| self.apply(limits)).await,
            #[cfg(feature = "postgres")]
            Engine::Postgres(engine) => engine.start(|limits| self.apply(limits)).await,
        }
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::run`], and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn run_sync(self) -> Result<()> {
        refuse_inside_runtime()?;
        match self.engine {
            #[cfg(feature = "sqlite")]
            Engine::Sqlite(engine) => engine.start_sync(|limits| self.apply(limits)),
            #[cfg(feature = "postgres")]
            Engine::Postgres(_) => super::postgres::background::block_on(self.run())?,
        }
    }

    fn apply(&self, limits: &mut Limits) {
        limits.connections = self.max_connections.unwrap_or(limits.connections);
        limits.kept = self.min_connections.unwrap_or(limits.kept);
        limits.acquire = self.acquire_timeout.unwrap_or(limits.acquire);
        limits.idle = self.idle_timeout.or(limits.idle);
        limits.lifetime = self.max_lifetime.or(limits.lifetime);
    }
}
