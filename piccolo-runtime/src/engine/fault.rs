//! An error on its way from a driver, with what the layers above must know about where it came from.

use crate::Error;

/// An error and its origin.
#[derive(Debug)]
pub(crate) struct Fault {
    /// The error as the caller will see it.
    pub(crate) error: Error,
    /// Who found it.
    pub(crate) origin: Origin,
    /// The database's code for it: SQLSTATE on Postgres, the extended result code on SQLite.
    pub(crate) code: Option<String>,
}

/// Who found an error, which says what state the connection is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// We did, before or after the database saw the statement: an open transaction goes on.
    Ourselves,
    /// The database refused the statement: an open transaction is aborted.
    Database,
    /// The database refused to run a prepared statement, because the tables it reads have changed since it was prepared: it
    /// may be prepared anew, though not in the same transaction.
    Stale,
    /// The connection turned out broken before anything ran: it may be tried once more on another one.
    Unsent,
    /// The connection broke while the statement may have run.
    Broken,
    /// The statement writes, and was given to a connection for reading: it must run on the writer.
    NotReadOnly,
}

impl Fault {
    /// An error for which the database has no code.
    pub(crate) fn new(error: Error, origin: Origin) -> Self {
        Self { error, origin, code: None }
    }

    /// The same error, after which nobody knows what has taken place.
    pub(crate) fn broken(self) -> Self {
        Self { origin: Origin::Broken, ..self }
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Self::new(error, Origin::Ourselves)
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        fault.error
    }
}
