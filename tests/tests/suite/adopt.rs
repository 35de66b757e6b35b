//! `adopt`: a database becomes a schema, and what the language cannot say is listed.

use std::path::Path;

use piccolo_codegen::adopt::{Guide, adopt};
use piccolo_codegen::{print, schema_from_str};
use piccolo_runtime::ddl::create_schema;
use piccolo_runtime::introspect::{self, Shape, differences};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, sql};
use piccolo_tests::{Outcome, Project, TestDb, on, on_both};

use crate::check::support::Findings;

/// The example schemas.
const EXAMPLES: [&str; 4] = ["bands", "types", "awkward", "shop"];

fn example(name: &str) -> Schema {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../schema-examples/{name}/schema.piccolo"));
    schema_from_str(name, &std::fs::read_to_string(path).unwrap()).unwrap_or_else(|errors| panic!("{errors}")).schema
}

/// The shape of a new database with this schema.
async fn created(schema: &Schema, dialect: Dialect) -> Shape {
    let db = TestDb::new(dialect);
    let statements: String = create_schema(schema, dialect).unwrap().iter().map(|sql| format!("{sql};\n")).collect();
    db.execute(&statements).await;
    shape(db.url()).await
}

async fn shape(url: &str) -> Shape {
    let engine = Engine::connect(url).await.unwrap();
    let shape = introspect::read(&engine, &introspect::Options::new()).await.unwrap();
    engine.close().await;
    shape
}

#[test]
fn a_database_of_ours_gives_the_same_database_again() {
    on_both(async |db| {
        for name in EXAMPLES {
            let live = created(&example(name), db.dialect()).await;
            let adopted = adopt(&live, &Dialect::ALL, None);
            assert_eq!(adopted.unsaid, [], "{name}");
            let printed = print::schema(&adopted.schema);
            let again = schema_from_str(name, &printed).unwrap_or_else(|errors| panic!("{name}: {errors}\n{printed}"));
            let fresh = created(&again.schema, db.dialect()).await;
            let differences = differences(&live, &fresh);
            assert!(differences.is_empty(), "{name}: {differences:#?}\n{printed}");
        }
    });
}

#[test]
fn a_database_of_ours_gives_the_same_schema_where_the_schema_is_there_for_the_names() {
    on_both(async |db| {
        for name in EXAMPLES {
            let schema = example(name);
            let live = created(&schema, db.dialect()).await;
            let adopted = adopt(&live, &Dialect::ALL, Some(Guide { schema: &schema, shape: &live }));
            assert_eq!((adopted.unsaid, adopted.assumed), (vec![], vec![]), "{name}");
            // A database keeps neither the order of tables nor that of enums; an enum that no column has is not in SQLite.
            for table in schema.tables.iter() {
                assert_eq!(adopted.schema.table(&table.sql_name), Some(table), "{name}");
            }
            assert_eq!(adopted.schema.tables.len(), schema.tables.len());
            for each in adopted.schema.enums.iter() {
                assert_eq!(schema.enumeration(&each.sql_name), Some(each), "{name}");
            }
        }
    });
}

/// A project for one engine alone.
fn project(db: &TestDb) -> Project {
    let project = Project::empty();
    project.write("piccolo.toml", format!("engines = [\"{}\"]\n", db.dialect()));
    project
}

fn run(project: &Project, db: &TestDb, arguments: &[&str]) -> Outcome {
    Outcome::of(project.command().env("DATABASE_URL", db.url()).args(arguments))
}

