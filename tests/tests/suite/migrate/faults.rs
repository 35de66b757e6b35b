//! Databases and folders that are not as they should be.

use std::time::Duration;

use piccolo_runtime::migrate::{Direction, Event, Migration, Migrations, Scripts};
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{on, on_both};

use super::support::{IDS, journal, migration, only, open, tables, three};

#[test]
fn a_database_that_is_ahead_of_the_program_is_named_so() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards(&engine).await.unwrap();
        let older = Migrations::loaded(three().list()[..2].to_vec());
        let error = older.forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains(IDS[2]) && error.contains("ahead of this program"), "{error}");
        let status = older.status(&engine).await.unwrap();
        assert_eq!(status.problems.len(), 1);
        assert_eq!(journal(db).await, IDS.join(","));
    });
}

#[test]
fn a_database_of_another_application_is_left_alone() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards(&engine).await.unwrap();
        let other = Migrations::loaded(vec![migration(
            "2026-05-05T00-00-00_x",
            &[],
            "CREATE TABLE x (id bigint);",
            "DROP TABLE x;",
        )]);
        let error = other.forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("belongs to another application"), "{error}");
        assert_eq!(journal(db).await, IDS.join(","));
    });
}

#[test]
fn missing_duplicate_and_half_written_migrations_are_named() {
    on_both(async |db| {
        let engine = open(db).await;
        let list = three().list().to_vec();
        let missing = Migrations::loaded(list[1..].to_vec()).forwards(&engine).await.unwrap_err().to_string();
        assert!(missing.contains(&format!("{} comes after {}, which is missing", IDS[1], IDS[0])), "{missing}");
        let twice =
            Migrations::loaded(vec![list[0].clone(), list[0].clone()]).forwards(&engine).await.unwrap_err().to_string();
        assert!(twice.contains("two migrations have the id"), "{twice}");
        let half = migration(IDS[0], &[], "CREATE TABLE one (id bigint);\nCREATE TABLE two (", "DROP TABLE one;");
        let half = Migrations::loaded(vec![half]).forwards(&engine).await.unwrap_err().to_string();
        assert!(half.contains("sql, line 2: this statement has no `;` at its end: is the file complete?"), "{half}");
    });
}

/// A file that was never written to its end is not taken for one that does nothing.
#[test]
fn an_empty_file_is_refused_before_anything_runs() {
    on_both(async |db| {
        let engine = open(db).await;
        for (file, up, down) in [("up", " \n", "SELECT 1;"), ("down", "SELECT 1;", "")] {
            let mut list = three().list().to_vec();
            list.push(migration("2026-01-04T00-00-00_empty", &[IDS[2]], up, down));
            let migrations = Migrations::loaded(list);
            let place =
                format!("migration 2026-01-04T00-00-00_empty, {file}.{}.sql, line 1: the file is empty", db.dialect());
            for error in [
                migrations.forwards(&engine).await.unwrap_err(),
                migrations.status(&engine).await.unwrap_err(),
                migrations.verify(&engine).await.unwrap_err(),
                migrations.fake(&engine, "all").await.unwrap_err(),
            ] {
                assert!(error.to_string().contains(&place), "{error}");
            }
            assert_eq!(tables(db).await, "");
        }
        only("-- Nothing is to be done.", "-- Nor here.").forwards(&engine).await.unwrap();
        assert_eq!(journal(db).await, IDS[0]);
    });
}

#[test]
fn a_line_that_looks_like_a_directive_is_refused_before_anything_runs() {
    on_both(async |db| {
        let engine = open(db).await;
        for (line, words) in
            [("-- piccolo: stepp", "is `step` meant?"), ("-- Piccolo: step", "write `-- piccolo: step`")]
        {
            let up = format!("CREATE TABLE one (id bigint);\n{line}\nCREATE TABLE two (id bigint);");
            let error = only(&up, "-- Nothing.").forwards(&engine).await.unwrap_err().to_string();
            let place = format!("migration {}, up.{}.sql, line 2: ", IDS[0], db.dialect());
            assert!(error.contains(&place) && error.contains(words), "{error}");
            assert_eq!(tables(db).await, "");
        }
    });
}

