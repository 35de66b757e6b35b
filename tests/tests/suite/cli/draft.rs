//! Drafts of migrations, which a `build.rs` keeps where it was asked to: one folder, rewritten in place, and never where it must not.

use std::collections::BTreeMap;
use std::process::Command;

use piccolo_tests::{Outcome, Project, program};

use crate::check::support::{Findings, begun, ids};

const SCHEMA: &str = "table Band {\n    name: Varchar(length = 50)\n}\n";
const LONGER: &str = "table Band {\n    name: Varchar(length = 80)\n}\n";
const LONGEST: &str = "table Band {\n    name: Varchar(length = 90)\n    genre: Text(null)\n}\n";

/// A build script in the project's folder, as cargo runs it.
fn build_script(project: &Project) -> Command {
    let mut command = Command::new(program().with_file_name("build-script-under-test"));
    command.current_dir(project.path()).env("OUT_DIR", project.file("out")).env("CARGO_MANIFEST_DIR", project.path());
    for name in ["CI", "PICCOLO_CONF", "DATABASE_URL"] {
        command.env_remove(name);
    }
    command
}

/// Builds with drafts.
fn build(project: &Project) -> Outcome {
    Outcome::of(build_script(project).arg("--draft")).exits(0)
}

/// The files of the draft.
fn draft(project: &Project) -> BTreeMap<String, String> {
    let files = project.files().into_iter();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    files.filter_map(|(name, bytes)| Some((name.strip_prefix("migrations/draft/")?.to_owned(), text(bytes)))).collect()
}

#[test]
fn a_draft_is_rewritten_in_place_until_diff_seals_it() {
    let project = begun(SCHEMA);
    build(&project);
    assert!(draft(&project).is_empty(), "there is nothing to draft");
    project.write("schema.piccolo", LONGER);
    let outcome = build(&project);
    assert!(outcome.stdout.contains("cargo::warning=the schema is ahead"), "{outcome}");
    let files = draft(&project);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(names, [".gitignore", "down.sqlite.sql", "migration.toml", "up.sqlite.sql"]);
    assert!(files["up.sqlite.sql"].contains("-- piccolo: not proven on sqlite"), "{files:?}");
    assert!(files["migration.toml"].contains(&ids(&project)[0]), "{files:?}");
    project.write("schema.piccolo", LONGEST);
    build(&project);
    let rewritten = draft(&project);
    assert!(rewritten != files && rewritten["up.sqlite.sql"].contains("genre"), "{rewritten:?}");
    // It is no migration: nothing embeds it, nothing runs it, and what is checked in CI must be sealed.
    let embedded = project.read("out/piccolo/migrations.rs");
    assert!(embedded.contains("_first") && !embedded.contains("genre"), "{embedded}");
    let url = format!("sqlite://{}", project.file("test.sqlite").display());
    let forwards = project.run(&["migration", "forwards", "--url", &url]).exits(0).says("the draft is no migration");
    assert!(forwards.stderr.contains("_first") && !forwards.stderr.contains("applied draft"), "{forwards}");
    assert!(Findings::of(&project, &["--no-replay"]).at("warning").contains(&"M0113"));
    assert!(Findings::in_ci(&project, &["--no-replay"]).at("error").contains(&"M0113"));
    // Sealed, it has an id and is proven, and the draft is gone.
    project.run(&["diff", "--name", "sealed"]).exits(0);
    assert!(draft(&project).is_empty());
    Findings::of(&project, &[]).pass();
    build(&project);
    assert!(draft(&project).is_empty());
}

#[test]
fn a_draft_of_what_was_taken_back_is_removed() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", LONGER);
    build(&project);
    assert!(!draft(&project).is_empty());
    project.write("schema.piccolo", SCHEMA);
    build(&project);
    assert!(draft(&project).is_empty());
}

#[test]
fn a_build_that_finds_nothing_changed_writes_nothing() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", LONGER);
    build(&project);
    let stamp = || std::fs::metadata(project.file("migrations/draft/up.sqlite.sql")).unwrap().modified().unwrap();
    let before = stamp();
    build(&project);
    assert_eq!(stamp(), before);
}

#[test]
fn no_draft_is_written_where_none_was_asked_for_in_ci_or_in_a_package() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", LONGER);
    Outcome::of(&mut build_script(&project)).exits(0);
    Outcome::of(build_script(&project).arg("--draft").env("CI", "true")).exits(0);
    for mark in ["Cargo.toml.orig", ".cargo_vcs_info.json", ".cargo-checksum.json", ".cargo-ok"] {
        project.write(mark, "");
        build(&project);
        std::fs::remove_file(project.file(mark)).unwrap();
    }
    // Nobody knows whose source it is.
    Outcome::of(build_script(&project).arg("--draft").env_remove("CARGO_MANIFEST_DIR")).exits(0);
    assert!(draft(&project).is_empty(), "{:?}", draft(&project).keys());
    Outcome::of(build_script(&project).arg("--draft").env("CI", "false")).exits(0);
    assert!(!draft(&project).is_empty());
}

#[test]
fn a_change_that_needs_a_decision_gets_a_warning_and_no_draft() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", LONGER);
    build(&project);
    project.write("schema.piccolo", "table Band {\n    title: Varchar(length = 50)\n}\n");
    let outcome = build(&project);
    assert!(
        outcome.stdout.contains("cargo::warning=no draft of a migration, because it needs a decision"),
        "{outcome}"
    );
    assert!(outcome.stdout.contains("run `piccolo-codegen diff`"), "{outcome}");
    assert!(draft(&project).is_empty(), "the older draft says what is no longer so");
}

#[test]
fn a_source_that_may_not_be_written_to_is_built_without_a_draft() {
    let project = begun(SCHEMA);
    project.write("schema.piccolo", LONGER);
    // A folder that cannot be created, whoever builds.
    project.write("migrations/draft", "in the way");
    let outcome = build(&project);
    assert!(outcome.stdout.contains("cargo::warning=no draft of a migration: "), "{outcome}");
    assert_eq!(project.read("migrations/draft"), "in the way");
    assert!(project.file("out/piccolo/mod.rs").exists());
}
