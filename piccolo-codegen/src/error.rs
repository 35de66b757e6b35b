//! Why something could not be generated.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostics;

/// The result of everything that reads a schema or writes files.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;

/// What went wrong.
///
/// `Debug` gives the same text as `Display`, because that is what cargo shows when the `main` of a `build.rs` returns an error.
#[derive(Clone, PartialEq, Eq)]
pub enum Error {
    /// The schema is wrong; all its mistakes.
    Schema(Diagnostics),
    /// The configuration is wrong, or is not there.
    Config {
        /// What is wrong and the way out, one line for each mistake.
        message: String,
    },
    /// A file or folder could not be read or written.
    File {
        /// Where.
        path: PathBuf,
        /// What was tried, such as `read` or `create the folder`.
        action: &'static str,
        /// What the system said.
        reason: String,
    },
    /// What is there is not what it should be, such as a migration's folder without its `migration.toml`.
    Layout {
        /// Where.
        path: PathBuf,
        /// What is wrong and the way out.
        reason: String,
    },
}

impl Error {
    /// A failure of the file system at a path.
    pub(crate) fn file(path: &Path, action: &'static str, error: &std::io::Error) -> Self {
        Self::File { path: path.to_owned(), action, reason: error.to_string() }
    }
}

impl From<Diagnostics> for Error {
    fn from(diagnostics: Diagnostics) -> Self {
        Self::Schema(diagnostics)
    }
}

impl From<piccolo_runtime::config::ConfigError> for Error {
    fn from(error: piccolo_runtime::config::ConfigError) -> Self {
        Self::Config { message: error.0 }
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Schema(diagnostics) => write!(f, "{diagnostics}"),
            Self::Config { message } => f.write_str(message),
            Self::File { path, action, reason } => write!(f, "cannot {action} {}: {reason}", path.display()),
            Self::Layout { path, reason } => write!(f, "{}: {reason}", path.display()),
        }
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}

impl std::error::Error for Error {}
