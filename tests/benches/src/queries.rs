//! Queries through generated code, beside the plain drivers: by key, many rows, bulk inserts, JSON.

use piccolo_runtime::Engine;
use piccolo_tests::Scratch;
use rusqlite::Connection;

use crate::measure::{pair, pair_async};
use crate::plain::{self, Plain, ROWS};
use crate::report;
use crate::statements::{SINGLES, WHOLE, fill_postgres, fill_sqlite, keys};
use crate::tables::{NewReading, Reading};

/// SQLite beside rusqlite, in place and through the connection's own thread.
pub async fn sqlite() {
    let scratch = Scratch::sqlite();
    let db = Engine::connect(scratch.url()).await.expect("the file can be created");
    Reading::create_table().run(&db).await.expect("the database is empty");
    let mut raw = fill_sqlite(&scratch);

    // What runs in place refuses to inside an async context, so it is measured on a thread that has none.
    report::heading_of_pairs("SQLite, queries in place (run_sync)", "rusqlite");
    std::thread::scope(|scope| scope.spawn(|| in_place(&db, &mut raw)).join().expect("no panic"));

    report::heading_of_pairs("SQLite, queries (run)", "rusqlite");
    let (mut next, mut following) = (keys(), keys());
    let ours = async || Reading::get(following()).run(&db).await.unwrap();
    report::pair("by key", pair_async(SINGLES, async || plain::sqlite::get(&raw, next()), ours).await);
    let ours = async || three().run(&db).await.unwrap();
    report::pair("10 000 rows x 3, tuples", pair_async(WHOLE, async || plain::sqlite::three(&raw), ours).await);
    let six = async || plain::sqlite::six(&raw);
    report::pair(
        "10 000 rows x 6, objects",
        pair_async(WHOLE, six, async || Reading::objects().run(&db).await.unwrap()).await,
    );
    let ours = async || Reading::select(..).run(&db).await.unwrap();
    report::pair("10 000 rows x 6, dynamic rows", pair_async(WHOLE, six, ours).await);
    let ours = async || Reading::select(..).output_json().run(&db).await.unwrap();
    report::pair("10 000 rows x 6, JSON beside structs", pair_async(WHOLE, six, ours).await);
    let thousand = plain::rows(1_000);
    let ours = async || Reading::insert(new_rows(&thousand)).run(&db).await.unwrap();
    report::pair(
        "insert 1 000 rows",
        pair_async(WHOLE, async || plain::sqlite::insert(&mut raw, &thousand), ours).await,
    );
}

fn in_place(db: &Engine, raw: &mut Connection) {
    let (mut next, mut following) = (keys(), keys());
    let ours = || Reading::get(following()).run_sync(db).unwrap();
    report::pair("by key", pair(SINGLES, || plain::sqlite::get(raw, next()), ours));
    report::pair(
        "10 000 rows x 3, tuples",
        pair(WHOLE, || plain::sqlite::three(raw), || three().run_sync(db).unwrap()),
    );
    let six = || plain::sqlite::six(raw);
    report::pair("10 000 rows x 6, objects", pair(WHOLE, six, || Reading::objects().run_sync(db).unwrap()));
    report::pair("10 000 rows x 6, dynamic rows", pair(WHOLE, six, || Reading::select(..).run_sync(db).unwrap()));
    let ours = || Reading::select(..).output_json().run_sync(db).unwrap();
    report::pair("10 000 rows x 6, JSON beside structs", pair(WHOLE, six, ours));
    let thousand = plain::rows(1_000);
    let ours = || Reading::insert(new_rows(&thousand)).run_sync(db).unwrap();
    report::pair("insert 1 000 rows", pair(WHOLE, || plain::sqlite::insert(raw, &thousand), ours));
    raw.execute("DELETE FROM reading WHERE id > ?1", [ROWS]).expect("nothing else writes");
}

/// Postgres beside sqlx on one connection.
pub async fn postgres() {
    let scratch = Scratch::postgres();
    let db = Engine::connect(scratch.url()).await.expect("the cluster is up");
    Reading::create_table().run(&db).await.expect("the database is empty");
    let mut raw = fill_postgres(&scratch).await;

    report::heading_of_pairs("Postgres, queries (run)", "sqlx");
    let (mut next, mut following) = (keys(), keys());
    let ours = async || Reading::get(following()).run(&db).await.unwrap();
    report::pair("by key", pair_async(SINGLES, async || plain::postgres::get(&mut raw, next()).await, ours).await);
    let ours = async || three().run(&db).await.unwrap();
    report::pair(
        "10 000 rows x 3, tuples",
        pair_async(WHOLE, async || plain::postgres::three(&mut raw).await, ours).await,
    );
    let ours = async || Reading::objects().run(&db).await.unwrap();
    report::pair(
        "10 000 rows x 6, objects",
        pair_async(WHOLE, async || plain::postgres::six(&mut raw).await, ours).await,
    );
    let ours = async || Reading::select(..).run(&db).await.unwrap();
    report::pair(
        "10 000 rows x 6, dynamic rows",
        pair_async(WHOLE, async || plain::postgres::six(&mut raw).await, ours).await,
    );
    let ours = async || Reading::select(..).output_json().run(&db).await.unwrap();
    let plain = async || plain::postgres::six(&mut raw).await;
    report::pair("10 000 rows x 6, JSON beside structs", pair_async(WHOLE, plain, ours).await);
    let thousand = plain::rows(1_000);
    let ours = async || Reading::insert(new_rows(&thousand)).run(&db).await.unwrap();
    let plain = async || plain::postgres::insert(&mut raw, &thousand).await;
    report::pair("insert 1 000 rows, beside UNNEST", pair_async(WHOLE, plain, ours).await);
}

fn three() -> piccolo_runtime::query::Select<Reading, (i64, String, i32)> {
    Reading::select((Reading.id, Reading.name, Reading.count))
}

fn new_rows(rows: &[Plain]) -> Vec<NewReading> {
    let new = |row: &Plain| Reading::new(row.name.clone(), row.count, row.ratio, row.active).notes(row.notes.clone());
    rows.iter().map(new).collect()
}
