//! What an engine can be asked to do, as values: each is written once per driver and runs through the same four doors
//! (on the engine or in a transaction, async or in place).

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::statement::Access;
use crate::{Result, Statement, Value};

use super::RowRef;

#[cfg(feature = "postgres")]
pub(crate) use super::postgres::OnPostgres;
#[cfg(feature = "sqlite")]
pub(crate) use super::sqlite::OnSqlite;

/// Something to do on one connection. It is lent to the driver, so that it can be tried again.
pub(crate) trait Operation: Send + Sync + 'static {
    /// What it gives.
    type Output: Send + 'static;

    /// What it does to the database.
    fn access(&self) -> Access;

    /// Its SQL, for logs.
    fn text(&self) -> Cow<'_, str>;

    /// The statement with its values, where it is a single one.
    fn statement(&self) -> Option<&Statement> {
        None
    }
}

/// Without the feature every operation runs on SQLite, because none is ever asked to.
#[cfg(not(feature = "sqlite"))]
pub(crate) trait OnSqlite {}
#[cfg(not(feature = "sqlite"))]
impl<O: Operation> OnSqlite for O {}

/// Without the feature every operation runs on Postgres, because none is ever asked to.
#[cfg(not(feature = "postgres"))]
pub(crate) trait OnPostgres {}
#[cfg(not(feature = "postgres"))]
impl<O: Operation> OnPostgres for O {}

/// An operation that every driver can run.
pub(crate) trait Driven: Operation + OnSqlite + OnPostgres {}
impl<O: Operation + OnSqlite + OnPostgres> Driven for O {}

/// All rows of a statement.
pub(crate) struct FetchAll<D, T> {
    pub(super) statement: Statement,
    pub(super) decode: D,
    row: PhantomData<fn() -> T>,
}

/// The first row of a statement, which runs to its end all the same when it writes.
pub(crate) struct FetchOptional<D, T> {
    pub(super) statement: Statement,
    pub(super) decode: D,
    row: PhantomData<fn() -> T>,
}

/// A statement whose rows do not matter; gives the number of rows it touched.
pub(crate) struct Execute {
    pub(super) statement: Statement,
}

/// One statement run once for each list of values, all or none; gives their rows in order.
pub(crate) struct FetchEach<D, T> {
    pub(super) sql: Cow<'static, str>,
    pub(super) rows: Vec<Vec<Value>>,
    pub(super) decode: D,
    row: PhantomData<fn() -> T>,
}

/// One statement run once for each list of values, all or none; gives the number of rows they touched.
pub(crate) struct ExecuteEach {
    pub(super) sql: Cow<'static, str>,
    pub(super) rows: Vec<Vec<Value>>,
}

/// Several statements without parameters, all or none.
pub(crate) struct ExecuteBatch {
    pub(super) statements: Vec<String>,
}

/// A text of statements without parameters, run as it stands: transaction control, and scripts.
pub(crate) struct Script {
    pub(super) sql: Cow<'static, str>,
}

/// What turns a driver's row into a value; it runs where the rows are.
pub(crate) trait Decoder<T>: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static {}
impl<T, F: Fn(&RowRef<'_>) -> Result<T> + Send + Sync + 'static> Decoder<T> for F {}

impl<T, D: Decoder<T>> FetchAll<D, T> {
    pub(crate) fn new(statement: Statement, decode: D) -> Self {
        Self { statement, decode, row: PhantomData }
    }
}

impl<T, D: Decoder<T>> FetchOptional<D, T> {
    pub(crate) fn new(statement: Statement, decode: D) -> Self {
        Self { statement, decode, row: PhantomData }
    }
}

impl Execute {
    pub(crate) fn new(statement: Statement) -> Self {
        Self { statement }
    }
}

impl<T, D: Decoder<T>> FetchEach<D, T> {
    pub(crate) fn new(sql: Cow<'static, str>, rows: Vec<Vec<Value>>, decode: D) -> Self {
        Self { sql, rows, decode, row: PhantomData }
    }
}

impl ExecuteEach {
    pub(crate) fn new(sql: Cow<'static, str>, rows: Vec<Vec<Value>>) -> Self {
        Self { sql, rows }
    }
}

impl ExecuteBatch {
    pub(crate) fn new(statements: Vec<String>) -> Self {
        Self { statements }
    }
}

impl Script {
    pub(crate) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into() }
    }
}

impl<T: Send + 'static, D: Decoder<T>> Operation for FetchAll<D, T> {
    type Output = Vec<T>;

    fn access(&self) -> Access {
        self.statement.access()
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.statement.sql)
    }

    fn statement(&self) -> Option<&Statement> {
        Some(&self.statement)
    }
}

impl<T: Send + 'static, D: Decoder<T>> Operation for FetchOptional<D, T> {
    type Output = Option<T>;

    fn access(&self) -> Access {
        self.statement.access()
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.statement.sql)
    }

    fn statement(&self) -> Option<&Statement> {
        Some(&self.statement)
    }
}

impl Operation for Execute {
    type Output = u64;

    fn access(&self) -> Access {
        self.statement.access()
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.statement.sql)
    }

    fn statement(&self) -> Option<&Statement> {
        Some(&self.statement)
    }
}

impl<T: Send + 'static, D: Decoder<T>> Operation for FetchEach<D, T> {
    type Output = Vec<T>;

    fn access(&self) -> Access {
        Access::Write
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.sql)
    }
}

impl Operation for ExecuteEach {
    type Output = u64;

    fn access(&self) -> Access {
        Access::Write
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.sql)
    }
}

impl Operation for ExecuteBatch {
    type Output = ();

    fn access(&self) -> Access {
        Access::Write
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.statements.join(";\n"))
    }
}

impl Operation for Script {
    type Output = ();

    fn access(&self) -> Access {
        Access::Write
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.sql)
    }
}
