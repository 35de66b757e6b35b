//! The proof of a migration: what it refuses, what it says, and that it leaves nothing behind.

use piccolo_codegen::change::Decisions;
use piccolo_codegen::migration::{File, Migration as Written, files};
use piccolo_codegen::plan::{Options, author};
use piccolo_codegen::proof::{Grounds, Moment, Proof, Refutation, in_order, replay};
use piccolo_codegen::schema_from_str;
use piccolo_runtime::migrate::{Migration, Scripts};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::{Project, TestDb, block_on, scratch_url};

const BEFORE: &str = "table Manager {\n    name: Varchar(length = 50)\n}\n\ntable Band {\n    name: Varchar(length = 50)\n    manager: ForeignKey(Manager, on_delete = cascade)\n}\n";

/// A project whose first migration is written.
fn begun(schema: &str) -> Project {
    let project = Project::with_schema(schema);
    project.run(&["diff", "--name", "first"]).exits(0).says("proven on sqlite and postgres");
    project
}

/// The files of the migration with this slug.
fn written(project: &Project, slug: &str) -> std::collections::BTreeMap<String, String> {
    let end = format!("_{slug}/");
    let all = project.files().into_iter();
    all.filter_map(|(name, text)| Some((name.split_once(&end)?.1.to_owned(), String::from_utf8(text).unwrap())))
        .collect()
}

#[test]
fn a_migration_that_rows_refuse_is_not_written_and_the_statement_is_named() {
    let project = begun(BEFORE);
    project.write("schema.piccolo", BEFORE.replace("    manager", "    members: Integer\n    manager"));
    let files = project.files();
    project
        .run(&["diff", "--name", "second", "--backfill", "band.members='many'"])
        .exits(1)
        .says("is not written")
        .says("forwards")
        .says("step 1 of 1")
        .says("up.sqlite.sql failed")
        .says("INSERT INTO \"_piccolo_new_band\"")
        .says("--no-verify");
    assert_eq!(project.files(), files);
    // Both engines are asked: a text for SQLite alone may be wrong.
    project
        .run(&[
            "diff",
            "--name",
            "second",
            "--backfill",
            "sqlite:band.members=4",
            "--backfill",
            "postgres:band.members='many'",
        ])
        .exits(1)
        .says("up.postgres.sql failed");
    assert_eq!(project.files(), files);
}

#[test]
fn an_expression_that_no_database_can_read_is_to_be_mended() {
    let project = begun(BEFORE);
    project
        .write("schema.piccolo", BEFORE.replace("    manager", "    title: Text\n    members: Integer\n    manager"));
    let given = ["--backfill", "band.title=titel", "--backfill", "band.members=4"];
    let outcome = project.run(&[&["diff", "--name", "second"][..], &given].concat()).exits(1);
    let outcome = outcome.says("no such column: titel").says("mend `--backfill band.title=titel`");
    assert!(!outcome.stderr.contains("--no-verify"), "{outcome}");
    let given =
        ["--backfill", "band.title=name", "--backfill", "band.members=4", "--backfill", "postgres:band.title=nmae"];
    project
        .run(&[&["diff", "--name", "second"][..], &given].concat())
        .exits(1)
        .says("`--backfill postgres:band.title=nmae`");
}

/// SQLite has one code for a text that it cannot read and for a function that fails on a value: then the same is tried without rows.
#[test]
fn an_expression_that_fails_for_some_rows_alone_may_be_right_for_those_that_there_are() {
    let project = begun(BEFORE);
    project.write("schema.piccolo", BEFORE.replace("    manager", "    title: Text(null)\n    manager"));
    let given = ["--backfill", "sqlite:band.title=json_extract(name, '$.x')", "--backfill", "postgres:band.title=name"];
    let outcome = project.run(&[&["diff", "--name", "second"][..], &given].concat()).exits(1);
    let outcome = outcome.says("malformed JSON").says("`--no-verify` writes it all the same");
    assert!(!outcome.stderr.contains("mend"), "{outcome}");
    // Types that do not fit are no matter of rows.
    project.write("schema.piccolo", BEFORE.replace("    manager", "    members: Integer(null)\n    manager"));
    let given = ["--backfill", "sqlite:band.members=length(name)", "--backfill", "postgres:band.members=name"];
    let outcome = project.run(&[&["diff", "--name", "second"][..], &given].concat()).exits(1);
    outcome.says("is of type integer but expression is of type").says("mend `--backfill postgres:band.members=name`");
}

