//! `diff` and `migration new`: what is written, and what is asked.

use std::collections::BTreeMap;

use piccolo_tests::Project;

use super::terminal::on_a_terminal;

/// A band and who manages it.
const BEFORE: &str = "\
table Band {
    name: Varchar(length = 50)
    manager: ForeignKey(Manager, null)
}

table Manager {
    name: Varchar(length = 50)
    born: Date(null)
}
";

/// The files of the only migration whose id ends so, without the id in them.
fn migration(project: &Project, slug: &str) -> BTreeMap<String, String> {
    let files = project.files();
    let mut found = BTreeMap::new();
    for (name, bytes) in files {
        let Some(rest) = name.strip_prefix("migrations/") else { continue };
        let Some((id, file)) = rest.split_once('/').filter(|(id, _)| id.ends_with(&format!("_{slug}"))) else {
            continue;
        };
        let text = String::from_utf8(bytes).expect("UTF-8").replace(id, "<id>");
        found.insert(file.to_owned(), text);
    }
    assert!(!found.is_empty(), "no migration {slug}: {:?}", project.files().keys());
    found
}

/// A project whose first migration is written.
fn begun(schema: &str) -> Project {
    let project = Project::with_schema(schema);
    project.run(&["diff", "--name", "first"]).exits(0);
    project
}

/// E01
#[test]
fn an_unchanged_schema_writes_nothing() {
    let project = begun(BEFORE);
    let files = project.files();
    let outcome = project.run(&["diff"]).exits(0).says("no changes");
    assert_eq!(outcome.stdout, "");
    project.run(&["diff", "--check"]).exits(0).says("no changes");
    assert_eq!(project.files(), files);
}

#[test]
fn another_order_of_columns_is_reported_as_no_change_to_storage() {
    let project = begun(BEFORE);
    let files = project.files();
    let (name, manager) = ("    name: Varchar(length = 50)\n", "    manager: ForeignKey(Manager, null)\n");
    let schema = BEFORE.replacen(&format!("{name}{manager}"), &format!("{manager}{name}"), 1);
    project.write("schema.piccolo", &schema);
    let said = "the columns of band stand in another order: that is no change to storage";
    project.run(&["diff"]).exits(0).says(said).says("no changes");
    project.run(&["diff", "--check"]).exits(0).says(said);
    let json = project.run(&["diff", "--format", "json"]).exits(0);
    assert!(json.stdout.contains("\"reordered\":[\"band\"]"), "{json}");
    project.run(&["check"]).exits(0);
    project.write("schema.piccolo", BEFORE);
    assert_eq!(project.files(), files);
}

#[test]
fn a_first_migration_has_a_folder_a_manifest_scripts_and_a_snapshot() {
    let project = begun(BEFORE);
    let files = migration(&project, "first");
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, ["down.postgres.sql", "down.sqlite.sql", "migration.toml", "up.postgres.sql", "up.sqlite.sql"]);
    assert!(project.read("migrations/schema.piccolo").starts_with("// piccolo snapshot 1: "));
    let outcome = project.run(&["diff", "--format", "json"]).exits(0);
    assert_eq!(outcome.stdout, "{\"changes\":[],\"reordered\":[]}\n");
}

#[test]
fn a_check_says_what_is_due_and_a_dry_run_shows_it() {
    let project = begun(BEFORE);
    project.write("schema.piccolo", BEFORE.replace("(length = 50)\n    manager", "(length = 60)\n    manager"));
    let files = project.files();
    let outcome = project.run(&["diff", "--check"]).exits(1).says("a migration is due");
    assert!(outcome.stdout.contains("band.name"), "{outcome}");
    let outcome = project.run(&["diff", "--dry-run"]).exits(0);
    assert!(outcome.stdout.contains("up.postgres.sql <==") && outcome.stdout.contains("ALTER TABLE"), "{outcome}");
    assert_eq!(project.files(), files);
}

