//! One finding, and where it is.

use std::path::Path;

use super::code::{Code, Level};
use crate::project::shown;

/// What `check` found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::cli) struct Finding {
    /// Which finding it is.
    pub(in crate::cli) code: Code,
    /// How bad it is here.
    pub(in crate::cli) level: Level,
    /// What is wrong, in one sentence without a full stop; details may follow in lines of their own.
    pub(in crate::cli) message: String,
    /// Where it is.
    pub(in crate::cli) place: Option<Place>,
    /// What to do.
    pub(in crate::cli) help: Vec<String>,
}

/// A place in a file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::cli) struct Place {
    /// The file, as messages show it.
    pub(in crate::cli) file: String,
    /// The line, from 1.
    pub(in crate::cli) line: usize,
}

impl Place {
    /// The first line of a file.
    pub(in crate::cli) fn of(path: &Path) -> Self {
        Self::line(path, 1)
    }

    /// A line of a file.
    pub(in crate::cli) fn line(path: &Path, line: usize) -> Self {
        Self { file: shown(path).display().to_string(), line }
    }
}

impl Finding {
    /// A finding at the level of its code.
    pub(in crate::cli) fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, level: code.level(), message: message.into(), place: None, help: Vec::new() }
    }

    /// The same at another level.
    pub(in crate::cli) fn level(self, level: Level) -> Self {
        Self { level, ..self }
    }

    /// The same at a place.
    pub(in crate::cli) fn at(self, place: Place) -> Self {
        Self { place: Some(place), ..self }
    }

    /// The same with a line that says what to do.
    pub(in crate::cli) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }
}