/// The causes that a database has what a migration makes, and each one's way out.
#[test]
fn what_is_there_already_is_told_with_all_that_may_have_made_it() {
    on_both(async |db| {
        let engine = open(db).await;
        db.execute("CREATE TABLE band (id bigint PRIMARY KEY, name text)").await;
        for up in ["CREATE TABLE band (id bigint);", "ALTER TABLE band ADD COLUMN name text;"] {
            let error = only(up, "-- Nothing.").forwards(&engine).await.unwrap_err().to_string();
            for words in ["--fake", "piccolo-codegen adopt", "diff --rebase", "piccolo-codegen check"] {
                assert!(error.contains(words), "{words}: {error}");
            }
        }
    });
}

/// SQLite deletes the rows of a table that it drops, and names nothing when others point to them.
#[test]
fn a_table_that_others_point_to_is_not_dropped_and_the_way_out_is_told() {
    on_both(async |db| {
        let engine = open(db).await;
        db.execute(
            "CREATE TABLE manager (id bigint PRIMARY KEY); CREATE TABLE band (manager bigint REFERENCES manager (id)); \
             INSERT INTO manager VALUES (1); INSERT INTO band VALUES (1)",
        )
        .await;
        let refused = only("DROP TABLE manager;", "-- Nothing.").forwards(&engine).await.unwrap_err().to_string();
        let way_out = match db.dialect() {
            Dialect::Sqlite => "drop the keys to it, or those tables, in a step before",
            Dialect::Postgres => "drop what depends on it before this statement",
        };
        assert!(refused.contains(way_out), "{refused}");
        assert_eq!(db.text("SELECT count(*) FROM band").await, "1");
    });
}

/// prisma#5687, #8079: drift is found where there is none, and a reset is offered. Here it is a report.
#[test]
fn a_database_that_was_changed_by_hand_is_told_by_verify() {
    on_both(async |db| {
        let engine = open(db).await;
        let empty = three().verify(&engine).await.unwrap();
        assert!(!empty.is_current() && empty.drift.is_none());
        three().forwards(&engine).await.unwrap();
        let verified = three().verify(&engine).await.unwrap();
        assert!(verified.is_current(), "{verified}");
        assert_eq!(verified.to_string(), "the database is as this program expects it");
        db.execute("ALTER TABLE two ADD COLUMN by_hand integer").await;
        let drifted = three().verify(&engine).await.unwrap();
        assert!(drifted.status.is_current() && !drifted.is_current());
        assert!(drifted.to_string().contains("by_hand"), "{drifted}");
        // The shape moves with the migrations, backwards as well.
        db.execute("ALTER TABLE two DROP COLUMN by_hand").await;
        three().backwards(&engine, 1).await.unwrap();
        let verified = three().verify(&engine).await.unwrap();
        assert_eq!(verified.drift, Some(vec![]));
    });
}

