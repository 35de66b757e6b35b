//! The operations on a Postgres connection.

use std::borrow::Cow;
use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;

use futures_util::TryStreamExt;
use sqlx::postgres::{PgConnection, PgRow};
use sqlx::{AssertSqlSafe, Either, Executor, SqlSafeStr, SqlStr};

use super::arguments::arguments;
use super::decode::{Checked, PostgresRow};
use super::guard::Guard;
use super::signature::Signatures;
use crate::engine::fault::{Fault, Origin};
use crate::engine::operation::{
    Decoder, Execute, ExecuteBatch, ExecuteEach, FetchAll, FetchEach, FetchOptional, Keep, Kept, Leftover, Operation,
    Script,
};
use crate::engine::row_ref::RowRef;
use crate::hash::fnv1a;
use crate::sql::identifier;
use crate::{Statement, Value};

/// What an operation does on a connection.
pub(crate) type Running<'a, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + Send + 'a>>;

/// A connection for the time of one operation.
pub(crate) struct Session<'a> {
    pub(crate) connection: &'a mut PgConnection,
    /// Whether a transaction is open on it.
    pub(crate) in_transaction: bool,
    /// What each transaction is begun with behind a pooler; `None` where the server's connection is ours alone.
    pub(crate) pooled: Option<Guard>,
    /// How often each text, by its hash, has been declared as a cursor in the transaction.
    pub(crate) cursors: &'a mut HashMap<u64, u32>,
    /// The types that its prepared statements have.
    pub(crate) signatures: &'a mut Signatures,
}

impl Session<'_> {
    /// The text, with the limits of the statements to come where it begins a transaction that has to bring them along.
    fn beginning(&self, sql: Cow<'static, str>) -> SqlStr {
        match self.pooled {
            Some(guard) if sql.starts_with("BEGIN") => text(guard.begin(&sql).into()),
            _ => text(sql),
        }
    }
}

/// An operation that Postgres can run. Its future is boxed, which costs nothing beside the network and keeps the types of
/// callers small.
pub(crate) trait OnPostgres: Operation {
    /// Runs it.
    fn run_on_postgres<'a>(&'a self, session: Session<'a>) -> Running<'a, Self::Output>;
}

/// The text as the driver wants it. This is the one place where text becomes SQL: the renderers above bind every value and
/// quote every identifier.
pub(crate) fn text(sql: Cow<'static, str>) -> SqlStr {
    match sql {
        Cow::Borrowed(sql) => sql.into_sql_str(),
        Cow::Owned(sql) => AssertSqlSafe(sql).into_sql_str(),
    }
}

/// Runs a statement to its end, lends each row to `each`, and gives the number of rows it touched.
///
/// A pooler may give each transaction to another server connection, so what is prepared in one is not there in the next, or is another
/// client's statement of the same name. Only inside of one transaction do preparing and running meet on the same connection.
async fn run(
    session: &mut Session<'_>,
    sql: Cow<'static, str>,
    args: &[Value],
    each: impl FnMut(&PgRow) -> Result<(), Fault>,
) -> Result<u64, Fault> {
    if session.pooled.is_none() || session.in_transaction {
        return run_prepared(session, sql, args, each).await;
    }
    let atomic = Atomic::begin(session).await?;
    let work = run_prepared(session, sql, args, each).await;
    atomic.end(session, work).await
}

/// Runs a statement on a connection that is ours until it has ended.
async fn run_prepared(
    session: &mut Session<'_>,
    sql: Cow<'static, str>,
    args: &[Value],
    mut each: impl FnMut(&PgRow) -> Result<(), Fault>,
) -> Result<u64, Fault> {
    // Without a name the statement is gone with the next one, and no other client of a pooler can meet it.
    let named = session.pooled.is_none();
    let sql = text(if named { session.signatures.text(sql, args) } else { sql });
    let connection = &mut *session.connection;
    let mut results = connection.fetch_many(sqlx::query_with(sql, arguments(args)?).persistent(named));
    let mut touched = 0;
    let mut answered = false;
    let mut failed = None;
    loop {
        match results.try_next().await {
            Ok(None) => return failed.map_or(Ok(touched), Err),
            Ok(Some(Either::Left(done))) => touched += done.rows_affected(),
            // Rows that follow one that could not be read are passed over, so that the connection is ready again.
            Ok(Some(Either::Right(row))) if failed.is_none() => failed = each(&row).err(),
            Ok(Some(Either::Right(_))) => {}
            Err(error) => {
                let mut fault = Fault::from(error);
                if answered && fault.origin == Origin::Unsent {
                    fault.origin = Origin::Broken;
                }
                return Err(fault);
            }
        }
        answered = true;
    }
}

