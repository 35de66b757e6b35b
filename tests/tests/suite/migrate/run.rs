//! Forwards, backwards, targets, fake and preview.

use piccolo_runtime::Error;
use piccolo_runtime::migrate::{Direction, Migrations, State};
use piccolo_tests::on_both;

use super::support::{IDS, journal, migration, only, open, tables, three};

/// E02
#[test]
fn all_forwards_and_all_backwards_leave_every_table_and_none() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        let report = migrations.forwards(&engine).await.unwrap();
        assert_eq!(report.migrations, IDS);
        assert_eq!((tables(db).await.as_str(), journal(db).await), ("one,three,two", IDS.join(",")));
        let report = migrations.backwards(&engine, "all").await.unwrap();
        assert_eq!(report.migrations, [IDS[2], IDS[1], IDS[0]]);
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("", ""));
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step").await, "0");
    });
}

/// E03
#[test]
fn a_target_is_a_number_or_an_id() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        migrations.forwards_to(&engine, "1").await.unwrap();
        assert_eq!(journal(db).await, IDS[0]);
        migrations.forwards_to(&engine, IDS[1]).await.unwrap();
        assert_eq!(journal(db).await, IDS[..2].join(","));
        migrations.forwards(&engine).await.unwrap();
        migrations.backwards(&engine, IDS[1]).await.unwrap();
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("one", IDS[0]));
    });
}

/// E04
#[test]
fn an_unknown_id_is_an_error_that_changes_nothing() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        let error = migrations.forwards_to(&engine, "2030-01-01T00-00-00_x").await.unwrap_err();
        assert!(
            error.to_string().starts_with("no migration has the id 2030-01-01T00-00-00_x; there are 2026-"),
            "{error}"
        );
        assert_eq!(tables(db).await, "");
        migrations.forwards(&engine).await.unwrap();
        migrations.backwards(&engine, "nonsense").await.unwrap_err();
        assert_eq!(journal(db).await, IDS.join(","));
    });
}

#[test]
fn a_number_of_migrations_begins_at_one() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        migrations.forwards_to(&engine, 2).await.unwrap();
        for error in [
            migrations.forwards_to(&engine, 0).await.unwrap_err(),
            migrations.backwards(&engine, "0").await.unwrap_err(),
            migrations.preview(&engine, Direction::Backwards, 0).await.unwrap_err(),
            migrations.fake(&engine, "0").await.unwrap_err(),
        ] {
            assert!(error.to_string().starts_with("the number of migrations begins at 1"), "{error}");
        }
        assert_eq!(journal(db).await, IDS[..2].join(","));
    });
}

/// A year was once taken for a number of migrations: every one was undone, with all rows.
#[test]
fn a_year_undoes_nothing() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        migrations.forwards_to(&engine, "2026").await.unwrap_err();
        assert_eq!(tables(db).await, "");
        migrations.forwards(&engine).await.unwrap();
        for (year, told) in [
            ("2026", "2026 could be 2026-01-01T00-00-00_one or "),
            ("2020", "only 3 migrations are applied, not 2020: "),
        ] {
            let error = migrations.backwards(&engine, year).await.unwrap_err();
            assert!(error.to_string().starts_with(told), "{error}");
        }
        assert_eq!((tables(db).await.as_str(), journal(db).await), ("one,three,two", IDS.join(",")));
    });
}

/// E05
#[test]
fn forwards_to_an_applied_id_does_nothing_and_succeeds() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        migrations.forwards_to(&engine, 2).await.unwrap();
        let report = migrations.forwards_to(&engine, IDS[0]).await.unwrap();
        assert_eq!(report.migrations, Vec::<String>::new());
        assert_eq!(journal(db).await, IDS[..2].join(","));
    });
}

/// E06
#[test]
fn nothing_to_do_is_a_success_with_a_message() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        let report = migrations.backwards(&engine, "all").await.unwrap();
        assert_eq!(report.to_string(), "nothing to undo: no migration is applied");
        migrations.forwards(&engine).await.unwrap();
        let report = migrations.forwards(&engine).await.unwrap();
        assert_eq!(report.to_string(), "nothing to apply: the database is up to date");
    });
}

