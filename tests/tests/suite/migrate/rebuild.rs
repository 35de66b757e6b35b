//! SQLite's table rebuild: nothing that hangs on a table is lost. Named after the issues of others where there is one.

use piccolo_runtime::migrate::Direction;
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error};
use piccolo_tests::{TestDb, on};

use super::support::{IDS, journal, migration, only, open};

/// A rebuild of `band` as a plan writes it.
const REBUILD: &str = r#"
-- piccolo: step rebuild band
-- Give "band" another default.
CREATE TABLE "_piccolo_new_band" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, "name" TEXT NOT NULL DEFAULT 'it''s', "manager" INTEGER REFERENCES "manager" ("id")) STRICT;
INSERT INTO "_piccolo_new_band" ("id", "name", "manager") SELECT b."id", b."name", b."manager" FROM "band" AS b;
DROP TABLE "band";
ALTER TABLE "_piccolo_new_band" RENAME TO "band";
CREATE INDEX "band_name_idx" ON "band" ("name");
"#;

/// Bands with children of every kind, and everything that a live database may hang on a table.
const LIVE: &str = r#"
CREATE TABLE manager (id INTEGER PRIMARY KEY) STRICT;
CREATE TABLE band (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, manager INTEGER REFERENCES manager (id)) STRICT;
CREATE TABLE log (text TEXT) STRICT;
CREATE TABLE cascading (band INTEGER REFERENCES band (id) ON DELETE CASCADE) STRICT;
CREATE TABLE nulling (band INTEGER REFERENCES band (id) ON DELETE SET NULL) STRICT;
CREATE TABLE restricting (band INTEGER REFERENCES band (id) ON DELETE RESTRICT) STRICT;
CREATE INDEX band_name_idx ON band (name);
CREATE INDEX by_hand ON band (manager) WHERE manager IS NOT NULL;
CREATE INDEX an_expression ON band (lower(name) DESC);
CREATE VIEW band_names AS SELECT name FROM band;
CREATE VIEW names_of_names AS SELECT name FROM band_names;
CREATE TRIGGER band_log AFTER INSERT ON band BEGIN INSERT INTO log VALUES (new.name); END;
CREATE TRIGGER log_band AFTER INSERT ON log BEGIN UPDATE band SET name = name WHERE id = 0; END;
CREATE TRIGGER into_view INSTEAD OF INSERT ON names_of_names BEGIN INSERT INTO band (name) VALUES (new.name); END;
INSERT INTO manager VALUES (1);
INSERT INTO band VALUES (1, 'Pythonistas', 1), (2, 'Rustaceans', NULL), (9, 'Gone', NULL);
DELETE FROM band WHERE id = 9;
INSERT INTO cascading VALUES (1), (2);
INSERT INTO nulling VALUES (1);
INSERT INTO restricting VALUES (2);
"#;

/// What must be the same after a rebuild.
async fn objects(db: &TestDb) -> Vec<String> {
    let query = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema \
                 WHERE name NOT LIKE '%piccolo%' AND name NOT IN ('band', 'band_name_idx') AND type <> 'table' ORDER BY type, name";
    db.rows(query).await.into_iter().flatten().flatten().collect()
}

async fn counts(db: &TestDb) -> String {
    db.text(
        "SELECT (SELECT count(*) FROM band) || (SELECT count(*) FROM cascading) || (SELECT count(band) FROM nulling) \
         || (SELECT count(*) FROM restricting) || (SELECT count(*) FROM log)",
    )
    .await
}

/// drizzle-orm#5782, #4938: child rows are deleted; JasperFx/weasel#539, go-gorm/sqlite#236: triggers and views are lost;
/// simonw/sqlite-utils#633: so are indexes.
#[test]
fn a_rebuild_keeps_children_triggers_views_indexes_and_the_autoincrement_mark() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        let (before, counted) = (objects(db).await, counts(db).await);
        let engine = open(db).await;
        only(REBUILD, "SELECT 1;").forwards(&engine).await.unwrap();
        assert_eq!(objects(db).await, before);
        assert_eq!(counts(db).await, counted);
        db.execute("INSERT INTO band DEFAULT VALUES").await;
        assert_eq!(db.text("SELECT max(id) || name FROM band").await, "10it's");
        assert_eq!(db.text("SELECT text FROM log ORDER BY rowid DESC LIMIT 1").await, "it's");
        assert_eq!(db.text("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%new%'").await, "0");
    });
}

