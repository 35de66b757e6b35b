//! The operations on a SQLite connection. They run on whatever thread holds the connection.

use rusqlite::CachedStatement;

use super::bind::bind;
use super::worker::{Ticket, Worker};
use crate::Value;
use crate::engine::fault::{Fault, Origin};
use crate::engine::operation::{
    Decoder, Execute, ExecuteBatch, ExecuteEach, FetchAll, FetchEach, FetchOptional, Operation, Script,
};
use crate::engine::row_ref::RowRef;
use crate::statement::Access;

/// A connection for the time of one operation.
pub(crate) struct Session<'a> {
    pub(crate) connection: &'a rusqlite::Connection,
    /// Whether the connection was opened for reading only.
    pub(crate) read_only: bool,
    /// Says whether somebody still waits for the answer.
    pub(crate) ticket: &'a Ticket,
    /// Whose connection it is.
    pub(crate) worker: &'a Worker,
}

/// An operation that SQLite can run.
pub(crate) trait OnSqlite: Operation {
    /// Runs it.
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<Self::Output, Fault>;
}

impl<'a> Session<'a> {
    /// The prepared statement with its values bound.
    pub(super) fn prepare(&self, sql: &str, args: &[Value]) -> Result<CachedStatement<'a>, Fault> {
        let mut statement = self.prepare_only(sql)?;
        bind(&mut statement, args)?;
        Ok(statement)
    }

    /// The prepared statement; a statement that writes is refused by a connection that only reads.
    pub(super) fn prepare_only(&self, sql: &str) -> Result<CachedStatement<'a>, Fault> {
        let statement = self.connection.prepare_cached(sql)?;
        if self.read_only && !statement.readonly() {
            return Err(super::error::read_only());
        }
        Ok(statement)
    }

    /// Runs `work` so that all of it happens or nothing: in a transaction, or in a savepoint where one is open.
    fn atomically<T>(&self, work: impl FnOnce() -> Result<T, Fault>) -> Result<T, Fault> {
        let (begin, commit, undo) = if self.connection.is_autocommit() {
            ("BEGIN IMMEDIATE", "COMMIT", "ROLLBACK")
        } else {
            ("SAVEPOINT piccolo_all", "RELEASE piccolo_all", "ROLLBACK TO piccolo_all; RELEASE piccolo_all")
        };
        self.connection.execute_batch(begin)?;
        let result = work().and_then(|output| {
            self.connection.execute_batch(commit)?;
            Ok(output)
        });
        result.map_err(|mut fault| {
            // After some errors SQLite has rolled back by itself, savepoints included.
            if !self.connection.is_autocommit() && self.connection.execute_batch(undo).is_err() {
                // What cannot be undone must not go on: an open transaction is aborted.
                fault.origin = Origin::Database;
            }
            fault
        })
    }

    /// Runs the statement to its end and counts the rows it touched.
    fn execute(&self, statement: &mut CachedStatement<'_>) -> Result<u64, Fault> {
        let reads = statement.readonly();
        let mut rows = statement.raw_query();
        while rows.next()?.is_some() {}
        drop(rows);
        Ok(if reads { 0 } else { self.connection.changes() })
    }
}

impl<T: Send + 'static, D: Decoder<T>> OnSqlite for FetchAll<D, T> {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<Vec<T>, Fault> {
        let mut statement = session.prepare(&self.statement.sql, &self.statement.args)?;
        let mut rows = statement.raw_query();
        let mut output = Vec::new();
        while let Some(row) = rows.next()? {
            output.push((self.decode)(&RowRef::sqlite(row))?);
        }
        Ok(output)
    }
}

impl<T: Send + 'static, D: Decoder<T>> OnSqlite for FetchOptional<D, T> {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<Option<T>, Fault> {
        let mut statement = session.prepare(&self.statement.sql, &self.statement.args)?;
        let reads = statement.readonly();
        let mut rows = statement.raw_query();
        let Some(row) = rows.next()? else { return Ok(None) };
        let output = (self.decode)(&RowRef::sqlite(row));
        if !reads {
            // A foreign key is checked at the statement's end, after the rows it returns.
            while rows.next()?.is_some() {}
        }
        Ok(Some(output?))
    }
}

impl OnSqlite for Execute {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<u64, Fault> {
        let mut statement = session.prepare(&self.statement.sql, &self.statement.args)?;
        session.execute(&mut statement)
    }
}

impl<T: Send + 'static, D: Decoder<T>> OnSqlite for FetchEach<D, T> {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<Vec<T>, Fault> {
        session.atomically(|| {
            let mut statement = session.prepare_only(&self.sql)?;
            let mut output = Vec::with_capacity(self.rows.len());
            for args in &self.rows {
                session.ticket.check()?;
                bind(&mut statement, args)?;
                let mut rows = statement.raw_query();
                while let Some(row) = rows.next()? {
                    output.push((self.decode)(&RowRef::sqlite(row))?);
                }
            }
            Ok(output)
        })
    }
}

impl OnSqlite for ExecuteEach {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<u64, Fault> {
        session.atomically(|| {
            let mut statement = session.prepare_only(&self.sql)?;
            let mut touched = 0;
            for args in &self.rows {
                session.ticket.check()?;
                bind(&mut statement, args)?;
                touched += session.execute(&mut statement)?;
            }
            Ok(touched)
        })
    }
}

impl OnSqlite for ExecuteBatch {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<(), Fault> {
        session.atomically(|| {
            for sql in &self.statements {
                session.ticket.check()?;
                session.connection.execute_batch(sql)?;
            }
            Ok(())
        })
    }
}

impl OnSqlite for Script {
    fn run_on_sqlite(&self, session: &Session<'_>) -> Result<(), Fault> {
        Ok(session.connection.execute_batch(&self.sql)?)
    }
}

/// Whether an operation may go to a connection that only reads.
pub(crate) fn reads(operation: &impl Operation) -> bool {
    operation.access() == Access::Read
}
