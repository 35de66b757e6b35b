//! Dropped futures: what they leave behind, which is nothing.

use std::time::{Duration, Instant};

use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Statement};
use piccolo_tests::{on, on_both};
use tokio::time::{sleep, timeout};

use super::{engine, ids, insert, items};

/// A statement that takes far longer than any test.
fn slow(dialect: Dialect) -> Statement {
    match dialect {
        Dialect::Sqlite => {
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n".into()
        }
        Dialect::Postgres => "SELECT 1 FROM (SELECT pg_sleep(60)) AS slept".into(),
    }
}

/// The same, and it would write.
fn slow_write(dialect: Dialect) -> Statement {
    match dialect {
        Dialect::Sqlite => "INSERT INTO item WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n) \
                            SELECT i, i FROM n"
            .into(),
        Dialect::Postgres => "INSERT INTO item SELECT 10, 'slow' FROM (SELECT pg_sleep(60)) AS slept".into(),
    }
}

const SOON: Duration = Duration::from_millis(100);

#[test]
fn a_dropped_read_stops_and_its_connection_serves_again() {
    on_both(async |db| {
        let engine = Engine::builder(db.url()).max_connections(1).connect().await.unwrap();
        items(&engine).await;
        for _ in 0..3 {
            let dropped = timeout(SOON, Exec::from(&engine).fetch_all(slow(db.dialect()), |_| Ok(()))).await;
            assert!(dropped.is_err());
            let started = Instant::now();
            assert_eq!(ids(&engine).await, [0; 0]);
            assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        }
    });
}

#[test]
fn on_postgres_the_server_stops_the_statement_of_a_dropped_future() {
    on(Dialect::Postgres, async |db| {
        let engine = engine(db).await;
        assert!(timeout(SOON, Exec::from(&engine).fetch_all(slow(db.dialect()), |_| Ok(()))).await.is_err());
        let running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' \
                       AND pid <> pg_backend_pid()";
        let started = Instant::now();
        while db.text(running).await != "0" {
            assert!(started.elapsed() < Duration::from_secs(10), "the statement still runs");
            sleep(SOON).await;
        }
    });
}

#[test]
fn a_dropped_write_is_undone() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let dropped = timeout(SOON, Exec::from(&engine).execute(slow_write(db.dialect()))).await;
        assert!(dropped.is_err());
        insert(&engine, 1, "a").await.unwrap();
        assert_eq!(ids(&engine).await, [1]);
    });
}

#[test]
fn a_dropped_write_ends_its_transaction() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        assert!(timeout(SOON, Exec::from(&tx).execute(slow_write(db.dialect()))).await.is_err());
        assert!(matches!(insert(&tx, 2, "b").await, Err(Error::TransactionOver { .. })));
        assert!(matches!(tx.commit().await, Err(Error::TransactionOver { .. })));
        insert(&engine, 3, "c").await.unwrap();
        assert_eq!(ids(&engine).await, [3]);
    });
}

#[test]
fn on_sqlite_a_transaction_goes_on_after_a_dropped_read() {
    on(Dialect::Sqlite, async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        assert!(timeout(SOON, Exec::from(&tx).fetch_all(slow(db.dialect()), |_| Ok(()))).await.is_err());
        insert(&tx, 2, "b").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids(&engine).await, [1, 2]);
    });
}

#[test]
fn a_transaction_dropped_with_its_task_leaves_no_open_transaction() {
    on_both(async |db| {
        let engine = Engine::builder(db.url()).max_connections(1).connect().await.unwrap();
        items(&engine).await;
        for delay in [0, 1, 2, 5, 10, 50] {
            let worker = engine.clone();
            let task = tokio::spawn(async move {
                worker
                    .transaction(async |tx| {
                        insert(&tx, 1, "a").await?;
                        tx.transaction(async |inner| insert(&inner, 2, "b").await).await?;
                        sleep(Duration::from_secs(60)).await;
                        Ok(())
                    })
                    .await
            });
            sleep(Duration::from_millis(delay)).await;
            task.abort();
            assert!(task.await.is_err());
            let started = Instant::now();
            insert(&engine, 1, "a").await.unwrap();
            Exec::from(&engine).execute("DELETE FROM item".into()).await.unwrap();
            assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        }
    });
}

#[test]
fn a_caller_that_stops_waiting_for_a_connection_leaves_the_queue() {
    on_both(async |db| {
        let engine = Engine::builder(db.url()).max_connections(1).connect().await.unwrap();
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        for _ in 0..5 {
            assert!(timeout(Duration::from_millis(5), insert(&engine, 1, "a")).await.is_err());
        }
        tx.commit().await.unwrap();
        insert(&engine, 1, "a").await.unwrap();
        assert_eq!(ids(&engine).await, [1]);
    });
}

#[test]
fn a_slow_statement_leaves_other_tasks_running() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let (busy, dialect) = (engine.clone(), db.dialect());
        let task = tokio::spawn(async move { Exec::from(&busy).fetch_all(slow(dialect), |_| Ok(())).await });
        sleep(SOON).await;
        let started = Instant::now();
        insert(&engine, 1, "a").await.unwrap();
        assert_eq!(ids(&engine).await, [1]);
        assert!(started.elapsed() < Duration::from_secs(2), "{:?}", started.elapsed());
        assert!(!task.is_finished());
        task.abort();
    });
}

#[test]
fn a_panic_in_a_decoder_reaches_the_caller_and_nobody_else() {
    on_both(async |db| {
        let engine = Engine::builder(db.url()).max_connections(1).connect().await.unwrap();
        items(&engine).await;
        let worker = engine.clone();
        let task = tokio::spawn(async move {
            Exec::from(&worker)
                .fetch_all("SELECT 1".into(), |_| -> piccolo_runtime::Result<()> { panic!("mine") })
                .await
        });
        assert!(task.await.unwrap_err().is_panic());
        insert(&engine, 1, "a").await.unwrap();
        assert_eq!(ids(&engine).await, [1]);
    });
}

#[test]
fn a_query_timeout_stops_a_statement() {
    on_both(async |db| {
        let engine = Engine::builder(db.url()).query_timeout(SOON).connect().await.unwrap();
        items(&engine).await;
        let started = Instant::now();
        let stopped = Exec::from(&engine).fetch_all(slow(db.dialect()), |_| Ok(())).await;
        assert!(matches!(stopped, Err(Error::Timeout { .. })), "{stopped:?}");
        let tx = engine.begin().await.unwrap();
        let stopped = Exec::from(&tx).fetch_all(slow(db.dialect()), |_| Ok(())).await;
        assert!(matches!(stopped, Err(Error::Timeout { .. })), "{stopped:?}");
        assert!(matches!(insert(&tx, 1, "a").await, Err(Error::TransactionOver { .. })));
        drop(tx);
        assert!(started.elapsed() < Duration::from_secs(5), "{:?}", started.elapsed());
        assert_eq!(ids(&engine).await, [0; 0]);
    });
    for dialect in Dialect::ALL {
        let scratch = piccolo_tests::Scratch::new(dialect);
        let engine = Engine::builder(scratch.url()).query_timeout(SOON).connect_sync().unwrap();
        let stopped = Exec::from(&engine).fetch_all_sync(slow(dialect), |_| Ok(()));
        assert!(matches!(stopped, Err(Error::Timeout { .. })), "{stopped:?}");
    }
}