/// A first migration was once called lossless, though undoing it drops every table.
#[test]
fn a_down_file_says_what_it_takes_away_and_what_makes_it_fail() {
    let project = begun("enum Genre { rock }\ntable Band {\n    genre: Genre\n}\n");
    let begun = written(&project, "first");
    project.write("schema.piccolo", "enum Genre { rock, folk }\ntable Band {\n    genre: Genre\n}\n");
    project.run(&["diff", "--name", "second"]).exits(0);
    let grown = written(&project, "second");
    for dialect in Dialect::ALL {
        let (up, down) = (format!("up.{dialect}.sql"), format!("down.{dialect}.sql"));
        assert!(
            begun[&up].contains("-- piccolo: lossless\n") && !begun[&down].contains("lossless"),
            "{}",
            begun[&down]
        );
        assert!(
            begun[&down].contains("-- piccolo: undoing it loses the table band with its rows\n"),
            "{}",
            begun[&down]
        );
        let risk = "-- piccolo: undoing it can fail: rows that have the value folk of genre make it fail, with nothing changed\n";
        assert!(grown[&down].contains(&format!("-- piccolo: lossless\n{risk}")), "{}", grown[&down]);
    }
    project.run(&["check"]).exits(0);
}

#[test]
fn a_condition_that_no_database_understands_is_found_before_it_is_written() {
    let project = Project::with_schema("table Band {\n    name: Text\n    check(\"nmae <> ''\")\n}\n");
    project
        .run(&["diff", "--name", "first"])
        .exits(2)
        .says("P0602")
        .says("schema.piccolo:3:11")
        .says("sqlite does not understand the check")
        .says("no such column: nmae");
    assert!(project.files().keys().all(|name| !name.contains("first")));
}

#[test]
fn what_was_not_proven_says_so_in_its_files() {
    let project = Project::with_schema(BEFORE);
    project.run(&["diff", "--name", "first", "--no-verify"]).exits(0).says("not proven on postgres");
    let files = written(&project, "first");
    for dialect in Dialect::ALL {
        for way in ["up", "down"] {
            let text = &files[&format!("{way}.{dialect}.sql")];
            assert!(text.contains(&format!("\n-- piccolo: not proven on {dialect}\n")), "{text}");
        }
    }
    assert!(!files["migration.toml"].contains("proven"));
}

#[test]
fn an_engine_that_cannot_be_reached_is_named_in_its_own_files() {
    let project = Project::with_schema(BEFORE);
    let mut command = project.command();
    command
        .args(["diff", "--name", "first"])
        .env("PICCOLO_SCRATCH_URL", "postgres://nobody@localhost:1/none?host=/nowhere");
    piccolo_tests::Outcome::of(&mut command)
        .exits(0)
        .says("proven on sqlite")
        .says("not proven on postgres")
        .says("scratch_url");
    let files = written(&project, "first");
    assert!(files["up.postgres.sql"].contains("-- piccolo: not proven on postgres\n"));
    assert!(!files["up.sqlite.sql"].contains("not proven"));
    assert!(files["migration.toml"].contains("proven = [\"sqlite\"]"), "{}", files["migration.toml"]);
}

#[test]
fn without_a_scratch_url_a_cluster_is_started_and_ends_with_the_process() {
    let project = Project::with_schema(BEFORE);
    let place = tempfile_folder();
    let mut command = project.command();
    command.args(["diff", "--name", "first"]).env_remove("PICCOLO_SCRATCH_URL").env("TMPDIR", place.path());
    piccolo_tests::Outcome::of(&mut command).exits(0).says("proven on sqlite and postgres");
    let waited = std::time::Instant::now();
    while std::fs::read_dir(place.path()).unwrap().next().is_some() {
        assert!(waited.elapsed().as_secs() < 60, "the cluster was left behind");
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
}

/// A folder that any user may write to, as the one for temporary files is.
fn tempfile_folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new().prefix("pic-").tempdir().unwrap();
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o777);
    std::fs::set_permissions(folder.path(), open).unwrap();
    folder
}

