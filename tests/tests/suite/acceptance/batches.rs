//! Rows in batches: rows A52 to A55.

use std::time::Duration;

use futures_util::TryStreamExt;
use piccolo_runtime::query::raw_value;
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Result};
use piccolo_tests::{TestDb, on_both};

use crate::fixture::connect;
use crate::fixture::tables::Manager;

/// So many managers, m1 the first.
async fn managers(engine: &Engine, count: usize) {
    Manager::create_table().run(engine).await.unwrap();
    Manager::insert((1..=count).map(|n| Manager::new(format!("m{n}")))).run(engine).await.unwrap();
}

/// The sizes of the batches of all managers.
async fn sizes(engine: &Engine, size: usize) -> Vec<usize> {
    let batches = Manager::select(Manager.id).order_by(Manager.id).batch(size).run(engine).unwrap();
    batches.map_ok(|batch| batch.len()).try_collect().await.unwrap()
}

#[test]
fn a52_rows_come_in_batches_of_the_size_asked_for() {
    on_both(async |db| {
        let engine = connect(db).await;
        managers(&engine, 5).await;
        assert_eq!(sizes(&engine, 2).await, [2, 2, 1]);
        Manager::insert((6..=1000).map(|n| Manager::new(format!("m{n}")))).run(&engine).await.unwrap();
        assert_eq!(sizes(&engine, 10).await, [10; 100]);
    });
}

#[test]
fn a53_a_batch_has_the_rows_of_the_condition() {
    on_both(async |db| {
        let engine = connect(db).await;
        managers(&engine, 5).await;
        let mut batches = Manager::objects().where_(Manager.name.eq("m1")).batch(2).run(&engine).unwrap();
        let names: Vec<String> = batches.next().await.unwrap().unwrap().into_iter().map(|row| row.name).collect();
        assert_eq!(names, ["m1"]);
        assert!(batches.next().await.is_none());
    });
}

/// An engine with one connection, which must come back before anything else can run.
async fn with_one_connection(db: &TestDb) -> Engine {
    let builder = Engine::builder(db.url()).max_connections(1).acquire_timeout(Duration::from_secs(5));
    builder.connect().await.unwrap()
}

/// Takes one batch and gives up.
async fn give_up(engine: &Engine) -> Result<()> {
    let mut batches = Manager::select(Manager.id).batch(2).run(engine)?;
    match batches.next().await {
        Some(batch) => Err(Error::Usage { message: format!("{} are enough", batch?.len()) }),
        None => Ok(()),
    }
}

#[test]
fn a54_an_error_in_the_middle_of_the_batches_reaches_the_caller_and_frees_the_connection() {
    on_both(async |db| {
        let engine = with_one_connection(db).await;
        managers(&engine, 5).await;
        for _ in 0..3 {
            let error = give_up(&engine).await.unwrap_err();
            assert_eq!(error, Error::Usage { message: "2 are enough".to_owned() });
            assert_eq!(Manager::count().run(&engine).await.unwrap(), 5);
        }
        // The database itself fails at the last row, after whole batches have come.
        let failing = match engine.dialect() {
            Dialect::Sqlite => "abs(-9223372036854775807 - (id = 5))",
            Dialect::Postgres => "1 / (5 - id)",
        };
        for _ in 0..3 {
            let query = Manager::select(raw_value::<_, i64>(failing, ())).order_by(Manager.id);
            let mut batches = query.batch(2).run(&engine).unwrap();
            let mut last = Ok(Vec::new());
            let mut whole = 0;
            while let Some(batch) = batches.next().await {
                whole += usize::from(batch.is_ok());
                last = batch;
            }
            assert!(last.is_err(), "{last:?}");
            assert!(whole <= 2, "{whole}");
            assert_eq!(Manager::count().run(&engine).await.unwrap(), 5);
            Manager::update().set(Manager.name, "same").where_(Manager.id.eq(1)).run(&engine).await.unwrap();
        }
    });
}

#[test]
fn a55_a_batch_in_a_transaction_sees_its_uncommitted_rows() {
    on_both(async |db| {
        let engine = connect(db).await;
        managers(&engine, 3).await;
        let tx = engine.begin().await.unwrap();
        Manager::insert([Manager::new("uncommitted")]).run(&tx).await.unwrap();
        let batches = Manager::select(Manager.name).order_by(Manager.id.desc()).batch(2).run(&tx).unwrap();
        let batches: Vec<Vec<String>> = batches.try_collect().await.unwrap();
        assert_eq!(batches, [["uncommitted", "m3"], ["m2", "m1"]]);
        let rows = Manager::objects().where_(Manager.name.eq("uncommitted")).stream(&tx).unwrap();
        assert_eq!(rows.try_collect::<Vec<Manager>>().await.unwrap().len(), 1);
        tx.rollback().await.unwrap();
        assert_eq!(sizes(&engine, 10).await, [3]);
    });
}
