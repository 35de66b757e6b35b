//! What a proof found to be wrong.

use piccolo_runtime::Error;
use piccolo_runtime::introspect::Difference;
use piccolo_runtime::sql::Dialect;

/// Where in a proof something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Moment {
    /// After the first way forwards.
    Up,
    /// After the way back.
    Down,
    /// After the second way forwards.
    UpAgain,
}

/// What a proof found to be wrong, or why there could be none.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refutation {
    /// The scratch database could not be used: nothing is proven, and nothing is wrong with the migration.
    Scratch {
        /// The engine.
        dialect: Dialect,
        /// What happened.
        message: String,
    },
    /// The database does not understand conditions of the schema: nothing is proven.
    Checks {
        /// The engine.
        dialect: Dialect,
        /// All of them, at least one.
        refused: Vec<RefusedCheck>,
    },
    /// A step failed. The message says which file, step and statement, and why.
    Step {
        /// The engine.
        dialect: Dialect,
        /// The migration.
        id: String,
        /// On which way.
        moment: Moment,
        /// What the runner said.
        message: String,
        /// The error of the statement that failed, where one did.
        cause: Option<Box<Error>>,
        /// Whether it is known to fail whatever rows there are, because the database does not understand the statement.
        whatever_rows: bool,
    },
    /// The database is not what it has to be.
    Shape {
        /// The engine.
        dialect: Dialect,
        /// The migration.
        id: String,
        /// After which way.
        moment: Moment,
        /// What differs: first in the migrated database, second in what it has to be.
        differences: Vec<Difference>,
        /// The statements that touch what differs, with their file, line and step.
        suspects: Vec<String>,
    },
    /// Rows are not what they have to be.
    Rows {
        /// The engine.
        dialect: Dialect,
        /// The migration.
        id: String,
        /// After which way.
        moment: Moment,
        /// The table.
        table: String,
        /// What differs, in a few lines.
        differences: Vec<String>,
        /// The statements that touch the table or what it points to, with their file, line and step.
        suspects: Vec<String>,
    },
}

/// A condition that a database does not understand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedCheck {
    /// The name of its table in the schema language.
    pub table: String,
    /// The condition, as the schema says it.
    pub condition: String,
    /// What the database said.
    pub message: String,
}

impl std::fmt::Display for RefusedCheck {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`check(\"{}\")` of table `{}`: {}", self.condition, self.table, self.message)
    }
}

impl Moment {
    /// The way that led here, in words.
    #[must_use]
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Up => "forwards",
            Self::Down => "backwards",
            Self::UpAgain => "forwards again",
        }
    }

    /// What a database has to equal at this moment, in words.
    const fn wanted(self) -> &'static str {
        match self {
            Self::Up => "a fresh one",
            Self::Down => "the one before",
            Self::UpAgain => "the one after the first time",
        }
    }
}

impl Refutation {
    /// The engine.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        match self {
            Self::Scratch { dialect, .. }
            | Self::Checks { dialect, .. }
            | Self::Step { dialect, .. }
            | Self::Shape { dialect, .. }
            | Self::Rows { dialect, .. } => *dialect,
        }
    }

    /// The migration that it is about.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Scratch { .. } | Self::Checks { .. } => None,
            Self::Step { id, .. } | Self::Shape { id, .. } | Self::Rows { id, .. } => Some(id),
        }
    }

    /// The scratch database on this engine failed.
    pub(super) fn scratch(dialect: Dialect, error: impl std::fmt::Display) -> Self {
        Self::Scratch { dialect, message: error.to_string() }
    }
}

impl std::error::Error for Refutation {}

impl std::fmt::Display for Refutation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Scratch { dialect, message } => write!(f, "the scratch database on {dialect} failed: {message}"),
            Self::Checks { dialect, refused } => {
                write!(f, "{dialect} does not understand what the schema says:")?;
                refused.iter().try_for_each(|check| write!(f, "\n  {check}"))
            }
            Self::Step { dialect, id, moment, message, .. } => {
                write!(f, "{id} fails on {dialect}, {}: {message}", moment.describe())
            }
            Self::Shape { dialect, id, moment, differences, suspects } => {
                write!(f, "{id} on {dialect}, {}: the database is not {}", moment.describe(), moment.wanted())?;
                for difference in differences {
                    write!(f, "\n  {}", difference.describe("the migrated database", moment.wanted()))?;
                }
                list(f, "the statements that touch it", suspects)
            }
            Self::Rows { dialect, id, moment, table, differences, suspects } => {
                write!(
                    f,
                    "{id} on {dialect}, {}: the rows of {table} are not what they have to be",
                    moment.describe()
                )?;
                differences.iter().try_for_each(|line| write!(f, "\n  {line}"))?;
                list(f, "the statements that touch it", suspects)
            }
        }
    }
}

/// A list under a heading, unless it is empty.
fn list(f: &mut std::fmt::Formatter<'_>, heading: &str, lines: &[String]) -> std::fmt::Result {
    if !lines.is_empty() {
        write!(f, "\n{heading}:")?;
        lines.iter().try_for_each(|line| write!(f, "\n  {line}"))?;
    }
    Ok(())
}
