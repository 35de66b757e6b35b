//! A connection that is ours for as long as we like.

use std::borrow::Cow;
use std::sync::Arc;

use super::operation::Script;
use super::session::Session;
use super::wait::refuse_inside_runtime;
use crate::sql::Dialect;
use crate::transaction::Transaction;
use crate::{Exec, Result};

/// A connection outside of any pool, made by [`Engine::dedicated`](super::Engine::dedicated): for session settings, locks and
/// other work that spans transactions. Statements run on it through [`Exec`], each in a transaction of its own unless
/// [`Self::begin`] has begun one. Dropping it closes it.
///
/// Behind a pooler in transaction mode (see [`Pooler`](crate::Pooler)) no two statements need meet the same session, so settings and session
/// locks do not last there; what must stay together goes into a transaction.
pub struct Connection {
    session: Arc<Session>,
}

impl Connection {
    pub(super) fn new(session: Session) -> Self {
        Self { session: Arc::new(session) }
    }

    /// The dialect of SQL that it speaks.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.session.dialect()
    }

    /// Runs a text of one or more statements without parameters, as it stands: a `PRAGMA` or `SET`, for instance.
    ///
    /// # Errors
    ///
    /// The first error of a statement; the ones before it have run.
    pub async fn run_script(&self, sql: impl Into<Cow<'static, str>>) -> Result<()> {
        self.session.run(Script::new(sql), false).await.map_err(Into::into)
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::run_script`], and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn run_script_sync(&self, sql: impl Into<Cow<'static, str>>) -> Result<()> {
        refuse_inside_runtime()?;
        self.session.run_sync(Script::new(sql), false).map_err(Into::into)
    }

    /// Begins a transaction on this connection. While it is open, statements given to the connection run in it too.
    ///
    /// # Errors
    ///
    /// [`Error::Serialization`](crate::Error::Serialization) where another process holds SQLite's lock for too long.
    pub async fn begin(&self) -> Result<Transaction> {
        Transaction::begin_on(Arc::clone(&self.session)).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::begin`], and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn begin_sync(&self) -> Result<Transaction> {
        Transaction::begin_on_sync(Arc::clone(&self.session))
    }

    /// What runs statements on this connection.
    #[must_use]
    pub fn exec(&self) -> Exec<'_> {
        Exec::from(self)
    }

    /// Another handle of the same connection.
    pub(super) fn share(&self) -> Self {
        Self { session: Arc::clone(&self.session) }
    }

    pub(crate) fn session(&self) -> &Session {
        &self.session
    }
}