/// E14
#[test]
fn a_rename_and_a_drop_elsewhere_are_one_migration() {
    let project = begun(BEFORE);
    let after = BEFORE.replacen("name: Varchar", "title: Varchar", 1).replace("    name: Varchar(length = 50)\n", "");
    project.write("schema.piccolo", after);
    project
        .run(&["diff", "--name", "second", "--rename", "band.name=title", "--allow", "drop-column:manager.name"])
        .exits(0)
        .says("rename column band.name to title")
        .says("drop column manager.name");
    let files = migration(&project, "second");
    assert!(files["up.postgres.sql"].contains("RENAME COLUMN \"name\" TO \"title\""));
    assert!(files["up.postgres.sql"].contains("DROP COLUMN \"name\""));
    assert!(files["migration.toml"].contains("drop-column:manager.name"));
}

/// E15
#[test]
fn unlike_tables_are_never_taken_for_a_rename() {
    let project = begun("table Alpha {\n    x: Integer\n    y: Integer\n}\n");
    project.write("schema.piccolo", "table Omega {\n    p: Text\n    q: Date\n}\n");
    let outcome = project.run(&["diff"]).exits(3).says("--allow drop-table:alpha");
    assert_eq!(outcome.stdout, "");
    project.run(&["diff", "--name", "second", "--allow", "drop-table:alpha"]).exits(0);
    let up = &migration(&project, "second")["up.sqlite.sql"];
    assert!(up.contains("CREATE TABLE \"omega\"") && up.contains("DROP TABLE \"alpha\"") && !up.contains("RENAME"));
}

/// E23
#[test]
fn a_column_without_a_value_for_existing_rows_needs_a_decision() {
    let project = begun(BEFORE);
    let files = project.files();
    project.write("schema.piccolo", BEFORE.replace("    manager", "    members: Integer\n    manager"));
    project
        .run(&["diff"])
        .exits(3)
        .says("give `members` a default")
        .says("let `members` be `null`")
        .says("--backfill band.members=<expression>");
    let outcome = project.run(&["diff", "--format", "json"]).exits(3);
    assert!(outcome.stdout.contains("\"subject\":\"not-null:band.members\""), "{outcome}");
    assert_eq!(project.files().keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
    project.run(&["diff", "--name", "second", "--backfill", "band.members=4"]).exits(0);
    assert!(migration(&project, "second")["migration.toml"].contains("\"band.members\" = \"4\""));
}

#[test]
fn a_decision_that_fits_nothing_is_wrong_use() {
    let project = begun(BEFORE);
    project.write("schema.piccolo", BEFORE.replace("length = 50", "length = 60"));
    project.run(&["diff", "--allow", "drop-table:venue"]).exits(2).says("fits no change");
    project.run(&["diff", "--rename", "nonsense"]).exits(2);
    project.run(&["diff", "--allow", "drop-table:venue"]).exits(2).says("nothing else is to be decided");
    project.run(&["diff", "--name", "…"]).exits(2).says("needs a letter or a digit");
    // What would fit is told.
    project.write(
        "schema.piccolo",
        BEFORE.replace("name: Varchar(length = 50)\n    manager", "title: Varchar(length = 50)\n    manager"),
    );
    let outcome = project.run(&["diff", "--rename", "band.name=titel"]).exits(2);
    outcome.says("answered by\n  --rename band.name=title\n  --allow drop-column:band.name");
}

/// E24
#[test]
fn the_same_input_gives_the_same_bytes() {
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        seen.insert(migration(&begun(BEFORE), "first"));
    }
    assert_eq!(seen.len(), 1);
}

#[test]
fn a_migration_by_hand_builds_on_the_newest_and_runs() {
    let project = begun(BEFORE);
    let outcome = project.run(&["migration", "new", "--name", "By hand"]).exits(0);
    assert!(outcome.stdout.trim_end().ends_with("_by_hand"), "{outcome}");
    let files = migration(&project, "by_hand");
    assert!(files["migration.toml"].contains("_first\""), "{files:?}");
    // SQLite's manual makes a table anew in a way that loses rows here, and the file says which words do it.
    assert!(
        files["up.sqlite.sql"].contains("`foreign-keys=suspended`; `PRAGMA foreign_keys` does nothing"),
        "{files:?}"
    );
    project.run(&["diff"]).exits(0).says("no changes");
    let url = format!("sqlite://{}", project.file("test.sqlite").display());
    project.run(&["migration", "forwards", "--url", &url]).exits(0).says("applied 2 migrations");
}