/// E07
#[test]
fn fake_records_and_runs_nothing() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        migrations.forwards_to(&engine, 1).await.unwrap();
        migrations.fake(&engine, "all").await.unwrap();
        assert_eq!((tables(db).await.as_str(), journal(db).await), ("one", IDS.join(",")));
        let status = migrations.status(&engine).await.unwrap();
        assert!(status.is_current());
        let faked: Vec<bool> =
            status.migrations.iter().map(|(_, state)| matches!(state, State::Applied { faked: true, .. })).collect();
        assert_eq!(faked, [false, true, true]);
    });
}

/// E08
#[test]
fn a_preview_is_what_would_run_and_touches_nothing() {
    on_both(async |db| {
        let (engine, migrations) = (open(db).await, three());
        let forwards = migrations.preview(&engine, Direction::Forwards, "all").await.unwrap();
        assert_eq!(forwards.migrations, IDS);
        assert_eq!(tables(db).await, "");
        // The script is runnable, and leaves what a run would leave.
        db.script(&forwards.sql);
        assert_eq!((tables(db).await.as_str(), journal(db).await), ("one,three,two", IDS.join(",")));
        assert!(migrations.status(&engine).await.unwrap().is_current());
        let backwards = migrations.preview(&engine, Direction::Backwards, IDS[1]).await.unwrap();
        assert_eq!(journal(db).await, IDS.join(","));
        db.script(&backwards.sql);
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("one", IDS[0]));
    });
}

/// E09; golang-migrate#282, prisma#8351: a failure leaves a database that is "dirty", with no way to tell what ran.
#[test]
fn a_migration_that_fails_leaves_the_schema_and_the_journal_as_before() {
    on_both(async |db| {
        let engine = open(db).await;
        three().forwards_to(&engine, 1).await.unwrap();
        let second = migration(
            IDS[1],
            &[IDS[0]],
            "CREATE TABLE two (id bigint PRIMARY KEY);\n\nINSERT INTO nowhere VALUES (1);",
            "DROP TABLE two;",
        );
        let migrations = Migrations::loaded(vec![three().list()[0].clone(), second]);
        let error = migrations.forwards(&engine).await.unwrap_err();
        let Error::Migration { id: Some(id), message, cause: Some(cause) } = &error else { panic!("{error:?}") };
        assert_eq!(id, IDS[1]);
        assert!(matches!(&**cause, Error::Database { code: Some(_), .. }), "{cause:?}");
        assert!(message.contains("step 1 of 1: line 3 of up."), "{message}");
        assert!(message.contains("INSERT INTO nowhere VALUES (1)"), "{message}");
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("one", IDS[0]));
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step").await, "1");
    });
}

/// golang-migrate#518, #678: the version has to be forced after a failure. pgroll#316: what completes is not atomic.
#[test]
fn a_run_resumes_at_the_step_that_failed() {
    on_both(async |db| {
        let engine = open(db).await;
        let file = |second: &str| {
            let up =
                format!("-- piccolo: step\nCREATE TABLE one (id bigint PRIMARY KEY);\n-- piccolo: step\n{second};");
            only(&up, "-- piccolo: step\nDROP TABLE two;\n-- piccolo: step\nDROP TABLE one;")
        };
        file("INSERT INTO nowhere VALUES (1)").forwards(&engine).await.unwrap_err();
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("one", ""));
        let half = file("INSERT INTO nowhere VALUES (1)").status(&engine).await.unwrap();
        assert_eq!(half.migrations[0].1, State::HalfApplied(1));
        let error = file("INSERT INTO nowhere VALUES (1)").backwards(&engine, "all").await.unwrap_err();
        let told =
            "is half applied; finish that first: mend what stopped it, most often rows, then run it forwards again";
        assert!(error.to_string().contains(told), "{error}");
        // The step that failed may be corrected; the one that ran stays as it is.
        let right = file("CREATE TABLE two (id bigint PRIMARY KEY)");
        right.forwards(&engine).await.unwrap();
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("one,two", IDS[0]));
        right.backwards(&engine, "all").await.unwrap();
        assert_eq!(tables(db).await, "");
    });
}

