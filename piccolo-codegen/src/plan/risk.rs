//! How rows can make a migration fail with nothing changed.

use std::fmt;

use piccolo_runtime::schema::{QualifiedName, Text};

use super::consent::Consent;

/// A way in which rows can make a migration fail, or what somebody consented to.
///
/// `Display` is the line for a file's header and for a list of risks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Risk {
    /// Somebody consented to it; shown as it was said, such as `drop-column:band.popularity`.
    Allowed(Consent, String),
    /// Nobody was asked, because it is the way back; in words, which rows or values it is about.
    Unasked(String),
    /// Rows may break a check.
    Check {
        /// The table.
        table: QualifiedName,
        /// The check's name.
        check: Text,
    },
    /// Rows that differ may be equal by another collation.
    Collation {
        /// The column, as `table.column`.
        column: String,
    },
    /// Rows may point to no row.
    ForeignKey {
        /// The table with the key.
        table: QualifiedName,
        /// The table that it points to.
        target: QualifiedName,
        /// The key's name.
        key: Text,
    },
    /// Rows may have a value of an enum that goes.
    EnumValue {
        /// The enum, by the name that it has before.
        enumeration: QualifiedName,
        /// The value.
        value: Text,
    },
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Allowed(consent, name) => return write!(f, "{}:{name}", consent.word()),
            Self::Unasked(rows) => f.write_str(rows)?,
            Self::Check { table, check } => write!(f, "rows of {table} that break the check {check}")?,
            Self::Collation { column } => write!(f, "rows that are equal in {column} by its new collation")?,
            Self::ForeignKey { table, target, .. } => write!(f, "rows of {table} that point to no row of {target}")?,
            Self::EnumValue { enumeration, value } => write!(f, "rows that have the value {value} of {enumeration}")?,
        }
        f.write_str(" make it fail, with nothing changed")?;
        if let Self::ForeignKey { key, .. } = self { write!(f, " ({key})") } else { Ok(()) }
    }
}