#[test]
fn a_preview_of_a_rebuild_shows_what_the_live_database_adds() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        let (before, counted) = (objects(db).await, counts(db).await);
        let engine = open(db).await;
        let preview = only(REBUILD, "SELECT 1;").preview(&engine, Direction::Forwards, "all").await.unwrap();
        assert!(preview.sql.contains("DROP TRIGGER \"band_log\";"), "{}", preview.sql);
        assert!(preview.sql.contains("PRAGMA foreign_keys = OFF;\nBEGIN IMMEDIATE;"), "{}", preview.sql);
        db.execute(&preview.sql).await;
        assert_eq!((objects(db).await, counts(db).await), (before, counted));
    });
}

#[test]
fn foreign_keys_are_on_again_after_a_rebuild_and_after_a_failed_one() {
    piccolo_tests::block_on(async {
        // In memory the runner's connection is the application's.
        let engine = Engine::connect("sqlite::memory:").await.unwrap();
        let keys = async || {
            let statement = piccolo_runtime::Statement::from("PRAGMA foreign_keys");
            piccolo_runtime::Exec::from(&engine).fetch_optional(statement, |row| row.get::<i64>(0)).await.unwrap()
        };
        let setup = "CREATE TABLE manager (id INTEGER PRIMARY KEY) STRICT;\n\
                     CREATE TABLE band (id INTEGER PRIMARY KEY, name TEXT, manager INTEGER) STRICT;";
        let rebuild = |text: &str| {
            let first = migration("1_setup", &[], setup, "SELECT 1;");
            let second = migration("2_rebuild", &["1_setup"], text, "SELECT 1;");
            piccolo_runtime::migrate::Migrations::loaded(vec![first, second])
        };
        rebuild(&format!("{REBUILD}\nSELECT * FROM nowhere;")).forwards(&engine).await.unwrap_err();
        assert_eq!(keys().await, Some(1));
        rebuild(REBUILD).forwards(&engine).await.unwrap();
        assert_eq!(keys().await, Some(1));
    });
}

#[test]
fn a_rebuild_that_would_lose_rows_or_break_keys_is_refused() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        let counted = counts(db).await;
        let engine = open(db).await;
        let lossy = REBUILD.replace("FROM \"band\" AS b", "FROM \"band\" AS b WHERE b.\"id\" = 1");
        let error = only(&lossy, "SELECT 1;").forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("band had 2 rows before the step and has 1 after it"), "{error}");
        let moved = REBUILD.replace("SELECT b.\"id\"", "SELECT b.\"id\" + 100");
        let error = only(&moved, "SELECT 1;").forwards(&engine).await.unwrap_err();
        let Error::Migration { message, cause: Some(cause), .. } = &error else { panic!("{error:?}") };
        assert!(
            message.contains("foreign keys would be broken: row 1 of cascading points to no row of band"),
            "{error}"
        );
        let table = Some("cascading".to_owned());
        let key = Error::ForeignKeyViolation { table, constraint: None, pointed_to: None, dropped: false };
        assert_eq!(**cause, key);
        assert_eq!((counts(db).await, journal(db).await.as_str()), (counted, ""));
    });
}

#[test]
fn a_rebuild_of_a_table_with_columns_that_it_does_not_know_is_refused() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        db.execute("ALTER TABLE band ADD COLUMN note TEXT; UPDATE band SET note = 'precious'").await;
        let counted = counts(db).await;
        let engine = open(db).await;
        let rebuild = REBUILD.replace("rebuild band", r#"rebuild band ("id", "name", "MANAGER")"#);
        let error = only(&rebuild, "SELECT 1;").forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("table band has the column `note`") && error.contains("drop the column"), "{error}");
        let preview = only(&rebuild, "SELECT 1;").preview(&engine, Direction::Forwards, "all").await;
        assert_eq!(preview.unwrap_err().to_string(), error);
        // A step before may be what drops it.
        let dropped = format!("-- piccolo: step\nALTER TABLE \"band\" DROP COLUMN \"note\";\n\n{rebuild}");
        only(&dropped, "SELECT 1;").preview(&engine, Direction::Forwards, "all").await.unwrap();
        // One that changes something else of the table does not.
        let added = format!(
            "-- piccolo: step\nALTER TABLE \"band\" ADD COLUMN \"other\" TEXT;\n\n{}",
            rebuild.replace("\"MANAGER\")", "\"MANAGER\", \"other\")")
        );
        let error =
            only(&added, "SELECT 1;").preview(&engine, Direction::Forwards, "all").await.unwrap_err().to_string();
        assert!(error.contains("table band has the column `note`, of which"), "{error}");
        assert_eq!((counts(db).await, journal(db).await.as_str()), (counted, ""));
        assert_eq!(db.text("SELECT DISTINCT note FROM band").await, "precious");
        db.execute("ALTER TABLE band DROP COLUMN note").await;
        only(&rebuild, "SELECT 1;").forwards(&engine).await.unwrap();
    });
}