#[test]
fn an_edited_migration_is_reported_with_the_statement_that_differs() {
    on_both(async |db| {
        let engine = open(db).await;
        only("CREATE TABLE one (id bigint PRIMARY KEY);\n", "DROP TABLE one;").forwards(&engine).await.unwrap();
        let same = "-- Another comment.\r\nCREATE  TABLE one (id bigint\r\n PRIMARY KEY);\r\n";
        only(same, "DROP TABLE one;").forwards(&engine).await.unwrap();
        let error =
            only("CREATE TABLE one (id text PRIMARY KEY);", "DROP TABLE one;").forwards(&engine).await.unwrap_err();
        let message = error.to_string();
        assert!(message.contains("was edited after it had been applied, in line 1"), "{message}");
        assert!(message.contains("now:     CREATE TABLE one (id text PRIMARY KEY)"), "{message}");
    });
}

#[test]
fn a_rust_function_runs_in_its_migration_and_fails_with_it() {
    on_both(async |db| {
        let engine = open(db).await;
        let plain = only("CREATE TABLE one (id bigint PRIMARY KEY);", "DROP TABLE one;");
        let failing = plain.with(IDS[0], async |_| Err(Error::Usage { message: "on purpose".to_owned() }));
        let error = failing.forwards(&engine).await.unwrap_err();
        assert!(error.to_string().contains("its Rust function failed: on purpose"), "{error}");
        assert_eq!((tables(db).await.as_str(), journal(db).await.as_str()), ("", ""));
        let working = plain.with(IDS[0], async |tx| {
            let statement = piccolo_runtime::Statement::from("INSERT INTO one VALUES (7)");
            piccolo_runtime::Exec::from(&tx).execute(statement).await.map(|_| ())
        });
        working.forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT id FROM one").await, "7");
        let lost = plain.with("nothing", async |_| Ok(())).forwards(&engine).await.unwrap_err();
        assert!(lost.to_string().contains("the migration nothing, which does not exist"), "{lost}");
    });
}

#[test]
fn the_sync_forms_do_the_same() {
    for dialect in piccolo_runtime::sql::Dialect::ALL {
        let db = piccolo_tests::TestDb::new(dialect);
        let engine = piccolo_runtime::Engine::connect_sync(db.url()).unwrap();
        let migrations = three();
        assert_eq!(migrations.forwards_sync(&engine).unwrap().migrations, IDS);
        assert!(migrations.status_sync(&engine).unwrap().is_current());
        assert_eq!(migrations.backwards_sync(&engine, "all").unwrap().migrations.len(), 3);
    }
}

#[test]
fn a_database_in_memory_can_be_migrated() {
    piccolo_tests::block_on(async {
        let engine = piccolo_runtime::Engine::connect("sqlite::memory:").await.unwrap();
        let migrations = three();
        migrations.forwards(&engine).await.unwrap();
        assert!(migrations.status(&engine).await.unwrap().is_current());
    });
}

/// A preview that is fed to the engine's shell leaves what a run leaves: the same schema, the same rows, the same journal.
#[test]
fn a_preview_of_every_kind_of_step_leaves_what_a_run_leaves() {
    use super::kills::application::{AFTER, ROWS, migrations};
    use piccolo_runtime::introspect;

    /// The shape and the journal.
    async fn state(db: &piccolo_tests::TestDb) -> (introspect::Shape, Vec<piccolo_tests::TextRow>) {
        let engine = open(db).await;
        let shape = introspect::read(&engine, &introspect::Options::new()).await.unwrap();
        let steps =
            "SELECT migration, direction, number, checksum, sql, done FROM piccolo_migration_step ORDER BY 1, 2, 3";
        let mut journal = db.rows(steps).await;
        journal.extend(db.rows("SELECT id, checksum, faked FROM piccolo_migration ORDER BY 1").await);
        (shape, journal)
    }

    for dialect in piccolo_runtime::sql::Dialect::ALL {
        let (ran, pasted) = (piccolo_tests::TestDb::new(dialect), piccolo_tests::TestDb::new(dialect));
        piccolo_tests::block_on(async {
            let preview = async |direction, target: &str| {
                let engine = open(&pasted).await;
                pasted.script(&migrations().preview(&engine, direction, target).await.unwrap().sql);
            };
            let engine = open(&ran).await;
            for target in ["1", "all"] {
                migrations().forwards_to(&engine, target).await.unwrap();
                preview(Direction::Forwards, target).await;
                if target == "1" {
                    ran.execute(ROWS).await;
                    pasted.execute(ROWS).await;
                }
                assert_eq!(state(&ran).await, state(&pasted).await);
            }
            assert_eq!(pasted.text(AFTER).await, "3 4 3");
            migrations().backwards(&engine, 1).await.unwrap();
            preview(Direction::Backwards, "1").await;
            assert_eq!(state(&ran).await, state(&pasted).await);
        });
    }
}

