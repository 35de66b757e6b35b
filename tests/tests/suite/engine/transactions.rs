//! Transactions: atomic, nested, cancel-safe, and with the same rules on both engines.

use piccolo_runtime::{Engine, Error, Exec, Isolation, Result, Transaction};
use piccolo_tests::{on, on_both};

use super::{engine, ids, insert, items, statement};

// Acceptance C02.
#[test]
fn a_commit_keeps_and_a_rollback_undoes() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        assert_eq!(ids(&tx).await, [1]);
        assert_eq!(ids(&engine).await, [0; 0]);
        tx.commit().await.unwrap();
        let tx = engine.begin().await.unwrap();
        insert(&tx, 2, "b").await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!(ids(&engine).await, [1]);
    });
}

#[test]
fn a_dropped_transaction_is_rolled_back() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        drop(tx);
        let tx = engine.begin().await.unwrap();
        assert_eq!(ids(&tx).await, [0; 0]);
    });
}

// Acceptance C01: an error in the closure undoes all, and reaches the caller.
#[test]
fn a_closure_is_committed_or_rolled_back_as_its_result_says() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let kept: i64 = engine
            .transaction(async |tx| {
                insert(&tx, 1, "a").await?;
                Ok(7)
            })
            .await
            .unwrap();
        assert_eq!(kept, 7);
        let undone: Result<()> = engine
            .transaction(async |tx| {
                insert(&tx, 2, "b").await?;
                Err(Error::Usage { message: "changed my mind".to_owned() })
            })
            .await;
        assert_eq!(undone, Err(Error::Usage { message: "changed my mind".to_owned() }));
        assert_eq!(ids(&engine).await, [1]);
    });
}

#[test]
fn a_closure_can_be_spawned_and_borrow() {
    async fn add(engine: Engine, name: String) -> Result<u64> {
        let name = &name;
        engine.transaction(async |tx| insert(&tx, 1, name).await).await
    }
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        assert_eq!(tokio::spawn(add(engine.clone(), "a".to_owned())).await.unwrap(), Ok(1));
        assert_eq!(ids(&engine).await, [1]);
    });
}

#[test]
fn a_closure_can_have_an_error_of_its_own_and_end_its_transaction_itself() {
    #[derive(Debug)]
    struct Mine(#[expect(dead_code, reason = "shown when a test fails")] Error);
    impl From<Error> for Mine {
        fn from(error: Error) -> Self {
            Self(error)
        }
    }
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let done: Result<(), Mine> = engine
            .try_transaction(async |tx| {
                insert(&tx, 1, "a").await?;
                tx.commit().await?;
                Ok(())
            })
            .await;
        done.unwrap();
        let undone: Result<(), Mine> = engine
            .try_transaction(async |tx| {
                insert(&tx, 2, "b").await?;
                tx.rollback().await?;
                Ok(())
            })
            .await;
        undone.unwrap();
        assert_eq!(ids(&engine).await, [1]);
    });
}

// Acceptance C03 and C04.
#[test]
fn savepoints_have_names_and_can_be_gone_back_to() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "m1").await.unwrap();
        tx.savepoint("here").await.unwrap();
        insert(&tx, 2, "m2").await.unwrap();
        tx.rollback_to("here").await.unwrap();
        insert(&tx, 3, "m3").await.unwrap();
        tx.release("here").await.unwrap();
        for name in ["a;drop", "", "1", "a\"", "piccolo:0"] {
            assert!(matches!(tx.savepoint(name).await, Err(Error::Usage { .. })), "{name}");
            assert!(matches!(tx.rollback_to(name).await, Err(Error::Usage { .. })), "{name}");
        }
        tx.commit().await.unwrap();
        assert_eq!(ids(&engine).await, [1, 3]);
    });
}

// Acceptance C05.
#[test]
fn an_inner_transaction_fails_alone() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        engine
            .transaction(async |tx| {
                insert(&tx, 1, "a").await?;
                let inner: Result<()> = tx
                    .transaction(async |inner| {
                        insert(&inner, 2, "b").await?;
                        insert(&inner, 3, "a").await?;
                        Ok(())
                    })
                    .await;
                assert!(matches!(inner, Err(Error::UniqueViolation { .. })), "{inner:?}");
                insert(&tx, 4, "d").await?;
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!(ids(&engine).await, [1, 4]);
    });
}

#[test]
fn inner_transactions_nest_and_are_undone_when_dropped() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let outer = engine.begin().await.unwrap();
        let middle = outer.begin().await.unwrap();
        insert(&middle, 1, "a").await.unwrap();
        let inner = middle.begin().await.unwrap();
        insert(&inner, 2, "b").await.unwrap();
        drop(inner);
        insert(&middle, 3, "c").await.unwrap();
        middle.commit().await.unwrap();
        let dropped = outer.begin().await.unwrap();
        insert(&dropped, 4, "d").await.unwrap();
        assert!(insert(&dropped, 5, "a").await.is_err());
        drop(dropped);
        outer.commit().await.unwrap();
        assert_eq!(ids(&engine).await, [1, 3]);
    });
}

