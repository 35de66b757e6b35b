//! Engines: the same calls give the same rows and the same errors on both.

mod batches;
mod cancel;
mod connect;
mod errors;
mod finder;
mod parity;
mod pooler;
mod ranges;
mod start;
mod sync;
mod telemetry;
mod transactions;
mod types;

use piccolo_runtime::{Engine, Exec, Statement, Value};
use piccolo_tests::{TestDb, on_both};

piccolo_runtime::include_tables!(pub(crate) mod tables = "engines");

/// An engine on the test's database.
pub(crate) async fn engine(db: &TestDb) -> Engine {
    Engine::connect(db.url()).await.unwrap()
}

/// A statement whose parameters are written `?` here, and as the engine wants them there.
pub(crate) fn statement(engine: &Engine, sql: &str, args: Vec<Value>) -> Statement {
    let mut parts = sql.split('?');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for (position, part) in (1..).zip(parts) {
        let mark = match engine.dialect() {
            piccolo_runtime::sql::Dialect::Sqlite => format!("?{position}"),
            piccolo_runtime::sql::Dialect::Postgres => format!("${position}"),
        };
        text = text + &mark + part;
    }
    Statement::new(text, args)
}

/// A table `item` with a key and a unique text.
pub(crate) async fn items(engine: &Engine) {
    Exec::from(engine).execute("CREATE TABLE item (id bigint PRIMARY KEY, name text UNIQUE)".into()).await.unwrap();
}

/// Inserts into `item`.
pub(crate) async fn insert<'e>(exec: impl Into<Exec<'e>>, id: i64, name: &str) -> piccolo_runtime::Result<u64> {
    let exec = exec.into();
    let sql = match exec.dialect() {
        piccolo_runtime::sql::Dialect::Sqlite => "INSERT INTO item VALUES (?1, ?2)",
        piccolo_runtime::sql::Dialect::Postgres => "INSERT INTO item VALUES ($1, $2)",
    };
    exec.execute(Statement::new(sql, vec![id.into(), name.into()])).await
}

/// The keys in `item`, in order.
pub(crate) async fn ids<'e>(exec: impl Into<Exec<'e>>) -> Vec<i64> {
    exec.into().fetch_all("SELECT id FROM item ORDER BY id".into(), |row| row.get(0)).await.unwrap()
}

#[test]
fn a_statement_runs_and_its_rows_are_decoded() {
    on_both(async |db| {
        let engine = engine(db).await;
        let exec = Exec::from(&engine);
        exec.execute("CREATE TABLE band (id bigint PRIMARY KEY, name text)".into()).await.unwrap();
        let insert = "INSERT INTO band VALUES (?, ?)";
        for (id, name) in [(1_i64, Some("Pythonistas")), (2, None)] {
            let touched = exec.execute(statement(&engine, insert, vec![id.into(), name.into()])).await.unwrap();
            assert_eq!(touched, 1);
        }
        let rows = exec
            .fetch_all("SELECT id, name FROM band ORDER BY id".into(), |row| {
                Ok((row.get::<i64>(0)?, row.get::<Option<String>>(1)?))
            })
            .await
            .unwrap();
        assert_eq!(rows, [(1, Some("Pythonistas".to_owned())), (2, None)]);
        let none = exec.fetch_optional("SELECT id FROM band WHERE id = 9".into(), |row| row.get::<i64>(0)).await;
        assert_eq!(none, Ok(None));
    });
}