/// strong_migrations#233: an interrupted build is cleaned up in the preview as it is in a run.
#[test]
fn a_preview_of_an_interrupted_build_begins_with_what_it_left() {
    piccolo_tests::on(piccolo_runtime::sql::Dialect::Postgres, async |db| {
        let engine = open(db).await;
        db.execute("CREATE TABLE one (id bigint PRIMARY KEY, name text); INSERT INTO one VALUES (1, 'a'), (2, 'a')")
            .await;
        let migrations = only(
            "-- piccolo: step no-transaction\nCREATE UNIQUE INDEX CONCURRENTLY one_name_key ON one (name);",
            "-- piccolo: step no-transaction\nDROP INDEX CONCURRENTLY one_name_key;",
        );
        migrations.forwards(&engine).await.unwrap_err();
        db.execute("DELETE FROM one WHERE id = 2").await;
        let preview = migrations.preview(&engine, Direction::Forwards, "all").await.unwrap();
        assert!(preview.sql.contains("DROP INDEX CONCURRENTLY one_name_key;"), "{}", preview.sql);
        db.script(&preview.sql);
        assert!(migrations.status(&engine).await.unwrap().is_current());
        let valid = "SELECT indisvalid::text FROM pg_index WHERE indexrelid = to_regclass('one_name_key')";
        assert_eq!(db.text(valid).await, "true");
    });
}

#[test]
fn a_rust_function_that_fails_after_its_writes_undoes_the_step_and_can_be_tried_again() {
    on_both(async |db| {
        let engine = open(db).await;
        let steps = "-- piccolo: step\nCREATE TABLE one (id bigint PRIMARY KEY);\n-- piccolo: step\nINSERT INTO one VALUES (1);";
        let plain = only(steps, "DROP TABLE one;");
        let insert = |id: i32| piccolo_runtime::Statement::from(format!("INSERT INTO one VALUES ({id})"));
        let failing = plain.with(IDS[0], move |tx| async move {
            piccolo_runtime::Exec::from(&tx).execute(insert(2)).await?;
            // The same key once more: the database refuses, and with it goes what the step did before.
            piccolo_runtime::Exec::from(&tx).execute(insert(2)).await.map(|_| ())
        });
        let error = failing.forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("its Rust function failed"), "{error}");
        assert_eq!((db.text("SELECT count(*) FROM one").await.as_str(), journal(db).await.as_str()), ("0", ""));
        let status = plain.status(&engine).await.unwrap();
        assert_eq!(status.migrations[0].1, State::HalfApplied(1));
        // Two functions of one migration run in the order in which they were given, forwards only.
        let working = plain
            .with(
                IDS[0],
                move |tx| async move { piccolo_runtime::Exec::from(&tx).execute(insert(3)).await.map(|_| ()) },
            )
            .with(IDS[0], move |tx| async move {
                let more = piccolo_runtime::Statement::from("INSERT INTO one SELECT max(id) + 1 FROM one");
                piccolo_runtime::Exec::from(&tx).execute(more).await.map(|_| ())
            });
        working.forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT sum(id) FROM one").await, "8");
        working.backwards(&engine, "all").await.unwrap();
        assert_eq!(tables(db).await, "");
    });
}
