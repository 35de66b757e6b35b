//! Behind PgBouncer in transaction mode, whose few connections to the server go from client to client after each transaction.

use std::sync::Arc;
use std::time::{Duration, Instant};

use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Pooler, Statement};
use piccolo_tests::{PgBouncer, TestDb, on};
use tokio::time::{sleep, timeout};

use super::{ids, insert, items};

/// An engine on the test's database behind a pooler, which has fewer connections than the engine.
async fn behind_pooler(db: &TestDb) -> (PgBouncer, Engine) {
    let pooler = PgBouncer::before(db, 3);
    let engine = Engine::builder(pooler.url()).max_connections(12).connect().await.unwrap();
    (pooler, engine)
}

/// The process that serves, which changes behind a pooler.
async fn process(engine: &Engine) -> i32 {
    let exec = Exec::from(engine);
    exec.fetch_optional("SELECT pg_backend_pid()".into(), |row| row.get(0)).await.unwrap().unwrap()
}

/// Asks a question of one of 40 texts with an answer of its own, and says whether it was answered.
async fn ask(engine: &Engine, number: i64) {
    let (text, add) = (number % 40, number * 7);
    // The texts differ in their columns and in the types of their parameters, so that a wrong statement cannot answer by chance.
    let (sql, expected) = match text % 3 {
        0 => (format!("SELECT $1::bigint + {text}"), add + text),
        1 => (format!("SELECT {text}, $1::bigint - {text}"), text),
        _ => (format!("SELECT length($2) + {text}, $1::bigint, $2::text"), text + 3),
    };
    let mut args = vec![add.into()];
    if text % 3 == 2 {
        args.push("abc".into());
    }
    let read = Exec::from(engine).fetch_all(Statement::new(sql.clone(), args), move |row| row.get::<i64>(0)).await;
    assert_eq!(read, Ok(vec![expected]), "{sql}");
}

#[test]
fn under_load_every_query_gets_its_own_rows() {
    on(Dialect::Postgres, async |db| {
        let (_pooler, engine) = behind_pooler(db).await;
        let tasks: Vec<_> = (0..24)
            .map(|task| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    for number in 0..40 {
                        ask(&engine, task * 17 + number).await;
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        // Nothing was prepared under a name that another client of the pooler could meet, and nothing was left in a session.
        let mut served = Vec::new();
        for _ in 0..3 {
            let tx = engine.begin().await.unwrap();
            let left = "SELECT (SELECT count(*) FROM pg_prepared_statements), current_setting('client_connection_check_interval')";
            let left =
                Exec::from(&tx).fetch_all(left.into(), |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?))).await;
            assert_eq!(left, Ok(vec![(0, "1s".to_owned())]));
            served.push(tx);
        }
        drop(served);
    });
}

#[test]
fn without_our_care_the_same_load_would_go_wrong() {
    // What the tests above are worth: told that there is no pooler, the engine names its statements, and they are lost.
    on(Dialect::Postgres, async |db| {
        let pooler = PgBouncer::before(db, 3);
        let engine = Engine::builder(pooler.url()).max_connections(12).pooler(Pooler::None).connect().await.unwrap();
        let tasks: Vec<_> = (0..12_i64)
            .map(|task| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    let mut wrong = 0;
                    for number in 0..40 {
                        let add = task * 17 + number;
                        let sql = format!("SELECT $1::bigint + {}", add % 40);
                        let read = Exec::from(&engine)
                            .fetch_all(Statement::new(sql, vec![add.into()]), |row| row.get::<i64>(0));
                        wrong += usize::from(read.await != Ok(vec![add + add % 40]));
                    }
                    wrong
                })
            })
            .collect();
        let mut wrong = 0;
        for task in tasks {
            wrong += task.await.unwrap();
        }
        assert!(wrong > 0);
    });
}

