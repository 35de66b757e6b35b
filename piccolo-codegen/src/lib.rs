//! From a `.piccolo` schema: typed Rust table modules and migrations.
//!
//! **Floors** (a module imports only from those below its own):
//!
//! | Floor | Modules | What they do |
//! |---|---|---|
//! | 5 | `cli` | the only code that prints, prompts, or asks the clock; it and `proof` below it open databases |
//! | | `proof` | migrations tried with rows on scratch databases |
//! | 4 | this file, [`project`], [`config`], `draft`, `beside` | the pipeline; `project` alone touches the disk |
//! | 3 | `rust`, [`migration`] | values to the text of files |
//! | 2 | [`lower`], [`diff`], [`plan`], `adopt` | trees to a schema; two schemas to changes; changes to steps; the shape of a database to a schema |
//! | 1 | [`syntax`], [`source`], [`diagnostic`], [`change`], [`print`](mod@print) | text to trees with places in it; the vocabulary of change; a schema to canonical text |
//! | 0 | `piccolo_runtime::{schema, sql, ddl}` | the model and the spelling of SQL |
//!
//! **Invariants**, each true by absence: [`change`] holds no SQL and no Rust; only [`plan`] writes DDL; only `rust` has `quote!`; only
//! `syntax::parser` names pest's rules; only [`project`] uses `std::fs`; nothing below `cli` prints, cargo's directives apart, or reads the
//! clock.

#[cfg(feature = "cli")]
pub mod adopt;
#[cfg(feature = "arbitrary")]
#[doc(hidden)]
pub mod arbitrary;
mod beside;
pub mod change;
#[cfg(feature = "cli")]
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod diff;
mod draft;
mod error;
pub mod lower;
pub mod migration;
mod notes;
mod output;
pub mod plan;
pub mod print;
pub mod project;
#[cfg(feature = "cli")]
pub mod proof;
mod rust;
pub mod source;
pub mod syntax;

use std::path::Path;

pub use beside::snapshot_from_sources;
pub use config::Config;
use config::Settings;
use diagnostic::{Diagnostic, Diagnostics, Severity};
pub use error::{Error, Result};
use lower::Lowered;
use piccolo_runtime::sql::Dialect;
pub use print::format;
use project::{Generated, Input, Mode, Output};
use source::Sources;

/// Generates the Rust modules of a schema into a folder, or says which of those that are there are stale. It is what a `build.rs` and
/// `piccolo-codegen generate` do.
///
/// # Errors
/// What is wrong with the schema, or with the files. Then nothing was written that was not whole.
pub fn generate(settings: &Settings, output: &Path, mode: Mode) -> Result<Generated> {
    // Read
    let input = Input::read(settings)?;
    let output = Output::open(output, mode);
    if let Some(generated) = output.unchanged_since(&input) {
        return Ok(generated);
    }
    // Understand
    let lowered = schema_from_sources(&input.schema, &settings.engines)?;
    let notes = notes::about(&lowered, &input, settings);
    // Generate
    let migrations = input.migrations.as_deref();
    let tree = rust::generate(&lowered.schema, migrations, |name, made_from| output.is_current(name, made_from));
    // Write
    output.finish(&input, &tree, notes)
}

/// What a schema's files mean for the given engines.
///
/// # Errors
/// Everything that is wrong with the schema.
pub fn schema_from_sources(sources: &Sources, targets: &[Dialect]) -> Result<Lowered, Diagnostics> {
    let (asts, found): (Vec<_>, Vec<_>) = (0..sources.len()).map(|file| syntax::parse(sources, file)).unzip();
    let mut diagnostics: Vec<Diagnostic> = found.into_iter().flatten().collect();
    let (lowered, found) = lower::lower(&asts, targets);
    diagnostics.extend(found);
    let failed = diagnostics.iter().any(|diagnostic| diagnostic.code.severity() == Severity::Error);
    let diagnostics = Diagnostics::new(sources.clone(), diagnostics);
    if failed { Err(diagnostics) } else { Ok(Lowered { warnings: diagnostics, ..lowered }) }
}

/// What a schema of one file means for both engines.
///
/// # Errors
/// Everything that is wrong with the schema.
pub fn schema_from_str(name: &str, text: &str) -> Result<Lowered, Diagnostics> {
    let mut sources = Sources::new();
    sources.add(name, text);
    schema_from_sources(&sources, &Dialect::ALL)
}
