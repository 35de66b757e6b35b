//! What an engine can be asked to do, as values: each is written once per driver and runs through the same four doors
//! (on the engine or in a transaction, async or in place).

use std::borrow::Cow;
use std::marker::PhantomData;

use crate::statement::Access;
use crate::value::check;
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

    /// How many statements it runs, where it runs one after the other.
    fn batch(&self) -> Option<usize> {
        None
    }

    /// Refuses what would begin or end a transaction behind our back.
    fn refuse_control(&self) -> Result<()> {
        self.statement().map_or(Ok(()), Statement::refuse_control)
    }

    /// Refuses values that no database can hold, before anything is sent.
    fn check(&self) -> Result<()> {
        self.statement().map_or(Ok(()), |statement| check::parameters(&statement.args))
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

/// Keeps the result of a statement that reads on its connection, to be fetched in parts: in a temporary table on SQLite, in a
/// cursor on Postgres.
pub(crate) struct Keep {
    pub(super) statement: Statement,
    pub(super) size: usize,
}

/// A result that is kept.
pub(crate) struct Kept {
    /// The statement that gives the next part.
    pub(super) next: String,
    /// Whether that statement takes the number of rows read so far.
    pub(super) by_position: bool,
    /// The statement that ends the keeping.
    pub(super) forget: String,
    /// Ends the keeping should nobody come back to do it.
    pub(super) leftover: Leftover,
}

/// What is left to do when a value is dropped, unless somebody has done it.
pub(crate) struct Leftover(pub(super) Option<Box<dyn FnOnce() + Send + Sync>>);

impl Drop for Leftover {
    fn drop(&mut self) {
        if let Some(work) = self.0.take() {
            work();
        }
    }
}

impl Kept {
    /// The statement for the part after the first `read` rows.
    pub(crate) fn page(&self, read: usize) -> Statement {
        let position = i64::try_from(read).unwrap_or(i64::MAX);
        Statement::new(self.next.clone(), if self.by_position { vec![position.into()] } else { Vec::new() })
    }
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

impl Keep {
    pub(crate) fn new(statement: Statement, size: usize) -> Self {
        Self { statement, size }
    }
}

impl Script {
    pub(crate) fn new(sql: impl Into<Cow<'static, str>>) -> Self {
        Self { sql: sql.into() }
    }
}

/// Operations that are one statement with its values.
macro_rules! one_statement {
    ($([$($generics:tt)*] $operation:ty => $output:ty, |$this:ident| $access:expr;)*) => {$(
        impl<$($generics)*> Operation for $operation {
            type Output = $output;

            fn access(&self) -> Access {
                let $this = self;
                $access
            }

            fn text(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.statement.sql)
            }

            fn statement(&self) -> Option<&Statement> {
                Some(&self.statement)
            }
        }
    )*};
}

one_statement! {
    [T: Send + 'static, D: Decoder<T>] FetchAll<D, T> => Vec<T>, |this| this.statement.access();
    [T: Send + 'static, D: Decoder<T>] FetchOptional<D, T> => Option<T>, |this| this.statement.access();
    [] Execute => u64, |this| this.statement.access();
    // It changes nothing that anybody else sees; but SQLite fills a table for it, on the connection that writes.
    [] Keep => Kept, |_this| Access::Write;
}

/// Operations that are one statement with many lists of values.
macro_rules! one_statement_each {
    ($([$($generics:tt)*] $operation:ty => $output:ty;)*) => {$(
        impl<$($generics)*> Operation for $operation {
            type Output = $output;

            fn access(&self) -> Access {
                Access::Write
            }

            fn text(&self) -> Cow<'_, str> {
                Cow::Borrowed(&self.sql)
            }

            fn batch(&self) -> Option<usize> {
                Some(self.rows.len())
            }

            fn check(&self) -> Result<()> {
                self.rows.iter().try_for_each(|row| check::parameters(row))
            }
        }
    )*};
}

one_statement_each! {
    [T: Send + 'static, D: Decoder<T>] FetchEach<D, T> => Vec<T>;
    [] ExecuteEach => u64;
}

impl Operation for ExecuteBatch {
    type Output = ();

    fn access(&self) -> Access {
        Access::Write
    }

    fn text(&self) -> Cow<'_, str> {
        Cow::Owned(self.statements.join(";\n"))
    }

    fn batch(&self) -> Option<usize> {
        Some(self.statements.len())
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
