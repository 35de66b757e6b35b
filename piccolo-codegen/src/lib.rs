//! From a `.piccolo` schema: typed Rust table modules and migrations.
//!
//! **Floors** (a module imports only from those below its own):
//! [`source`], [`diagnostic`], [`syntax`], [`change`], [`print`](mod@print) < [`lower`], [`diff`], [`plan`] < [`migration`].

#[cfg(feature = "arbitrary")]
#[doc(hidden)]
pub mod arbitrary;
pub mod change;
pub mod diagnostic;
pub mod diff;
pub mod lower;
pub mod migration;
pub mod plan;
pub mod print;
pub mod source;
pub mod syntax;

use diagnostic::{Diagnostic, Diagnostics, Severity};
use lower::Lowered;
use piccolo_runtime::sql::Dialect;
pub use print::format;
use source::Sources;

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
