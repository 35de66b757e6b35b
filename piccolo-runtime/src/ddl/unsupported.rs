//! The one way in which writing DDL fails.

use crate::sql::Dialect;

/// A dialect lacks what the schema asks for, or the schema contradicts itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsupported {
    /// The dialect.
    pub dialect: Dialect,
    /// What it lacks and where the schema asks for it, in one sentence without a full stop.
    pub feature: String,
}

impl Unsupported {
    /// A new error.
    #[must_use]
    pub fn new(dialect: Dialect, feature: impl Into<String>) -> Self {
        Self { dialect, feature: feature.into() }
    }
}

impl std::fmt::Display for Unsupported {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "not supported on {}: {}", self.dialect, self.feature)
    }
}

impl std::error::Error for Unsupported {}
