//! The folder of migrations: a file that is missing, edited, duplicated, half-written or foreign, and a `migration.toml` that lies.

use super::support::{Findings, SCHEMA, begun, ids, replace};
use piccolo_tests::Project;

/// A project with two migrations, and their ids.
fn two() -> (Project, String, String) {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", SCHEMA.replace("length = 50", "length = 60"));
    project.run(&["diff", "--name", "second"]).exits(0);
    let ids = ids(&project);
    (project, ids[0].clone(), ids[1].clone())
}

fn remove(project: &Project, name: &str) {
    std::fs::remove_file(project.file(name)).unwrap();
}

#[test]
fn a_whole_folder_passes() {
    let (project, ..) = two();
    let findings = Findings::of(&project, &[]).pass();
    assert_eq!(findings.proven, ["sqlite"]);
    let outcome = project.run(&["check"]).exits(0);
    outcome.says("check passed").says("replayed on sqlite");
}

#[test]
fn a_missing_file_is_named_and_so_is_the_folder() {
    let (project, _, second) = two();
    for (file, words) in [
        ("migration.toml", "there are scripts but no migration.toml"),
        ("down.sqlite.sql", "there is up.sqlite.sql but no down.sqlite.sql"),
        ("up.sqlite.sql", "there is down.sqlite.sql but no up.sqlite.sql"),
    ] {
        let name = format!("migrations/{second}/{file}");
        let text = project.read(&name);
        remove(&project, &name);
        let (place, message) = Findings::of(&project, &[]).one("M0101");
        assert!(place.contains(&second) && message.contains(words), "{place}: {message}");
        // What runs or embeds migrations refuses the folder with the same words.
        project.run(&["diff"]).exits(2).says(words);
        project.run(&["generate", "--out", "tables"]).exits(2).says(words);
        project.write(&name, text);
    }
    for file in ["up.sqlite.sql", "down.sqlite.sql"] {
        remove(&project, &format!("migrations/{second}/{file}"));
    }
    let (place, message) = Findings::of(&project, &[]).one("M0101");
    assert!(place.ends_with("migration.toml:2"), "{place}");
    assert!(message.contains("`engines` names sqlite, but there is no up.sqlite.sql"), "{message}");
}

#[test]
fn a_missing_parent_is_named_with_what_may_be_meant() {
    let (project, first, second) = two();
    std::fs::remove_dir_all(project.file(&format!("migrations/{first}"))).unwrap();
    let findings = Findings::of(&project, &[]);
    let (place, message) = findings.one("M0109");
    assert_eq!(place, format!("migrations/{second}/migration.toml:1"));
    assert!(message.contains(&format!("comes after {first}, which is missing")), "{message}");
    assert_eq!(findings.status, 1);
    let url = format!("sqlite://{}", project.file("test.sqlite").display());
    project.run(&["migration", "forwards", "--url", &url]).exits(1).says("which is missing; bring its folder back");
}

#[test]
fn a_half_written_file_is_found_at_its_line() {
    let (project, first, _) = two();
    let name = format!("migrations/{first}/up.sqlite.sql");
    let text = project.read(&name);
    // Wherever the disk was full, the statement that was cut off is noticed: every statement ends with a semicolon.
    let end = text.trim_end().len() - 1;
    project.write(&name, &text[..end]);
    let (place, message) = Findings::of(&project, &[]).one("M0104");
    assert!(place.starts_with(&format!("{name}:")), "{place}");
    assert!(message.contains("`;`"), "{message}");
    project.write(&name, "\n");
    let (place, message) = Findings::of(&project, &[]).one("M0104");
    assert!(place.ends_with(":1") && message.contains("says so in a comment"), "{place}: {message}");
    project.write(&name, "-- piccolo: step sideways\nSELECT 1;\n");
    let (place, message) = Findings::of(&project, &[]).one("M0104");
    assert!(place.ends_with(":1") && message.contains("unknown word `sideways`"), "{place}: {message}");
}

#[test]
fn what_an_interrupted_run_left_is_no_migration() {
    let (project, ..) = two();
    project.write("migrations/.2026-11-22T10-44-37_x.123.tmp/up.sqlite.sql", "CREATE TABLE half");
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.status, findings.at("warning")), (0, vec!["M0106"]));
}

