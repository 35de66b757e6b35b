//! Large results in constant memory, measured in a process of their own.

use std::process::Command;

use piccolo_runtime::sql::Dialect;
use piccolo_tests::{TestDb, on_both};

/// 100 000 rows of 300 bytes.
async fn many_items(db: &TestDb) {
    db.execute("CREATE TABLE item (id bigint PRIMARY KEY, words text NOT NULL)").await;
    db.execute(match db.dialect() {
        Dialect::Sqlite => {
            "INSERT INTO item WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < 100000) \
             SELECT id, printf('%.300c', 'x') FROM n"
        }
        Dialect::Postgres => "INSERT INTO item SELECT n, repeat('x', 300) FROM generate_series(1, 100000) AS n",
    })
    .await;
}

/// By how many kilobytes the peak of a process rises while it reads all rows in this way.
fn growth(db: &TestDb, way: &str) -> u64 {
    let output = Command::new(env!("CARGO_BIN_EXE_read-many-rows")).args([db.url(), way]).output().unwrap();
    assert!(output.status.success(), "{way}: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let (rows, growth) = text.trim().split_once(' ').unwrap();
    assert_eq!(rows, "100000", "{way}");
    growth.parse().unwrap()
}

#[test]
fn a_hundred_thousand_rows_are_read_in_constant_memory() {
    on_both(async |db| {
        many_items(db).await;
        // What the bound is compared with: all rows at once take their 30 MB and more.
        let whole = growth(db, "whole");
        assert!(whole > 30_000, "{whole} kB");
        for way in ["batches", "stream", "transaction"] {
            let growth = growth(db, way);
            assert!(growth < 8_000, "{way}: {growth} kB, against {whole} kB at once");
        }
    });
}