#[test]
fn after_an_error_a_transaction_takes_nothing_but_a_rollback() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 1, "a").await.unwrap();
        assert!(matches!(insert(&tx, 2, "a").await, Err(Error::UniqueViolation { .. })));
        assert!(matches!(insert(&tx, 3, "c").await, Err(Error::TransactionOver { .. })));
        assert!(matches!(tx.begin().await.map(drop), Err(Error::TransactionOver { .. })));
        assert!(matches!(tx.commit().await, Err(Error::TransactionOver { .. })));
        assert_eq!(ids(&engine).await, [0; 0]);

        let tx = engine.begin().await.unwrap();
        tx.savepoint("s").await.unwrap();
        assert!(Exec::from(&tx).execute("no SQL".into()).await.is_err());
        tx.rollback_to("s").await.unwrap();
        insert(&tx, 4, "d").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids(&engine).await, [4]);
    });
}

#[test]
fn a_value_that_is_refused_before_any_sql_leaves_the_transaction_open() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tx = engine.begin().await.unwrap();
        assert!(matches!(insert(&tx, 1, "\0").await, Err(Error::InvalidValue { .. })));
        let wrong = Exec::from(&tx).fetch_all("SELECT 'a'".into(), |row| row.get::<i64>(0)).await;
        assert!(matches!(wrong, Err(Error::Decode { .. })), "{wrong:?}");
        insert(&tx, 1, "a").await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(ids(&engine).await, [1]);
    });
}

#[test]
fn a_finished_transaction_says_so() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let mut leaked: Option<Transaction> = None;
        let slot = &mut leaked;
        engine
            .transaction(async move |tx| {
                insert(&tx, 1, "a").await?;
                *slot = Some(tx);
                Ok(())
            })
            .await
            .unwrap();
        let leaked = leaked.unwrap();
        assert!(matches!(insert(&leaked, 2, "b").await, Err(Error::TransactionOver { .. })));
        assert!(matches!(leaked.commit().await, Err(Error::TransactionOver { .. })));
        // The connection went back to the pool all the same: on SQLite there is only one that writes.
        insert(&engine, 3, "c").await.unwrap();
        assert_eq!(ids(&engine).await, [1, 3]);
    });
}

#[test]
fn transaction_control_as_plain_sql_is_refused() {
    on_both(async |db| {
        let engine = engine(db).await;
        let tx = engine.begin().await.unwrap();
        for sql in ["BEGIN", "commit", " ROLLBACK", "SAVEPOINT a", "start transaction", "END"] {
            assert!(matches!(Exec::from(&engine).execute(sql.into()).await, Err(Error::Usage { .. })), "{sql}");
            assert!(matches!(Exec::from(&tx).execute(sql.into()).await, Err(Error::Usage { .. })), "{sql}");
        }
    });
}

// Acceptance C09: nine transactions that read and then write, at once.
#[test]
fn many_transactions_at_once_wait_for_each_other() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let tasks: Vec<_> = (0..9)
            .map(|id| {
                let engine = engine.clone();
                tokio::spawn(async move {
                    engine
                        .transaction(async |tx| {
                            ids(&tx).await;
                            insert(&tx, id, &id.to_string()).await
                        })
                        .await
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(ids(&engine).await.len(), 9);
    });
}

// Acceptance C08.
#[test]
fn transactions_on_two_databases_nest() {
    on(piccolo_runtime::sql::Dialect::Sqlite, async |db| {
        let other = piccolo_tests::Scratch::sqlite();
        let (first, second) = (engine(db).await, Engine::connect(other.url()).await.unwrap());
        items(&first).await;
        items(&second).await;
        first
            .transaction(async |outer| {
                insert(&outer, 1, "a").await?;
                second.transaction(async |inner| insert(&inner, 2, "b").await).await?;
                Ok(())
            })
            .await
            .unwrap();
        assert_eq!((ids(&first).await, ids(&second).await), (vec![1], vec![2]));
    });
}

#[test]
fn a_bulk_insert_is_all_or_nothing() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let sql = match engine.dialect() {
            piccolo_runtime::sql::Dialect::Sqlite => "INSERT INTO item VALUES (?1, ?2) RETURNING id",
            piccolo_runtime::sql::Dialect::Postgres => "INSERT INTO item VALUES ($1, $2) RETURNING id",
        };
        let rows = |names: [&str; 3]| (1_i64..).zip(names).map(|(id, name)| vec![id.into(), name.into()]).collect();
        let exec = Exec::from(&engine);
        let failed = exec.fetch_each(sql, rows(["a", "b", "a"]), |row| row.get::<i64>(0)).await;
        assert!(matches!(failed, Err(Error::UniqueViolation { .. })), "{failed:?}");
        let undecoded = exec.fetch_each(sql, rows(["a", "b", "c"]), |row| row.get::<String>(0)).await;
        assert!(matches!(undecoded, Err(Error::Decode { .. })), "{undecoded:?}");
        assert_eq!(ids(&engine).await, [0; 0]);
        let kept = exec.fetch_each(sql, rows(["a", "b", "c"]), |row| row.get::<i64>(0)).await;
        assert_eq!(kept, Ok(vec![1, 2, 3]));

        let tx = engine.begin().await.unwrap();
        insert(&tx, 9, "i").await.unwrap();
        let undecoded =
            Exec::from(&tx).fetch_each(sql, vec![vec![10_i64.into(), "j".into()]], |row| row.get::<String>(0));
        assert!(undecoded.await.is_err());
        tx.commit().await.unwrap();
        assert_eq!(ids(&engine).await, [1, 2, 3, 9]);
        let touched = exec.execute_each("DELETE FROM item WHERE id < 3", vec![vec![], vec![]]).await;
        assert_eq!(touched, Ok(2));
    });
}

