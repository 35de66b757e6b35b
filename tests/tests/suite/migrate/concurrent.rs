//! Several runners at once.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use piccolo_runtime::migrate::{Event, Migrations};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error};
use piccolo_tests::{on, on_both};
use sqlx::Executor;

use super::support::{IDS, journal, migration, only, open, tables, three};

/// Runs all of `migrations` from eight connections at once.
async fn eight(url: &str, migrations: impl Fn() -> Migrations) -> Vec<Vec<String>> {
    let runs: Vec<_> = (0..8)
        .map(|_| {
            let (url, migrations) = (url.to_owned(), migrations());
            tokio::spawn(async move {
                let engine = Engine::connect(url).await?;
                migrations.forwards(&engine).await.map(|report| report.migrations)
            })
        })
        .collect();
    let mut reports = Vec::new();
    for run in runs {
        reports.push(run.await.expect("no panic").expect("every runner succeeds"));
    }
    reports
}

/// E25
#[test]
fn eight_runners_at_once_apply_each_migration_once() {
    on_both(async |db| {
        let reports = eight(db.url(), three).await;
        let mut applied = reports.concat();
        applied.sort();
        assert_eq!(applied, IDS);
        assert_eq!((tables(db).await.as_str(), journal(db).await), ("one,three,two", IDS.join(",")));
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step").await, "3");
    });
}

/// golang-migrate#960, transact-rs/sqlx: a blocking lock dead-locks with an index that is built concurrently.
#[test]
fn eight_runners_at_once_build_an_index_concurrently() {
    on(Dialect::Postgres, async |db| {
        let migrations = || {
            let up = "-- piccolo: step\nCREATE TABLE one (id bigint PRIMARY KEY, name text);\n\
                      -- piccolo: step no-transaction\nCREATE INDEX CONCURRENTLY one_name_idx ON one (name);\n\
                      -- piccolo: step\nINSERT INTO one VALUES (1, 'once');";
            only(up, "DROP TABLE one;")
        };
        eight(db.url(), migrations).await;
        assert_eq!(db.text("SELECT count(*) FROM one").await, "1");
        assert_eq!(
            db.text("SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'one_name_idx'::regclass").await,
            "true"
        );
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step WHERE done").await, "3");
    });
}

/// strong_migrations#233, nocturne#1156: an invalid index is left by a failure.
#[test]
fn an_invalid_index_that_an_interrupted_run_left_is_built_anew() {
    on(Dialect::Postgres, async |db| {
        let engine = open(db).await;
        db.execute("CREATE TABLE one (id bigint PRIMARY KEY, name text); INSERT INTO one VALUES (1, 'a'), (2, 'a')")
            .await;
        let migrations = only(
            "-- piccolo: step no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY one_name_key ON one (name);",
            "-- piccolo: step no-transaction\nDROP INDEX CONCURRENTLY one_name_key;",
        );
        let error = migrations.forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("line 2 of up.postgres.sql failed"), "{error}");
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass('one_name_key')";
        assert_eq!(db.text(valid).await, "false");
        assert_eq!(journal(db).await, "");
        db.execute("DELETE FROM one WHERE id = 2").await;
        migrations.forwards(&engine).await.unwrap();
        assert_eq!(db.text(valid).await, "true");
        migrations.backwards(&engine, "all").await.unwrap();
        assert_eq!(db.text("SELECT (to_regclass('one_name_key') IS NULL)::text").await, "true");
    });
}