#[test]
fn a_rebuild_of_a_table_with_constraints_that_it_does_not_know_is_refused() {
    on(Dialect::Sqlite, async |db| {
        let with =
            |constraints: &str| LIVE.replace("manager (id)) STRICT", &format!("manager (id){constraints}) STRICT"));
        db.execute(&with(
            ", CONSTRAINT old_one CHECK (id > 0), CONSTRAINT \"Theirs\" UNIQUE (name), CHECK (name <> '')",
        ))
        .await;
        let counted = counts(db).await;
        let engine = open(db).await;
        let up = REBUILD.replace("rebuild band", r#"rebuild band ("id", "name", "manager")"#);
        // The way back says what the author knew: a constraint that the way forwards drops.
        let down = up.replace("\"manager\" INTEGER", "\"manager\" INTEGER CONSTRAINT \"OLD_ONE\" CHECK (\"id\" > 0)");
        let error = only(&up, &down).forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("table band has the constraints `theirs`, `CHECK (name <> '')`"), "{error}");
        assert!(error.contains("--rebase"), "{error}");
        assert!(!error.contains("old_one"), "{error}");
        let preview = only(&up, &down).preview(&engine, Direction::Forwards, "all").await;
        assert_eq!(preview.unwrap_err().to_string(), error);
        assert_eq!((counts(db).await, journal(db).await.as_str()), (counted, ""));
        // A comment knows nothing.
        let known = up.replace("STRICT;", "STRICT; -- CONSTRAINT theirs\n");
        only(&known, &down).forwards(&engine).await.unwrap_err();
        let theirs = up.replace("\"manager\" (\"id\"))", "\"manager\" (\"id\"), CONSTRAINT theirs UNIQUE (\"name\"))");
        let error = only(&theirs, &down).forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("table band has the constraint `CHECK (name <> '')`"), "{error}");
        // One without a name is known by what it says.
        let theirs = theirs.replace("CONSTRAINT theirs", "CONSTRAINT named CHECK (\"name\"<>''), CONSTRAINT theirs");
        only(&theirs, &down).forwards(&engine).await.unwrap();
    });
}

#[test]
fn a_rebuild_that_breaks_a_view_or_a_trigger_names_it() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        let engine = open(db).await;
        let renamed = REBUILD
            .replace("\"name\" TEXT NOT NULL", "\"title\" TEXT NOT NULL")
            .replace("(\"id\", \"name\"", "(\"id\", \"title\"")
            .replace("CREATE INDEX \"band_name_idx\" ON \"band\" (\"name\")", "DROP INDEX IF EXISTS \"an_expression\"");
        let error = only(&renamed, "SELECT 1;").forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("name"), "{error}");
        assert_eq!(db.text("SELECT count(*) FROM names_of_names").await, "2");
    });
}

/// Nothing else fails then: SQLite creates a view whatever it says.
#[test]
fn a_rebuild_that_breaks_a_view_alone_is_refused() {
    on(Dialect::Sqlite, async |db| {
        db.execute(
            "CREATE TABLE band (id INTEGER PRIMARY KEY, name TEXT) STRICT; CREATE VIEW names AS SELECT name FROM band",
        )
        .await;
        let engine = open(db).await;
        let without = "-- piccolo: step rebuild band\nCREATE TABLE \"_piccolo_new_band\" (\"id\" INTEGER PRIMARY KEY) STRICT;\n\
                       INSERT INTO \"_piccolo_new_band\" (\"id\") SELECT b.\"id\" FROM \"band\" AS b;\n\
                       DROP TABLE \"band\";\nALTER TABLE \"_piccolo_new_band\" RENAME TO \"band\";\n";
        let error = only(without, "SELECT 1;").forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("the view names would no longer work"), "{error}");
        assert_eq!(db.text("SELECT count(name) FROM names").await, "0");
    });
}

/// A view that was broken all along is nobody's fault.
#[test]
fn a_view_that_was_broken_before_does_not_matter() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        db.execute("CREATE VIEW broken AS SELECT missing FROM nowhere").await;
        let engine = open(db).await;
        only(REBUILD, "SELECT 1;").forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) FROM sqlite_schema WHERE name = 'broken'").await, "1");
    });
}

