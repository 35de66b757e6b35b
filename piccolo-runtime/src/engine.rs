//! Engines: the databases that statements run on.
//!
//! All that knows a driver sits below here, one folder per driver. Everything above hands a [`Statement`] to an
//! [`Exec`](crate::Exec) with a decoder, which runs where the rows are, and gets decoded values back: a driver's row never leaves
//! this module.
//!
//! | File | Represents |
//! |---|---|
//! | `operation` | what an engine can be asked to do, as values |
//! | `sqlite/`, `postgres/` | how each driver does it, binds values, reads cells and words its errors |
//! | `pool`, `reserved`, `session` | connections lent for one statement, and for several |
//! | `row_ref`, `decode` | a lent row and the types its cells can be read as |
//! | `finder`, `start` | the engine that the configuration names; opening a pool again, with other limits |
//! | `options`, `telemetry`, `wait` | settings, reports, waiting with and without a runtime |

mod batches;
mod connection;
mod decode;
mod drive;
pub(crate) mod fault;
mod finder;
mod holder;
mod limit;
pub(crate) mod operation;
mod options;
mod pool;
#[cfg(feature = "postgres")]
pub(crate) mod postgres;
mod reserved;
mod row_ref;
pub(crate) mod session;
#[cfg(feature = "sqlite")]
pub(crate) mod sqlite;
mod start;
mod telemetry;
pub(crate) mod wait;

pub use batches::{Batches, BatchesSync};
pub use connection::Connection;
pub use decode::Decode;
pub(crate) use drive::drive;
pub use finder::{engine_finder, engine_finder_sync};
pub use options::EngineBuilder;
#[cfg(feature = "postgres")]
pub use postgres::PostgresEngine;
pub use row_ref::RowRef;
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteEngine;
pub use start::StartPool;

use self::limit::Limit;
use self::operation::Driven;
use self::reserved::Reserved;
use self::session::Session;
use self::telemetry::Telemetry;
use self::wait::refuse_inside_runtime;
use crate::sql::Dialect;
use crate::{Error, Result};

/// An open database. Clones are cheap and share its connections.
///
/// ```no_run
/// # async fn example() -> piccolo_runtime::Result<()> {
/// let db = piccolo_runtime::Engine::connect("sqlite://bands.sqlite").await?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum Engine {
    /// SQLite.
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteEngine),
    /// PostgreSQL.
    #[cfg(feature = "postgres")]
    Postgres(PostgresEngine),
}

impl Engine {
    /// Opens the database at `url` (`sqlite://…`, `sqlite::memory:` or `postgres://…`) with the default settings.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] for a url that cannot be read, [`Error::Connection`] where the database cannot be reached.
    pub async fn connect(url: impl Into<String>) -> Result<Self> {
        Self::builder(url).connect().await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::connect`], and [`Error::Usage`] inside an async runtime.
    pub fn connect_sync(url: impl Into<String>) -> Result<Self> {
        Self::builder(url).connect_sync()
    }

    /// Starts with a url and goes on with settings.
    pub fn builder(url: impl Into<String>) -> EngineBuilder {
        EngineBuilder::new(url)
    }

    async fn open(builder: EngineBuilder) -> Result<Self> {
        match scheme(&builder.url)? {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => SqliteEngine::connect(&builder.url, &builder.options).await.map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            Dialect::Postgres => PostgresEngine::connect(&builder.url, &builder.options).await.map(Self::Postgres),
            #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
            missing => Err(not_compiled_in(missing)),
        }
    }

    fn open_sync(builder: EngineBuilder) -> Result<Self> {
        refuse_inside_runtime()?;
        match scheme(&builder.url)? {
            #[cfg(feature = "sqlite")]
            Dialect::Sqlite => SqliteEngine::connect_sync(&builder.url, &builder.options).map(Self::Sqlite),
            #[cfg(feature = "postgres")]
            Dialect::Postgres => postgres::background::block_on(Self::open(builder))?,
            #[cfg(not(all(feature = "sqlite", feature = "postgres")))]
            missing => Err(not_compiled_in(missing)),
        }
    }

    /// The dialect of SQL that it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => Dialect::Sqlite,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Dialect::Postgres,
        }
    }

    /// Closes all connections: waits for the statements and transactions that run, and refuses later ones until
    /// [`start_connection_pool`](Self::start_connection_pool) opens it again. Closing a closed engine does nothing.
    pub async fn close(&self) {
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => {
                for closed in engine.close() {
                    // The pool answers always; should it be gone, it is closed.
                    let _ = closed.await;
                }
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(ref engine) => {
                let _ = engine.close().await;
            }
        }
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] inside an async runtime.
    pub fn close_sync(&self) -> Result<()> {
        drive::drive(self.dialect(), self.close())
    }

    /// A connection of its own, outside of the pool, for work that spans transactions.
    ///
    /// A SQLite database in memory has only one connection: there it is that one, and everybody else waits.
    ///
    /// # Errors
    ///
    /// [`Error::Connection`] where it cannot be opened.
    pub async fn dedicated(&self) -> Result<Connection> {
        self.dedicated_within(self.limit()).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::dedicated`], and [`Error::Usage`] inside an async runtime.
    pub fn dedicated_sync(&self) -> Result<Connection> {
        refuse_inside_runtime()?;
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => {
                let session = Session::sqlite(
                    Reserved::new(engine.dedicated_sync()?.1),
                    engine.telemetry().clone(),
                    engine.limit(),
                );
                Ok(Connection::new(session))
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => postgres::background::block_on(self.dedicated())?,
        }
    }

