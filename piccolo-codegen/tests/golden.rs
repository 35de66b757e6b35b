//! The modules generated from the example schemas are checked in, and compared byte for byte.
//!
//! After a change that is meant: `UPDATE_GOLDEN=1 cargo test -p piccolo-codegen --test golden`, and a look at the difference.

use std::path::{Path, PathBuf};

use piccolo_codegen::project::Mode;
use piccolo_codegen::{Config, Result};

/// Compares, or writes, what is generated from an example into a folder of it.
fn check(example: &str, output: &str) -> Result {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema-examples").join(example);
    let migrations = root.join("migrations");
    let config = Config::new().schema(root.join("schema.piccolo"));
    let config = if migrations.exists() { config.migrations(migrations) } else { config.without_migrations() };
    let mode = if std::env::var_os("UPDATE_GOLDEN").is_some() { Mode::Write } else { Mode::Check };
    let generated = piccolo_codegen::generate(&config.settings()?, &root.join(output), mode)?;
    let stale: Vec<&PathBuf> = generated.written.iter().chain(&generated.removed).collect();
    assert!(mode == Mode::Write || stale.is_empty(), "not what is generated now: {stale:#?}");
    Ok(())
}

#[test]
fn the_example_of_the_manual_is_as_it_was() -> Result {
    check("bands", "generated")
}

#[test]
fn every_type_is_as_it_was() -> Result {
    check("types", "src/tables")
}

#[test]
fn awkward_names_are_as_they_were() -> Result {
    check("awkward", "generated")
}
