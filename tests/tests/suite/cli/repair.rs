//! `repair` edits the journal and nothing else; and what a database of another mind is told.

use piccolo_tests::{Outcome, Project, TestDb, on_both};

use crate::check::support::ids;

const SCHEMA: &str = "table One {\n    a: Integer\n}\n";

/// A project with two migrations that are applied.
fn applied(db: &TestDb) -> (Project, Vec<String>) {
    let project = Project::with_schema(SCHEMA);
    project.write("piccolo.toml", format!("engines = [\"{}\"]\n", db.dialect()));
    project.run(&["diff", "--name", "one"]).exits(0);
    project.write("schema.piccolo", format!("{SCHEMA}\ntable Two {{\n    b: Integer\n}}\n"));
    project.run(&["diff", "--name", "two"]).exits(0);
    run(&project, db, &["migration", "forwards"]).exits(0);
    let ids = ids(&project);
    (project, ids)
}

fn run(project: &Project, db: &TestDb, arguments: &[&str]) -> Outcome {
    Outcome::of(project.command().env("DATABASE_URL", db.url()).args(arguments))
}

async fn journal(db: &TestDb) -> Vec<Vec<Option<String>>> {
    let mut rows = db.rows("SELECT id, checksum FROM piccolo_migration").await;
    rows.extend(db.rows("SELECT migration, sql FROM piccolo_migration_step").await);
    rows.sort();
    rows
}

#[test]
fn what_fits_together_needs_no_repair() {
    on_both(async |db| {
        let (project, _) = applied(db);
        run(&project, db, &["repair"]).exits(0).says("nothing to repair");
    });
}

/// What is half done is finished by a run, and by nothing else.
#[test]
fn a_migration_that_stopped_half_way_is_named_with_its_step_and_what_to_do() {
    on_both(async |db| {
        let (project, ids) = applied(db);
        let (by_hand, dialect) = ("migrations/2099-01-01T00-00-00_by_hand", db.dialect());
        project.write(
            &format!("{by_hand}/migration.toml"),
            format!("parents = [\"{}\"]\nengines = [\"{dialect}\"]\n", ids[1]),
        );
        let step = |sql: &str, title: &str| format!("-- piccolo: step\n-- {title}\n{sql};\n");
        let up = step("CREATE TABLE three (id integer PRIMARY KEY)", "Make it.")
            + &step("INSERT INTO three SELECT a FROM one", "Fill it.");
        let down = step("INSERT INTO three SELECT a FROM one", "Give back.") + &step("DROP TABLE three", "Drop it.");
        project.write(&format!("{by_hand}/up.{dialect}.sql"), up);
        project.write(&format!("{by_hand}/down.{dialect}.sql"), step("DELETE FROM three", "Empty it.") + &down);
        db.execute("INSERT INTO one (a) VALUES (1), (1)").await;
        let id = "2099-01-01T00-00-00_by_hand";
        let half = |state: &str, place: &str, command: &str| {
            run(&project, db, &["repair"])
                .exits(1)
                .says(&format!("migration {id} is {state}: it stands on step 2 of {place}"))
                .says("mend what stopped it, most often rows")
                .says(&format!("`piccolo-codegen migration {command}` again"));
        };
        run(&project, db, &["migration", "forwards"]).exits(1);
        half("half applied", "2 (Fill it.)", "forwards");
        run(&project, db, &["migration", "backwards", "1"]).exits(1).says("mend what stopped it, most often rows");
        db.execute("DELETE FROM one").await;
        run(&project, db, &["migration", "forwards"]).exits(0);
        db.execute("INSERT INTO one (a) VALUES (1), (1)").await;
        run(&project, db, &["migration", "backwards", "1"]).exits(1);
        half("half undone", "3 (Give back.)", &format!("backwards {id}"));
        run(&project, db, &["migration", "forwards"]).exits(1).says("mend what stopped it, most often rows");
        db.execute("DELETE FROM one").await;
        run(&project, db, &["migration", "backwards", "1"]).exits(0);
        run(&project, db, &["repair"]).exits(0).says("nothing to repair");
    });
}

#[test]
fn a_missing_migration_is_forgotten_only_after_a_yes() {
    on_both(async |db| {
        let (project, ids) = applied(db);
        std::fs::remove_dir_all(project.file(&format!("migrations/{}", ids[1]))).unwrap();
        let before = journal(db).await;
        run(&project, db, &["migration", "forwards"])
            .exits(1)
            .says("not among these")
            .says("their folders are missing");
        let outcome = run(&project, db, &["repair"]).exits(3).says(&format!("forget {}", ids[1])).says("--yes");
        assert!(outcome.stdout.contains("DELETE FROM piccolo_migration WHERE id"), "{outcome}");
        assert_eq!(journal(db).await, before);
        run(&project, db, &["repair", "--yes"]).exits(0).says("nothing else of the database was touched");
        run(&project, db, &["migration", "forwards"]).exits(0).says("up to date");
        // What it did stays.
        db.execute("INSERT INTO two (b) VALUES (1)").await;
    });
}