// Acceptance C07, one floor down: several statements, all or none.
#[test]
fn a_batch_of_statements_is_all_or_nothing() {
    on_both(async |db| {
        let engine = engine(db).await;
        let statements = ["CREATE TABLE a (x bigint)", "INSERT INTO a VALUES (1)", "broken"].map(str::to_owned);
        assert!(Exec::from(&engine).execute_batch(&statements).await.is_err());
        Exec::from(&engine).execute_batch(&statements[..2]).await.unwrap();
        let count = Exec::from(&engine).fetch_all("SELECT count(*) FROM a".into(), |row| row.get::<i64>(0)).await;
        assert_eq!(count, Ok(vec![1]));
    });
}

#[test]
fn a_deferred_constraint_fails_the_commit_and_undoes_it() {
    on_both(async |db| {
        let engine = engine(db).await;
        let statements = [
            "CREATE TABLE parent (id bigint PRIMARY KEY)",
            "CREATE TABLE child (parent bigint REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED)",
        ];
        Exec::from(&engine).execute_batch(&statements.map(str::to_owned)).await.unwrap();
        let tx = engine.begin().await.unwrap();
        Exec::from(&tx).execute("INSERT INTO child VALUES (7)".into()).await.unwrap();
        assert!(matches!(tx.commit().await, Err(Error::ForeignKeyViolation { .. })));
        let alone = Exec::from(&engine).execute("INSERT INTO child VALUES (7)".into()).await;
        assert!(matches!(alone, Err(Error::ForeignKeyViolation { .. })), "{alone:?}");
        let count = Exec::from(&engine).fetch_all("SELECT count(*) FROM child".into(), |row| row.get::<i64>(0)).await;
        assert_eq!(count, Ok(vec![0]));
    });
}

#[test]
fn a_transaction_that_loses_a_race_is_tried_again() {
    on_both(async |db| {
        let engine = engine(db).await;
        Exec::from(&engine).execute("CREATE TABLE counter (n bigint)".into()).await.unwrap();
        Exec::from(&engine).execute("INSERT INTO counter VALUES (0)".into()).await.unwrap();
        let add = |engine: Engine| async move {
            let serializable = engine.build_transaction().isolation(Isolation::Serializable).attempts(100);
            serializable
                .run_with_retry(async |tx| {
                    let read = Exec::from(&tx).fetch_optional("SELECT n FROM counter".into(), |row| row.get::<i64>(0));
                    let n = read.await?.unwrap_or_default();
                    let write = statement(&engine, "UPDATE counter SET n = ?", vec![(n + 1).into()]);
                    Exec::from(&tx).execute(write).await
                })
                .await
        };
        let tasks: Vec<_> = (0..8).map(|_| tokio::spawn(add(engine.clone()))).collect();
        for task in tasks {
            assert_eq!(task.await.unwrap(), Ok(1));
        }
        assert_eq!(db.text("SELECT n FROM counter").await, "8");
    });
}

#[test]
fn a_retry_is_bounded_and_only_for_lost_races() {
    on_both(async |db| {
        let engine = engine(db).await;
        for (error, expected) in [
            (Error::Serialization { message: "lost".to_owned() }, 3),
            (Error::Usage { message: "wrong".to_owned() }, 1),
        ] {
            let attempts = std::sync::atomic::AtomicU32::new(0);
            let result: Result<()> = engine
                .build_transaction()
                .attempts(3)
                .run_with_retry(async |_| {
                    attempts.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    Err(error.clone())
                })
                .await;
            assert_eq!(result, Err(error.clone()));
            assert_eq!(attempts.into_inner(), expected);
        }
    });
}

#[test]
fn a_transaction_that_only_reads_sees_one_state_and_cannot_write() {
    on_both(async |db| {
        let engine = engine(db).await;
        items(&engine).await;
        let reading = engine.build_transaction().isolation(Isolation::RepeatableRead).read_only();
        let tx = reading.begin().await.unwrap();
        assert_eq!(ids(&tx).await, [0; 0]);
        insert(&engine, 1, "a").await.unwrap();
        assert_eq!(ids(&tx).await, [0; 0]);
        assert!(matches!(insert(&tx, 2, "b").await, Err(Error::Database { .. })));
        assert!(matches!(tx.commit().await, Err(Error::TransactionOver { .. })));
        assert_eq!(ids(&engine).await, [1]);
    });
}
