//! Batches: in constant memory, beside other statements, and clean however they end.

use futures_util::StreamExt;
use piccolo_runtime::{Engine, Error, Exec, Statement};
use piccolo_tests::on_both;

use super::{engine, ids, insert, items, statement};

const ALL: &str = "SELECT id FROM item ORDER BY id";

async fn fill(engine: &Engine, count: i64) {
    items(engine).await;
    let sql = format!(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) \
         INSERT INTO item SELECT i, 'name ' || i FROM n"
    );
    Exec::from(engine).execute(sql.into()).await.unwrap();
}

async fn sizes<'e>(exec: impl Into<Exec<'e>>, size: usize) -> Vec<usize> {
    let batches = exec.into().fetch_batches(ALL.into(), size, |row| row.get::<i64>(0));
    batches.map(|batch| batch.unwrap().len()).collect().await
}

// Acceptance A52 and A53.
#[test]
fn batches_have_the_asked_size_everywhere() {
    on_both(async |db| {
        let engine = engine(db).await;
        fill(&engine, 5).await;
        let tx = engine.begin().await.unwrap();
        let dedicated = engine.dedicated().await.unwrap();
        for (size, expected) in [(2, vec![2, 2, 1]), (5, vec![5]), (9, vec![5]), (1, vec![1; 5]), (0, vec![1; 5])] {
            assert_eq!(sizes(&engine, size).await, expected);
            assert_eq!(sizes(&tx, size).await, expected);
            assert_eq!(sizes(&dedicated, size).await, expected);
        }
        let one = statement(&engine, "SELECT id, name FROM item WHERE name = ?", vec!["name 3".into()]);
        let decode = |row: &piccolo_runtime::RowRef<'_>| Ok((row.get::<i64>(0)?, row.name(1).to_owned()));
        let expected = vec![Ok(vec![(3, "name".to_owned())])];
        assert_eq!(Exec::from(&engine).fetch_batches(one.clone(), 2, decode).collect::<Vec<_>>().await, expected);
        assert_eq!(Exec::from(&tx).fetch_batches(one, 2, decode).collect::<Vec<_>>().await, expected);
        let none = Exec::from(&tx).fetch_batches("SELECT id FROM item WHERE id < 0".into(), 2, |row| row.get::<i64>(0));
        assert_eq!(none.collect::<Vec<_>>().await, []);
    });
}

// Acceptance A55.
#[test]
fn batches_of_a_transaction_see_its_rows_and_leave_its_connection_free() {
    on_both(async |db| {
        let engine = engine(db).await;
        fill(&engine, 4).await;
        let tx = engine.begin().await.unwrap();
        insert(&tx, 5, "uncommitted").await.unwrap();
        let mut first = Exec::from(&tx).fetch_batches(ALL.into(), 2, |row| row.get::<i64>(0));
        let mut second = Exec::from(&tx).fetch_batches(ALL.into(), 2, |row| row.get::<i64>(0));
        assert_eq!(first.next().await, Some(Ok(vec![1, 2])));
        Exec::from(&tx).execute("UPDATE item SET id = id + 100 WHERE id = 3".into()).await.unwrap();
        assert_eq!(second.next().await, Some(Ok(vec![1, 2])));
        assert_eq!(first.next().await, Some(Ok(vec![3, 4])));
        assert_eq!(second.next().await, Some(Ok(vec![4, 5])));
        assert_eq!(first.next().await, Some(Ok(vec![5])));
        assert_eq!(first.next().await, None);
        drop((first, second));
        tx.commit().await.unwrap();
        assert_eq!(ids(&engine).await, [1, 2, 4, 5, 103]);
    });
}

// Acceptance A54.
#[test]
fn an_error_in_a_batch_reaches_the_caller_and_the_connection_goes_back_clean() {
    on_both(async |db| {
        let engine = engine(db).await;
        fill(&engine, 5).await;
        for _ in 0..20 {
            let decode = |row: &piccolo_runtime::RowRef<'_>| match row.get::<i64>(0)? {
                4 => Err(Error::Usage { message: "four".to_owned() }),
                id => Ok(id),
            };
            let batches: Vec<_> = Exec::from(&engine).fetch_batches(ALL.into(), 2, decode).collect().await;
            assert_eq!(batches, [Ok(vec![1, 2]), Err(Error::Usage { message: "four".to_owned() })]);
            // Dropped half-way, and before it began.
            let mut dropped = Exec::from(&engine).fetch_batches(ALL.into(), 2, |row| row.get::<i64>(0));
            assert_eq!(dropped.next().await, Some(Ok(vec![1, 2])));
            drop(dropped);
            drop(Exec::from(&engine).fetch_batches(ALL.into(), 2, |row| row.get::<i64>(0)));
        }
        let wrong = Exec::from(&engine).fetch_batches("SELECT nothing".into(), 2, |row| row.get::<i64>(0));
        assert!(matches!(wrong.collect::<Vec<_>>().await.as_slice(), [Err(Error::Database { .. })]));
        insert(&engine, 6, "still fine").await.unwrap();
        assert_eq!(sizes(&engine, 4).await, [4, 2]);
    });
}

#[test]
fn a_statement_that_writes_gives_its_rows_in_batches_too() {
    on_both(async |db| {
        let engine = engine(db).await;
        fill(&engine, 3).await;
        let delete = Statement::from("DELETE FROM item RETURNING id");
        let batches = Exec::from(&engine).fetch_batches(delete, 2, |row| row.get::<i64>(0));
        let sizes: Vec<usize> = batches.map(|batch| batch.unwrap().len()).collect().await;
        assert_eq!(sizes, [2, 1]);
        assert_eq!(ids(&engine).await, [0; 0]);
    });
}

#[test]
fn rows_can_be_changed_while_they_are_read_in_batches() {
    on_both(async |db| {
        let engine = engine(db).await;
        fill(&engine, 500).await;
        let mut seen = 0;
        let mut batches = Exec::from(&engine).fetch_batches(ALL.into(), 100, |row| row.get::<i64>(0));
        while let Some(batch) = batches.next().await {
            for id in batch.unwrap() {
                seen += 1;
                let update = statement(&engine, "UPDATE item SET id = id + 1000 WHERE id = ?", vec![id.into()]);
                assert_eq!(Exec::from(&engine).execute(update).await, Ok(1));
            }
        }
        assert_eq!(seen, 500);
    });
}

#[test]
fn batches_of_a_database_in_memory_leave_its_only_connection_free() {
    piccolo_tests::block_on(async {
        let engine = Engine::connect("sqlite::memory:").await.unwrap();
        fill(&engine, 5).await;
        let mut batches = Exec::from(&engine).fetch_batches(ALL.into(), 2, |row| row.get::<i64>(0));
        assert_eq!(batches.next().await, Some(Ok(vec![1, 2])));
        insert(&engine, 6, "between").await.unwrap();
        assert_eq!(batches.next().await, Some(Ok(vec![3, 4])));
        drop(batches);
        assert_eq!(sizes(&engine, 4).await, [4, 2]);
        let left = "SELECT count(*) FROM temp.sqlite_schema";
        assert_eq!(Exec::from(&engine).fetch_all(left.into(), |row| row.get::<i64>(0)).await, Ok(vec![0]));
    });
}
