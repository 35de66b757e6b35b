//! Migrations through the command line: the rows E11 to E21 that no other suite has.
//!
//! E01, E14, E15, E23 and E24 are in `cli::authoring`, E02 to E08, E10, E22 and E25 in `cli::running`, E02 to E09 and E25 in `migrate` as well.

use piccolo_runtime::sql::Dialect;
use piccolo_tests::{Outcome, Project, TestDb, on, on_both};

/// An application with a database.
struct Application<'a> {
    project: Project,
    db: &'a TestDb,
}

impl<'a> Application<'a> {
    /// An application whose schema is in the database.
    fn begun(db: &'a TestDb, schema: &str) -> Self {
        let application = Self { project: Project::with_schema(schema), db };
        application.diff("first", &[]);
        application.run("forwards", "all").exits(0);
        application
    }

    /// Changes the schema and writes the migration. Gives what it runs on the engine of the test.
    fn change(&self, schema: &str, decisions: &[&str]) -> String {
        self.project.write("schema.piccolo", schema);
        self.diff("second", decisions)
    }

    fn diff(&self, name: &str, decisions: &[&str]) -> String {
        self.project.run(&[&["diff", "--name", name], decisions].concat()).exits(0);
        let up = format!("_{name}/up.{}.sql", self.db.dialect());
        let files = self.project.files();
        let (_, text) = files.iter().find(|(file, _)| file.ends_with(&up)).expect("the script of a migration");
        String::from_utf8_lossy(text).into_owned()
    }

    fn run(&self, direction: &str, target: &str) -> Outcome {
        let mut command = self.project.command();
        Outcome::of(command.env("DATABASE_URL", self.db.url()).args(["migration", direction, target]))
    }

    fn forwards(&self) {
        self.run("forwards", "all").exits(0).says("applied");
    }

    /// Undoes the second migration.
    fn backwards(&self) {
        let folders = std::fs::read_dir(self.project.file("migrations")).expect("migrations").flatten();
        let names = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
        let id = names.into_iter().find(|name| name.ends_with("_second")).expect("a second migration");
        self.run("backwards", &id).exits(0).says("undone");
    }
}

/// The type of a column, as its engine says it.
async fn column_type(db: &TestDb, table: &str, column: &str) -> String {
    db.text(&match db.dialect() {
        Dialect::Sqlite => format!("SELECT type FROM pragma_table_info('{table}') WHERE name = '{column}'"),
        Dialect::Postgres => format!(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = '{table}'::regclass AND attname = '{column}'"
        ),
    })
    .await
}

/// The table that the foreign key of a column points to.
async fn target(db: &TestDb, table: &str, column: &str) -> String {
    db.text(&match db.dialect() {
        Dialect::Sqlite => {
            format!("SELECT \"table\" FROM pragma_foreign_key_list('{table}') WHERE \"from\" = '{column}'")
        }
        Dialect::Postgres => format!(
            "SELECT confrelid::regclass FROM pg_constraint JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey) \
             WHERE contype = 'f' AND conrelid = '{table}'::regclass AND attname = '{column}'"
        ),
    })
    .await
}

#[test]
fn e11_a_key_to_the_own_table_that_comes_later_has_the_type_of_the_key() {
    on_both(async |db| {
        let application = Application::begun(db, "table Node {\n    id: UUID(primary_key)\n    name: Text\n}\n");
        let id = match db.dialect() {
            Dialect::Sqlite => "x'00000000000040008000000000000001'",
            Dialect::Postgres => "'00000000-0000-4000-8000-000000000001'",
        };
        db.execute(&format!("INSERT INTO node (id, name) VALUES ({id}, 'root')")).await;
        application.change(
            "table Node {\n    id: UUID(primary_key)\n    name: Text\n    parent: ForeignKey(self, null)\n}\n",
            &[],
        );
        application.forwards();
        assert_eq!(column_type(db, "node", "parent").await, column_type(db, "node", "id").await);
        assert_eq!(target(db, "node", "parent").await, "node");
        db.execute("UPDATE node SET parent = id").await;
        assert_eq!(db.text("SELECT count(*) FROM node WHERE parent = id").await, "1");
    });
}

/// A band with an album.
const MUSIC: &str = "table Band { name: Text }\n\ntable Album {\n    title: Text\n    band: ForeignKey(Band)\n}\n";

const MUSIC_ROWS: &str =
    "INSERT INTO band (name) VALUES ('Pythonistas'); INSERT INTO album (title, band) VALUES ('Live', 1);";

#[test]
fn e12_renamed_columns_and_tables_keep_data_and_keys_both_ways() {
    on_both(async |db| {
        let application = Application::begun(db, MUSIC);
        db.execute(MUSIC_ROWS).await;
        let schema = MUSIC.replace("Band", "Group").replace("name: Text", "label: Text");
        application.change(&schema, &["--rename", "Band=Group", "--rename", "band.name=label"]);
        application.forwards();
        assert_eq!(db.text("SELECT label FROM \"group\" g JOIN album a ON a.band = g.id").await, "Pythonistas");
        assert_eq!(target(db, "album", "band").await.trim_matches('"'), "group");
        application.backwards();
        assert_eq!(db.text("SELECT name FROM band b JOIN album a ON a.band = b.id").await, "Pythonistas");
        assert_eq!(target(db, "album", "band").await, "band");
    });
}

#[test]
fn e13_a_renamed_column_of_a_renamed_table_keeps_its_values() {
    on_both(async |db| {
        let application = Application::begun(db, "table Band {\n    name: Text\n    year: Integer\n}\n");
        db.execute("INSERT INTO band (name, year) VALUES ('Pythonistas', 1991)").await;
        let schema = "table Act(was = \"Band\") {\n    title: Text(was = \"name\")\n    year: Integer\n}\n";
        application.change(schema, &[]);
        application.forwards();
        assert_eq!(db.text("SELECT title || year FROM act").await, "Pythonistas1991");
    });
}

