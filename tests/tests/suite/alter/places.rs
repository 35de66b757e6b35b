//! Where alterations run: on the engine, in transactions, in a queue, on a thread that may block, in the engine's own shell.

use piccolo_runtime::query::{Alter, Queue};
use piccolo_runtime::schema::{Check, Column, ColumnType, Unique};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Exec, Statement};
use piccolo_tests::{Scratch, on, on_both};

use super::{column, lively, shape, surroundings, table};
use crate::fixture;
use crate::fixture::tables::{Band, Manager, Venue};

/// Changes that SQLite makes a table anew for.
fn rebuilding() -> Vec<Alter<Band>> {
    vec![
        Band::alter().set_unique(Band.name, true),
        Band::alter().set_default(Band.popularity, 3),
        Band::alter().set_length(Band.name, 40),
        Band::alter().add_constraint(Unique::on(["name", "popularity"])),
    ]
}

#[test]
fn a_table_that_rows_point_to_is_not_made_anew_in_a_transaction() {
    on(Dialect::Sqlite, async |db| {
        let engine = lively(db).await;
        let before = (shape(&engine).await, surroundings(db).await);
        for alter in rebuilding() {
            let tx = engine.begin().await.unwrap();
            let error = alter.run(&tx).await.unwrap_err();
            let Error::Unsupported { engine: "sqlite", feature } = &error else { panic!("{error:?}") };
            assert!(feature.contains("because rows of `contract` point to it; run it on the engine"), "{feature}");
            // Nothing was sent, so the transaction goes on.
            Band::alter().add_column(Column::new("label", ColumnType::Text).null()).run(&tx).await.unwrap();
            tx.rollback().await.unwrap();
        }
        assert_eq!((shape(&engine).await, surroundings(db).await), before);
    });
}

/// Without rows that point to it, dropping the old table reaches nothing: their tables may be there, and even rows with nulls.
#[test]
fn a_table_that_no_row_points_to_is_made_anew_in_a_transaction() {
    on_both(async |db| {
        let engine = lively(db).await;
        db.execute("DELETE FROM fan; UPDATE poster SET band = NULL; DELETE FROM contract").await;
        let before = (shape(&engine).await, surroundings(db).await);
        for alter in rebuilding() {
            let tx = engine.begin().await.unwrap();
            alter.clone().run(&tx).await.unwrap();
            tx.rollback().await.unwrap();
        }
        assert_eq!((shape(&engine).await, surroundings(db).await), before);
        let tx = engine.begin().await.unwrap();
        for alter in rebuilding() {
            alter.run(&tx).await.unwrap();
        }
        // A failed one is undone alone, where it stood in a savepoint.
        let savepoint = tx.begin().await.unwrap();
        let failed = Band::alter()
            .set_unique(Band.popularity, true)
            .set_null(Band.manager, false)
            .drop_column(Band.id)
            .run(&savepoint)
            .await;
        assert!(failed.is_err());
        savepoint.rollback().await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(table(&engine, "band").await.uniques.len(), 2);
        assert_eq!(surroundings(db).await, before.1);
        db.execute("INSERT INTO fan VALUES (9, 1)").await;
        Band::delete().where_(Band.id.eq(1)).run(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM fan").await, "0");
    });
}

#[test]
fn alterations_are_undone_with_their_transaction() {
    on_both(async |db| {
        let engine = lively(db).await;
        let before = (shape(&engine).await, surroundings(db).await);
        let tx = engine.begin().await.unwrap();
        Band::alter().rename_column(Band.popularity, "rating").set_null(Band.name, true).run(&tx).await.unwrap();
        Band::alter().drop_column("rating").run(&tx).await.unwrap();
        Band::alter().add_constraint(Check::new("name <> ''")).rename_table("group").run(&tx).await.unwrap();
        tx.rollback().await.unwrap();
        assert_eq!((shape(&engine).await, surroundings(db).await), before);
    });
}

#[test]
fn a_queue_alters_all_or_nothing() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        let queue = || {
            Queue::new()
                .add(Venue::create_table())
                .add(Venue::alter().set_unique(Venue.name, true))
                .add(Venue::create_index(Venue.capacity))
                .add(Venue::alter().add_column(Column::new("city", ColumnType::Text).with_default("Paris")))
        };
        let failing = queue().add(Venue::alter().drop_column("county"));
        assert!(matches!(failing.run(&engine).await, Err(Error::UnknownColumn { .. })));
        assert!(shape(&engine).await.is_empty());
        queue().run(&engine).await.unwrap();
        assert_eq!(table(&engine, "venue").await.columns.len(), 4);
    });
}

#[test]
fn a_thread_that_may_block_alters_as_well() {
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        let engine = Engine::connect_sync(scratch.url()).unwrap();
        Manager::create_table().run_sync(&engine).unwrap();
        Band::create_table().run_sync(&engine).unwrap();
        Band::insert([Band::new("Pythonistas")]).run_sync(&engine).unwrap();
        Band::alter().set_unique(Band.name, true).rename_column(Band.popularity, "rating").run_sync(&engine).unwrap();
        let tx = engine.begin_sync().unwrap();
        Band::alter().set_default("rating", 3).run_sync(&tx).unwrap();
        Band::create_index("rating").run_sync(&tx).unwrap();
        tx.commit_sync().unwrap();
        assert_eq!(Band::indexes().run_sync(&engine).unwrap()[0].name, "band_rating_idx");
        Queue::new().add(Band::drop_index("band_rating_idx")).run_sync(&engine).unwrap();
        Band::alter().drop_table().run_sync(&engine).unwrap();
        Manager::drop_table().run_sync(&engine).unwrap();
    }
}

