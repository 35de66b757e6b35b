//! Opening databases, and what is said where it fails.

use std::time::{Duration, Instant};

use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec};
use piccolo_tests::{block_on, on, on_both};

use super::{engine, ids, insert, items};

/// The message of the error with which a url fails.
async fn failure(url: &str) -> Error {
    Engine::connect(url).await.map(drop).unwrap_err()
}

#[test]
fn a_wrong_url_is_a_configuration_error() {
    block_on(async {
        for url in ["", "bands.sqlite", "mysql://localhost", "sqlite:", "sqlite://a?mood=ro", "postgres://a:b:c:d"] {
            let error = failure(url).await;
            assert!(matches!(error, Error::Config { .. }), "{url}: {error:?}");
        }
    });
}

#[test]
fn what_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| format!("{}/{name}", folder.path().display());
    std::fs::write(path("text"), "This is no database, although it is longer than a header of one is.".repeat(20))
        .unwrap();
    block_on(async {
        for (url, part) in [
            (format!("sqlite://{}", path("missing/a.sqlite")), "folder does not exist"),
            (format!("sqlite://{}?mode=rw", path("a.sqlite")), "file does not exist"),
            (format!("sqlite://{}?mode=ro", path("a.sqlite")), "file does not exist"),
            (format!("sqlite://{}", folder.path().display()), "it is a folder"),
            (format!("sqlite://{}", path("text")), "not a database"),
            ("postgres://nobody:secret@127.0.0.1:1/none".to_owned(), "127.0.0.1:1 (database none)"),
            (format!("postgres:///none?host={}", folder.path().display()), "(database none)"),
        ] {
            let error = failure(&url).await;
            assert!(matches!(&error, Error::Connection { message } if message.contains(part)), "{url}: {error:?}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
        let missing =
            Engine::builder(format!("sqlite://{}", path("b.sqlite"))).create_if_missing(false).connect().await;
        assert!(matches!(missing, Err(Error::Connection { .. })));
        assert!(!std::path::Path::new(&path("b.sqlite")).exists());
    });
}

#[test]
fn a_read_only_sqlite_database_is_read_and_not_written() {
    on(Dialect::Sqlite, async |db| {
        let writer = engine(db).await;
        items(&writer).await;
        insert(&writer, 1, "a").await.unwrap();
        let reader = Engine::connect(format!("{}?mode=ro", db.url())).await.unwrap();
        assert_eq!(ids(&reader).await, [1]);
        // We refuse a statement that writes before SQLite is asked, and cannot see into a script.
        let refused = insert(&reader, 2, "b").await.unwrap_err();
        let script =
            reader.dedicated().await.unwrap().run_script("INSERT INTO item VALUES (2, 'b')").await.unwrap_err();
        assert!(matches!(&refused, Error::Database { code: Some(code), .. } if code == "8"), "{refused:?}");
        assert_eq!(refused, script);
    });
}

#[test]
fn a_database_in_memory_lives_as_long_as_its_engine() {
    block_on(async {
        let engine = Engine::connect("sqlite::memory:").await.unwrap();
        items(&engine).await;
        for id in 0..20 {
            insert(&engine, id, &id.to_string()).await.unwrap();
        }
        let tasks: Vec<_> = (0..20)
            .map(|_| {
                let engine = engine.clone();
                tokio::spawn(async move { ids(&engine).await.len() })
            })
            .collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), 20);
        }
        let other = Engine::connect("sqlite::memory:").await.unwrap();
        assert!(Exec::from(&other).execute("SELECT * FROM item".into()).await.is_err());
    });
}

#[test]
fn a_query_on_the_engine_inside_its_own_transaction_is_told_so() {
    block_on(async {
        let memory = Engine::connect("sqlite::memory:").await.unwrap();
        items(&memory).await;
        let tx = memory.begin().await.unwrap();
        let started = Instant::now();
        let read = Exec::from(&memory).fetch_all("SELECT id FROM item".into(), |row| row.get::<i64>(0)).await;
        assert!(matches!(&read, Err(Error::Usage { message }) if message.contains("run(&tx)")), "{read:?}");
        assert!(started.elapsed() < Duration::from_secs(5));
        insert(&tx, 1, "a").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids(&memory).await, [1]);
    });
    on(Dialect::Sqlite, async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        assert_eq!(ids(&engine).await, [0; 0]);
        let write = insert(&engine, 1, "a").await;
        assert!(matches!(&write, Err(Error::Usage { message }) if message.contains("run(&tx)")), "{write:?}");
        tx.commit().await.unwrap();
    });
    let memory = Engine::connect_sync("sqlite::memory:").unwrap();
    let tx = memory.begin_sync().unwrap();
    let read = Exec::from(&memory).execute_sync("SELECT 1".into());
    assert!(matches!(&read, Err(Error::Usage { .. })), "{read:?}");
    drop(tx);
}

#[test]
fn somebody_elses_transaction_is_waited_for() {
    block_on(async {
        let engine = Engine::connect("sqlite::memory:").await.unwrap();
        items(&engine).await;
        let one = async {
            let tx = engine.begin().await.unwrap();
            insert(&tx, 1, "a").await.unwrap();
            tokio::time::sleep(Duration::from_millis(300)).await;
            tx.commit().await.unwrap();
        };
        let other = async { insert(&engine, 2, "b").await.unwrap() };
        tokio::join!(one, other);
        assert_eq!(ids(&engine).await, [1, 2]);
    });
}

