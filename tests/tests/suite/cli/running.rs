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

/// A year was once taken for a number of migrations: every one was undone, with all rows.
#[test]
fn a_year_is_no_number_of_migrations() {
    on_both(async |db| {
        let project = project();
        let ids = ids(&project);
        let year = &ids[0][..4];
        run(&project, db, &["forwards", "2020"]).exits(1).says("only 2 migrations are pending, not 2020: ");
        run(&project, db, &["forwards"]).exits(0);
        let ambiguous = format!("{year} could be {} or {}; write more of the id", ids[0], ids[1]);
        run(&project, db, &["backwards", year]).exits(1).says(&ambiguous);
        run(&project, db, &["backwards", "2020"]).exits(1).says("only 2 migrations are applied, not 2020: ");
        let status = run(&project, db, &["status"]).exits(0);
        assert_eq!(status.stdout.matches("applied").count(), 2, "{status}");
        for direction in ["forwards", "backwards"] {
            run(&project, db, &[direction, "0"]).exits(1).says("the number of migrations begins at 1");
        }
        run(&project, db, &["backwards", "2"]).exits(0).says("undone 2 migrations");
        run(&project, db, &["forwards", year]).exits(1).says(&ambiguous);
        run(&project, db, &["forwards", "1"]).exits(0).says(&format!("applied {}", ids[0]));
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
        run(&project, db, &["forwards", "--fake", "--yes"]).exits(0).says("recorded 2 migrations");
        let status = run(&project, db, &["status"]).exits(0);
        assert_eq!(status.stdout.matches("applied (faked)").count(), 2);
    });
}

