//! Why the files and the journal do not fit together, each with its way out.

use super::Direction;

/// A reason not to run anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// An applied migration was edited afterwards.
    Edited {
        /// The migration.
        id: String,
        /// The first statement that differs, as applied; `None` where one was added.
        applied: Option<String>,
        /// The same as the file has it now; `None` where it was removed.
        file: Option<String>,
        /// Its line in the file, where it is there.
        line: Option<usize>,
    },
    /// The database has migrations that the files do not have.
    Unknown {
        /// Their ids.
        ids: Vec<String>,
        /// Whether the files and the database have any migration in common.
        related: bool,
    },
    /// A migration is half undone, and forwards was asked for.
    HalfUndone {
        /// The migration.
        id: String,
    },
    /// A migration is half applied, and backwards was asked for.
    HalfApplied {
        /// The migration.
        id: String,
    },
    /// No migration has this id.
    NoSuchId {
        /// What was asked for.
        wanted: String,
        /// Ids that come close.
        nearest: Vec<String>,
    },
    /// Several migrations begin so.
    Ambiguous {
        /// What was asked for.
        wanted: String,
        /// What it could mean.
        candidates: Vec<String>,
    },
    /// A number of migrations that is larger than what there is to run.
    TooMany {
        /// What was asked for.
        wanted: usize,
        /// How many are pending (forwards) or applied (backwards).
        available: usize,
        /// Which way.
        direction: Direction,
    },
    /// No migration at all was asked for.
    Zero,
    /// Backwards needs to be told how far.
    NotApplied {
        /// The migration that was to be undone.
        id: String,
    },
}

impl std::error::Error for Problem {}

impl Problem {
    /// The migration it is about, where it is about one.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Edited { id, .. } | Self::HalfUndone { id } | Self::HalfApplied { id } | Self::NotApplied { id } => {
                Some(id)
            }
            Self::Unknown { .. }
            | Self::NoSuchId { .. }
            | Self::Ambiguous { .. }
            | Self::TooMany { .. }
            | Self::Zero => None,
        }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Edited { applied, file, line, .. } => {
                f.write_str("was edited after it had been applied")?;
                if let Some(line) = line {
                    write!(f, ", in line {line} of its up file")?;
                }
                if let Some(applied) = applied {
                    write!(f, "\n  applied: {applied}")?;
                }
                if let Some(file) = file {
                    write!(f, "\n  now:     {file}")?;
                }
                f.write_str("\nbring the file back as it was, and put the change into a new migration")
            }
            Self::Unknown { ids, related: true } => write!(
                f,
                "the database has migrations that are not among these: {}; it is ahead of this program (run the newer one), or their folders are missing (bring them back, for instance from version control)",
                ids.join(", ")
            ),
            Self::Unknown { ids, related: false } => write!(
                f,
                "the database belongs to another application: it has the migrations {} and none of these; check the url",
                ids.join(", ")
            ),
            Self::HalfUndone { .. } => {
                write!(f, "is half undone; {}", finish(Direction::Backwards))
            }
            Self::HalfApplied { .. } => {
                write!(f, "is half applied; {}", finish(Direction::Forwards))
            }
            Self::NoSuchId { wanted, nearest } => {
                write!(f, "no migration has the id {wanted}")?;
                match nearest.as_slice() {
                    [] => Ok(()),
                    ids => write!(f, "; there are {}", ids.join(", ")),
                }
            }
            Self::Ambiguous { wanted, candidates } => {
                write!(f, "{wanted} could be {}; write more of the id", candidates.join(" or "))
            }
            Self::TooMany { wanted, available, direction } => {
                let state = match direction {
                    Direction::Forwards => "pending",
                    Direction::Backwards => "applied",
                };
                match available {
                    0 => return write!(f, "no migration is {state}, so {wanted} are too many"),
                    1 => write!(f, "only 1 migration is {state}")?,
                    available => write!(f, "only {available} migrations are {state}")?,
                }
                write!(f, ", not {wanted}: give a number up to {available}, the beginning of an id, or `all`")
            }
            Self::Zero => f.write_str(
                "the number of migrations begins at 1, so 0 names none: give a number from 1, the beginning of an id, or `all`",
            ),
            Self::NotApplied { .. } => f.write_str("is not applied, so there is nothing to undo"),
        }
    }
}

/// What is done about a migration that stopped half way.
fn finish(direction: Direction) -> String {
    format!("finish that first: mend what stopped it, most often rows, then run it {direction} again")
}
