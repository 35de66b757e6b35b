//! The blocking forms: from a plain `main`, from many threads, and not inside a runtime.

use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Result, Statement};
use piccolo_tests::{Scratch, block_on};

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