#[test]
fn a_scratch_server_keeps_what_is_in_it_and_gets_rid_of_what_killed_proofs_left() {
    let db = TestDb::new(Dialect::Postgres);
    block_on(async {
        db.execute("CREATE TABLE mine (x int); INSERT INTO mine VALUES (7)").await;
        db.execute("CREATE DATABASE piccolo_scratch_of_a_dead_process_0").await;
    });
    let project = Project::with_schema(BEFORE);
    project.write("piccolo.toml", format!("[database]\nscratch_url = {:?}\n", db.url()));
    let mut command = project.command();
    command.args(["diff", "--name", "first"]).env_remove("PICCOLO_SCRATCH_URL");
    piccolo_tests::Outcome::of(&mut command).exits(0).says("proven on sqlite and postgres");
    block_on(async {
        assert_eq!(db.text("SELECT x FROM mine").await, "7");
        assert_eq!(db.text("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").await, "1");
        let left = "SELECT count(*) FROM pg_database WHERE datname = 'piccolo_scratch_of_a_dead_process_0'";
        assert_eq!(db.text(left).await, "0");
    });
}

#[test]
fn a_proof_leaves_alone_what_proofs_over_another_database_of_the_server_have() {
    let (one, other) = (TestDb::new(Dialect::Postgres), TestDb::new(Dialect::Postgres));
    block_on(async {
        let first = Grounds::open(&[Dialect::Postgres], Some(one.url())).await;
        let scratch = first.scratch(Dialect::Postgres).await.unwrap();
        // Its proofs begin with a look for what killed ones left.
        let second = Grounds::open(&[Dialect::Postgres], Some(other.url())).await;
        let beside = second.scratch(Dialect::Postgres).await.unwrap();
        for database in [scratch, beside] {
            database.run(vec!["CREATE TABLE still_here (x int)".to_owned()]).await.unwrap();
            database.close().await;
        }
        first.close().await;
        second.close().await;
    });
}

#[test]
fn a_role_that_may_not_create_databases_is_told_what_to_grant() {
    let db = TestDb::new(Dialect::Postgres);
    block_on(db.execute("CREATE ROLE may_nothing LOGIN"));
    let project = Project::with_schema(BEFORE);
    let url = db.url().replacen("piccolo@", "may_nothing@", 1);
    let diff = |name: &str| {
        let mut command = project.command();
        command.args(["diff", "--name", name]).env("PICCOLO_SCRATCH_URL", &url);
        piccolo_tests::Outcome::of(&mut command)
    };
    diff("first")
        .exits(0)
        .says("not proven on postgres")
        .says("ALTER ROLE \"may_nothing\" CREATEDB")
        .says("throw-away");
    block_on(db.execute("ALTER ROLE may_nothing CREATEDB"));
    project.write("schema.piccolo", BEFORE.replace("length = 50)\n}", "length = 60)\n}"));
    diff("second").exits(0).says("proven on sqlite and postgres");
    block_on(db.execute("DROP ROLE may_nothing"));
}

#[test]
fn rows_are_found_that_checks_allow() {
    let checked = "table Band {\n    name: Varchar(length = 20)\n    year: Integer\n    email: Text\n    code: Text\n    \
                   check(\"year between 1990 and 1999\")\n    check(\"email like '%@%'\")\n    check(\"length(code) = 5\")\n}\n";
    let project = begun(checked);
    project.write("schema.piccolo", checked.replace("length = 20", "length = 30"));
    let outcome = project.run(&["diff", "--name", "second"]).exits(0).says("proven on sqlite and postgres");
    assert!(!outcome.stderr.contains("without rows"), "{outcome}");
}

#[test]
fn a_table_that_takes_no_rows_is_named() {
    let impossible = "table Band {\n    name: Text\n    year: Integer\n    check(\"year > 3 and year < 3\")\n}\n";
    let project = begun(impossible);
    project.write("schema.piccolo", impossible.replace("name", "title"));
    project
        .run(&["diff", "--name", "second", "--rename", "band.name=title"])
        .exits(0)
        .says("proven without rows in band");
    assert!(written(&project, "second")["up.sqlite.sql"].contains("-- piccolo: proven without rows in band"));
}

/// A migration from one schema to another, whose files a test changes.
struct Tampered {
    old: Schema,
    new: Schema,
    files: Vec<File>,
}

impl Tampered {
    fn new(old: &str, new: &str) -> Self {
        let schema = |text: &str| schema_from_str("schema.piccolo", text).unwrap().schema;
        let (old, new) = (schema(old), schema(new));
        let decisions = Decisions::default();
        let authored = author(&old, &new, &decisions, &Dialect::ALL, Options::default()).unwrap().authored.unwrap();
        let written =
            Written { id: "case", parents: &[], authored: &authored, decisions: &decisions, proven: &[], notes: &[] };
        let files = files(&written);
        Self { old, new, files }
    }

