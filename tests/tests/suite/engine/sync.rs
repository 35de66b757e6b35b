//! The blocking forms: from a plain `main`, from many threads, and not inside a runtime.

use std::time::Duration;

use piccolo_runtime::migrate::{Direction, Migrations};
use piccolo_runtime::query::{Queue, create_tables, drop_tables};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Result, Statement, Table};
use piccolo_tests::{Scratch, block_on};

use super::tables::{Owner, Thing};

fn on_each(body: impl Fn(&Engine)) {
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        let engine = Engine::connect_sync(scratch.url()).unwrap();
        Exec::from(&engine).execute_sync("CREATE TABLE item (id bigint PRIMARY KEY, name text UNIQUE)".into()).unwrap();
        body(&engine);
        engine.close_sync().unwrap();
    }
}

fn insert<'e>(exec: impl Into<Exec<'e>>, id: i64) -> Result<u64> {
    let exec = exec.into();
    let sql = match exec.dialect() {
        Dialect::Sqlite => "INSERT INTO item VALUES (?1, 'name ' || ?1)",
        Dialect::Postgres => "INSERT INTO item VALUES ($1, 'name ' || $1)",
    };
    exec.execute_sync(Statement::new(sql, vec![id.into()]))
}

fn ids<'e>(exec: impl Into<Exec<'e>>) -> Vec<i64> {
    exec.into().fetch_all_sync("SELECT id FROM item ORDER BY id".into(), |row| row.get(0)).unwrap()
}

#[test]
fn everything_works_without_a_runtime() {
    on_each(|engine| {
        insert(engine, 1).unwrap();
        let tx = engine.begin_sync().unwrap();
        insert(&tx, 2).unwrap();
        let inner = tx.begin_sync().unwrap();
        insert(&inner, 3).unwrap();
        drop(inner);
        tx.savepoint_sync("s").unwrap();
        insert(&tx, 4).unwrap();
        tx.rollback_to_sync("s").unwrap();
        tx.release_sync("s").unwrap();
        tx.commit_sync().unwrap();
        assert_eq!(ids(engine), [1, 2]);
        let failed: Result<()> = engine.transaction_sync(|tx| {
            insert(tx, 5)?;
            tx.transaction_sync(|inner| insert(inner, 1).map(drop))
        });
        assert!(matches!(failed, Err(Error::UniqueViolation { .. })), "{failed:?}");
        drop(engine.begin_sync().unwrap());
        engine.transaction_sync(|tx| insert(tx, 6)).unwrap();
        let first = Exec::from(engine).fetch_optional_sync("SELECT id FROM item ORDER BY id".into(), |row| row.get(0));
        assert_eq!(first, Ok(Some(1_i64)));
        let batches =
            Exec::from(engine).fetch_batches_sync("SELECT id FROM item ORDER BY id".into(), 2, |row| row.get::<i64>(0));
        assert_eq!(batches.collect::<Vec<_>>(), [Ok(vec![1, 2]), Ok(vec![6])]);
        let dedicated = engine.dedicated_sync().unwrap();
        insert(&dedicated, 7).unwrap();
        assert_eq!(ids(&dedicated), [1, 2, 6, 7]);
    });
}

#[test]
fn many_threads_share_an_engine() {
    on_each(|engine| {
        std::thread::scope(|scope| {
            for id in 0..16 {
                scope.spawn(move || {
                    insert(engine, id).unwrap();
                    engine.transaction_sync(|tx| insert(tx, id + 100)).unwrap();
                    assert!(ids(engine).contains(&id));
                });
            }
        });
        assert_eq!(ids(engine).len(), 32);
    });
}

#[test]
fn inside_a_runtime_a_blocking_call_is_refused() {
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        block_on(async {
            let engine = Engine::connect(scratch.url()).await.unwrap();
            let refused = [
                Engine::connect_sync(scratch.url()).map(drop),
                Exec::from(&engine).execute_sync("SELECT 1".into()).map(drop),
                engine.begin_sync().map(drop),
                engine.dedicated_sync().map(drop),
                engine.close_sync(),
            ];
            for refused in refused {
                assert!(matches!(&refused, Err(Error::Usage { message }) if message.contains("_sync")), "{refused:?}");
            }
        });
    }
}

#[test]
fn an_engine_of_one_runtime_serves_blocking_calls_and_other_runtimes() {
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        let engine = block_on(async {
            let engine = Engine::connect(scratch.url()).await.unwrap();
            Exec::from(&engine).execute("CREATE TABLE item (id bigint, name text)".into()).await.unwrap();
            engine
        });
        // The runtime that opened the connections is gone.
        insert(&engine, 1).unwrap();
        let read = block_on(Exec::from(&engine).fetch_all("SELECT id FROM item".into(), |row| row.get::<i64>(0)));
        assert_eq!(read, Ok(vec![1]));
        assert_eq!(ids(&engine), [1]);
    }
}