#[test]
fn a_build_that_loses_a_dead_lock_is_tried_again() {
    on(Dialect::Postgres, async |db| {
        db.execute("CREATE TABLE one (id bigint PRIMARY KEY, name text)").await;
        // Who waits looks for a dead-lock once, after this long. The application below never does, so that the build loses.
        db.execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET deadlock_timeout = ''4s''', current_database()); END $$",
        )
        .await;
        let mut application = db.open_postgres().await.unwrap();
        application.execute("SET deadlock_timeout = '10min'").await.unwrap();
        application.execute("BEGIN").await.unwrap();
        application.execute("LOCK TABLE one IN ROW EXCLUSIVE MODE").await.unwrap();
        let engine = open(db).await;
        let told = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&told);
        let up = "-- piccolo: step no-transaction\nCREATE INDEX CONCURRENTLY one_name_idx ON one (name);";
        let migrations = only(up, "DROP INDEX one_name_idx;").observe(move |event| {
            if let Event::Retry { reason, .. } = event {
                hear.lock().unwrap().push(reason);
            }
        });
        let run = tokio::spawn(async move { migrations.forwards(&engine).await });
        let waits = "SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid) WHERE NOT granted AND datname = current_database()";
        while db.text(waits).await == "0" {
            tokio::task::yield_now().await;
        }
        // The build holds what is asked for here, and waits for this transaction.
        application.execute("LOCK TABLE one IN SHARE UPDATE EXCLUSIVE MODE").await.unwrap();
        application.execute("COMMIT").await.unwrap();
        run.await.unwrap().unwrap();
        assert!(told.lock().unwrap().iter().any(|reason| reason.contains("deadlock")), "{told:?}");
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass('one_name_idx')";
        assert_eq!(db.text(valid).await, "true");
    });
}

#[test]
fn who_waits_is_told_for_whom_and_gives_up_in_time() {
    on(Dialect::Postgres, async |db| {
        let engine = open(db).await;
        // Another runner, in the middle of its work.
        let (slow, fast) = (open(db).await, three());
        let sleeping = only("SELECT pg_sleep(6);", "SELECT 1;");
        let other = tokio::spawn(async move { sleeping.forwards(&slow).await });
        let sleeps =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        while db.text(sleeps).await == "0" {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let told = Arc::new(Mutex::new(Vec::new()));
        let hear = Arc::clone(&told);
        let error = fast
            .observe(move |event| hear.lock().unwrap().push(event))
            .patience(Duration::from_secs(1))
            .forwards(&engine)
            .await
            .unwrap_err();
        assert!(
            matches!(&error, Error::Timeout { message } if message.contains("waited 1s for another runner of migrations: process "))
        );
        let waits =
            told.lock().unwrap().iter().filter(|event| matches!(event, Event::Waiting { holder: Some(_), .. })).count();
        assert!(waits >= 1, "{told:?}");
        other.await.unwrap().unwrap();
    });
}

#[test]
fn a_step_does_not_queue_up_readers_behind_a_long_transaction() {
    on(Dialect::Postgres, async |db| {
        let (engine, application) = (open(db).await, open(db).await);
        db.execute("CREATE TABLE one (id bigint PRIMARY KEY)").await;
        let reader = application.begin().await.unwrap();
        let count = async |exec: piccolo_runtime::Exec<'_>| {
            let statement = piccolo_runtime::Statement::from("SELECT count(*) FROM one");
            exec.fetch_optional(statement, |row| row.get::<i64>(0)).await
        };
        count((&reader).into()).await.unwrap();
        let (retried, mut retries) = tokio::sync::mpsc::unbounded_channel();
        let migrations = only("ALTER TABLE one ADD COLUMN name text;", "SELECT 1;").observe(move |event| {
            if matches!(event, Event::Retry { .. }) {
                retried.send(()).unwrap();
            }
        });
        let run = tokio::spawn(async move { migrations.forwards(&engine).await });
        retries.recv().await.expect("the step is taken back after the lock timeout");
        // The long transaction goes on for as long as anybody waits here, while the step asks for its lock once more.
        while retries.try_recv().is_err() {
            let read = tokio::time::timeout(Duration::from_secs(30), count((&application).into()));
            read.await.expect("no queue").unwrap();
        }
        reader.rollback().await.unwrap();
        run.await.unwrap().unwrap();
        assert_eq!(db.text("SELECT count(*) FROM information_schema.columns WHERE table_name = 'one'").await, "2");
    });
}

/// drizzle-orm#5316, #5769: a migration with an older time is skipped, and success is printed.
#[test]
fn a_migration_of_a_late_branch_is_applied_although_newer_ones_are() {
    on_both(async |db| {
        let engine = open(db).await;
        let one = migration("2026-01-02T00-00-00_mine", &[], "CREATE TABLE mine (id bigint);", "DROP TABLE mine;");
        let two =
            migration("2026-01-01T00-00-00_theirs", &[], "CREATE TABLE theirs (id bigint);", "DROP TABLE theirs;");
        Migrations::loaded(vec![one.clone()]).forwards(&engine).await.unwrap();
        let report = Migrations::loaded(vec![one, two]).forwards(&engine).await.unwrap();
        assert_eq!(report.migrations, ["2026-01-01T00-00-00_theirs"]);
        assert_eq!(tables(db).await, "mine,theirs");
    });
}

/// The third of three migrations was once applied without its parents.
#[test]
fn what_another_run_has_undone_in_the_meantime_is_not_built_upon() {
    on(Dialect::Postgres, async |db| {
        let engine = open(db).await;
        let slow = Migrations::loaded(
            three()
                .list()
                .iter()
                .map(|one| {
                    let down = format!("SELECT pg_sleep(1); {}", one.postgres.as_ref().unwrap().down);
                    migration(
                        &one.id,
                        &one.parents.iter().map(AsRef::as_ref).collect::<Vec<_>>(),
                        &one.postgres.as_ref().unwrap().up,
                        &down,
                    )
                })
                .collect(),
        );
        slow.forwards_to(&engine, 2).await.unwrap();
        let other = open(db).await;
        let back = tokio::spawn(async move { slow.backwards(&other, "all").await });
        let sleeps =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        while db.text(sleeps).await == "0" {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let error = three().forwards(&engine).await.unwrap_err().to_string();
        back.await.unwrap().unwrap();
        assert!(error.contains(&format!("another run has undone {} and 1 more in the meantime", IDS[0])), "{error}");
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("", ""));
        three().forwards(&engine).await.unwrap();
    });
}

/// An index of that name was taken for the migration's own when it ran again.
#[test]
fn an_index_that_somebody_else_has_built_is_not_taken_for_the_migrations_own() {
    on(Dialect::Postgres, async |db| {
        let engine = open(db).await;
        db.execute("CREATE TABLE one (id bigint PRIMARY KEY, name text); CREATE INDEX one_name_idx ON one (id)").await;
        let up = "-- piccolo: step no-transaction\nCREATE INDEX CONCURRENTLY one_name_idx ON one (name);";
        for _ in 0..2 {
            let error = only(up, "DROP INDEX one_name_idx;").forwards(&engine).await.unwrap_err().to_string();
            assert!(error.contains("the table has an index one_name_idx already"), "{error}");
        }
        // Nothing has begun, so that the migration can be changed.
        let other = "-- piccolo: step\nDROP INDEX one_name_idx;\n".to_owned() + up;
        only(&other, "DROP INDEX one_name_idx;").forwards(&engine).await.unwrap();
        assert!(db.text("SELECT pg_get_indexdef('one_name_idx'::regclass)").await.ends_with("(name)"));
    });
}

/// The step that failed outside of a transaction is in the journal as begun, and another one may have its number by now.
#[test]
fn a_migration_whose_first_step_failed_outside_of_a_transaction_can_be_mended() {
    on(Dialect::Postgres, async |db| {
        let engine = open(db).await;
        db.execute("CREATE TABLE one (id bigint PRIMARY KEY, name text); INSERT INTO one VALUES (1, 'a'), (2, 'a')")
            .await;
        let up = "-- piccolo: step no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY one_name_key ON one (name);";
        only(up, "DROP INDEX one_name_key;").forwards(&engine).await.unwrap_err();
        let mended = "-- piccolo: step\nDELETE FROM one WHERE id = 2; DROP INDEX one_name_key;\n".to_owned() + up;
        only(&mended, "DROP INDEX one_name_key;").forwards(&engine).await.unwrap();
        assert_eq!(
            db.text("SELECT indisvalid::text FROM pg_index WHERE indexrelid = 'one_name_key'::regclass").await,
            "true"
        );
    });
}