    /// Replaces a part of a file.
    fn replace(mut self, file: &str, from: &str, to: &str) -> Self {
        let found = self.files.iter_mut().find(|found| found.name == file).unwrap();
        assert!(found.text.contains(from), "{}", found.text);
        found.text = found.text.replace(from, to);
        self
    }

    fn refutation(&self, dialect: Dialect) -> Refutation {
        let decisions = Decisions::default();
        let authored =
            author(&self.old, &self.new, &decisions, &Dialect::ALL, Options::default()).unwrap().authored.unwrap();
        let proof = Proof {
            id: "case",
            old: &self.old,
            new: &self.new,
            decisions: &decisions,
            authored: &authored,
            files: &self.files,
            beside: &[],
        };
        block_on(async {
            let grounds = Grounds::open(&[dialect], Some(&scratch_url())).await;
            let result = proof.on(&grounds, dialect).await;
            grounds.close().await;
            result.unwrap_err()
        })
    }
}

#[test]
fn rows_that_a_migration_loses_elsewhere_are_found() {
    let after = BEFORE.replace("name: Varchar(length = 50)\n}", "name: Varchar(length = 60)\n}");
    for dialect in Dialect::ALL {
        // What drizzle does: the children of a rebuilt table go, and nobody says so.
        let file = format!("up.{dialect}.sql");
        let tampered = Tampered::new(BEFORE, &after).replace(
            &file,
            "-- piccolo: step",
            "-- piccolo: step\nDELETE FROM band;\n\n-- piccolo: step",
        );
        let refutation = tampered.refutation(dialect);
        let Refutation::Rows { ref table, moment: Moment::Up, ref suspects, .. } = refutation else {
            panic!("{refutation}");
        };
        assert_eq!(table, "band");
        assert!(suspects.iter().any(|line| line.contains("DELETE FROM band")), "{refutation}");
        assert!(refutation.to_string().contains("0 rows where there have to be"), "{refutation}");
    }
}

#[test]
fn rows_that_must_point_to_each_other_are_made_and_missed_where_a_migration_loses_them() {
    let ring = "table Hen {\n    name: Text\n    egg: ForeignKey(Egg, on_delete = cascade)\n}\n\n\
                table Egg {\n    hen: ForeignKey(Hen, on_delete = cascade)\n    mother: ForeignKey(Egg, on_delete = cascade)\n}\n\n\
                table Nest {\n    egg: ForeignKey(Egg, on_delete = restrict)\n    hen: ForeignKey(Hen, null, on_delete = set_null)\n}\n";
    let after = ring.replace("name: Text", "name: Text(null)");
    for dialect in Dialect::ALL {
        let file = format!("up.{dialect}.sql");
        let lost = |table: &str| {
            let all = format!("-- piccolo: step\nDELETE FROM nest;\nDELETE FROM {table};\n\n-- piccolo: step");
            Tampered::new(ring, &after).replace(&file, "-- piccolo: step", &all).refutation(dialect)
        };
        for table in ["hen", "egg", "nest"] {
            let refutation = lost(table);
            assert!(matches!(refutation, Refutation::Rows { moment: Moment::Up, .. }), "{refutation}");
            assert!(refutation.to_string().contains("0 rows where there have to be"), "{refutation}");
        }
    }
}

#[test]
fn values_that_a_migration_changes_are_found() {
    let after = BEFORE.replace("name: Varchar(length = 50)\n}", "name: Varchar(length = 60)\n}");
    let tampered = Tampered::new(BEFORE, &after).replace(
        "up.sqlite.sql",
        "SELECT \"manager\".\"id\", \"manager\".\"name\"",
        "SELECT \"manager\".\"id\", 'name'",
    );
    let refutation = tampered.refutation(Dialect::Sqlite);
    let report = refutation.to_string();
    assert!(matches!(refutation, Refutation::Rows { .. }), "{report}");
    assert!(
        report.contains("missing: ") && report.contains("instead: ") && report.contains("name = 'name'"),
        "{report}"
    );
}

