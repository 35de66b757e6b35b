//! Transactions and savepoints: the rows of the acceptance list that begin with C.

use piccolo_runtime::query::Queue;
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error};
use piccolo_tests::{TestDb, on, on_both};

use crate::fixture::empty;
use crate::fixture::tables::{Manager, Node};

async fn names(engine: &Engine) -> Vec<String> {
    Manager::select(Manager.name).order_by(Manager.name.asc()).run(engine).await.unwrap()
}

#[test]
fn c01_an_error_in_a_transaction_undoes_it_and_reaches_the_caller() {
    on_both(async |db| {
        let engine = empty(db).await;
        let result = engine
            .transaction(async |tx| {
                Manager::insert([Manager::new("Guido")]).run(&tx).await?;
                Manager::insert([Manager::new("x".repeat(60))]).run(&tx).await
            })
            .await;
        assert!(matches!(result, Err(Error::InvalidValue { .. })), "{result:?}");
        assert!(names(&engine).await.is_empty());
    });
}

#[test]
fn c02_commit_keeps_and_rollback_undoes() {
    on_both(async |db| {
        let engine = empty(db).await;
        let tx = engine.begin().await.unwrap();
        Manager::insert([Manager::new("kept")]).run(&tx).await.unwrap();
        tx.commit().await.unwrap();
        let tx = engine.begin().await.unwrap();
        Manager::insert([Manager::new("undone")]).run(&tx).await.unwrap();
        tx.rollback().await.unwrap();
        let tx = engine.begin().await.unwrap();
        Manager::insert([Manager::new("dropped")]).run(&tx).await.unwrap();
        drop(tx);
        assert_eq!(names(&engine).await, ["kept"]);
    });
}

#[test]
fn c03_a_rollback_to_a_savepoint_undoes_what_came_after_it() {
    on_both(async |db| {
        let engine = empty(db).await;
        let tx = engine.begin().await.unwrap();
        Manager::insert([Manager::new("m1")]).run(&tx).await.unwrap();
        tx.savepoint("here").await.unwrap();
        Manager::insert([Manager::new("m2")]).run(&tx).await.unwrap();
        tx.rollback_to("here").await.unwrap();
        Manager::insert([Manager::new("m3")]).run(&tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(names(&engine).await, ["m1", "m3"]);
    });
}

#[test]
fn c04_a_savepoint_with_a_hostile_name_is_refused_before_any_sql() {
    on_both(async |db| {
        let engine = empty(db).await;
        let tx = engine.begin().await.unwrap();
        let error = tx.savepoint("a;drop").await.unwrap_err();
        assert!(matches!(error, Error::Usage { .. } | Error::InvalidValue { .. }), "{error:?}");
        Manager::insert([Manager::new("m")]).run(&tx).await.unwrap();
        tx.commit().await.unwrap();
    });
}

#[test]
fn c05_an_inner_transaction_fails_alone() {
    on_both(async |db| {
        let engine = empty(db).await;
        engine
            .transaction(async |tx| {
                Manager::insert([Manager::new("outer")]).run(&tx).await?;
                let inner = tx
                    .transaction(async |tx| {
                        Manager::insert([Manager::new("inner")]).run(&tx).await?;
                        Manager::insert([Manager::new("x".repeat(60))]).run(&tx).await
                    })
                    .await;
                assert!(inner.is_err());
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(names(&engine).await, ["outer"]);
    });
}

#[test]
fn c07_a_queue_is_all_or_nothing() {
    on_both(async |db| {
        let engine = empty(db).await;
        let broken = Queue::new()
            .add(Manager::insert([Manager::new("Guido")]))
            .add(Manager::raw("insert into no_such_table values ({})", (1_i64,)))
            .run(&engine)
            .await;
        let error = broken.unwrap_err().to_string();
        assert!(error.contains("no_such_table"), "{error}");
        assert_eq!(Manager::count().run(&engine).await.unwrap(), 0);
        let queue = Queue::new()
            .add(Node::create_table())
            .add(Node::insert([Node::new("n")]))
            .add(Node::delete().where_(Node.name.eq("n")));
        queue.run(&engine).await.unwrap();
        assert_eq!(Node::count().run(&engine).await.unwrap(), 0);
    });
}

#[test]
fn c08_transactions_on_two_databases_do_not_touch_each_other() {
    on_both(async |db| {
        let (one, other_db) = (empty(db).await, TestDb::new(db.dialect()));
        let other = empty(&other_db).await;
        one.transaction(async |tx| {
            Manager::insert([Manager::new("one")]).run(&tx).await?;
            other
                .transaction(async |inner| {
                    Manager::insert([Manager::new("other")]).run(&inner).await?;
                    Manager::insert([Manager::new("one more")]).run(&tx).await
                })
                .await
        })
        .await
        .unwrap();
        assert_eq!(names(&one).await, ["one", "one more"]);
        assert_eq!(names(&other).await, ["other"]);
    });
}

#[test]
fn c09_nine_transactions_that_read_and_then_write_wait_for_each_other() {
    on(Dialect::Sqlite, async |db| {
        let engine = empty(db).await;
        // Engines of their own, as nine processes would have.
        let tasks: Vec<_> = (0..9)
            .map(|n| {
                let url = db.url().to_owned();
                tokio::spawn(async move {
                    let engine = Engine::connect(url).await?;
                    engine
                        .transaction(async |tx| {
                            let count = Manager::count().run(&tx).await?;
                            Manager::insert([Manager::new(format!("m{n} after {count}"))]).run(&tx).await
                        })
                        .await
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        let names = names(&engine).await;
        assert_eq!(names.len(), 9);
        // Each saw all rows of those before it.
        let mut seen: Vec<&str> = names.iter().map(|name| name.rsplit(' ').next().unwrap()).collect();
        seen.sort_unstable();
        assert_eq!(seen, ["0", "1", "2", "3", "4", "5", "6", "7", "8"]);
    });
}

#[test]
fn c10_fifty_inserts_at_once_all_arrive() {
    on_both(async |db| {
        let engine = empty(db).await;
        let tasks: Vec<_> = (0..50)
            .map(|n| {
                let engine = engine.clone();
                tokio::spawn(async move { Manager::insert([Manager::new(format!("m{n}"))]).run(&engine).await })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(names(&engine).await.len(), 50);
    });
}