#[test]
fn a_migration_toml_that_cannot_be_read_is_found_at_its_line() {
    let (project, first, _) = two();
    let name = format!("migrations/{first}/migration.toml");
    let text = project.read(&name);
    project.write(&name, format!("{text}parent = \"x\"\n"));
    let (place, message) = Findings::of(&project, &[]).one("M0102");
    assert_eq!(place, format!("{name}:{}", text.lines().count() + 1));
    assert!(message.contains("unknown field `parent`"), "{message}");
    project.write(&name, "engines = [");
    Findings::of(&project, &[]).one("M0102");
}

#[test]
fn a_migration_toml_that_lies_is_found() {
    let (project, first, second) = two();
    let name = format!("migrations/{second}/migration.toml");
    let text = project.read(&name);
    for (lie, code, words) in [
        (
            text.replace("\"sqlite\"", "\"postgres\""),
            "M0101",
            "`engines` names postgres, but there is no up.postgres.sql",
        ),
        (text.replace(&format!("\"{first}\""), &format!("\"{first}\", \"{first}\"")), "M0103", "stands twice"),
        (text.replace(&format!("\"{first}\""), &format!("\"{second}\"")), "M0110", "each other's parents"),
        (format!("{text}\n[decisions]\nrenames = [\"nonsense\"]\n"), "M0103", "a decision cannot be read"),
    ] {
        assert_ne!(lie, text, "{code}");
        project.write(&name, lie);
        let findings = Findings::of(&project, &[]);
        let (place, message) = findings.one(code);
        assert!(place.starts_with(&name) && message.contains(words), "{place}: {message}");
        assert_eq!(findings.status, 1);
    }
    // The truth about the engines, from the other side: scripts that nobody runs.
    project.write(&name, text.replace("\"sqlite\"", ""));
    let (_, message) = Findings::of(&project, &[]).one("M0103");
    assert!(message.contains("scripts for sqlite, which `engines` does not name"), "{message}");
}

#[test]
fn a_copied_folder_is_found() {
    let (project, _, second) = two();
    for file in ["migration.toml", "up.sqlite.sql", "down.sqlite.sql"] {
        let text = project.read(&format!("migrations/{second}/{file}"));
        project.write(&format!("migrations/2030-01-01T00-00-00_copy/{file}"), text);
    }
    let (place, message) = Findings::of(&project, &[]).one("M0111");
    assert_eq!(place, "migrations/2030-01-01T00-00-00_copy/migration.toml:1");
    assert!(message.contains(&format!("is {second} once more")), "{message}");
}

#[test]
fn foreign_files_and_folders_are_pointed_out() {
    let (project, first, _) = two();
    project.write(&format!("migrations/{first}/up.sqlit.sql"), "SELECT 1;");
    project.write("migrations/V1__init.sql", "CREATE TABLE x (id integer);");
    project.write("migrations/notes/read.me", "hello");
    project.write("migrations/README.md", "hello");
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.status, findings.at("warning")), (0, vec!["M0105", "M0105", "M0105"]));
    project.run(&["check"]).exits(0);
    let outcome = project.run(&["check"]);
    assert!(outcome.stdout.contains("is it meant to be up.sqlite.sql?"), "{outcome}");
}

#[test]
fn ids_that_mislead_are_pointed_out() {
    let (project, _, second) = two();
    std::fs::rename(project.file(&format!("migrations/{second}")), project.file("migrations/1999-01-01T00-00-00_old"))
        .unwrap();
    let findings = Findings::of(&project, &[]);
    assert_eq!((findings.status, findings.at("warning")), (0, vec!["M0108"]));
    std::fs::rename(project.file("migrations/1999-01-01T00-00-00_old"), project.file("migrations/zz")).unwrap();
    assert_eq!(Findings::of(&project, &[]).at("warning"), ["M0107"]);
}

#[test]
fn an_engine_that_is_named_later_lacks_the_older_scripts() {
    let (project, ..) = two();
    project.write("piccolo.toml", "engines = [\"sqlite\", \"postgres\"]\n");
    let findings = Findings::of(&project, &["--no-replay"]);
    assert_eq!((findings.status, findings.at("error")), (1, vec!["M0112", "M0112"]));
    replace(&project, "piccolo.toml", ", \"postgres\"", "");
    Findings::of(&project, &[]).pass();
}

#[test]
fn line_ends_and_comments_are_no_change() {
    let (project, first, _) = two();
    let name = format!("migrations/{first}/up.sqlite.sql");
    let text = project.read(&name);
    project.write(&name, text.replace('\n', "\r\n"));
    Findings::of(&project, &[]).pass();
    project.write("migrations/schema.piccolo", project.read("migrations/schema.piccolo").replace('\n', "\r\n"));
    Findings::of(&project, &[]).pass();
}