#[test]
fn a_database_of_another_tool_is_adopted_with_all_that_cannot_be_said() {
    on(Dialect::Postgres, async |db| {
        db.execute(
            "CREATE TYPE mood AS ENUM ('happy', 'in-between');
             CREATE TABLE person (
                 id serial PRIMARY KEY, name varchar(40) NOT NULL DEFAULT 'nobody', mood mood DEFAULT 'happy', address inet,
                 born date CHECK (born > '1900-01-01'), twice integer GENERATED ALWAYS AS (2) STORED, boss integer REFERENCES person);
             COMMENT ON TABLE person IS 'Somebody.';
             CREATE TABLE log (line text);
             CREATE TABLE spot (place point NOT NULL, id bigint PRIMARY KEY);
             CREATE TABLE visit (id bigint PRIMARY KEY, spot bigint REFERENCES spot, person integer NOT NULL REFERENCES person ON DELETE CASCADE,
                 during int4range, EXCLUDE USING gist (during WITH &&));
             CREATE INDEX visit_person ON visit (person) INCLUDE (spot);
             CREATE VIEW names AS SELECT name FROM person;
             CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN new; END';
             CREATE TRIGGER nothing BEFORE INSERT ON person FOR EACH ROW EXECUTE FUNCTION nothing();
             INSERT INTO person (name) VALUES ('Guido');",
        )
        .await;
        let project = project(db);
        let outcome = run(&project, db, &["adopt"]).exits(0);
        for words in [
            "table log: a table without a primary key cannot be said",
            "table spot, column place: the type `point` cannot be said",
            "table person, column address: the type `inet` cannot be said",
            "table person, column twice: a generated column cannot be said",
            "table visit, foreign key visit_spot_fkey: spot or a column of it cannot be said",
            "table visit, index visit_person: `INCLUDE` cannot be said",
            "view names: the language has no word for it",
            "trigger nothing of table person",
            "function nothing()",
            // What is not left out and yet is not the same on a new database.
            "the database differs from what the migration creates",
            "visit_during_excl",
        ] {
            assert!(outcome.stderr.contains(words), "{words}\n{outcome}");
        }
        let schema = project.read("schema.piccolo");
        for words in [
            "/// Somebody.\ntable Person",
            "id: Serial(primary_key)",
            "name: Varchar(length = 40, default = \"nobody\"",
            "boss: ForeignKey(self, null",
            "person: ForeignKey(Person, on_delete = cascade",
            "in_between = \"in-between\"",
        ] {
            assert!(schema.contains(words), "{words}\n{schema}");
        }
        assert!(!schema.contains("Spot") && !schema.contains("address"), "{schema}");
        // Nothing was recorded, because nobody asked for it; and nothing of the database was touched.
        outcome.says("_adopt --fake` records it").says("add `--yes`");
        assert_eq!(db.text("SELECT count(*)::text FROM person").await, "1");
        assert_eq!(db.text("SELECT coalesce(to_regclass('piccolo_migration')::text, 'none')").await, "none");
        run(&project, db, &["migration", "forwards", "--fake", "--yes"]).exits(0).says("_adopt");
        run(&project, db, &["migration", "forwards"]).exits(0).says("up to date");
        assert_eq!(Findings::of(&project, &[]).status, 0);
        run(&project, db, &["adopt"]).exits(2).says("holds migrations already");
    });
}

#[test]
fn a_sqlite_file_of_another_tool_is_adopted_too() {
    on(Dialect::Sqlite, async |db| {
        db.execute(
            "CREATE TABLE person (id INTEGER PRIMARY KEY, name VARCHAR(40) NOT NULL, born DATETIME, boss INTEGER REFERENCES person (id), weight NUMERIC(5, 2));
             CREATE TABLE odd (id INTEGER PRIMARY KEY, shape GEOMETRY NOT NULL);
             CREATE TABLE log (line TEXT);
             CREATE UNIQUE INDEX person_name ON person (name) WHERE born IS NOT NULL;
             CREATE VIEW names AS SELECT name FROM person;
             CREATE TRIGGER keep BEFORE DELETE ON person BEGIN SELECT RAISE(ABORT, 'no'); END;
             INSERT INTO person (name) VALUES ('Guido');",
        )
        .await;
        let project = project(db);
        let before = project.files();
        let dry = run(&project, db, &["adopt", "--dry-run"]).exits(0);
        assert!(dry.stdout.contains("table Person {") && dry.stdout.contains("CREATE TABLE \"person\""), "{dry}");
        assert!(before == project.files());
        let outcome = run(&project, db, &["--format", "json", "adopt", "--fake", "--name", "As it was"]).exits(0);
        let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        let text = outcome.stdout.as_str();
        assert!(report["recorded"] == true && report["id"].as_str().unwrap().ends_with("_as_it_was"), "{outcome}");
        for words in [
            "`GEOMETRY` cannot be said",
            "table log",
            "view names",
            "trigger keep",
            "texts `YYYY-MM-DD HH:MM:SS.ffffff`",
            "`strict` is not set",
        ] {
            assert!(text.contains(words), "{words}\n{text}");
        }
        let schema = project.read("schema.piccolo");
        for words in [
            "id: BigSerial(primary_key)",
            "name: Varchar(length = 40)",
            "born: Timestamp(null)",
            "boss: ForeignKey(self, null",
            "weight: Numeric(precision = 5, scale = 2, null)",
            "where = \"born IS NOT NULL\"",
        ] {
            assert!(schema.contains(words), "{words}\n{schema}");
        }
        run(&project, db, &["migration", "status"]).exits(0);
        run(&project, db, &["migration", "forwards"]).exits(0).says("up to date");
        assert_eq!(db.text("SELECT count(*) || '' FROM person").await, "1");
        assert_eq!(Findings::of(&project, &[]).status, 0);
    });
}