#[test]
fn a_pooler_is_found_out_and_a_server_is_not_taken_for_one() {
    on(Dialect::Postgres, async |db| {
        let (_pooler, engine) = behind_pooler(db).await;
        // The same connection of ours is served by another process once that one is taken.
        let connection = engine.dedicated().await.unwrap();
        let prepared = "SELECT count(*) FROM pg_prepared_statements";
        let names = async |exec: Exec<'_>| exec.fetch_all(prepared.into(), |row| row.get::<i64>(0)).await.unwrap();
        assert_eq!(names(connection.exec()).await, [0]);
        assert_eq!(names(connection.exec()).await, [0]);
        let direct = Engine::connect(db.url()).await.unwrap();
        let connection = direct.dedicated().await.unwrap();
        names(connection.exec()).await;
        assert_eq!(names(connection.exec()).await, [1]);
        let told = Engine::builder(db.url()).pooler(Pooler::Transaction).connect().await.unwrap();
        let connection = told.dedicated().await.unwrap();
        names(connection.exec()).await;
        assert_eq!(names(connection.exec()).await, [0]);
    });
}

#[test]
fn transactions_writes_and_savepoints_stay_together() {
    on(Dialect::Postgres, async |db| {
        let (_pooler, engine) = behind_pooler(db).await;
        items(&engine).await;
        let tasks: Vec<_> = (0..12_i64)
            .map(|task| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    for round in 0..5 {
                        let id = task * 100 + round * 10;
                        engine
                            .transaction(async |tx| {
                                insert(&tx, id, &format!("outer {id}")).await?;
                                let inner = tx.begin().await?;
                                insert(&inner, id + 1, &format!("inner {id}")).await?;
                                if round % 2 == 0 { inner.commit().await } else { inner.rollback().await }
                            })
                            .await
                            .unwrap();
                        let rows =
                            (2..5).map(|one| vec![(id + one).into(), format!("each {id} {one}").into()]).collect();
                        let each = Exec::from(&engine).execute_each("INSERT INTO item VALUES ($1, $2)", rows).await;
                        assert_eq!(each, Ok(3));
                        let twice = vec![vec![(id + 5).into(), "x".into()], vec![(id + 5).into(), "y".into()]];
                        let refused = Exec::from(&engine).execute_each("INSERT INTO item VALUES ($1, $2)", twice).await;
                        assert!(matches!(refused, Err(Error::UniqueViolation { .. })), "{refused:?}");
                        let lost: Result<(), Error> = engine
                            .transaction(async |tx| {
                                insert(&tx, id + 6, &format!("lost {id}")).await?;
                                insert(&tx, id, "again").await.map(drop)
                            })
                            .await;
                        assert!(matches!(lost, Err(Error::UniqueViolation { .. })), "{lost:?}");
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        // Of five rounds each kept its outer row and the three, and the even ones their inner row.
        assert_eq!(ids(&engine).await.len(), 12 * (5 + 15 + 3));
    });
}

#[test]
fn batches_are_whole_while_others_write() {
    on(Dialect::Postgres, async |db| {
        let (_pooler, engine) = behind_pooler(db).await;
        items(&engine).await;
        let fill = "INSERT INTO item SELECT n, 'name ' || n FROM generate_series(1, 1000) AS n";
        Exec::from(&engine).execute(fill.into()).await.unwrap();
        let mut batches =
            Exec::from(&engine).fetch_batches("SELECT id FROM item ORDER BY id".into(), 70, |row| row.get::<i64>(0));
        let mut read = Vec::new();
        while let Some(batch) = batches.next().await {
            read.extend(batch.unwrap());
            let id = 10_000 + i64::try_from(read.len()).unwrap();
            insert(&engine, id, &id.to_string()).await.unwrap();
        }
        assert_eq!(read, (1..=1000).collect::<Vec<i64>>());
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1001, "in the transaction").await.unwrap();
        let of_tx = "SELECT id FROM item WHERE id <= 2000 ORDER BY id";
        let mut batches = Exec::from(&tx).fetch_batches(of_tx.into(), 400, |row| row.get::<i64>(0));
        let mut sizes = Vec::new();
        while let Some(batch) = batches.next().await {
            sizes.push(batch.unwrap().len());
        }
        assert_eq!(sizes, [400, 400, 201]);
        drop(batches);
        tx.rollback().await.unwrap();
        let connection = engine.dedicated().await.unwrap();
        let refused =
            connection.exec().fetch_batches("SELECT id FROM item".into(), 10, |row| row.get::<i64>(0)).next().await;
        assert!(matches!(&refused, Some(Err(Error::Usage { message })) if message.contains("pooler")), "{refused:?}");
    });
}

#[test]
fn tables_may_change_between_queries() {
    on(Dialect::Postgres, async |db| {
        let (_pooler, engine) = behind_pooler(db).await;
        items(&engine).await;
        insert(&engine, 1, "one").await.unwrap();
        let done = Arc::new(std::sync::atomic::AtomicBool::new(false));
        let readers: Vec<_> = (0..8)
            .map(|_| {
                let (engine, done) = (engine.clone(), Arc::clone(&done));
                tokio::spawn(async move {
                    while !done.load(std::sync::atomic::Ordering::SeqCst) {
                        let read =
                            Exec::from(&engine).fetch_all("SELECT id FROM item".into(), |row| row.get::<i64>(0)).await;
                        assert_eq!(read, Ok(vec![1]));
                    }
                })
            })
            .collect();
        for ty in ["int", "bigint", "smallint", "bigint"] {
            Exec::from(&engine).execute(format!("ALTER TABLE item ALTER id TYPE {ty}").into()).await.unwrap();
            let more = [format!("ALTER TABLE item ADD {ty} int"), "CREATE INDEX ON item (name)".to_owned()];
            Exec::from(&engine).execute_batch(&more).await.unwrap();
            Exec::from(&engine).execute(format!("ALTER TABLE item DROP {ty}").into()).await.unwrap();
        }
        // What takes no transaction runs all the same.
        for alone in
            ["CREATE INDEX CONCURRENTLY item_name ON item (name)", "VACUUM item", "REINDEX TABLE CONCURRENTLY item"]
        {
            Exec::from(&engine).execute(alone.into()).await.unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::SeqCst);
        for reader in readers {
            reader.await.unwrap();
        }
    });
}

#[test]
fn dropped_futures_leave_nothing_behind() {
    on(Dialect::Postgres, async |db| {
        let pooler = PgBouncer::before(db, 2);
        let engine = Engine::builder(pooler.url())
            .max_connections(4)
            .query_timeout(Duration::from_secs(20))
            .connect()
            .await
            .unwrap();
        items(&engine).await;
        let slow = || Exec::from(&engine).fetch_all("SELECT 1 FROM (SELECT pg_sleep(60)) AS slept".into(), |_| Ok(()));
        for _ in 0..3 {
            assert!(timeout(Duration::from_millis(50), slow()).await.is_err());
            let tx = engine.begin().await.unwrap();
            insert(&tx, 1, "a").await.unwrap();
            drop(tx);
        }
        assert_eq!(ids(&engine).await, [0; 0]);
        let busy = "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database() \
                    AND (query LIKE '%pg_sleep(60)%' AND state = 'active' OR state LIKE 'idle in transaction%')";
        let started = Instant::now();
        while db.text(busy).await != "0" {
            assert!(started.elapsed() < Duration::from_secs(10), "a statement still runs, or a transaction is open");
            sleep(Duration::from_millis(50)).await;
        }
        assert_ne!(process(&engine).await, 0);
    });
}

#[test]
fn a_server_connection_that_is_lost_is_an_error_of_the_connection() {
    on(Dialect::Postgres, async |db| {
        let (_pooler, engine) = behind_pooler(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        db.execute(end).await;
        let lost = insert(&tx, 2, "b").await;
        assert!(matches!(lost, Err(Error::Connection { .. })), "{lost:?}");
        assert!(matches!(tx.commit().await, Err(Error::TransactionOver { .. })));
        insert(&engine, 3, "c").await.unwrap();
        assert_eq!(ids(&engine).await, [3]);
    });
}
