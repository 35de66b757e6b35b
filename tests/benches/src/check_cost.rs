//! What the compiler pays for the generated code: user time of `cargo check`, per table.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use piccolo_codegen::generate;
use piccolo_codegen::project::Mode;

use crate::generator::settings;
use crate::measure::children_user;
use crate::report;
use crate::schemas;

/// The goal for a table of 10 columns.
const GOAL: Duration = Duration::from_millis(25);

/// Prints the cost for two sizes, which also shows whether it is linear.
pub fn run() {
    report::heading("Checking the generated code (user time of cargo check, per table)");
    let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/check-cost");
    let application = tempfile::tempdir().expect("a temporary folder");
    let folder = application.path();
    let settings = settings(folder);
    create(folder);
    // The first check builds the dependencies, and the second is what cargo and an empty crate cost.
    check(folder, &target);
    let empty = again(folder, &target);
    report::line("an application without tables", empty);
    for tables in [10, 100, 300] {
        std::fs::write(folder.join("schema.piccolo"), schemas::text(tables, false)).expect("the folder is writable");
        generate(&settings, &folder.join("src/tables"), Mode::Write).expect("the schema is right");
        std::fs::write(folder.join("src/lib.rs"), "pub mod tables;\n").expect("the folder is writable");
        let whole = again(folder, &target);
        let each = whole.saturating_sub(empty) / u32::try_from(tables).unwrap_or(1);
        report::goal(&format!("{tables} tables x 10 columns"), each, GOAL);
    }
}

/// An application that depends on the runtime by its path.
fn create(folder: &Path) {
    let runtime = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../piccolo-runtime");
    let manifest = format!(
        "[package]\nname = \"application\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         piccolo-runtime = {{ path = {runtime:?} }}\n"
    );
    std::fs::create_dir_all(folder.join("src")).expect("the folder is writable");
    std::fs::write(folder.join("Cargo.toml"), manifest).expect("the folder is writable");
    std::fs::write(folder.join("src/lib.rs"), "").expect("the folder is writable");
    // The same versions as here, so that nothing is looked up.
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    std::fs::copy(lock, folder.join("Cargo.lock")).expect("the lock file is there");
}

/// Checks the application once more, after a change to its root file; the least of three runs.
fn again(folder: &Path, target: &Path) -> Duration {
    let root = folder.join("src/lib.rs");
    let text = std::fs::read_to_string(&root).expect("the file is there");
    let once = |run| {
        std::fs::write(&root, format!("{text}// {run}\n")).expect("the folder is writable");
        children_user(|| check(folder, target))
    };
    let least = (0..3).map(once).min().unwrap_or_default();
    std::fs::write(&root, text).expect("the folder is writable");
    least
}

fn check(folder: &Path, target: &Path) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["check", "--quiet", "--offline"]).current_dir(folder).env("CARGO_TARGET_DIR", target);
    // What cargo tells the program it runs must not reach the cargo that this one runs.
    cargo.env_remove("RUSTFLAGS").env("CARGO_INCREMENTAL", "0");
    assert!(cargo.status().expect("cargo runs").success(), "the generated code does not compile");
}
