//! What the runtime asks of rusqlite, asked of the oldest one: each call of the driver at least once.

#![cfg(test)]
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

#[allow(dead_code, unused_imports, unreachable_pub, reason = "the smoke test uses a part of it")]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;

use std::time::Duration;

use bands::{Band, Concert, Genre, Manager, Venue};
use piccolo_runtime::introspect;
use piccolo_runtime::migrate::{Migration, Migrations, Scripts};
use piccolo_runtime::query::create_tables;
use piccolo_runtime::{Engine, Error, Exec, Statement, Table, Value};

/// An engine on a file of its own, with tables and some rows.
async fn bands(folder: &tempfile::TempDir) -> Engine {
    let engine = Engine::connect(format!("sqlite://{}", folder.path().join("bands.sqlite").display())).await.unwrap();
    create_tables([Concert::META, Band::META, Manager::META, Venue::META]).run(&engine).await.unwrap();
    let keys = Manager::insert([Manager::new("Guido"), Manager::new("Graydon")]).run(&engine).await.unwrap();
    Band::insert([
        Band::new("Pythonistas").manager(keys[0]).popularity(1000),
        Band::new("Rustaceans").genre(Genre::Folk),
    ])
    .run(&engine)
    .await
    .unwrap();
    engine
}

#[test]
fn the_driver_is_the_oldest_that_the_runtime_takes() {
    let version = rusqlite::version_number();
    assert!((3_050_000..3_053_000).contains(&version), "{}", rusqlite::version());
}

#[tokio::test]
async fn queries_transactions_and_batches_run() {
    let folder = tempfile::tempdir().unwrap();
    let engine = bands(&folder).await;
    let rows = Band::select((Band.name, Band.manager.name)).where_(Band.name.ilike("%ST%")).order_by(Band.name);
    let expected = [("Pythonistas".to_owned(), Some("Guido".to_owned())), ("Rustaceans".to_owned(), None)];
    assert_eq!(rows.run(&engine).await.unwrap(), expected);
    let tx = engine.begin().await.unwrap();
    let inner = tx.begin().await.unwrap();
    Band::update().set(Band.popularity, Band.popularity + 1).force().run(&inner).await.unwrap();
    inner.rollback().await.unwrap();
    assert_eq!(Band::delete().where_(Band.genre.eq(Genre::Folk)).run(&tx).await, Ok(1));
    drop(tx);
    assert_eq!(Band::count().where_(Band.popularity.gte(1000)).run(&engine).await, Ok(1));
    let numbers = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) SELECT i FROM n";
    let mut batches = Exec::from(&engine).fetch_batches(numbers.into(), 300, |row| row.get::<i64>(0));
    let mut sizes = Vec::new();
    while let Some(batch) = batches.next().await {
        sizes.push(batch.unwrap().len());
    }
    assert_eq!(sizes, [300, 300, 300, 100]);
    engine.close().await;
}

#[tokio::test]
async fn mistakes_have_their_kinds() {
    let folder = tempfile::tempdir().unwrap();
    let engine = bands(&folder).await;
    let run = async |sql: &'static str| Exec::from(&engine).execute(sql.into()).await.map(drop);
    assert!(matches!(run("INSERT INTO manager (id, name) VALUES (1, 'x')").await, Err(Error::UniqueViolation { .. })));
    assert!(matches!(run("UPDATE band SET manager = 99").await, Err(Error::ForeignKeyViolation { .. })));
    assert!(matches!(run("UPDATE band SET name = NULL").await, Err(Error::NotNullViolation { .. })));
    assert!(matches!(run("UPDATE band SET popularity = 'x'").await, Err(Error::InvalidValue { .. })));
    assert!(matches!(run("UPDATE band SET genre = 'polka'").await, Err(Error::InvalidValue { .. })));
    assert!(matches!(run("SELECT nothing FROM nowhere").await, Err(Error::Database { .. })));
    assert!(matches!(run("SELECT \"nothing\"").await, Err(Error::Database { .. })));
    let two = Statement::new("SELECT ?1, ?2", vec![Value::Integer(1)]);
    assert!(matches!(Exec::from(&engine).execute(two).await, Err(Error::Usage { .. })));
    let cell = Exec::from(&engine).fetch_all("SELECT 'text'".into(), |row| row.get::<i64>(0)).await;
    assert!(matches!(cell, Err(Error::Decode { .. })), "{cell:?}");
    let reading = engine.build_transaction().read_only().begin().await.unwrap();
    let refused = Exec::from(&reading).execute("DELETE FROM band".into()).await;
    assert!(matches!(refused, Err(Error::Database { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_dropped_call_interrupts_its_statement() {
    let folder = tempfile::tempdir().unwrap();
    let engine = bands(&folder).await;
    let endless = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n";
    let call = Exec::from(&engine).fetch_all(endless.into(), |_| Ok(()));
    assert!(tokio::time::timeout(Duration::from_millis(50), call).await.is_err());
    assert_eq!(Band::count().run(&engine).await, Ok(2));
}

#[tokio::test]
async fn migrations_run_and_what_they_made_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::connect(format!("sqlite://{}", folder.path().join("m.sqlite").display())).await.unwrap();
    let migration = |id: &'static str, parents: Vec<&'static str>, up: &'static str, down: &'static str| Migration {
        id: id.into(),
        parents: parents.into_iter().map(Into::into).collect(),
        sqlite: Some(Scripts { up: up.into(), down: down.into() }),
        postgres: None,
    };
    let migrations = || {
        Migrations::loaded(vec![
            migration(
                "2026-01-01T00-00-00_one",
                vec![],
                "CREATE TABLE band (id integer PRIMARY KEY AUTOINCREMENT, name text NOT NULL) STRICT;",
                "DROP TABLE band;",
            ),
            migration(
                "2026-01-02T00-00-00_two",
                vec!["2026-01-01T00-00-00_one"],
                "ALTER TABLE band ADD COLUMN popularity integer; CREATE INDEX band_name_idx ON band (name);",
                "DROP INDEX band_name_idx; ALTER TABLE band DROP COLUMN popularity;",
            ),
        ])
    };
    migrations().forwards(&engine).await.unwrap();
    let shape = introspect::read(&engine, &introspect::Options::default()).await.unwrap();
    assert!(shape.tables.iter().any(|table| table.columns.len() == 3), "{shape:?}");
    migrations().backwards(&engine, "all").await.unwrap();
    assert!(Exec::from(&engine).execute("SELECT 1 FROM band".into()).await.is_err());
}

#[test]
fn blocking_calls_work_in_a_database_in_memory() {
    let engine = Engine::connect_sync("sqlite::memory:").unwrap();
    Exec::from(&engine).execute_batch_sync(&["CREATE TABLE a (b integer)".to_owned()]).unwrap();
    let rows = vec![vec![Value::Integer(1)], vec![Value::Integer(2)]];
    assert_eq!(Exec::from(&engine).execute_each_sync("INSERT INTO a VALUES (?1)", rows), Ok(2));
    let read = Exec::from(&engine).fetch_all_sync("SELECT b FROM a ORDER BY b".into(), |row| row.get::<i32>(0));
    assert_eq!(read, Ok(vec![1, 2]));
    engine.close_sync().unwrap();
}
