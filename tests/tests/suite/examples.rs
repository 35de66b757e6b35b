//! The example applications, run as a user runs them.

use std::path::Path;
use std::process::Command;

use piccolo_tests::{Project, Scratch};

use crate::check::support::Findings;

/// What an example prints on a database.
fn run(package: &str, url: Option<&str>, folder: &Path) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", package, "--manifest-path"]).arg(workspace).current_dir(folder);
    match url {
        Some(url) => command.env("DATABASE_URL", url),
        None => command.env_remove("DATABASE_URL"),
    };
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_bands_print_the_same_on_both_engines_and_twice() {
    let project = Project::empty();
    let first = run("bands", None, project.path());
    assert!(first.contains("Pythonistas  Guido"), "{first}");
    assert!(first.contains("LEFT JOIN"), "{first}");
    assert!(project.file("bands.sqlite").exists());
    assert_eq!(run("bands", None, project.path()), first);

    let postgres = Scratch::postgres();
    assert_eq!(run("bands", Some(postgres.url()), project.path()), first);
    assert_eq!(run("bands", Some(postgres.url()), project.path()), first);
}

#[test]
fn the_shop_prints_the_same_on_both_engines_and_twice() {
    let project = Project::empty();
    let first = run("shop", None, project.path());
    assert!(first.contains("the database is as this program expects it"), "{first}");
    assert!(
        first.contains("3 x Green tea (Tea and coffee)") && first.contains("TEA-1: 4.75 from 2027-01-15"),
        "{first}"
    );
    assert_eq!(run("shop", None, project.path()), first);
    let postgres = Scratch::postgres();
    assert_eq!(run("shop", Some(postgres.url()), project.path()), first);
    assert_eq!(run("shop", Some(postgres.url()), project.path()), first);
}

/// The history of each example, replayed on both engines and compared with its schema, as the repository's own CI does.
#[test]
fn the_histories_of_the_examples_pass_their_check() {
    for (name, migrations) in [("bands", 1), ("shop", 8), ("types", 8)] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema-examples").join(name);
        let count = std::fs::read_dir(folder.join("migrations")).unwrap().count() - 1;
        assert!(count >= migrations, "{name} has {count} migrations");
        let project = Project::empty();
        copy(&folder, project.path());
        let findings = Findings::in_ci(&project, &[]).pass();
        assert_eq!(findings.proven, ["sqlite", "postgres"], "{name}");
    }
}

/// Copies a folder's files.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            copy(&path, &target);
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
