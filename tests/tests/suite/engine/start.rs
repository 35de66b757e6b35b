//! The pool: opened, closed, opened again, and changed.

use std::time::{Duration, Instant};

use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec};
use piccolo_tests::{Scratch, TestDb, block_on, on, on_both};

use super::{engine, ids, insert, items};

/// The number of connections of the engine that the server sees.
async fn connections(db: &TestDb) -> String {
    db.text("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'piccolo' AND datname = current_database()")
        .await
}

/// Waits until the server sees so many; it notices a little after us.
async fn settles_at(db: &TestDb, expected: &str) {
    let started = Instant::now();
    loop {
        let seen = connections(db).await;
        if seen == expected {
            return;
        }
        assert!(started.elapsed() < Duration::from_secs(10), "{seen} instead of {expected}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[test]
fn a_closed_pool_refuses_queries_and_a_started_one_takes_them_again() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        for round in 0..3 {
            insert(&engine, round, &round.to_string()).await.unwrap();
            engine.close_connection_pool().await;
            engine.close_connection_pool().await;
            let refused = [
                insert(&engine, 9, "9").await.map(drop),
                engine.begin().await.map(drop),
                Exec::from(&engine).execute_batch(&["SELECT 1".to_owned()]).await,
                Exec::from(&engine).fetch_batches("SELECT 1".into(), 1, |_| Ok(())).next().await.unwrap().map(drop),
            ];
            for refused in refused {
                let sentence = |message: &str| message.contains("closed") && message.contains("start_connection_pool");
                assert!(matches!(&refused, Err(Error::Connection { message }) if sentence(message)), "{refused:?}");
            }
            engine.start_connection_pool().run().await.unwrap();
            engine.start_connection_pool().run().await.unwrap();
            assert_eq!(ids(&engine).await.len(), usize::try_from(round).unwrap() + 1);
        }
    });
}

#[test]
fn the_blocking_forms_open_and_close_the_pool() {
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        let engine = Engine::connect_sync(scratch.url()).unwrap();
        let read = || Exec::from(&engine).fetch_all_sync("SELECT 1".into(), |row| row.get::<i32>(0));
        engine.close_connection_pool_sync().unwrap();
        engine.close_connection_pool_sync().unwrap();
        assert!(matches!(read(), Err(Error::Connection { .. })));
        engine.start_connection_pool().min_connections(2).run_sync().unwrap();
        assert_eq!(read(), Ok(vec![1]));
        block_on(async {
            let refused = [engine.close_connection_pool_sync(), engine.start_connection_pool().run_sync()];
            assert!(refused.iter().all(|refused| matches!(refused, Err(Error::Usage { .. }))), "{refused:?}");
        });
    }
}

#[test]
fn waiting_for_the_end_ends_when_the_pool_is_started_again() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        let closing = tokio::spawn({
            let engine = engine.clone();
            async move { engine.close_connection_pool().await }
        });
        while Exec::from(&engine).execute("SELECT 1".into()).await.is_ok() {
            tokio::task::yield_now().await;
        }
        engine.start_connection_pool().run().await.unwrap();
        closing.await.unwrap();
        tx.commit().await.unwrap();
        insert(&engine, 2, "b").await.unwrap();
    });
}

#[test]
fn connections_are_opened_ahead_and_kept_and_closed_when_nobody_uses_them() {
    on(Dialect::Postgres, async |db| {
        let idle = Duration::from_millis(20);
        let engine = Engine::builder(db.url()).min_connections(3).idle_timeout(idle).connect().await.unwrap();
        settles_at(db, "3").await;
        let busy: Vec<_> = futures_util::future::join_all((0..6).map(|_| engine.begin())).await;
        settles_at(db, "6").await;
        drop(busy);
        // Whoever asks for a connection looks after those that nobody used for a while.
        let started = Instant::now();
        while connections(db).await != "3" {
            assert!(started.elapsed() < Duration::from_secs(10));
            tokio::time::sleep(idle).await;
            Exec::from(&engine).execute("SELECT 1".into()).await.unwrap();
        }
        engine.close_connection_pool().await;
        settles_at(db, "0").await;
    });
}

#[test]
fn connections_are_closed_when_they_are_too_many() {
    on(Dialect::Postgres, async |db| {
        let engine = Engine::connect(db.url()).await.unwrap();
        let busy: Vec<_> = futures_util::future::join_all((0..3).map(|_| engine.begin())).await;
        engine.start_connection_pool().min_connections(0).max_connections(4).run().await.unwrap();
        settles_at(db, "3").await;
        engine
            .start_connection_pool()
            .max_connections(4)
            // Long enough for a busy machine to open the fourth.
            .acquire_timeout(Duration::from_secs(1))
            .run()
            .await
            .unwrap();
        let fourth = engine.begin().await.unwrap();
        assert!(matches!(engine.begin().await, Err(Error::Timeout { .. })));
        drop((busy, fourth));
        engine.start_connection_pool().max_connections(1).run().await.unwrap();
        settles_at(db, "1").await;
        engine.close_connection_pool().await;
        settles_at(db, "0").await;
    });
}

#[test]
fn a_greater_pool_serves_those_who_wait_already() {
    on(Dialect::Postgres, async |db| {
        let engine = Engine::builder(db.url()).max_connections(1).connect().await.unwrap();
        let first = engine.begin().await.unwrap();
        let second = tokio::spawn({
            let engine = engine.clone();
            async move { engine.begin().await.map(drop) }
        });
        while !second.is_finished() {
            engine.start_connection_pool().max_connections(3).run().await.unwrap();
        }
        second.await.unwrap().unwrap();
        drop(first);
    });
}

#[test]
fn migrations_take_longer_than_a_query_may() {
    use piccolo_runtime::migrate::{Migration, Migrations, Scripts};

    on_both(async |db| {
        let engine = Engine::builder(db.url()).query_timeout(Duration::from_millis(150)).connect().await.unwrap();
        let up = match db.dialect() {
            Dialect::Sqlite => {
                "CREATE TABLE item AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000) \
                 SELECT sum(i) AS total FROM n;"
            }
            Dialect::Postgres => "CREATE TABLE item AS SELECT 1 AS total FROM (SELECT pg_sleep(0.4)) AS slept;",
        };
        let scripts = Scripts { up: up.into(), down: "DROP TABLE item;".into() };
        let slow = Migration {
            id: "2026-01-01T00-00-00_slow".into(),
            parents: vec![].into(),
            sqlite: Some(scripts.clone()),
            postgres: Some(scripts),
        };
        Migrations::loaded(vec![slow]).forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM item").await, "1");
    });
}