#[test]
fn a_call_that_gets_no_connection_gives_up_after_its_time() {
    on_both(async |db| {
        // Long enough for a busy machine to open the connection, which may take as long.
        let limit = Duration::from_secs(1);
        let engine = Engine::builder(db.url()).max_connections(1).acquire_timeout(limit).connect().await.unwrap();
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        let other = engine.clone();
        let waited = tokio::spawn(async move { insert(&other, 1, "a").await }).await.unwrap();
        assert!(matches!(&waited, Err(Error::Timeout { .. })), "{waited:?}");
        tx.rollback().await.unwrap();
        insert(&engine, 1, "a").await.unwrap();
    });
}

#[test]
fn a_closed_engine_refuses_calls_and_waits_for_the_ones_that_run() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        let closing = tokio::spawn({
            let engine = engine.clone();
            async move { engine.close().await }
        });
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(!closing.is_finished());
        tx.commit().await.unwrap();
        closing.await.unwrap();
        engine.close().await;
        let refused = insert(&engine, 2, "b").await;
        assert!(matches!(&refused, Err(Error::Connection { message }) if message.contains("closed")), "{refused:?}");
        assert_eq!(db.text("SELECT count(*) FROM item").await, "1");
    });
}

/// Closes the engine's connections to this database; other tests have theirs to others.
const CLOSE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                     WHERE application_name = 'piccolo' AND datname = current_database()";

#[test]
fn connections_that_the_server_has_closed_are_replaced() {
    on(Dialect::Postgres, async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        for pause in [0, 1_200] {
            insert(&engine, pause, &pause.to_string()).await.unwrap();
            db.execute(CLOSE).await;
            tokio::time::sleep(Duration::from_millis(u64::try_from(pause).unwrap() + 50)).await;
            insert(&engine, pause + 1, "again").await.unwrap();
            let tx = engine.begin().await.unwrap();
            insert(&tx, pause + 2, "tx").await.unwrap();
            tx.commit().await.unwrap();
            Exec::from(&engine).execute("DELETE FROM item".into()).await.unwrap();
        }
        let tx = engine.begin().await.unwrap();
        db.execute(CLOSE).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert!(matches!(insert(&tx, 1, "a").await, Err(Error::Connection { .. })));
        assert!(matches!(insert(&tx, 1, "a").await, Err(Error::TransactionOver { .. })));
        insert(&engine, 1, "a").await.unwrap();
    });
}

#[test]
fn every_connection_has_our_settings() {
    on(Dialect::Postgres, async |db| {
        let engine = Engine::builder(db.url()).application_name("till").connect().await.unwrap();
        let exec = Exec::from(&engine);
        for (setting, expected) in
            [("TimeZone", "UTC"), ("application_name", "till"), ("client_connection_check_interval", "1s")]
        {
            let sql = format!("SELECT current_setting('{setting}')");
            assert_eq!(exec.fetch_all(sql.into(), |row| row.get::<String>(0)).await, Ok(vec![expected.to_owned()]));
        }
    });
    on(Dialect::Sqlite, async |db| {
        let engine = engine(db).await;
        let dedicated = engine.dedicated().await.unwrap();
        let (read, write) = (Exec::from(&engine), Exec::from(&dedicated));
        for (pragma, expected) in
            [("foreign_keys", "1"), ("journal_mode", "wal"), ("synchronous", "1"), ("busy_timeout", "5000")]
        {
            let sql =
                format!("SELECT CAST({pragma} AS text) FROM pragma_{pragma}").replace("busy_timeout AS", "timeout AS");
            for exec in [read, write] {
                assert_eq!(
                    exec.fetch_all(sql.clone().into(), |row| row.get::<String>(0)).await,
                    Ok(vec![expected.to_owned()])
                );
            }
        }
        let quoted = read.fetch_all("SELECT \"no such column\"".into(), |_| Ok(())).await;
        assert!(matches!(quoted, Err(Error::Database { .. })), "{quoted:?}");
    });
}

#[test]
fn a_dedicated_connection_keeps_its_settings_and_has_transactions() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let connection = engine.dedicated().await.unwrap();
        match db.dialect() {
            Dialect::Sqlite => {
                connection.run_script("PRAGMA foreign_keys = OFF; PRAGMA user_version = 7").await.unwrap()
            }
            Dialect::Postgres => connection.run_script("SET lock_timeout = '7s'; SELECT 1").await.unwrap(),
        }
        let setting = match db.dialect() {
            Dialect::Sqlite => "SELECT foreign_keys || '' FROM pragma_foreign_keys",
            Dialect::Postgres => "SELECT current_setting('lock_timeout')",
        };
        let read = Exec::from(&connection).fetch_all(setting.into(), |row| row.get::<String>(0)).await.unwrap();
        assert_eq!(read, [if db.dialect() == Dialect::Sqlite { "0" } else { "7s" }]);
        let tx = connection.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        insert(&connection, 2, "b").await.unwrap();
        tx.commit().await.unwrap();
        let tx = connection.begin().await.unwrap();
        insert(&tx, 3, "c").await.unwrap();
        drop(tx);
        assert_eq!(ids(&connection).await, [1, 2]);
        let tx = connection.begin().await.unwrap();
        assert!(insert(&tx, 4, "a").await.is_err());
        tx.rollback().await.unwrap();
        insert(&connection, 5, "e").await.unwrap();
        assert_eq!(ids(&engine).await, [1, 2, 5]);
    });
}