/// A change by hand stays one, whatever migrations come after it.
#[test]
fn a_change_by_hand_is_still_told_after_the_next_migration() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards_to(&engine, 1).await.unwrap();
        db.execute("ALTER TABLE one ADD COLUMN by_hand integer").await;
        let drift = |verified: piccolo_runtime::migrate::Verification| verified.drift.unwrap().join("\n");
        let told = drift(three().verify(&engine).await.unwrap());
        assert!(told.contains("column `by_hand`") && told.ends_with("is only in the database"), "{told}");
        // Forwards, backwards and after a run that fails.
        three().forwards(&engine).await.unwrap();
        assert_eq!(drift(three().verify(&engine).await.unwrap()), told);
        three().backwards(&engine, 1).await.unwrap();
        assert_eq!(drift(three().verify(&engine).await.unwrap()), told);
        let third = |second_step: &str| {
            let mut list = three().list().to_vec();
            let up =
                format!("CREATE TABLE half (id bigint);\n-- piccolo: step\nCREATE TABLE {second_step} (id bigint);");
            let scripts = Some(Scripts { up: up.into(), down: "DROP TABLE half;\nDROP TABLE rest;".into() });
            (list[2].sqlite, list[2].postgres) = (scripts.clone(), scripts);
            Migrations::loaded(list)
        };
        third("one").forwards(&engine).await.unwrap_err();
        assert_eq!(drift(third("one").verify(&engine).await.unwrap()), told);
        third("rest").forwards(&engine).await.unwrap();
        assert_eq!(drift(third("rest").verify(&engine).await.unwrap()), told);
        third("rest").backwards(&engine, 1).await.unwrap();
        assert_eq!(drift(three().verify(&engine).await.unwrap()), told);
        // Undone by hand it is none any more, and what was missing then is told.
        db.execute("ALTER TABLE one DROP COLUMN by_hand").await;
        assert_eq!(three().verify(&engine).await.unwrap().drift, Some(vec![]));
        db.execute("DROP TABLE one").await;
        three().forwards(&engine).await.unwrap();
        let told = drift(three().verify(&engine).await.unwrap());
        assert!(told.starts_with("table `one`") && told.ends_with("is only in what the migrations left"), "{told}");
    });
}

/// A run that dies while it works leaves to the next one what it knew.
#[test]
fn a_change_by_hand_is_still_told_after_a_run_that_was_killed() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards_to(&engine, 1).await.unwrap();
        db.execute("CREATE TABLE by_hand (id bigint)").await;
        let drift = async || three().verify(&open(db).await).await.unwrap().drift;
        let told = drift().await.unwrap();
        assert!(told.len() == 1 && told[0].starts_with("table `by_hand`"), "{told:?}");
        // The task unwinds when the last migration begins, as a process that is killed would end.
        let killed = async |direction: Direction, target: &'static str, last: &'static str| {
            let engine = open(db).await;
            let run = tokio::spawn(async move {
                let migrations = three().observe(move |event| match event {
                    Event::Step { id, .. } if id == last => std::panic::resume_unwind(Box::new("killed")),
                    _ => {}
                });
                match direction {
                    Direction::Forwards => migrations.forwards_to(&engine, target).await,
                    Direction::Backwards => migrations.backwards(&engine, target).await,
                }
            });
            assert!(run.await.unwrap_err().is_panic());
        };
        killed(Direction::Forwards, "all", IDS[2]).await;
        assert_eq!((journal(db).await, drift().await), (IDS[..2].join(","), None));
        // Killed again, before it has done anything.
        killed(Direction::Forwards, "all", IDS[2]).await;
        assert_eq!(drift().await, None);
        three().forwards(&engine).await.unwrap();
        assert_eq!(drift().await, Some(told.clone()));
        // All that was kept for it is gone.
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration WHERE shape LIKE 'run %'").await, "0");
        killed(Direction::Backwards, IDS[1], IDS[1]).await;
        assert_eq!(journal(db).await, IDS[..2].join(","));
        three().backwards(&engine, IDS[1]).await.unwrap();
        assert_eq!((journal(db).await, drift().await), (IDS[0].to_owned(), Some(told)));
        db.execute("DROP TABLE by_hand").await;
        assert_eq!(drift().await, Some(vec![]));
    });
}

