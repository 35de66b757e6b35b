//! Dropped futures: what they leave behind, which is nothing.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, FutureExt};
use piccolo_runtime::query::{Queue, create_tables};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Result, Statement, Table};
use piccolo_tests::{TestDb, on, on_both};
use tokio::time::{sleep, timeout};

use super::tables::{Owner, Thing};
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
            assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        }
    });
}

#[test]
fn on_postgres_the_server_stops_the_statement_of_a_dropped_future() {
    on(Dialect::Postgres, async |db| {
        let engine = engine(db).await;
        assert!(timeout(SOON, Exec::from(&engine).fetch_all(slow(db.dialect()), |_| Ok(()))).await.is_err());
        let running = "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%pg_sleep(60)%' \
                       AND pid <> pg_backend_pid() AND datname = current_database()";
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
            assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
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
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
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
        // What is to come to its end has all the time that it needs.
        let patient = engine(db).await;
        items(&patient).await;
        let engine = Engine::builder(db.url()).query_timeout(Duration::from_millis(500)).connect().await.unwrap();
        let started = Instant::now();
        let stopped = Exec::from(&engine).fetch_all(slow(db.dialect()), |_| Ok(())).await;
        assert!(matches!(stopped, Err(Error::Timeout { .. })), "{stopped:?}");
        let tx = engine.begin().await.unwrap();
        let stopped = Exec::from(&tx).fetch_all(slow(db.dialect()), |_| Ok(())).await;
        assert!(matches!(stopped, Err(Error::Timeout { .. })), "{stopped:?}");
        assert!(matches!(insert(&tx, 1, "a").await, Err(Error::TransactionOver { .. })));
        drop(tx);
        assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
        assert_eq!(ids(&patient).await, [0; 0]);
    });
    for dialect in Dialect::ALL {
        let scratch = piccolo_tests::Scratch::new(dialect);
        let engine = Engine::builder(scratch.url()).query_timeout(SOON).connect_sync().unwrap();
        let stopped = Exec::from(&engine).fetch_all_sync(slow(dialect), |_| Ok(()));
        assert!(matches!(stopped, Err(Error::Timeout { .. })), "{stopped:?}");
    }
}

/// A future that is dropped when it would be polled once more than this.
struct Dropped<'a> {
    work: Option<BoxFuture<'a, ()>>,
    polls: usize,
}

impl Future for Dropped<'_> {
    /// Whether the work came to its end.
    type Output = bool;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        let Some(left) = self.polls.checked_sub(1) else {
            self.work = None;
            return Poll::Ready(false);
        };
        self.polls = left;
        match self.work.as_mut().map(|work| work.poll_unpin(context)) {
            Some(Poll::Ready(())) | None => Poll::Ready(true),
            // With the last poll it is dropped at once, while its answer is still on its way.
            Some(Poll::Pending) if left == 0 => {
                self.work = None;
                Poll::Ready(false)
            }
            Some(Poll::Pending) => Poll::Pending,
        }
    }
}

/// Work of every kind. What it writes comes in threes, all of them or none.
fn work(engine: &Engine) -> Vec<BoxFuture<'_, ()>> {
    /// Three rows.
    fn three() -> [super::tables::NewThing; 3] {
        [1, 2, 3].map(|number| Thing::new().number(number))
    }
    /// The end of work, whose result does not matter.
    async fn end<T>(work: impl Future<Output = Result<T>>) {
        let _ = work.await;
    }
    vec![
        end(Thing::objects().run(engine)).boxed(),
        end(Thing::insert(three()).run(engine)).boxed(),
        end(Thing::insert(three()).returning(Thing.id).run(engine)).boxed(),
        end(Thing::update().set(Thing.number, Thing.number + 1).force().run(engine)).boxed(),
        end(Thing::objects().prefetch(Thing.owner).run(engine)).boxed(),
        end(Owner::get_or_create(Owner.name.eq("one")).run(engine)).boxed(),
        end(Queue::new().add(Thing::insert(three())).add(Thing::insert(three())).run(engine)).boxed(),
        end(engine.transaction(async |tx| {
            for thing in three() {
                Thing::insert([thing]).run(&tx).await?;
            }
            let inner = tx.begin().await?;
            Thing::insert([Thing::new()]).run(&inner).await?;
            inner.rollback().await
        }))
        .boxed(),
        end(engine.transaction_with_retry(async |tx| {
            tx.transaction(async |inner| Thing::insert(three()).run(&inner).await).await
        }))
        .boxed(),
        async move {
            let statements = ["UPDATE thing SET number = 0", "DELETE FROM owner"].map(str::to_owned);
            let _ = Exec::from(engine).execute_batch(&statements).await;
        }
        .boxed(),
        async move {
            let Ok(mut batches) = Thing::objects().batch(2).run(engine) else { return };
            while let Some(Ok(_)) = batches.next().await {}
        }
        .boxed(),
        async move {
            let Ok(tx) = engine.begin().await else { return };
            let Ok(batches) = Thing::objects().batch(1).run(&tx) else { return };
            let _ = batches.collect::<Vec<_>>().await;
            let _ = Thing::insert(three()).run(&tx).await;
            let _ = tx.commit().await;
        }
        .boxed(),
        async move {
            let Ok(connection) = engine.dedicated().await else { return };
            let Ok(tx) = connection.begin().await else { return };
            let _ = Thing::insert(three()).run(&tx).await;
            let _ = tx.commit().await;
        }
        .boxed(),
    ]
}