#[test]
fn foreign_keys_are_on_again_after_an_alteration_and_after_a_failed_one() {
    piccolo_tests::block_on(async {
        // In memory there is one connection, which has to be as it was.
        let engine = Engine::connect("sqlite::memory:").await.unwrap();
        let keys = async || {
            let statement = Statement::from("PRAGMA foreign_keys");
            Exec::from(&engine).fetch_optional(statement, |row| row.get::<i64>(0)).await.unwrap()
        };
        Manager::create_table().run(&engine).await.unwrap();
        Band::create_table().run(&engine).await.unwrap();
        Band::insert([Band::new("a"), Band::new("a")]).run(&engine).await.unwrap();
        Band::alter().set_default(Band.popularity, 3).run(&engine).await.unwrap();
        assert_eq!(keys().await, Some(1));
        Band::alter().set_unique(Band.name, true).run(&engine).await.unwrap_err();
        assert_eq!(keys().await, Some(1));
        let error = Band::insert([Band::new("b").manager(77)]).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::ForeignKeyViolation { .. }), "{error:?}");
    });
}

/// What is printed does the same in the engine's shell, for a table that is as the schema says.
#[test]
fn the_statements_that_are_shown_do_the_same_in_the_engines_shell() {
    on_both(async |db| {
        let alters = || {
            [
                Band::alter().rename_column(Band.popularity, "rating").set_default("rating", 3),
                Band::alter()
                    .set_unique(Band.name, true)
                    .add_column(Column::new("label", ColumnType::Text).with_default("it's; \"x\"")),
                Band::alter().add_constraint(Check::new("name <> ';'")).set_null(Band.name, true),
                Band::alter().drop_default(Band.popularity).set_column_type(Band.popularity, ColumnType::Text),
                Band::alter().drop_column(Band.manager),
            ]
        };
        let engine = fixture::connect(db).await;
        for (by_shell, by_run) in alters().into_iter().zip(alters()) {
            fixture::d3_in(&engine).await;
            by_run.run(&engine).await.unwrap();
            let expected = shape(&engine).await;
            let drop = "DROP TABLE band; DROP TABLE manager";
            db.execute(drop).await;
            fixture::d3_in(&engine).await;
            let script = by_shell.sql(db.dialect()).unwrap().join(";\n");
            db.execute(&script).await;
            assert_eq!(shape(&engine).await, expected, "{script}");
            assert_eq!(db.text("SELECT count(*) FROM band").await, "3");
            db.execute(drop).await;
        }
    });
}

#[test]
fn a_table_moves_into_another_schema_where_there_are_any() {
    on_both(async |db| {
        let engine = fixture::connect(db).await;
        Venue::create_table().run(&engine).await.unwrap();
        let moved = Venue::alter().set_schema("other").set_null(Venue.name, true);
        match db.dialect() {
            Dialect::Sqlite => {
                assert!(moved.to_string().starts_with("-- not supported on sqlite"), "{moved}");
                let error = moved.run(&engine).await.unwrap_err();
                assert!(matches!(error, Error::Unsupported { engine: "sqlite", .. }), "{error:?}");
            }
            Dialect::Postgres => {
                db.execute("CREATE SCHEMA other").await;
                moved.run(&engine).await.unwrap();
                assert_eq!(db.text("SELECT count(*) FROM other.venue").await, "0");
            }
        }
    });
}

#[test]
fn several_who_alter_at_once_wait_for_each_other() {
    on_both(async |db| {
        let engine = lively(db).await;
        let add = |number: i32| {
            let engine = engine.clone();
            let column = Column::new(format!("c{number}"), ColumnType::Integer).with_default(number);
            tokio::spawn(async move {
                Band::alter().add_column(column).set_default(Band.popularity, number).run(&engine).await
            })
        };
        let tasks: Vec<_> = (0..4).map(add).collect();
        for task in tasks {
            task.await.unwrap().unwrap();
        }
        assert_eq!(table(&engine, "band").await.columns.len(), 8);
        assert!(column(&engine, "c3").await.default.is_some());
        assert_eq!(db.text("SELECT count(*) FROM fan").await, "3");
    });
}

/// Dropped anywhere, it is done or not, and the one connection of a database in memory is as it was.
#[test]
fn an_alteration_that_is_dropped_half_way_is_done_or_undone() {
    piccolo_tests::block_on(async {
        let engine = Engine::connect("sqlite::memory:").await.unwrap();
        fixture::d3_in(&engine).await;
        let before = shape(&engine).await;
        let mut done = false;
        for turns in 0.. {
            let turned = async {
                for _ in 0..turns {
                    tokio::task::yield_now().await;
                }
            };
            tokio::select! {
                biased;
                () = turned => {}
                result = Band::alter().set_unique(Band.name, true).run(&engine) => {
                    result.unwrap();
                    done = true;
                }
            }
            let statement = Statement::from("PRAGMA foreign_keys");
            let keys = Exec::from(&engine).fetch_optional(statement, |row| row.get::<i64>(0)).await.unwrap();
            assert_eq!(keys, Some(1), "after {turns} turns");
            assert_eq!(Band::count().run(&engine).await.unwrap(), 3);
            let after = shape(&engine).await;
            if done || after != before {
                assert_eq!(table(&engine, "band").await.uniques.len(), 1);
                break;
            }
        }
    });
}