/// Every call that blocks, each with its name.
fn every_call(engine: &Engine) -> Vec<(&'static str, Result<()>)> {
    let owner = Owner { id: 1, name: "one".to_owned(), rank: 0 };
    let thing = || Thing::objects().order_by(Thing.id).first().run_sync(engine);
    let mut calls = vec![
        ("create_tables", create_tables([Owner::META, Thing::META]).run_sync(engine).map(drop)),
        ("create_table", Owner::create_table().if_not_exists().run_sync(engine).map(drop)),
        ("insert", Owner::insert([Owner::new("one"), Owner::new("two")]).run_sync(engine).map(drop)),
        ("insert returning", Owner::insert([Owner::new("three")]).returning(Owner.name).run_sync(engine).map(drop)),
        (
            "upsert",
            Owner::insert([Owner::new("one")]).on_conflict(Owner.name).do_set(Owner.rank, 3).run_sync(engine).map(drop),
        ),
        ("insert things", Thing::insert([Thing::new().owner(1), Thing::new().owner(2)]).run_sync(engine).map(drop)),
        ("select", Owner::select(Owner.name).run_sync(engine).map(drop)),
        ("select rows", Owner::select(["name", "rank"]).run_sync(engine).map(drop)),
        ("select first", Owner::select(Owner.name).first().run_sync(engine).map(drop)),
        ("output_json", Owner::select(["name"]).output_json().run_sync(engine).map(drop)),
        ("objects", Owner::objects().run_sync(engine).map(drop)),
        ("objects first", Owner::objects().first().run_sync(engine).map(drop)),
        ("prefetch", Thing::objects().prefetch(Thing.owner).run_sync(engine).map(drop)),
        ("get", Owner::get(1).run_sync(engine).map(drop)),
        ("get optional", Owner::get(99).optional().run_sync(engine).map(drop)),
        ("get_or_create", Owner::get_or_create(Owner.name.eq("one")).run_sync(engine).map(drop)),
        ("count", Owner::count().run_sync(engine).map(drop)),
        ("exists", Owner::exists().run_sync(engine).map(drop)),
        ("update", Owner::update().set(Owner.rank, 5).force().run_sync(engine).map(drop)),
        ("update returning", Owner::update().set(Owner.rank, 5).force().returning(Owner.id).run_sync(engine).map(drop)),
        ("save", owner.save().run_sync(engine)),
        ("refresh", owner.refresh().run_sync(engine).map(drop)),
        ("update_self", owner.update_self().set(Owner.rank, 1).run_sync(engine).map(drop)),
        ("raw", Owner::raw("SELECT 1", ()).run_sync(engine).map(drop)),
        ("raw execute", Owner::raw("DELETE FROM owner WHERE id = {}", (99_i64,)).execute_sync(engine).map(drop)),
        (
            "batch",
            Owner::objects()
                .batch(2)
                .run_sync(engine)
                .and_then(|mut batches| batches.try_for_each(|batch| batch.map(drop))),
        ),
        (
            "queue",
            Queue::new().add(Owner::count()).add(Owner::delete().where_(Owner.id.eq(99))).run_sync(engine).map(drop),
        ),
        ("transaction", engine.transaction_sync(|tx| Owner::count().run_sync(tx).map(drop))),
        ("retry", engine.transaction_with_retry_sync(|tx| Owner::count().run_sync(tx).map(drop))),
        ("built", engine.build_transaction().read_only().run_sync(|tx| Owner::count().run_sync(tx).map(drop))),
        ("begin", engine.begin_sync().and_then(|tx| tx.commit_sync())),
        ("execute", Exec::from(engine).execute_sync("SELECT 1".into()).map(drop)),
        ("execute_batch", Exec::from(engine).execute_batch_sync(&["SELECT 1".to_owned()])),
        ("execute_each", Exec::from(engine).execute_each_sync("DELETE FROM owner", Vec::new()).map(drop)),
        ("fetch_optional", Exec::from(engine).fetch_optional_sync("SELECT 1".into(), |_| Ok(())).map(drop)),
        ("fetch_each", Exec::from(engine).fetch_each_sync("SELECT 1", vec![vec![]], |_| Ok(())).map(drop)),
        (
            "fetch_batches",
            Exec::from(engine)
                .fetch_batches_sync("SELECT 1".into(), 1, |_| Ok(()))
                .try_for_each(|batch| batch.map(drop)),
        ),
        ("dedicated", engine.dedicated_sync().and_then(|one| one.run_script_sync("SELECT 1"))),
        ("dedicated begin", engine.dedicated_sync().and_then(|one| one.begin_sync()?.rollback_sync())),
        ("forwards", Migrations::loaded(vec![]).forwards_sync(engine).map(drop)),
        ("backwards", Migrations::loaded(vec![]).backwards_sync(engine, "all").map(drop)),
        ("status", Migrations::loaded(vec![]).status_sync(engine).map(drop)),
        ("verify", Migrations::loaded(vec![]).verify_sync(engine).map(drop)),
        ("preview", Migrations::loaded(vec![]).preview_sync(engine, Direction::Forwards, "all").map(drop)),
        ("start_connection_pool", engine.start_connection_pool().run_sync()),
    ];
    if let Ok(Some(thing)) = thing() {
        calls.push(("get_related", thing.get_related(Thing.owner).run_sync(engine).map(drop)));
        calls.push(("remove", thing.remove().run_sync(engine).map(drop)));
    } else {
        calls.push(("first thing", thing().map(drop)));
    }
    calls.push(("drop_tables", drop_tables([Owner::META, Thing::META]).run_sync(engine).map(drop)));
    calls
}