/// Asserts that the engine has all its connections and nobody else has a transaction open.
async fn is_whole(engine: &Engine, db: &TestDb) {
    let (first, second) = match db.dialect() {
        Dialect::Sqlite => (engine.begin().await, engine.build_transaction().read_only().begin().await),
        Dialect::Postgres => tokio::join!(engine.begin(), engine.begin()),
    };
    let (first, second) = (first.unwrap(), second.unwrap());
    // A write whose caller has gone may take place between the two, as a whole.
    for tx in [&first, &second] {
        assert_eq!(Thing::count().run(tx).await.unwrap() % 3, 0, "a write took place in part");
    }
    Thing::delete().force().run(&first).await.unwrap();
    second.rollback().await.unwrap();
    first.rollback().await.unwrap();
}

#[test]
fn a_future_dropped_at_any_await_leaves_everything_whole() {
    on_both(async |db| {
        let engine = Engine::builder(db.url()).max_connections(2).connect().await.unwrap();
        create_tables([Owner::META, Thing::META]).run(&engine).await.unwrap();
        let mut dropped = 0;
        for polls in 1..=16 {
            for work in work(&engine) {
                dropped += usize::from(!Dropped { work: Some(work), polls }.await);
            }
            is_whole(&engine, db).await;
        }
        assert!(dropped > 30, "{dropped}");
        match db.dialect() {
            // Another program can write at once.
            Dialect::Sqlite => db.open_sqlite().unwrap().execute_batch("BEGIN IMMEDIATE; ROLLBACK").unwrap(),
            Dialect::Postgres => {
                let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                            AND pid <> pg_backend_pid() AND state <> 'idle'";
                let started = Instant::now();
                while db.text(open).await != "0" {
                    assert!(started.elapsed() < Duration::from_secs(10), "a statement runs, or a transaction is open");
                    sleep(Duration::from_millis(10)).await;
                }
            }
        }
    });
}

#[test]
fn what_an_inner_transaction_left_is_undone_whenever_the_next_call_is_dropped() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        for polls in 1..=8 {
            let tx = engine.begin().await.unwrap();
            insert(&tx, 1, "outer").await.unwrap();
            let inner = tx.begin().await.unwrap();
            insert(&inner, 2, "inner").await.unwrap();
            drop(inner);
            let read = async {
                let _ = Exec::from(&tx).fetch_all("SELECT id FROM item".into(), |row| row.get::<i64>(0)).await;
            };
            let ended = Dropped { work: Some(read.boxed()), polls }.await;
            match tx.commit().await {
                Ok(()) => assert_eq!(ids(&engine).await, [1]),
                Err(error) => {
                    assert!(!ended && matches!(error, Error::TransactionOver { .. }), "{error:?}");
                    assert_eq!(ids(&engine).await, [0; 0]);
                }
            }
            Exec::from(&engine).execute("DELETE FROM item".into()).await.unwrap();
        }
        // On a connection of its own the transaction as a whole is what has to be undone.
        let connection = engine.dedicated().await.unwrap();
        for polls in 1..=8 {
            let tx = connection.begin().await.unwrap();
            insert(&tx, 1, "lost").await.unwrap();
            drop(tx.begin().await.unwrap());
            drop(tx);
            let read = async {
                let _ = connection.exec().fetch_all("SELECT id FROM item".into(), |row| row.get::<i64>(0)).await;
            };
            Dropped { work: Some(read.boxed()), polls }.await;
            insert(&connection, 2, "kept").await.unwrap();
            assert_eq!(ids(&engine).await, [2]);
            Exec::from(&connection).execute("DELETE FROM item".into()).await.unwrap();
        }
    });
}

#[test]
fn on_postgres_the_server_itself_keeps_the_time_of_a_statement() {
    on(Dialect::Postgres, async |db| {
        // Whoever hangs up, and whichever version notices: no statement outlives its time.
        let engine = Engine::builder(db.url()).query_timeout(Duration::from_millis(700)).connect().await.unwrap();
        let setting = Exec::from(&engine)
            .fetch_all("SELECT current_setting('statement_timeout')".into(), |row| row.get::<String>(0));
        assert_eq!(setting.await, Ok(vec!["700ms".to_owned()]));
        let dedicated = engine.dedicated().await.unwrap();
        let stopped = dedicated.exec().fetch_all(slow(db.dialect()), |_| Ok(())).await;
        assert!(matches!(stopped, Err(Error::Timeout { .. })), "{stopped:?}");
    });
}
