//! `migration forwards`, `backwards` and `status`, as processes.

use piccolo_tests::{Outcome, Project, TestDb, on_both};

/// A project with two migrations, for this database.
fn project() -> Project {
    let project = Project::with_schema("table One {\n    a: Integer\n}\n");
    project.run(&["diff", "--name", "one"]).exits(0);
    project.write("schema.piccolo", "table One {\n    a: Integer\n}\n\ntable Two {\n    one: ForeignKey(One)\n}\n");
    project.run(&["diff", "--name", "two"]).exits(0);
    project
}

fn run(project: &Project, db: &TestDb, arguments: &[&str]) -> Outcome {
    Outcome::of(project.command().env("DATABASE_URL", db.url()).arg("migration").args(arguments))
}

/// The ids of a project's migrations, in order.
fn ids(project: &Project) -> Vec<String> {
    let folders = std::fs::read_dir(project.file("migrations")).expect("migrations").flatten();
    let names = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name());
    let mut ids: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    ids.sort();
    ids
}

/// E02, E03, E05, E06
#[test]
fn migrations_run_forwards_and_backwards() {
    on_both(async |db| {
        let project = project();
        let ids = ids(&project);
        run(&project, db, &["backwards", "all"]).exits(0).says("nothing to undo");
        let status = run(&project, db, &["status"]).exits(0);
        assert_eq!(status.stdout, format!("{}  pending\n{}  pending\n", ids[0], ids[1]));
        run(&project, db, &["forwards", "1"]).exits(0).says(&format!("applied {}", ids[0]));
        run(&project, db, &["forwards", &ids[0]]).exits(0).says("nothing to apply");
        run(&project, db, &["forwards"]).exits(0).says(&format!("applied {}", ids[1]));
        run(&project, db, &["forwards", "all"]).exits(0).says("up to date");
        let status = run(&project, db, &["status", "--format", "json"]).exits(0);
        assert!(status.stdout.contains("\"state\":\"applied\""), "{status}");
        run(&project, db, &["backwards", &ids[1][..21]]).exits(0).says(&format!("undone {}", ids[1]));
        // The manual calls the command `migrations` here and there.
        let alias =
            Outcome::of(project.command().env("DATABASE_URL", db.url()).args(["migrations", "backwards", "all"]));
        alias.exits(0).says(&format!("undone {}", ids[0]));
    });
}

/// E04
#[test]
fn an_unknown_id_is_said_on_stderr() {
    on_both(async |db| {
        let project = project();
        for direction in ["forwards", "backwards"] {
            let outcome = run(&project, db, &[direction, "2030-01-01T00-00-00_x"]).exits(1);
            let outcome = outcome.says("error: no migration has the id 2030-01-01T00-00-00_x");
            assert_eq!(outcome.stdout, "");
        }
    });
}

/// E07
#[test]
fn a_fake_needs_a_yes() {
    on_both(async |db| {
        let project = project();
        run(&project, db, &["forwards", "--fake"]).exits(3).says("--yes");
        let status = run(&project, db, &["status"]).exits(0);
        assert_eq!(status.stdout.matches("pending").count(), 2);
        run(&project, db, &["forwards", "--fake", "--yes"]).exits(0).says("applied 2 migrations");
        let status = run(&project, db, &["status"]).exits(0);
        assert_eq!(status.stdout.matches("applied (faked)").count(), 2);
    });
}

/// E08
#[test]
fn a_preview_is_data() {
    on_both(async |db| {
        let project = project();
        let outcome = run(&project, db, &["forwards", "--preview"]).exits(0);
        assert!(outcome.stdout.contains("CREATE TABLE \"one\"") && outcome.stderr.is_empty(), "{outcome}");
        db.execute(&outcome.stdout).await;
        run(&project, db, &["forwards"]).exits(0).says("nothing to apply");
        let outcome = run(&project, db, &["backwards", "all", "--preview"]).exits(0);
        assert!(outcome.stdout.contains("DROP TABLE \"two\""), "{outcome}");
    });
}

/// E10
#[test]
fn a_chain_of_keys_in_any_order_becomes_one_migration() {
    on_both(async |db| {
        let schema = "table C { b: ForeignKey(B) }\ntable E { d: ForeignKey(D) }\ntable A { x: Integer }\n\
                      table D { c: ForeignKey(C) }\ntable B { a: ForeignKey(A) }\n";
        let project = Project::with_schema(schema);
        project.run(&["diff", "--name", "chain"]).exits(0);
        run(&project, db, &["forwards"]).exits(0);
        run(&project, db, &["backwards", "all"]).exits(0);
    });
}

/// E25
#[test]
fn four_processes_at_once_apply_each_migration_once() {
    on_both(async |db| {
        let project = project();
        let children: Vec<_> = (0..4)
            .map(|_| {
                project
                    .command()
                    .env("DATABASE_URL", db.url())
                    .args(["migration", "forwards"])
                    .spawn()
                    .expect("a process")
            })
            .collect();
        for mut child in children {
            assert!(child.wait().expect("an end").success());
        }
        assert_eq!(db.text("SELECT count(*) FROM piccolo_migration").await, "2");
    });
}

#[test]
fn a_wrong_database_is_a_failure_and_no_password_is_shown() {
    let project = project();
    project.run(&["migration", "status"]).exits(2).says("DATABASE_URL");
    let url = "postgres://bob:very-secret@127.0.0.1:1/nowhere";
    for arguments in [&["migration", "status", "-v", "--url", url][..], &["migration", "forwards", "-v", "--url", url]]
    {
        let outcome = project.run(arguments).exits(1).says("postgres://bob:***@127.0.0.1:1/nowhere");
        assert!(!outcome.stderr.contains("very-secret") && !outcome.stdout.contains("very-secret"), "{outcome}");
    }
}

#[test]
fn a_folder_that_is_not_whole_is_broken_input() {
    let project = project();
    let id = &ids(&project)[0];
    let url = format!("sqlite://{}", project.file("test.sqlite").display());
    let status = || project.run(&["migration", "status", "--url", &url]);
    let manifest = format!("migrations/{id}/migration.toml");
    let text = project.read(&manifest);
    project.write(&manifest, text.replace("\"postgres\",", ""));
    status().exits(2).says("which `engines` does not name");
    project.write(&manifest, "parents = [");
    status().exits(2).says("migration.toml");
    std::fs::remove_file(project.file(&manifest)).unwrap();
    status().exits(2).says("there are scripts but no migration.toml");
    project.write(&manifest, text);
    std::fs::remove_file(project.file(&format!("migrations/{id}/down.sqlite.sql"))).unwrap();
    status().exits(2).says("no down.sqlite.sql");
}

/// E22
#[test]
fn a_default_with_a_quote_is_migrated_as_it_is() {
    on_both(async |db| {
        let project = Project::with_schema("table Note {\n    n: Integer\n    words: Text(default = \"it's\")\n}\n");
        project.run(&["diff", "--name", "notes"]).exits(0);
        run(&project, db, &["forwards"]).exits(0);
        db.execute("INSERT INTO note (n) VALUES (1)").await;
        assert_eq!(db.text("SELECT words FROM note").await, "it's");
        // A column that is added to rows that exist gets its default there as well.
        let more = "table Note {\n    n: Integer\n    words: Text(default = \"it's\")\n    more: Text(default = \"that's\")\n}\n";
        project.write("schema.piccolo", more);
        project.run(&["diff", "--name", "more"]).exits(0);
        run(&project, db, &["forwards"]).exits(0);
        assert_eq!(db.text("SELECT more FROM note").await, "that's");
    });
}