#[test]
fn a_sqlite_column_that_holds_another_form_than_its_declared_type_keeps_what_it_holds() {
    on(Dialect::Sqlite, async |db| {
        db.execute(
            "CREATE TABLE note (id INTEGER PRIMARY KEY, created DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP, born DATE, at TIME, day DATE,
                 ready BOOLEAN NOT NULL DEFAULT 0, level BOOLEAN, document JSON, price NUMERIC(5, 2), short VARCHAR(3), n INTEGER DEFAULT '7');
             INSERT INTO note (born, at, day, level, document, price, short) VALUES ('1.2.2003', '10:00', '2003-02-01', 2, 'no json', 1.125, 'long');
             INSERT INTO note (born, document) VALUES (NULL, '{}');",
        )
        .await;
        let project = project(db);
        let outcome = run(&project, db, &["adopt", "--name", "first"]).exits(0);
        outcome
            .says("column created: some of its values have")
            .says("column born: some of its values have")
            .says("to convert it later");
        let schema = project.read("schema.piccolo");
        for words in [
            "created: Text(default = sql(",
            "born: Text(null)",
            "at: Text(null)",
            "day: Date(null)",
            "ready: Boolean(default = false)",
            "level: BigInt(null)",
            "document: Text(null)",
            "price: DoublePrecision(null)",
            "short: Text(null)",
            "n: BigInt(null, default = 7)",
        ] {
            assert!(schema.contains(words), "{words}\n{schema}");
        }
        run(&project, db, &["migration", "forwards", "first", "--fake", "--yes"]).exits(0).says("recorded");
        // A later migration makes the table anew, and takes every row as it is.
        let before = db.rows("SELECT id, created, born, at, level, document, price, short FROM note").await;
        let checked = schema.replace("default = 7)", "default = 7)\n\n    check(\"n >= 0\")");
        project.write("schema.piccolo", checked);
        run(&project, db, &["diff", "--name", "second"]).exits(0);
        run(&project, db, &["migration", "forwards"]).exits(0).says("_second");
        assert_eq!(db.rows("SELECT id, created, born, at, level, document, price, short FROM note").await, before);
        db.execute("INSERT INTO note (born) VALUES ('now')").await;
        assert_eq!(db.text("SELECT length(created) || '' FROM note WHERE born = 'now'").await, "19");
    });
}

#[test]
fn what_there_is_to_adopt_is_checked_first() {
    on_both(async |db| {
        let project = project(db);
        if db.dialect() == Dialect::Sqlite {
            run(&project, db, &["adopt"]).exits(1).says("does not exist");
            db.execute("SELECT 1").await;
        }
        run(&project, db, &["adopt"]).exits(1).says("nothing to adopt");
        assert_eq!(project.files().len(), 1);
        // A database that Piccolo has migrated has its migrations elsewhere.
        let other = self::project(db);
        other.write("schema.piccolo", "table Band {\n    name: Text\n}\n");
        other.run(&["diff"]).exits(0);
        run(&other, db, &["migration", "forwards"]).exits(0);
        run(&project, db, &["adopt"]).exits(2).says("has been migrated by Piccolo already");
        // The schema that is there already gives its names.
        db.execute("DROP TABLE piccolo_migration; DROP TABLE piccolo_migration_step").await;
        let schema = "/// Loud.\ntable Group (tablename = \"band\") {\n    name: Text(secret)\n}\n";
        project.write("schema.piccolo", schema);
        run(&project, db, &["adopt", "--fake"]).exits(0);
        assert_eq!(project.read("schema.piccolo"), schema);
        let snapshot = project.read("migrations/schema.piccolo");
        let named = snapshot.contains("table Group") || sql::Dialect::Postgres == db.dialect();
        assert!(named, "{snapshot}");
    });
}
