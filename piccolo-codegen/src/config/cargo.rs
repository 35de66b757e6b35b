//! What a build script says to cargo.

use super::{FILE_VARIABLE, Settings};

/// Names everything whose change makes the generated modules stale.
///
/// The folder of migrations is named although it may not be there yet. Cargo then runs the script at every build, until
/// the first migration is written, and so it cannot be missed.
pub(super) fn rerun_if_changed(settings: &Settings) {
    println!("cargo::rerun-if-env-changed={FILE_VARIABLE}");
    println!("cargo::rerun-if-changed=build.rs");
    for path in settings.file.iter().chain([&settings.schema]).chain(&settings.migrations) {
        println!("cargo::rerun-if-changed={}", path.display());
    }
}

/// Shows notes as warnings of the package that is built.
pub(super) fn warn(notes: &[String]) {
    for note in notes {
        for line in note.lines() {
            println!("cargo::warning={line}");
        }
    }
}
