//! Tables altered at run time, with rows in them and everything that a live database hangs on a table.

mod constraints;
mod drops;
mod indexes;
mod live;
mod places;
mod types;

use piccolo_runtime::introspect::{self, ColumnShape, Options, Shape, TableShape};
use piccolo_runtime::schema::QualifiedName;
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error};
use piccolo_tests::TestDb;

use crate::fixture;

/// D3 with a row that is gone, tables of every kind that point to bands, and indexes that the schema does not know. On SQLite, triggers and
/// views besides.
async fn lively(db: &TestDb) -> Engine {
    let engine = fixture::d3(db).await;
    db.execute(
        "INSERT INTO band (name, popularity) VALUES ('Gone', 7);
         DELETE FROM band WHERE name = 'Gone';
         CREATE TABLE fan (id integer PRIMARY KEY, band bigint REFERENCES band (id) ON DELETE CASCADE);
         CREATE TABLE poster (id integer PRIMARY KEY, band bigint REFERENCES band (id) ON DELETE SET NULL);
         CREATE TABLE contract (id integer PRIMARY KEY, band bigint REFERENCES band (id) ON DELETE RESTRICT);
         CREATE TABLE log (words text);
         INSERT INTO fan VALUES (1, 1), (2, 2), (3, 1);
         INSERT INTO poster VALUES (1, 1), (2, 3);
         INSERT INTO contract VALUES (1, 2);
         CREATE INDEX by_manager ON band (manager) WHERE manager IS NOT NULL;
         CREATE UNIQUE INDEX by_lower_name ON band (lower(name));
         CREATE INDEX by_both ON band (manager DESC, name);",
    )
    .await;
    if db.dialect() == Dialect::Sqlite {
        db.execute(
            "CREATE VIEW band_keys AS SELECT id, manager FROM band;
             CREATE VIEW keys_of_keys AS SELECT id FROM band_keys;
             CREATE TRIGGER band_log AFTER INSERT ON band BEGIN INSERT INTO log VALUES (new.id); END;
             CREATE TRIGGER log_band AFTER INSERT ON log WHEN new.words = 'x' BEGIN UPDATE band SET id = id; END;",
        )
        .await;
    }
    engine
}

/// What no alteration of a band's columns may change: rows around it, and what hangs on the table.
async fn surroundings(db: &TestDb) -> Vec<String> {
    let mut out = Vec::new();
    for query in [
        "SELECT count(*) FROM fan WHERE band IS NOT NULL",
        "SELECT count(*) FROM poster WHERE band IS NOT NULL",
        "SELECT count(*) FROM contract WHERE band IS NOT NULL",
        "SELECT count(*) FROM log",
        "SELECT count(*) FROM manager",
        "SELECT count(*) FROM band",
    ] {
        out.push(db.text(query).await);
    }
    if db.dialect() == Dialect::Sqlite {
        let query = "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema \
                     WHERE type IN ('view', 'trigger', 'index') AND name NOT LIKE 'sqlite%' AND name <> 'band_name_key' ORDER BY name";
        out.extend(db.rows(query).await.into_iter().flatten().flatten());
        out.push(db.text("SELECT seq FROM sqlite_sequence WHERE name = 'band'").await);
        assert_eq!(db.text("SELECT count(*) FROM pragma_foreign_key_check()").await, "0");
        assert_eq!(db.text("SELECT count(*) FROM sqlite_schema WHERE name LIKE '%piccolo_new%'").await, "0");
    } else {
        let query =
            "SELECT indexname || indexdef FROM pg_indexes WHERE tablename = 'band' AND indexname LIKE 'by%' ORDER BY 1";
        out.extend(db.rows(query).await.into_iter().flatten().flatten());
    }
    out
}

/// The live database.
async fn shape(engine: &Engine) -> Shape {
    introspect::read(engine, &Options::new()).await.unwrap()
}

/// A live table.
async fn table(engine: &Engine, name: &str) -> TableShape {
    let shape = shape(engine).await;
    shape.table(&QualifiedName::plain(name.to_owned())).cloned().unwrap_or_else(|| panic!("no table {name}: {shape:?}"))
}

/// A live column of a band.
async fn column(engine: &Engine, name: &str) -> ColumnShape {
    let band = table(engine, "band").await;
    band.column(name).cloned().unwrap_or_else(|| panic!("no column {name}: {band:?}"))
}

/// The message of a call that was refused before anything happened.
#[track_caller]
fn refused(error: Error) -> String {
    match error {
        Error::Usage { message } => message,
        other => panic!("not refused: {other:?}"),
    }
}