#[test]
fn verify_names_what_differs_in_each_case() {
    on_both(async |db| {
        let engine = open(db).await;
        // Behind: nothing is applied, then a part.
        let said = three().verify(&engine).await.unwrap().to_string();
        assert_eq!(said, IDS.map(|id| format!("migration {id} is pending")).join("\n"));
        three().forwards_to(&engine, 1).await.unwrap();
        let behind = three().verify(&engine).await.unwrap();
        assert!(!behind.is_current() && behind.drift == Some(vec![]), "{behind:?}");
        assert!(behind.to_string().starts_with(&format!("migration {} is pending", IDS[1])), "{behind}");
        three().forwards(&engine).await.unwrap();
        // Ahead: another program knows more migrations.
        let ahead = Migrations::loaded(three().list()[..2].to_vec()).verify(&engine).await.unwrap();
        assert!(
            !ahead.is_current()
                && ahead.to_string().contains(IDS[2])
                && ahead.to_string().contains("is ahead of this program")
        );
        // Edited: the statement is named.
        let mut list = three().list().to_vec();
        let edited = Some(Scripts {
            up: "CREATE TABLE \"two\" (id text PRIMARY KEY);".into(),
            down: "DROP TABLE \"two\";".into(),
        });
        (list[1].sqlite, list[1].postgres) = (edited.clone(), edited);
        let edited = Migrations::loaded(list).verify(&engine).await.unwrap().to_string();
        assert!(
            edited.starts_with(&format!("migration {} was edited after it had been applied, in line 1", IDS[1])),
            "{edited}"
        );
        assert!(edited.contains("now:     CREATE TABLE \"two\" (id text PRIMARY KEY)"), "{edited}");
        // Foreign: it belongs to somebody else.
        let foreign = only("CREATE TABLE x (id bigint);", "DROP TABLE x;").list()[0].clone();
        let foreign = Migration { id: "2027-01-01T00-00-00_foreign".into(), ..foreign };
        let foreign = Migrations::loaded(vec![foreign]).verify(&engine).await.unwrap();
        assert!(foreign.to_string().contains("the database belongs to another application"), "{foreign}");
        // Changed by hand: a table, a column, an index, each by its name.
        db.execute("CREATE TABLE by_hand (id bigint); DROP TABLE three; CREATE INDEX hand_idx ON two (id)").await;
        let drifted = three().verify(&engine).await.unwrap();
        assert_eq!(drifted.drift.as_ref().map(Vec::len), Some(3), "{drifted}");
        for name in ["by_hand", "three", "hand_idx"] {
            assert!(drifted.to_string().contains(name), "{drifted}");
        }
        // It was only looked at.
        assert_eq!(journal(db).await, IDS.join(","));
    });
}

/// transact-rs/sqlx#2659: a checkout with other line endings changes the checksum, and the application refuses to start.
#[test]
fn line_endings_change_nothing() {
    use super::kills::application::migrations;
    on_both(async |db| {
        let engine = open(db).await;
        migrations().forwards(&engine).await.unwrap();
        let other = |text: &str| text.replace('\n', "\r\n").into();
        let scripts = |scripts: &Option<Scripts>| {
            scripts.as_ref().map(|Scripts { up, down }| Scripts { up: other(up), down: other(down) })
        };
        let original = migrations();
        let list = original.list().iter().map(|one| Migration {
            sqlite: scripts(&one.sqlite),
            postgres: scripts(&one.postgres),
            ..one.clone()
        });
        let converted = Migrations::loaded(list.collect());
        assert!(converted.verify(&engine).await.unwrap().is_current());
        converted.backwards(&engine, "all").await.unwrap();
        converted.forwards(&engine).await.unwrap();
        assert!(migrations().verify(&engine).await.unwrap().is_current());
    });
}

#[test]
fn a_migration_that_was_copied_fails_and_changes_nothing() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards(&engine).await.unwrap();
        let mut list = three().list().to_vec();
        list.push(Migration { id: "2026-01-04T00-00-00_three_copy".into(), ..list[2].clone() });
        let error = Migrations::loaded(list).forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("CREATE TABLE \"three\"") && error.contains("nothing of this step was kept"), "{error}");
        assert_eq!(journal(db).await, IDS.join(","));
        assert!(three().verify(&engine).await.unwrap().is_current());
    });
}