    /// A connection of its own for work that takes the time it needs.
    pub(crate) async fn dedicated_unlimited(&self) -> Result<Connection> {
        self.dedicated_within(Limit(None)).await
    }

    /// A connection of its own, each of whose statements may take so long.
    async fn dedicated_within(&self, limit: Limit) -> Result<Connection> {
        let session = match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => {
                Session::sqlite(Reserved::new(engine.dedicated().await?.1), engine.telemetry().clone(), limit)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(ref engine) => {
                Session::postgres(Reserved::new(engine.dedicated(limit).await?), engine.telemetry().clone(), limit)
            }
        };
        Ok(Connection::new(session))
    }

    fn limit(&self) -> Limit {
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => engine.limit(),
            #[cfg(feature = "postgres")]
            Self::Postgres(ref engine) => engine.limit(),
        }
    }

    /// A session on a pooled connection, with a transaction begun by `sql`.
    pub(crate) async fn begin_session(&self, sql: String, read_only: bool) -> Result<Session> {
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => {
                let (_, lease) = engine.lease(read_only).await?;
                let session = Session::sqlite(Reserved::new(lease), engine.telemetry().clone(), engine.limit());
                session.run(operation::Script::new(sql), false).await?;
                Ok(session)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(ref engine) => Ok(Session::postgres(
                Reserved::new(engine.begin(sql).await?),
                engine.telemetry().clone(),
                engine.limit(),
            )),
        }
    }

    /// The same on a thread that may block.
    pub(crate) fn begin_session_sync(&self, sql: String, read_only: bool) -> Result<Session> {
        refuse_inside_runtime()?;
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => {
                let (_, lease) = engine.lease_sync(read_only)?;
                let session = Session::sqlite(Reserved::new(lease), engine.telemetry().clone(), engine.limit());
                session.run_sync(operation::Script::new(sql), false)?;
                Ok(session)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => postgres::background::block_on(self.begin_session(sql, read_only))?,
        }
    }

    /// Runs an operation on a pooled connection.
    pub(crate) async fn run<O: Driven>(&self, operation: O) -> Result<O::Output> {
        operation.refuse_control()?;
        operation.check()?;
        let watch = self.telemetry().watch(&operation);
        let result = match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => engine.limit().apply(engine.run(operation)).await,
            #[cfg(feature = "postgres")]
            Self::Postgres(ref engine) => engine.limit().apply(engine.run(operation)).await,
        };
        watch.finish(result).map_err(Error::from)
    }

    /// The same on a thread that may block.
    pub(crate) fn run_sync<O: Driven>(&self, operation: O) -> Result<O::Output> {
        refuse_inside_runtime()?;
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => {
                operation.refuse_control()?;
                operation.check()?;
                let watch = self.telemetry().watch(&operation);
                watch.finish(engine.run_sync(operation)).map_err(Error::from)
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => postgres::background::block_on(self.run(operation))?,
        }
    }

    fn telemetry(&self) -> &Telemetry {
        match *self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(ref engine) => engine.telemetry(),
            #[cfg(feature = "postgres")]
            Self::Postgres(ref engine) => engine.telemetry(),
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Engine({})", self.dialect())
    }
}

/// The engine that a url asks for.
fn scheme(url: &str) -> Result<Dialect> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Dialect::Sqlite),
        Some("postgres" | "postgresql") => Ok(Dialect::Postgres),
        _ => Err(Error::Config {
            message: "the database url begins neither with `sqlite:` nor with `postgres:`; write for example \
                      `sqlite://bands.sqlite` or `postgres://user@host/database`"
                .to_owned(),
        }),
    }
}

#[cfg(not(all(feature = "sqlite", feature = "postgres")))]
fn not_compiled_in(dialect: Dialect) -> Error {
    Error::Config {
        message: format!("this program was built without {dialect}; add the feature `{dialect}` of `piccolo-runtime`"),
    }
}