/// What SQLite's manual says of making a table anew begins with a pragma that does nothing inside the transaction of a step.
#[test]
fn a_rebuild_by_hand_with_the_pragma_is_refused_and_with_the_step_word_it_keeps_the_children() {
    on(Dialect::Sqlite, async |db| {
        db.execute(
            "CREATE TABLE a (id INTEGER PRIMARY KEY) STRICT; INSERT INTO a VALUES (1), (2); \
             CREATE TABLE child (a INTEGER REFERENCES a (id) ON DELETE CASCADE) STRICT; INSERT INTO child VALUES (1), (2)",
        )
        .await;
        let engine = open(db).await;
        let rebuild = "CREATE TABLE new_a (id INTEGER PRIMARY KEY, name TEXT) STRICT;\nINSERT INTO new_a (id) SELECT id FROM a;\n\
                       DROP TABLE a;\nALTER TABLE new_a RENAME TO a;\n";
        let up = format!("PRAGMA foreign_keys = OFF;\n{rebuild}PRAGMA foreign_keys = ON;\n");
        let refused = only(&up, "-- Nothing.").forwards(&engine).await.unwrap_err().to_string();
        let place = format!("migration {}, up.sqlite.sql, line 1: ", IDS[0]);
        assert!(refused.contains(&place) && refused.contains("step foreign-keys=suspended"), "{refused}");
        let children = "SELECT count(*) || (SELECT count(*) FROM sqlite_schema WHERE name LIKE 'piccolo%') FROM child";
        assert_eq!(db.text(children).await, "20");
        let up = format!("-- piccolo: step foreign-keys=suspended\n{rebuild}");
        only(&up, "-- Nothing.").forwards(&engine).await.unwrap();
        assert_eq!(db.text("SELECT count(*) || (SELECT count(name) FROM a) FROM child").await, "20");
    });
}

/// home-assistant/core#120779, fasttrackml#211: applications that rebuild by hand lose rows as well.
#[test]
fn a_rebuild_without_a_migration_is_as_safe() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        let (before, counted) = (objects(db).await, counts(db).await);
        let engine = open(db).await;
        piccolo_runtime::migrate::run_steps(&engine, REBUILD).await.unwrap();
        assert_eq!((objects(db).await, counts(db).await), (before, counted));
        let lossy = REBUILD.replace("FROM \"band\" AS b", "FROM \"band\" AS b WHERE b.\"id\" = 1");
        piccolo_runtime::migrate::run_steps(&engine, &lossy).await.unwrap_err();
    });
}

/// A unique that fails once left the table renamed, with no way forwards and none back.
#[test]
fn renames_and_the_rebuild_after_them_are_one() {
    on(Dialect::Sqlite, async |db| {
        db.execute(LIVE).await;
        db.execute("INSERT INTO band (name) VALUES ('same'), ('same')").await;
        let engine = open(db).await;
        let rename = |from: &str, to: &str| {
            format!("-- piccolo: step\n-- Rename what changes its name.\nALTER TABLE \"{from}\" RENAME TO \"{to}\";\n")
        };
        let rebuild = |table: &str, key: &str| {
            REBUILD
                .replace("rebuild band", &format!("rebuild {table}"))
                .replace("\"_piccolo_new_band\"", "\"_piccolo_new\"")
                .replace("\"band\"", &format!("\"{table}\""))
                .replace("\"name\" TEXT NOT NULL", &format!("\"name\" TEXT NOT NULL{key}"))
        };
        let up = |key: &str| format!("{}{}", rename("band", "act"), rebuild("act", key));
        let down = |key: &str| format!("{}{}", rename("act", "band"), rebuild("band", key));
        let counted = counts(db).await;
        let names = "SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_schema WHERE name IN ('band', 'act') ORDER BY name)";
        let error = only(&up(" UNIQUE"), "SELECT 1;").forwards(&engine).await.unwrap_err().to_string();
        assert!(error.contains("step 2 of 2") && error.contains("nothing of steps 1 to 2 was kept"), "{error}");
        assert_eq!(
            (counts(db).await, db.text(names).await.as_str(), journal(db).await.as_str()),
            (counted, "band", "")
        );
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step").await, "0");
        // The way back likewise; both are told.
        let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
        let hear = std::sync::Arc::clone(&told);
        let right = only(&up(""), &down(" UNIQUE")).observe(move |event| {
            if let piccolo_runtime::migrate::Event::Step { number, .. } = event {
                hear.lock().unwrap().push(number);
            }
        });
        right.forwards(&engine).await.unwrap();
        assert_eq!(db.text(names).await, "act");
        right.backwards(&engine, "all").await.unwrap_err();
        assert_eq!(db.text(names).await, "act");
        assert_eq!(*told.lock().unwrap(), [1, 2, 1, 2]);
        db.execute("DELETE FROM act WHERE name = 'same'").await;
        right.backwards(&engine, "all").await.unwrap();
        assert_eq!((db.text(names).await.as_str(), journal(db).await.as_str()), ("band", ""));
    });
}