#[test]
fn a_way_back_that_leaves_something_is_found() {
    let after = BEFORE.replace("    manager", "    motto: Text(null)\n    manager");
    for dialect in Dialect::ALL {
        let tampered = Tampered::new(BEFORE, &after).replace(
            &format!("down.{dialect}.sql"),
            "ALTER TABLE \"band\" DROP COLUMN \"motto\";",
            "SELECT 1;",
        );
        let refutation = tampered.refutation(dialect);
        assert!(matches!(refutation, Refutation::Shape { moment: Moment::Down, .. }), "{refutation}");
        assert!(refutation.to_string().contains("column `motto`"), "{refutation}");
    }
}

#[test]
fn a_migrated_database_that_is_not_what_a_fresh_one_is_is_found() {
    let after = BEFORE.replace("    manager", "    motto: Text(null)\n    manager");
    for dialect in Dialect::ALL {
        let tampered = Tampered::new(BEFORE, &after).replace(&format!("up.{dialect}.sql"), "\"motto\"", "\"moto\"");
        let refutation = tampered.refutation(dialect);
        assert!(matches!(refutation, Refutation::Shape { moment: Moment::Up, .. }), "{refutation}");
        assert!(refutation.to_string().contains("ADD COLUMN \"moto\""), "{refutation}");
    }
}

/// A migration by hand, the same on both engines.
fn by_hand(id: &str, parents: &[&str], up: &str, down: &str) -> Migration {
    let scripts = Some(Scripts { up: up.to_owned().into(), down: down.to_owned().into() });
    Migration {
        id: id.to_owned().into(),
        parents: parents.iter().map(|parent| (*parent).to_owned().into()).collect(),
        sqlite: scripts.clone(),
        postgres: scripts,
    }
}

#[test]
fn all_migrations_are_replayed_each_there_and_back() {
    let first = by_hand("1_first", &[], "CREATE TABLE a (x int);", "DROP TABLE a;");
    let good = by_hand("2_good", &["1_first"], "ALTER TABLE a ADD COLUMN y int;", "ALTER TABLE a DROP COLUMN y;");
    let bad = by_hand("3_bad", &["2_good"], "CREATE INDEX i ON a (y);", "SELECT 1;");
    let broken = by_hand("3_broken", &["2_good"], "CREATE INDEX i ON a (z);", "DROP INDEX i;");
    for dialect in Dialect::ALL {
        block_on(async {
            let grounds = Grounds::open(&[dialect], Some(&scratch_url())).await;
            let shape = replay(&grounds, dialect, &[good.clone(), first.clone()]).await.unwrap();
            assert_eq!(shape.tables[0].columns.len(), 2);
            let undone = replay(&grounds, dialect, &[first.clone(), good.clone(), bad.clone()]).await.unwrap_err();
            assert!(matches!(undone, Refutation::Shape { moment: Moment::Down, .. }), "{undone}");
            assert_eq!(undone.id(), Some("3_bad"));
            let failed = replay(&grounds, dialect, &[first.clone(), good.clone(), broken.clone()]).await.unwrap_err();
            assert!(failed.to_string().contains(&format!("line 1 of up.{dialect}.sql failed")), "{failed}");
            grounds.close().await;
        });
    }
}

#[test]
fn siblings_can_be_tried_in_both_orders() {
    let first = by_hand("1_first", &[], "CREATE TABLE a (x int);", "DROP TABLE a;");
    let one = by_hand("2_one", &["1_first"], "ALTER TABLE a ADD COLUMN y int;", "ALTER TABLE a DROP COLUMN y;");
    let other = by_hand("2_other", &["1_first"], "ALTER TABLE a ADD COLUMN z int;", "ALTER TABLE a DROP COLUMN z;");
    let clash = by_hand("2_clash", &["1_first"], "ALTER TABLE a RENAME TO b;", "ALTER TABLE b RENAME TO a;");
    for dialect in Dialect::ALL {
        block_on(async {
            let grounds = Grounds::open(&[dialect], Some(&scratch_url())).await;
            let there = in_order(&grounds, dialect, &[&first, &one, &other]).await.unwrap();
            let back = in_order(&grounds, dialect, &[&first, &other, &one]).await.unwrap();
            assert!(piccolo_runtime::introspect::differences(&there, &back).is_empty());
            in_order(&grounds, dialect, &[&first, &one, &clash]).await.unwrap();
            in_order(&grounds, dialect, &[&first, &clash, &one]).await.unwrap_err();
            grounds.close().await;
        });
    }
}