#[test]
fn a_database_that_has_the_tables_already_is_told_the_ways_out() {
    on_both(async |db| {
        let project = project();
        run(&project, db, &["forwards"]).exits(0);
        db.execute("DROP TABLE piccolo_migration; DROP TABLE piccolo_migration_step").await;
        let fake = format!("`piccolo-codegen migration forwards {} --fake`", ids(&project)[0]);
        run(&project, db, &["forwards"]).exits(1).says("already exists").says(&fake).says("`piccolo-codegen adopt`");
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

/// Runs `migration` on a terminal and types `input`.
fn on_a_terminal(project: &Project, db: &TestDb, arguments: &str, input: &str) -> String {
    super::terminal::on_a_terminal(project, Some(db.url()), &format!("migration {arguments}"), input)
}

/// E07
#[test]
fn a_fake_asks_on_a_terminal() {
    on_both(async |db| {
        let project = project();
        let screen = on_a_terminal(&project, db, "forwards --fake", "n\n");
        assert!(
            screen.contains("Record as applied, without running:") && screen.contains("nothing was recorded"),
            "{screen}"
        );
        assert_eq!(run(&project, db, &["status"]).stdout.matches("pending").count(), 2);
        let screen = on_a_terminal(&project, db, "forwards 1 --fake", "y\n");
        assert!(screen.contains(&format!("recorded {}", ids(&project)[0])), "{screen}");
        assert_eq!(run(&project, db, &["status"]).stdout.matches("applied (faked)").count(), 1);
    });
}

#[test]
fn backwards_asks_on_a_terminal() {
    on_both(async |db| {
        let project = project();
        run(&project, db, &["forwards"]).exits(0);
        db.execute("INSERT INTO one (a) VALUES (1)").await;
        let ids = ids(&project);
        let screen = on_a_terminal(&project, db, "backwards all", "n\n");
        let asked = screen.find("Undo, with the rows").and_then(|at| screen.get(at..)).unwrap_or_default();
        assert!(ids.iter().all(|id| asked.contains(id.as_str())) && asked.contains("nothing was undone"), "{screen}");
        assert_eq!(db.text("SELECT count(*) FROM one").await, "1");
        let screen = on_a_terminal(&project, db, &format!("backwards {}", ids[1]), "y\n");
        assert!(screen.contains(&format!("undone {}", ids[1])), "{screen}");
        let screen = on_a_terminal(&project, db, "backwards all --yes", "");
        assert!(screen.contains(&format!("undone {}", ids[0])) && !screen.contains("[y/N]"), "{screen}");
        let screen = on_a_terminal(&project, db, "backwards all", "");
        assert!(screen.contains("nothing to undo") && !screen.contains("[y/N]"), "{screen}");
    });
}

#[test]
fn a_step_in_batches_draws_a_bar_on_a_terminal_and_takes_it_away() {
    on_both(async |db| {
        let project = Project::with_schema("table One {\n    a: Integer\n}\n");
        project.run(&["migration", "new", "--name", "fill"]).exits(0);
        let id = &ids(&project)[0];
        for engine in ["sqlite", "postgres"] {
            let up =
                "-- piccolo: step batches of 10 over t (id)\nUPDATE t SET n = 1 WHERE id BETWEEN :first AND :last;\n";
            project.write(&format!("migrations/{id}/up.{engine}.sql"), up);
        }
        let rows: Vec<String> = (1..=40).map(|row| format!("({row}, 0)")).collect();
        db.execute(&format!(
            "CREATE TABLE t (id integer PRIMARY KEY, n integer); INSERT INTO t VALUES {}",
            rows.join(", ")
        ))
        .await;
        if db.dialect() == piccolo_runtime::sql::Dialect::Postgres {
            db.execute("ANALYZE t").await;
        }
        let screen = on_a_terminal(&project, db, "forwards", "");
        let half = format!("[##########          ]  50%  {id}, step 1: 20 of about 40 rows");
        assert!(screen.contains(&half), "{screen:?}");
        // The line is cleared before the report comes.
        let (_, last) = screen.rsplit_once("\u{1b}[K").unwrap();
        assert!(!last.contains("100%") && last.contains(&format!("applied {id}")), "{screen:?}");
        // Where there is no terminal, a curious reader gets lines.
        run(&project, db, &["backwards", "all"]).exits(0);
        let outcome = run(&project, db, &["forwards", "-v"]).exits(0);
        assert!(outcome.stderr.contains("step 1: 20 of about 40 rows") && !outcome.stderr.contains('#'), "{outcome}");
    });
}

#[test]
fn an_online_plan_is_asked_for_in_the_configuration_or_by_a_flag_and_is_recorded() {
    let old = "table Band {\n    name: Text\n}\n";
    let new = "table Band {\n    name: Text(index)\n    short: Text\n}\n";
    let plan = |configuration: &str, flags: &[&str]| {
        let project = Project::with_schema(old);
        project.write("piccolo.toml", configuration);
        project.run(&["diff", "--name", "one"]).exits(0);
        project.write("schema.piccolo", new);
        let arguments = [&["diff", "--name", "two", "--backfill", "band.short=substr(name, 1, 3)"], flags].concat();
        project.run(&arguments).exits(0);
        let id = ids(&project).pop().unwrap();
        let read = |name: &str| project.read(&format!("migrations/{id}/{name}"));
        (read("migration.toml"), read("up.postgres.sql"), read("up.sqlite.sql"))
    };
    let (manifest, postgres, sqlite) = plan("", &[]);
    assert!(!manifest.contains("online") && !postgres.contains("CONCURRENTLY"), "{postgres}");
    for (configuration, flags) in
        [("online = true\n", &[] as &[&str]), ("", &["--online"]), ("online = false\n", &["--online"])]
    {
        let (manifest, postgres, sqlite_now) = plan(configuration, flags);
        assert!(manifest.contains("\nonline = true\n"), "{manifest}");
        for part in [
            "-- piccolo: step batches of 1000 over \"band\" (\"id\")\n",
            "-- piccolo: step no-transaction\n-- Create index band_name_idx.\n",
            "CREATE INDEX CONCURRENTLY",
            "NOT VALID;",
            "VALIDATE CONSTRAINT",
        ] {
            assert!(postgres.contains(part), "{part} is not in\n{postgres}");
        }
        // SQLite has one writer, and nothing to win.
        let body = |text: &str| text.split_once('\n').map(|(_, body)| body.to_owned());
        assert_eq!(body(&sqlite_now), body(&sqlite));
    }
    let (manifest, postgres, _) = plan("online = true\n", &["--online=false"]);
    assert!(!manifest.contains("online") && !postgres.contains("CONCURRENTLY"), "{postgres}");
}

#[test]
fn status_tells_what_was_changed_by_hand_when_it_is_asked_to() {
    on_both(async |db| {
        let project = project();
        run(&project, db, &["status", "--drift"]).exits(0).says("is not known: no run has recorded what it left");
        run(&project, db, &["forwards"]).exits(0);
        run(&project, db, &["status", "--drift"]).exits(0).says("nothing was changed by hand");
        db.execute("ALTER TABLE two ADD COLUMN by_hand integer").await;
        run(&project, db, &["status"]).exits(0);
        let outcome = run(&project, db, &["status", "--drift"]).exits(1).says("by_hand");
        assert_eq!(outcome.stdout.matches("applied").count(), 2);
        let outcome = run(&project, db, &["status", "--drift", "--format", "json"]).exits(1);
        assert!(outcome.stdout.contains("\"drift\":[") && outcome.stdout.contains("by_hand"), "{outcome}");
    });
}
