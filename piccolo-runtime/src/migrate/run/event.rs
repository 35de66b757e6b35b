//! What a run tells while it goes on.

use std::time::Duration;

use crate::migrate::pending::Direction;

/// Something that happened during a run, for whoever shows its progress.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// Another runner is at work, and this one waits for it.
    Waiting {
        /// Who that is, where the engine tells.
        holder: Option<String>,
        /// For how long this one has waited.
        waited: Duration,
    },
    /// A step begins.
    Step {
        /// The migration.
        id: String,
        /// Which of its files.
        direction: Direction,
        /// The step's number, from 1.
        number: u32,
        /// How many steps the file has.
        of: usize,
        /// What the step does, in the words of its first comment.
        title: Option<String>,
    },
    /// A step that runs in batches has come further.
    Progress {
        /// The migration.
        id: String,
        /// The step's number, from 1.
        number: u32,
        /// How many rows are done.
        rows: u64,
        /// How many there are, by estimation, where the database has one.
        of: Option<u64>,
    },
    /// A step was taken back because it would have had to wait for a lock, and will be tried again.
    Retry {
        /// The migration.
        id: String,
        /// The step's number, from 1.
        number: u32,
        /// What the database said.
        reason: String,
    },
    /// A migration is complete.
    Done {
        /// The migration.
        id: String,
        /// Which way it went.
        direction: Direction,
        /// How long it took.
        took: Duration,
    },
}