#[test]
fn an_edited_migration_is_taken_over_without_running_again() {
    on_both(async |db| {
        let (project, ids) = applied(db);
        let up = format!("migrations/{}/up.{}.sql", ids[1], db.dialect());
        project.write(&up, format!("{}\nCREATE INDEX by_hand ON two (b);\n", project.read(&up)));
        db.execute("CREATE INDEX by_hand ON two (b)").await;
        run(&project, db, &["migration", "status"])
            .exits(1)
            .says(&format!("migration {}: was edited after it had been applied", ids[1]))
            .says("by_hand");
        run(&project, db, &["repair", "--take-over", &ids[0], "--yes"]).exits(1).says("it is as it was");
        run(&project, db, &["repair", "--yes"]).exits(0).says(&format!("take over the text of {}", ids[1]));
        run(&project, db, &["migration", "forwards"]).exits(0).says("up to date");
        run(&project, db, &["repair"]).exits(0).says("nothing to repair");
    });
}

#[test]
fn what_was_done_or_undone_by_hand_is_recorded_so() {
    on_both(async |db| {
        let (project, ids) = applied(db);
        db.execute("DROP TABLE two").await;
        run(&project, db, &["repair", "--not-applied", &ids[1], "--yes"])
            .exits(0)
            .says("the next run applies it again");
        run(&project, db, &["migration", "forwards"]).exits(0).says(&format!("applied {}", ids[1]));
        run(&project, db, &["repair", "--applied", &ids[1], "--yes"]).exits(1).says("recorded as applied already");
        run(&project, db, &["repair", "--not-applied", &ids[1], "--yes"]).exits(0);
        run(&project, db, &["repair", "--applied", "two", "--yes"])
            .exits(0)
            .says(&format!("record {} as applied", ids[1]));
        let beginning = &ids[1][..ids[1].len() - 1];
        run(&project, db, &["repair", "--not-applied", beginning, "--yes"])
            .exits(0)
            .says(&format!("forget that {}", ids[1]));
        run(&project, db, &["repair", "--applied", beginning, "--yes"]).exits(0);
        run(&project, db, &["repair", "--take-over", "2", "--yes"]).exits(1).says("write more of the id");
        let status = run(&project, db, &["migration", "status"]).exits(0);
        assert!(status.stdout.contains("applied (faked)"), "{status}");
        run(&project, db, &["repair", "--forget", "nonsense", "--yes"]).exits(1).says("nothing to forget");
        run(&project, db, &["repair", "--applied", "nonsense", "--yes"]).exits(1).says("there is no such migration");
    });
}

#[test]
fn a_database_of_another_application_is_not_repaired_but_named() {
    on_both(async |db| {
        let (project, _) = applied(db);
        let other = Project::with_schema("table Other {\n    x: Integer\n}\n");
        other.run(&["diff", "--name", "other"]).exits(0);
        for command in [&["migration", "forwards"][..], &["migration", "backwards", "all"], &["repair", "--yes"]] {
            run(&other, db, command).exits(1).says("belongs to another application").says("check the url");
        }
        run(&project, db, &["migration", "forwards"]).exits(0);
    });
}

#[test]
fn a_database_that_is_ahead_of_the_program_is_told_so() {
    on_both(async |db| {
        let (project, ids) = applied(db);
        let older = Project::with_schema(SCHEMA);
        for (name, text) in project.files() {
            if name.contains(&ids[0]) || name == "piccolo.toml" {
                older.write(&name, text);
            }
        }
        run(&older, db, &["migration", "forwards"]).exits(1).says("ahead of this program").says(&ids[1]);
        run(&older, db, &["migration", "status"]).exits(1).says(&ids[1]);
    });
}

#[test]
fn a_journal_that_was_changed_by_hand_is_read_with_care() {
    on_both(async |db| {
        let (project, ids) = applied(db);
        db.execute("UPDATE piccolo_migration_step SET direction = 'sideways'").await;
        run(&project, db, &["migration", "status"]).exits(1).says("unknown direction").says("changed by hand");
        db.execute("DELETE FROM piccolo_migration_step").await;
        db.execute(&format!("UPDATE piccolo_migration SET checksum = 'x' WHERE id = '{}'", ids[0])).await;
        run(&project, db, &["migration", "forwards"]).exits(1).says("was edited after it had been applied");
        run(&project, db, &["repair", "--yes"]).exits(0);
        run(&project, db, &["migration", "forwards"]).exits(0);
    });
}
