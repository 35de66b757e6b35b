//! Steps that run in batches: every row once, whatever happens in between.

use std::sync::{Arc, Mutex};

use piccolo_runtime::migrate::{Direction, Event, Migrations, State, run_steps};
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{TestDb, on_both};

use super::support::{IDS, journal, only, open};

/// A table with this many rows, whose keys are counted from 1 and whose numbers are the keys.
async fn fill(db: &TestDb, rows: u32) {
    let values: Vec<String> = (1..=rows).map(|row| format!("({row}, {row})")).collect();
    db.execute(&format!(
        "CREATE TABLE t (id bigint PRIMARY KEY, n bigint CHECK (n < 5000)); INSERT INTO t VALUES {}",
        values.join(", ")
    ))
    .await;
}

/// Adds 1000 to every number; twice would be noticed.
fn add_a_thousand() -> Migrations {
    only(
        "-- piccolo: step batches of 10 over t (id)\n-- Add.\nUPDATE t SET n = n + 1000 WHERE id BETWEEN :first AND :last;",
        "-- piccolo: step batches of 7 over \"t\" (\"id\")\nUPDATE t SET n = n - 1000 WHERE id >= :first AND id <= :last;",
    )
}

#[test]
fn every_row_is_in_one_batch_and_the_observer_hears_how_far_it_is() {
    on_both(async |db| {
        fill(db, 25).await;
        let engine = open(db).await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&told);
        let migrations = add_a_thousand().observe(move |event| hear.lock().unwrap().push(event));
        migrations.forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM t WHERE n = id + 1000").await, "25");
        let told = std::mem::take(&mut *told.lock().unwrap());
        let far: Vec<u64> = told
            .iter()
            .filter_map(|event| if let Event::Progress { rows, .. } = event { Some(*rows) } else { None })
            .collect();
        assert_eq!(far, [10, 20, 25]);
        assert_eq!(told.iter().filter(|event| matches!(event, Event::Step { .. })).count(), 1);
        if db.dialect() == Dialect::Sqlite {
            assert!(told.iter().any(|event| matches!(event, Event::Progress { of: Some(25), .. })));
        }
        migrations.backwards(&engine, "all").await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM t WHERE n = id").await, "25");
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step").await, "0");
    });
}

/// pgroll#583: a failed backfill wedges the migration.
#[test]
fn a_batch_that_fails_is_where_the_next_run_begins() {
    on_both(async |db| {
        fill(db, 45).await;
        db.execute("UPDATE t SET n = 4500 WHERE id = 23").await;
        let engine = open(db).await;
        let error = add_a_thousand().forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("step 1 of 1 (Add.): line 3 of up."), "{error}");
        assert!(error.contains("the batches before this one are kept; the next run goes on after them"), "{error}");
        assert_eq!(db.text("SELECT count(*) FROM t WHERE n = id + 1000").await, "20");
        let status = add_a_thousand().status(&engine).await.unwrap();
        assert_eq!(status.migrations[0].1, State::HalfApplied(0));
        // The rest may not be edited, because a part of it has run; the size of a batch may.
        let edited = only(
            "-- piccolo: step batches of 10 over t (id)\nUPDATE t SET n = 1 WHERE id BETWEEN :first AND :last;",
            "SELECT 1;",
        );
        let error = edited.forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("was edited after it had been applied, in line 2"), "{error}");
        db.execute("UPDATE t SET n = 23 WHERE id = 23").await;
        let up = add_a_thousand().list()[0].sqlite.clone().unwrap().up.replace("batches of 10", "batches of 3");
        only(&up, "SELECT 1;").forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM t WHERE n = id + 1000").await, "45");
        assert_eq!(db.text("SELECT batch_rows FROM piccolo_migration_step").await, "45");
        assert_eq!(journal(db).await, IDS[0]);
    });
}

/// pgroll#906: a backfill never ends while rows are added.
#[test]
fn rows_that_come_while_it_runs_are_not_waited_for() {
    on_both(async |db| {
        fill(db, 25).await;
        let engine = open(db).await;
        let copying = "-- piccolo: step batches of 4 over t (id)\nINSERT INTO t (id, n) SELECT id + 100, 0 FROM t WHERE id BETWEEN :first AND :last;";
        only(copying, "SELECT 1;").forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM t").await, "50");
    });
}

#[test]
fn a_table_is_walked_along_texts_too_along_equal_values_and_if_it_is_empty() {
    on_both(async |db| {
        let engine = open(db).await;
        db.execute(
            "CREATE TABLE word (w text PRIMARY KEY, n integer NOT NULL DEFAULT 0); CREATE TABLE empty (id bigint PRIMARY KEY); \
             CREATE TABLE pair (a integer, b integer, n integer NOT NULL DEFAULT 0, PRIMARY KEY (a, b)); \
             INSERT INTO word (w) VALUES ('it''s'), ('\\back'), ('ünder'), (''), ('A'), ('a'), ('b'); \
             INSERT INTO pair (a, b) VALUES (1, 1), (1, 2), (1, 3), (2, 1), (3, 1), (3, 2)",
        )
        .await;
        let steps = "-- piccolo: step batches of 2 over word (w)\nUPDATE word SET n = n + 1 WHERE w BETWEEN :first AND :last;\n\
                     -- piccolo: step batches of 2 over pair (a)\nUPDATE pair SET n = n + 1 WHERE a BETWEEN :first AND :last;\n\
                     -- piccolo: step batches of 2 over empty (id)\nDELETE FROM empty WHERE id BETWEEN :first AND :last;";
        only(steps, "SELECT 1;").forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM word WHERE n = 1").await, "7");
        assert_eq!(db.text("SELECT count(*) FROM pair WHERE n = 1").await, "6");
        assert_eq!(journal(db).await, IDS[0]);
        // Without a journal it is the same.
        run_steps(&engine, steps).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM word WHERE n = 2").await, "7");
        assert_eq!(db.text("SELECT count(*) FROM pair WHERE n = 2").await, "6");
    });
}

#[test]
fn a_preview_of_batches_leaves_what_they_would_leave() {
    on_both(async |db| {
        fill(db, 25).await;
        let engine = open(db).await;
        let preview = add_a_thousand().preview(&engine, Direction::Forwards, "all").await.unwrap();
        db.script(&preview.sql);
        assert_eq!(db.text("SELECT count(*) FROM t WHERE n = id + 1000").await, "25");
        assert!(add_a_thousand().status(&engine).await.unwrap().is_current());
        // From the middle of a run as well.
        let preview = add_a_thousand().preview(&engine, Direction::Backwards, "all").await.unwrap();
        db.script(&preview.sql);
        db.execute("UPDATE t SET n = 4500 WHERE id = 23").await;
        add_a_thousand().forwards(&engine).await.unwrap_err();
        db.execute("UPDATE t SET n = 23 WHERE id = 23; INSERT INTO t VALUES (99, 99)").await;
        let preview = add_a_thousand().preview(&engine, Direction::Forwards, "all").await.unwrap();
        db.script(&preview.sql);
        assert_eq!(db.text("SELECT count(*) FROM t WHERE n = id + 1000").await, "25");
        assert_eq!(db.text("SELECT n FROM t WHERE id = 99").await, "99", "it came after the beginning");
        assert!(add_a_thousand().status(&engine).await.unwrap().is_current());
    });
}