#[test]
fn e16_a_column_is_renamed_and_gets_another_type_in_one_migration() {
    on_both(async |db| {
        let application = Application::begun(db, "table Band { popularity: Integer }\n");
        db.execute("INSERT INTO band (popularity) VALUES (1000)").await;
        let up = application.change("table Band { fame: BigInt }\n", &["--rename", "band.popularity=fame"]);
        assert!(
            up.contains("rename column band.popularity to fame") && up.contains("change column band.fame: the type")
        );
        application.forwards();
        assert_eq!(db.text("SELECT fame FROM band").await, "1000");
        db.execute("UPDATE band SET fame = 5000000000").await;
        assert_eq!(
            column_type(db, "band", "fame").await.to_lowercase(),
            match db.dialect() {
                Dialect::Sqlite => "integer",
                Dialect::Postgres => "bigint",
            }
        );
    });
}

#[test]
fn e17_a_changed_constraint_is_dropped_and_added() {
    on_both(async |db| {
        let schema = "table Ticket {\n    p: Integer\n    q: Integer\n\n    unique(p)\n    check(\"p > 0\")\n}\n";
        let application = Application::begun(db, schema);
        db.execute("INSERT INTO ticket (p, q) VALUES (101, 1)").await;
        let schema = schema.replace("unique(p)", "unique(p, q)").replace("p > 0", "p > 100");
        let up = application.change(&schema, &[]);
        for change in ["drop unique ticket.", "add unique ticket.", "drop check ticket.", "add check ticket."] {
            assert!(up.contains(change), "{change}: {up}");
        }
        application.forwards();
        db.execute("INSERT INTO ticket (p, q) VALUES (101, 2)").await;
        db.try_execute("INSERT INTO ticket (p, q) VALUES (101, 2)").await.unwrap_err();
        db.try_execute("INSERT INTO ticket (p, q) VALUES (100, 3)").await.unwrap_err();
    });
}

#[test]
fn e18_a_key_to_another_table_points_there() {
    on_both(async |db| {
        let schema =
            "table Old { name: Text }\n\ntable Young { name: Text }\n\ntable Child { parent: ForeignKey(Old) }\n";
        let application = Application::begun(db, schema);
        db.execute("INSERT INTO old (name) VALUES ('a'); INSERT INTO young (name) VALUES ('b'), ('c');").await;
        db.execute("INSERT INTO child (parent) VALUES (1)").await;
        application.change(&schema.replace("ForeignKey(Old)", "ForeignKey(Young)"), &[]);
        application.forwards();
        assert_eq!(target(db, "child", "parent").await, "young");
        db.execute("INSERT INTO child (parent) VALUES (2)").await;
        application.run("backwards", "all").exits(1);
        assert_eq!(target(db, "child", "parent").await, "young");
    });
}

#[test]
fn e19_an_index_with_a_method_on_a_new_column_has_that_method() {
    on(Dialect::Postgres, async |db| {
        let application = Application { project: Project::empty(), db };
        application.project.write("piccolo.toml", "engines = [\"postgres\"]\n");
        application.project.write("schema.piccolo", "table Band { name: Text }\n");
        application.diff("first", &[]);
        application.forwards();
        db.execute("INSERT INTO band (name) VALUES ('Pythonistas')").await;
        let schema = "table Band {\n    name: Text\n    code: Text(null)\n\n    index(code, method = hash)\n}\n";
        application.change(schema, &[]);
        application.forwards();
        let method = "SELECT amname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam \
                      WHERE i.indrelid = 'band'::regclass AND NOT i.indisprimary";
        assert_eq!(db.text(method).await, "hash");
    });
}

#[test]
fn e20_a_rename_with_a_new_column_and_a_dropped_parent_are_undone() {
    on_both(async |db| {
        let application = Application::begun(db, MUSIC);
        db.execute(MUSIC_ROWS).await;
        let schema = "table Record(was = \"Album\") {\n    title: Text\n    year: Integer(null)\n}\n";
        application.change(schema, &["--allow", "drop-table:band", "--allow", "drop-column:record.band"]);
        application.forwards();
        assert_eq!(db.text("SELECT title FROM record").await, "Live");
        application.backwards();
        assert_eq!(db.text("SELECT title FROM album").await, "Live");
        assert_eq!(target(db, "album", "band").await, "band");
        assert_eq!(db.text("SELECT count(*) FROM album a JOIN band b ON b.id = a.band").await, "1");
    });
}

#[test]
fn e21_a_column_that_defaults_to_the_time_is_added_to_rows() {
    on_both(async |db| {
        let application = Application::begun(db, "table Band { name: Text }\n");
        db.execute("INSERT INTO band (name) VALUES ('Pythonistas'), ('Rustaceans')").await;
        let schema = "table Band {\n    name: Text\n    made: Timestamp(default = now())\n    seen: Timestamptz(default = now())\n}\n";
        application.change(schema, &[]);
        application.forwards();
        let recent = match db.dialect() {
            Dialect::Sqlite => {
                "made >= strftime('%Y-%m-%d', 'now', '-1 day') AND seen >= strftime('%Y-%m-%d', 'now', '-1 day')"
            }
            Dialect::Postgres => "made > now() - interval '1 day' AND seen > now() - interval '1 day'",
        };
        assert_eq!(db.text(&format!("SELECT count(*) FROM band WHERE {recent}")).await, "2");
        db.execute("INSERT INTO band (name) VALUES ('Crustaceans')").await;
        assert_eq!(db.text(&format!("SELECT count(*) FROM band WHERE {recent}")).await, "3");
    });
}
