//! The example applications, run as a user runs them.

use std::path::Path;
use std::process::Command;

use piccolo_tests::{Project, Scratch};

/// What the example of the manual prints on a database.
fn bands(url: Option<&str>, folder: &Path) -> String {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args(["run", "--quiet", "--package", "bands", "--manifest-path"]).arg(workspace).current_dir(folder);
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
    let first = bands(None, project.path());
    assert!(first.contains("Pythonistas  Guido"), "{first}");
    assert!(first.contains("LEFT JOIN"), "{first}");
    assert!(project.file("bands.sqlite").exists());
    assert_eq!(bands(None, project.path()), first);

    let postgres = Scratch::postgres();
    assert_eq!(bands(Some(postgres.url()), project.path()), first);
    assert_eq!(bands(Some(postgres.url()), project.path()), first);
}
