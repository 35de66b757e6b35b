//! The settings of an engine, as far as somebody has said something about them.

use std::time::Duration;

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

impl Pooler {
    /// All of them, in the order of their declaration.
    pub const ALL: [Self; 3] = [Self::Detect, Self::None, Self::Transaction];

    /// The word for it in `piccolo.toml`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Detect => "detect",
            Self::None => "none",
            Self::Transaction => "transaction",
        }
    }
}

/// The settings of an engine; `None` where the default holds. The methods of [`EngineBuilder`](crate::EngineBuilder) of the same names say what they mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the builder has a method of the same name for each, with its meaning and its default")]
pub struct EngineSettings {
    pub max_connections: Option<usize>,
    pub min_connections: Option<usize>,
    pub acquire_timeout: Option<Duration>,
    pub idle_timeout: Option<Duration>,
    pub max_lifetime: Option<Duration>,
    pub query_timeout: Option<Duration>,
    pub busy_timeout: Option<Duration>,
    pub create_if_missing: Option<bool>,
    pub application_name: Option<String>,
    pub pooler: Option<Pooler>,
    pub log_queries: Option<bool>,
    pub log_values: Option<bool>,
}