#[test]
fn a_clock_that_went_backwards_does_not_turn_the_order_round() {
    on_both(async |db| {
        let engine = open(db).await;
        // The author of the child had a clock that was behind by years.
        let parent = migration("2026-01-02T00-00-00_parent", &[], "CREATE TABLE t (id bigint);", "DROP TABLE t;");
        let child = migration(
            "2020-01-01T00-00-00_child",
            &["2026-01-02T00-00-00_parent"],
            "ALTER TABLE t ADD COLUMN a bigint;",
            "ALTER TABLE t DROP COLUMN a;",
        );
        let migrations = Migrations::loaded(vec![child, parent]);
        let report = migrations.forwards(&engine).await.unwrap();
        assert_eq!(report.migrations, ["2026-01-02T00-00-00_parent", "2020-01-01T00-00-00_child"]);
        // The database's clock goes back as well: what counts is what is recorded, not when.
        db.execute("UPDATE piccolo_migration SET applied_at = '2001-01-01 00:00:00.000000' WHERE id LIKE '%parent'")
            .await;
        db.execute("UPDATE piccolo_migration SET applied_at = '1999-01-01 00:00:00.000000' WHERE id LIKE '%child'")
            .await;
        assert!(migrations.verify(&engine).await.unwrap().is_current());
        let report = migrations.backwards(&engine, 1).await.unwrap();
        assert_eq!(report.migrations, ["2020-01-01T00-00-00_child"]);
        migrations.backwards(&engine, "all").await.unwrap();
        assert_eq!(tables(db).await, "");
    });
}

#[test]
fn an_application_that_writes_is_waited_for_on_sqlite() {
    on(Dialect::Sqlite, async |db| {
        let engine = open(db).await;
        db.execute("CREATE TABLE mine (a integer)").await;
        let application = db.open_sqlite().unwrap();
        application.execute_batch("BEGIN IMMEDIATE; INSERT INTO mine VALUES (1)").unwrap();
        let run = tokio::spawn(async move { three().forwards(&engine).await });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!run.is_finished());
        // Nobody who reads is in the way, and nobody is kept from reading.
        assert_eq!(db.text("SELECT count(*) FROM mine").await, "0");
        application.execute_batch("COMMIT").unwrap();
        assert_eq!(run.await.unwrap().unwrap().migrations, IDS);
        assert_eq!(db.text("SELECT count(*) FROM mine").await, "1");
    });
}

#[test]
fn a_change_that_breaks_a_view_or_a_trigger_is_refused_and_names_it() {
    on_both(async |db| {
        let engine = open(db).await;
        let trigger = match db.dialect() {
            Dialect::Sqlite => {
                "CREATE TRIGGER band_log AFTER INSERT ON band BEGIN INSERT INTO log (text) VALUES (new.extra); END;"
            }
            Dialect::Postgres => {
                "CREATE FUNCTION log() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END'; \
                 CREATE TRIGGER band_log AFTER UPDATE OF extra ON band FOR EACH ROW EXECUTE FUNCTION log();"
            }
        };
        db.execute(&format!(
            "CREATE TABLE band (id bigint PRIMARY KEY, name text, extra text); CREATE TABLE log (text text); \
             CREATE VIEW names AS SELECT name FROM band; {trigger} INSERT INTO band VALUES (1, 'Pythonistas', 'x')"
        ))
        .await;
        for (column, held) in [("name", "names"), ("extra", "band_log")] {
            let drop = only(&format!("ALTER TABLE \"band\" DROP COLUMN \"{column}\";"), "SELECT 1;");
            let error = drop.forwards(&engine).await.unwrap_err().to_string();
            assert!(error.contains(held), "{error}");
            assert!(
                error.contains("drop what depends on it before this statement") && !error.contains("CASCADE"),
                "{error}"
            );
        }
        assert_eq!(db.text("SELECT name || extra FROM band").await, "Pythonistasx");
        assert_eq!((db.text("SELECT name FROM names").await.as_str(), journal(db).await.as_str()), ("Pythonistas", ""));
        // The way out that is told: the same migration, which has not been applied.
        let drop = "DROP VIEW names;\nALTER TABLE \"band\" DROP COLUMN \"name\";\nCREATE VIEW names AS SELECT extra FROM band;";
        only(drop, "-- Nothing.").forwards(&engine).await.unwrap();
        assert_eq!((db.text("SELECT extra FROM names").await, journal(db).await), ("x".to_owned(), IDS[0].to_owned()));
    });
}