#[test]
fn every_query_has_a_blocking_form() {
    on_each(|engine| {
        for (name, result) in every_call(engine) {
            assert_eq!(result, Ok(()), "{name}");
        }
    });
}

#[test]
fn inside_a_runtime_every_blocking_form_is_refused_and_does_nothing() {
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        block_on(async {
            let engine = Engine::connect(scratch.url()).await.unwrap();
            for (name, result) in every_call(&engine) {
                assert!(
                    matches!(&result, Err(Error::Usage { message }) if message.contains(".await")),
                    "{name}: {result:?}"
                );
            }
            assert!(Owner::count().run(&engine).await.is_err());
            let tx = engine.begin().await.unwrap();
            let refused = [tx.begin_sync().map(drop), tx.savepoint_sync("a"), Owner::count().run_sync(&tx).map(drop)];
            assert!(refused.iter().all(|one| matches!(one, Err(Error::Usage { .. }))), "{refused:?}");
            assert!(matches!(tx.commit_sync(), Err(Error::Usage { .. })));
            let tx = engine.begin().await.unwrap();
            assert!(matches!(tx.rollback_sync(), Err(Error::Usage { .. })));
            // Neither kept its connection.
            engine.close().await;
        });
    }
}

#[test]
fn many_threads_run_typed_queries_at_once() {
    on_each(|engine| {
        create_tables([Owner::META, Thing::META]).run_sync(engine).unwrap();
        std::thread::scope(|scope| {
            for thread in 0..12 {
                scope.spawn(move || {
                    for round in 0..5 {
                        let name = format!("{thread} {round}");
                        let keys = Owner::insert([Owner::new(name.as_str())]).run_sync(engine).unwrap();
                        engine
                            .transaction_sync(|tx| {
                                Owner::update()
                                    .set(Owner.rank, Owner.rank + 1)
                                    .where_(Owner.id.eq(keys[0]))
                                    .run_sync(tx)?;
                                Thing::insert([Thing::new().owner(keys[0])]).run_sync(tx)
                            })
                            .unwrap();
                        let read = Thing::select(Thing.owner.rank).where_(Thing.owner.name.eq(name)).run_sync(engine);
                        assert_eq!(read, Ok(vec![Some(1)]));
                    }
                });
            }
        });
        assert_eq!(Thing::count().run_sync(engine), Ok(60));
    });
}

#[test]
fn what_a_runtime_has_opened_is_dropped_after_its_end() {
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        let (engine, tx, connection, batches) = block_on(async {
            let engine = Engine::builder(scratch.url()).query_timeout(Duration::from_secs(20)).connect().await.unwrap();
            Exec::from(&engine).execute("CREATE TABLE item (id bigint, name text)".into()).await.unwrap();
            let connection = engine.dedicated().await.unwrap();
            let batches = Exec::from(&engine).fetch_batches("SELECT id FROM item".into(), 1, |row| row.get::<i64>(0));
            let tx = engine.begin().await.unwrap();
            Exec::from(&tx).execute("INSERT INTO item VALUES (1, 'a')".into()).await.unwrap();
            (engine, tx, connection, batches)
        });
        // The runtime is gone, and this thread has none.
        drop((tx, batches, connection));
        assert_eq!(ids(&engine), [0; 0]);
        drop(engine.begin_sync().unwrap());
        let connection = engine.dedicated_sync().unwrap();
        drop(connection.begin_sync().unwrap());
        let reader = engine.clone();
        std::thread::spawn(move || drop((connection, reader))).join().unwrap();
        drop(engine);
    }
}