/// Runs SQL without parameters, as it stands.
async fn run_plain(connection: &mut PgConnection, sql: SqlStr) -> Result<(), Fault> {
    connection.execute(sqlx::raw_sql(sql)).await?;
    Ok(())
}

/// The statements around work of which all must happen or nothing: a savepoint inside a transaction, a transaction outside.
struct Atomic {
    begin: &'static str,
    commit: &'static str,
    undo: &'static str,
}

impl Atomic {
    async fn begin(session: &mut Session<'_>) -> Result<Self, Fault> {
        let atomic = if session.in_transaction {
            Self {
                begin: "SAVEPOINT piccolo_all",
                commit: "RELEASE piccolo_all",
                undo: "ROLLBACK TO piccolo_all; RELEASE piccolo_all",
            }
        } else {
            Self { begin: "BEGIN", commit: "COMMIT", undo: "ROLLBACK" }
        };
        run_plain(session.connection, session.beginning(Cow::Borrowed(atomic.begin))).await?;
        Ok(atomic)
    }

    /// Keeps the work, or undoes it where it failed.
    async fn end<T>(self, session: &mut Session<'_>, work: Result<T, Fault>) -> Result<T, Fault> {
        let result = match work {
            Ok(output) => run_plain(session.connection, SqlStr::from_static(self.commit))
                .await
                .map(|()| output)
                // Whether a commit that broke has taken place nobody knows, so it is not tried again.
                .map_err(|fault| if fault.origin == Origin::Unsent { fault.broken() } else { fault }),
            Err(fault) => Err(fault),
        };
        match result {
            Err(mut fault) if fault.origin != Origin::Broken => {
                if run_plain(session.connection, SqlStr::from_static(self.undo)).await.is_err() {
                    // What cannot be undone must not go on: the connection is closed.
                    fault.origin = Origin::Broken;
                }
                Err(fault)
            }
            result => result,
        }
    }
}

impl<T: Send + 'static, D: Decoder<T>> OnPostgres for FetchAll<D, T> {
    fn run_on_postgres<'a>(&'a self, mut session: Session<'a>) -> Running<'a, Vec<T>> {
        Box::pin(async move {
            let (mut output, checked) = (Vec::new(), Checked::default());
            run(&mut session, self.statement.sql.clone(), &self.statement.args, |row| {
                let row = PostgresRow { row, checked: &checked };
                output.push((self.decode)(&RowRef::postgres(row))?);
                Ok(())
            })
            .await?;
            Ok(output)
        })
    }
}

impl<T: Send + 'static, D: Decoder<T>> OnPostgres for FetchOptional<D, T> {
    fn run_on_postgres<'a>(&'a self, mut session: Session<'a>) -> Running<'a, Option<T>> {
        Box::pin(async move {
            let (mut output, checked) = (None, Checked::default());
            run(&mut session, self.statement.sql.clone(), &self.statement.args, |row| {
                if output.is_none() {
                    output = Some((self.decode)(&RowRef::postgres(PostgresRow { row, checked: &checked }))?);
                }
                Ok(())
            })
            .await?;
            Ok(output)
        })
    }
}

impl OnPostgres for Execute {
    fn run_on_postgres<'a>(&'a self, mut session: Session<'a>) -> Running<'a, u64> {
        Box::pin(async move {
            let Statement { sql, args, .. } = &self.statement;
            if session.pooled.is_some() && args.is_empty() && may_stand_alone(sql) {
                let done = session.connection.execute(sqlx::raw_sql(text(sql.clone()))).await?;
                return Ok(done.rows_affected());
            }
            run(&mut session, sql.clone(), args, |_| Ok(())).await
        })
    }
}

