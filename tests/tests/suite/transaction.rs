//! Transactions that lose a race and are tried again, beyond the rows of the acceptance list.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Isolation};
use piccolo_tests::{on, on_both};
use tokio::sync::Barrier;

use crate::fixture::tables::{Band, Manager};
use crate::fixture::{d3, empty, popularity};

#[test]
fn the_victim_of_a_dead_lock_is_tried_again() {
    on(Dialect::Postgres, async |db| {
        let engine = d3(db).await;
        let (both_hold_one, attempts) = (Barrier::new(2), AtomicU32::new(0));
        let add = async |first: i64, second: i64| {
            // With another isolation the second attempt could lose to the winner's commit as well.
            engine
                .build_transaction()
                .isolation(Isolation::ReadCommitted)
                .run_with_retry(async |tx| {
                    Band::raw("set local deadlock_timeout = '10ms'", ()).execute(&tx).await?;
                    let add = |key| Band::update().set(Band.popularity, Band.popularity + 1).where_(Band.id.eq(key));
                    add(first).run(&tx).await?;
                    if attempts.fetch_add(1, Ordering::Relaxed) < 2 {
                        both_hold_one.wait().await;
                    }
                    add(second).run(&tx).await
                })
                .await
        };
        let (one, other) = tokio::join!(add(1, 2), add(2, 1));
        assert_eq!((one, other), (Ok(1), Ok(1)));
        assert_eq!(attempts.into_inner(), 3);
        let expected = [("CSharps", 10), ("Pythonistas", 1002), ("Rustaceans", 2002)];
        assert_eq!(popularity(&engine).await, expected.map(|(name, p)| (name.to_owned(), p)));
    });
}

#[test]
fn a_busy_database_is_waited_for_by_trying_again() {
    on(Dialect::Sqlite, async |db| {
        drop(empty(db).await);
        let builder = Engine::builder(db.url()).busy_timeout(Duration::from_millis(1));
        let engine = builder.connect().await.unwrap();
        let other = db.open_sqlite().unwrap();
        other.execute_batch("BEGIN IMMEDIATE").unwrap();
        let insert = async |attempts| {
            let transaction = engine.build_transaction().attempts(attempts);
            transaction.run_with_retry(async |tx| Manager::insert([Manager::new("m")]).run(&tx).await).await
        };
        let busy = insert(2).await;
        assert!(matches!(busy, Err(Error::Serialization { .. })), "{busy:?}");
        let release = async {
            tokio::task::yield_now().await;
            other.execute_batch("COMMIT").unwrap();
        };
        let (inserted, ()) = tokio::join!(insert(100), release);
        assert_eq!(inserted, Ok(vec![1]));
    });
}

#[test]
fn what_is_read_and_written_in_a_transaction_that_is_tried_again_loses_no_change_of_another() {
    on_both(async |db| {
        let engine = d3(db).await;
        let add = |engine: Engine| async move {
            engine
                .transaction_with_retry(async |tx| {
                    let read = Band::select(Band.popularity).where_(Band.id.eq(1)).first().run(&tx).await?;
                    let seen = read.unwrap_or_default();
                    Band::update().set(Band.popularity, seen + 1).where_(Band.id.eq(1)).run(&tx).await
                })
                .await
        };
        let tasks: Vec<_> = (0..20).map(|_| tokio::spawn(add(engine.clone()))).collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Ok(1));
        }
        assert_eq!(popularity(&engine).await[1], ("Pythonistas".to_owned(), 1020));
    });
}

#[test]
fn an_isolation_that_is_asked_for_is_the_one_that_is_tried_again() {
    on(Dialect::Postgres, async |db| {
        let engine = d3(db).await;
        let transaction = engine.build_transaction();
        for (transaction, expected) in [
            (transaction.clone(), "serializable"),
            (transaction.clone().isolation(Isolation::ReadCommitted), "read committed"),
            (transaction.clone().isolation(Isolation::RepeatableRead), "repeatable read"),
            (transaction.read_only(), "read committed"),
        ] {
            let rows = transaction
                .run_with_retry(async |tx| {
                    Band::raw("select current_setting('transaction_isolation') as level", ()).run(&tx).await
                })
                .await
                .unwrap();
            assert_eq!(rows[0].text("level"), Ok(Some(expected)));
        }
    });
}
