//! The configuration: `piccolo.toml`, and the builder with which a `build.rs` starts from it.
//!
//! Below the command line this is the one module that prints: cargo's directives, in `cargo`.

mod cargo;
mod settings;

use std::path::{Path, PathBuf};

pub use piccolo_runtime::config::{FILE_NAME, FILE_VARIABLE};
use piccolo_runtime::config::{Found, find, read};
use piccolo_runtime::sql::Dialect;

use crate::project::{self, Mode};
use crate::{Error, Result};
pub use settings::Settings;

/// Where a schema is and what is made of it. It starts from `piccolo.toml`, whose every key has a default, and what is set here wins.
///
/// A whole `build.rs`:
///
/// ```no_run
/// fn main() -> piccolo_codegen::Result {
///     piccolo_codegen::Config::new().generate()
/// }
/// ```
///
/// The application includes the result with `piccolo_runtime::include_tables!(pub mod tables);`.
#[derive(Clone, Debug, Default)]
pub struct Config {
    file: Option<PathBuf>,
    schema: Option<PathBuf>,
    migrations: Option<Option<PathBuf>>,
    engines: Vec<Dialect>,
    module: Option<String>,
    draft: bool,
}

impl Config {
    /// Starts from the nearest `piccolo.toml`: in the working folder (for a `build.rs` that is the package's) or
    /// above it. `PICCOLO_CONF` names another. Without any file, every key has its default.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads this file and looks for no other.
    #[must_use]
    pub fn file(mut self, file: impl Into<PathBuf>) -> Self {
        self.file = Some(file.into());
        self
    }

    /// The schema: a `.piccolo` file or a folder of them.
    #[must_use]
    pub fn schema(mut self, schema: impl Into<PathBuf>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    /// The folder of migrations.
    #[must_use]
    pub fn migrations(mut self, folder: impl Into<PathBuf>) -> Self {
        self.migrations = Some(Some(folder.into()));
        self
    }

    /// For an application that creates its tables itself: no migrations are embedded and none are missed.
    #[must_use]
    pub fn without_migrations(mut self) -> Self {
        self.migrations = Some(None);
        self
    }

    /// What migrations are written for, and what the schema may therefore say.
    #[must_use]
    pub fn engines(mut self, engines: impl IntoIterator<Item = Dialect>) -> Self {
        self.engines = engines.into_iter().collect();
        self.engines.sort_unstable();
        self.engines.dedup();
        self
    }

    /// The folder below `OUT_DIR` for an application with several schemas; `piccolo` unless this is called. It is included with
    /// `include_tables!(pub mod tables = "name")`.
    #[must_use]
    pub fn module(mut self, name: impl Into<String>) -> Self {
        self.module = Some(name.into());
        self
    }

    /// Keeps a draft of the next migration beside the others, in the folder `draft`, rewritten in place whenever the schema changes, until
    /// `piccolo-codegen diff` seals it: proves it and gives it its id. Off unless this is called.
    ///
    /// A draft is for the eye. It is unproven, and nothing runs or embeds it, in a debug build as little as in a release. Nothing is
    /// written in CI (the variable `CI` is set), from a package that cargo downloaded or is verifying, from a source that may not be
    /// written to, or for a change that needs a decision: then a warning of cargo says to run `diff`.
    #[must_use]
    pub fn draft_migrations(mut self, keep: bool) -> Self {
        self.draft = keep;
        self
    }

    /// Reads the file and fills in what neither it nor this builder says.
    ///
    /// # Errors
    /// [`Error::Config`] for a file that is not there though it is named, or that says what it may not.
    pub fn settings(&self) -> Result<Settings> {
        let here = project::working_folder()?;
        let found = match &self.file {
            Some(file) => {
                let path = here.join(file);
                Found { file: read(&path)?, path: Some(path), from: here.clone() }
            }
            None => find(&here, std::env::var_os(FILE_VARIABLE).as_deref().map(Path::new))?,
        };
        let mut settings = Settings::of(found);
        if let Some(schema) = &self.schema {
            settings.schema = here.join(schema);
        }
        if let Some(migrations) = &self.migrations {
            settings.migrations = migrations.as_ref().map(|folder| here.join(folder));
        }
        if !self.engines.is_empty() {
            settings.engines.clone_from(&self.engines);
        }
        Ok(settings)
    }

    /// What a `build.rs` does: generates the modules below `OUT_DIR`, embeds the migrations, tells cargo when to do
    /// it again, and warns while the schema is ahead of its migrations.
    ///
    /// # Errors
    /// Whatever is wrong with the configuration, the schema or the files; cargo shows it.
    pub fn generate(&self) -> Result {
        let Some(out_dir) = std::env::var_os("OUT_DIR") else {
            let message = "OUT_DIR is not set: `Config::generate` is for a build.rs; elsewhere there is `piccolo_codegen::generate`";
            return Err(Error::Config { message: message.to_owned() });
        };
        let settings = self.settings()?;
        cargo::rerun_if_changed(&settings);
        let folder = Path::new(&out_dir).join(self.module.as_deref().unwrap_or("piccolo"));
        let generated = crate::generate(&settings, &folder, Mode::Write)?;
        cargo::warn(&generated.notes);
        let packaged =
            std::env::var_os("CARGO_MANIFEST_DIR").is_none_or(|folder| project::is_packaged(Path::new(&folder)));
        if self.draft && !in_ci() && !packaged {
            cargo::warn(&crate::draft::keep(&settings)?);
        }
        Ok(())
    }
}

/// Whether this is a machine of a CI system, where nobody looks at warnings and nothing is to be authored.
pub(crate) fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !matches!(value.as_str(), "" | "0" | "false"))
}