/// Whether a statement may be one of those that run outside of any transaction only, such as `VACUUM` and `CREATE INDEX CONCURRENTLY`. They
/// have no parameters, so nothing has to be prepared for them.
fn may_stand_alone(sql: &str) -> bool {
    const FIRST: [&str; 6] = ["alter", "cluster", "create", "drop", "reindex", "vacuum"];
    let word = crate::statement::operation(sql);
    FIRST.iter().any(|first| word.eq_ignore_ascii_case(first))
}

impl<T: Send + 'static, D: Decoder<T>> OnPostgres for FetchEach<D, T> {
    fn run_on_postgres<'a>(&'a self, mut session: Session<'a>) -> Running<'a, Vec<T>> {
        Box::pin(async move {
            let atomic = Atomic::begin(&mut session).await?;
            let (mut output, checked) = (Vec::with_capacity(self.rows.len()), Checked::default());
            let mut work = Ok(());
            for args in &self.rows {
                let each = run_prepared(&mut session, self.sql.clone(), args, |row| {
                    let row = PostgresRow { row, checked: &checked };
                    output.push((self.decode)(&RowRef::postgres(row))?);
                    Ok(())
                });
                if let Err(fault) = each.await {
                    work = Err(fault);
                    break;
                }
            }
            atomic.end(&mut session, work).await?;
            Ok(output)
        })
    }
}

impl OnPostgres for ExecuteEach {
    fn run_on_postgres<'a>(&'a self, mut session: Session<'a>) -> Running<'a, u64> {
        Box::pin(async move {
            let atomic = Atomic::begin(&mut session).await?;
            let mut touched = Ok(0);
            for args in &self.rows {
                let one = run_prepared(&mut session, self.sql.clone(), args, |_| Ok(())).await;
                touched = touched.and_then(|sum| one.map(|one| sum + one));
                if touched.is_err() {
                    break;
                }
            }
            atomic.end(&mut session, touched).await
        })
    }
}

impl OnPostgres for ExecuteBatch {
    fn run_on_postgres<'a>(&'a self, mut session: Session<'a>) -> Running<'a, ()> {
        Box::pin(async move {
            let atomic = Atomic::begin(&mut session).await?;
            let mut work = Ok(());
            for sql in &self.statements {
                work = run_plain(session.connection, text(Cow::Owned(sql.clone()))).await;
                if work.is_err() {
                    break;
                }
            }
            atomic.end(&mut session, work).await
        })
    }
}

impl OnPostgres for Keep {
    fn run_on_postgres<'a>(&'a self, mut session: Session<'a>) -> Running<'a, Kept> {
        Box::pin(async move {
            // The name belongs to the text, so that the statement which reads the cursor, and is cached with the columns it
            // gives, is never one of another text.
            let hash = fnv1a([&self.statement.sql]);
            let open = session.cursors.entry(hash).or_default();
            let cursor = identifier(&format!("piccolo_{hash:016x}_{open}"));
            *open += 1;
            let hold = if session.in_transaction { "" } else { " WITH HOLD" };
            let declare = format!("DECLARE {cursor} NO SCROLL CURSOR{hold} FOR {}", self.statement.sql);
            run(&mut session, Cow::Owned(declare), &self.statement.args, |_| Ok(())).await?;
            Ok(Kept {
                next: format!("FETCH FORWARD {} FROM {cursor}", self.size),
                by_position: false,
                forget: format!("CLOSE {cursor}"),
                // A cursor ends with its transaction.
                leftover: Leftover(None),
            })
        })
    }
}

impl OnPostgres for Script {
    fn run_on_postgres<'a>(&'a self, session: Session<'a>) -> Running<'a, ()> {
        let sql = session.beginning(self.sql.clone());
        Box::pin(run_plain(session.connection, sql))
    }
}