#[test]
fn a_migration_can_create_some_tables_alone() {
    let project = Project::with_schema(BEFORE);
    project.run(&["migration", "new", "--name", "x", "-c", "Band"]).exits(2).says("-c manager");
    project.run(&["migration", "new", "--name", "x", "-c", "Bnad"]).exits(2).says("did you mean `Band`?");
    project.run(&["migration", "new", "--name", "managers", "-c", "Manager"]).exits(0);
    let up = &migration(&project, "managers")["up.sqlite.sql"];
    assert!(up.contains("\"manager\"") && !up.contains("\"band\""));
    project.run(&["diff", "--name", "rest"]).exits(0).says("add table band");
}

#[test]
fn migrations_without_their_snapshot_are_not_planned_from_nothing() {
    let project = begun(BEFORE);
    std::fs::remove_file(project.file("migrations/schema.piccolo")).unwrap();
    project.run(&["diff"]).exits(2).says("no snapshot").says("bring it back");
    project.write("migrations/schema.piccolo", "// piccolo snapshot 9: from the future\n");
    project.run(&["diff"]).exits(2).says("format 9");
    project.write("migrations/schema.piccolo", BEFORE);
    project.run(&["diff"]).exits(2).says("does not begin with the line");
}

#[test]
fn checks_that_no_database_understands_are_underlined_in_the_schema() {
    let schema = "mixin Counted {\n    n: Integer\n    check(\"k >= 0\")\n}\n\ntable Place: Counted {\n    name: Text\n    \
                  check(\"n >= 0\")\n    check(sqlite = \"m >= 0\", postgres = \"m >= 1\")\n}\n";
    for (engine, words, at) in
        [("sqlite", "no such column: ", "schema.piccolo:9:20"), ("postgres", "does not exist", "schema.piccolo:9:41")]
    {
        let project = Project::with_schema(schema);
        project.write("piccolo.toml", format!("engines = [\"{engine}\"]\n"));
        // In the table itself, and in what it takes in; what is right is not named.
        let outcome = project.run(&["diff", "--name", "first"]).exits(2).says("P0602").says(words);
        outcome.says(at).says("schema.piccolo:3:11").says("^^^^^^^^");
        let json = project.run(&["--format", "json", "diff", "--name", "first"]).exits(2);
        let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
        assert_eq!(report["diagnostics"].as_array().unwrap().len(), 2, "{report}");
        assert_eq!(report["diagnostics"][1]["place"]["line"], 9, "{report}");
    }
}

#[test]
fn what_is_open_is_asked_on_a_terminal_and_nothing_is_taken_for_an_answer() {
    let project = begun(BEFORE);
    let files = project.files();
    let schema = BEFORE.replacen("name: Varchar(length = 50)", "title: Varchar(length = 50)\n    members: Integer", 1);
    let schema = schema.replace("name: Varchar(length = 50)\n    born", "name: Varchar(length = 50, unique)\n    born");
    project.write("schema.piccolo", &schema);
    // Neither a lone return nor what is no answer drops anything.
    for nothing in ["\n", "x\n", "9\n"] {
        let screen = on_a_terminal(&project, None, "diff --name second", nothing);
        assert!(screen.contains("1. it stays, and is called `title` now   (--rename band.name=title)"), "{screen}");
        assert!(screen.contains("Which? (nothing: stop here)") && screen.contains("a decision is needed"), "{screen}");
        assert_eq!(project.files().keys().collect::<Vec<_>>(), files.keys().collect::<Vec<_>>());
    }
    // The rename comes first, because it decides what else is asked; what a flag leaves open is asked for.
    let screen = on_a_terminal(&project, None, "diff --name second", "1\n3\n4 + length('it''s')\n1\n");
    assert!(screen.contains("--allow unique:manager.") && screen.contains("expression:"), "{screen}");
    let manifest = &migration(&project, "second")["migration.toml"];
    for decided in ["\"band.name=title\"", "allow = [\"unique:manager.", "\"band.members\" = \"4 + length('it''s')\""] {
        assert!(manifest.contains(decided), "{decided} is not in\n{manifest}\n{screen}");
    }
}
