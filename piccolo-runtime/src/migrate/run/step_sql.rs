//! What the runner adds around the statements of a step: the same texts for running and for the preview.

use crate::migrate::file::{Mode, Step};
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::Direction;
use crate::rebuild::{Known, Work};
use crate::sql::Dialect;

/// How long a statement may wait for a lock on Postgres before the step is taken back and tried again. While it waits, everybody who
/// comes later waits behind it, so this must be short.
const LOCK_TIMEOUT: &str = "2s";

/// One step of a migration and its place in the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<'a> {
    pub(super) entry: &'a Entry,
    pub(super) direction: Direction,
    /// The step; `None` is the end of a file whose last step ran in an earlier run or outside of a transaction.
    pub(super) step: Option<&'a Step>,
    /// The number of the first step in the same transaction.
    pub(super) first: u32,
}

impl<'a> Place<'a> {
    /// The place behind `done` steps.
    pub(super) fn after(entry: &'a Entry, direction: Direction, done: usize) -> Self {
        let step = steps(entry, direction).get(done);
        Self { entry, direction, step, first: step.map_or(0, |step| step.number) }
    }

    /// The step after this one, where it belongs into the same transaction: on SQLite renames and the rebuilds that follow are written apart,
    /// because what hangs on a table has to have its new names before it is kept across a rebuild, and would leave half of a change where the
    /// second one fails.
    pub(super) fn joined(&self, dialect: Dialect) -> Option<Self> {
        let step = self.step.filter(|_| dialect == Dialect::Sqlite)?;
        let next = steps(self.entry, self.direction).get(to_usize(step.number))?;
        let is_whole = |step: &Step| step.mode == Mode::Transaction && step.batches.is_none();
        let fit = |step: &Step| step.foreign_keys_suspended || only_renames(step);
        let belong = [step, next].into_iter().all(|step| is_whole(step) && fit(step));
        belong.then_some(Self { step: Some(next), ..*self })
    }

    /// Whether SQLite's foreign keys have to be suspended around the transaction.
    pub(super) fn suspends(&self, dialect: Dialect) -> bool {
        let suspended = self.step.is_some_and(|step| step.foreign_keys_suspended);
        dialect == Dialect::Sqlite && (suspended || self.joined(dialect).is_some_and(|next| next.suspends(dialect)))
    }

    /// Whether the migration is complete after this step's transaction.
    pub(super) fn completes(&self) -> bool {
        match self.step {
            None => true,
            Some(step) => {
                step.mode == Mode::Transaction
                    && step.batches.is_none()
                    && steps(self.entry, self.direction).len() == to_usize(step.number)
            }
        }
    }

    /// What is done in a step of this migration, for the guard around rebuilds.
    ///
    /// A constraint that the author of the migration knew stands in one of its files: what the table keeps stands in the statement that makes it
    /// anew, and what it loses in the way back, which makes it again. Without a way back nothing is known.
    pub(super) fn work(&self, step: &Step) -> Work {
        let ways = [Direction::Forwards, Direction::Backwards].map(|direction| steps(self.entry, direction));
        let texts = ways.iter().flat_map(|steps| steps.iter()).flat_map(Step::normal_statements);
        let is_whole = ways.iter().all(|steps| steps.iter().any(|step| !step.rebuilds.is_empty()));
        Work { constraints: is_whole.then(|| Known::of(texts)), ..step.work() }
    }

    /// What goes into the journal in this step's transaction.
    pub(super) fn bookkeeping(&self) -> Vec<String> {
        let id = &self.entry.id;
        let step = self.step.map(|step| journal::record_step(id, self.direction, step, true));
        let migration: Vec<String> = match (self.completes(), self.direction) {
            (false, _) => Vec::new(),
            (true, Direction::Forwards) => vec![journal::record_migration(self.entry, false)],
            (true, Direction::Backwards) => journal::forget_migration(id).into(),
        };
        match (self.direction, self.completes()) {
            // The last step of an undone migration would be forgotten at once.
            (Direction::Backwards, true) => migration,
            (Direction::Forwards | Direction::Backwards, _) => step.into_iter().chain(migration).collect(),
        }
    }
}

/// Whether a step does nothing but rename tables and columns, which SQLite does in the same way with foreign keys on and off.
fn only_renames(step: &Step) -> bool {
    step.normal_statements().all(|sql| {
        let mut words = sql.split_whitespace().map(str::to_ascii_uppercase);
        words.next().as_deref() == Some("ALTER")
            && words.next().as_deref() == Some("TABLE")
            && words.any(|word| word == "RENAME")
    })
}

/// The steps of the file for this direction.
pub(super) fn steps(entry: &Entry, direction: Direction) -> &[Step] {
    match direction {
        Direction::Forwards => &entry.up.steps,
        Direction::Backwards => &entry.down.steps,
    }
}

/// How a transaction begins in a script for the engine's shell.
pub(super) fn begin(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Sqlite => "BEGIN IMMEDIATE",
        Dialect::Postgres => "BEGIN",
    }
}

/// What is set at the beginning of a step's transaction.
///
/// The lock on the journal keeps two runners apart even where the connection that holds the runners' own lock was lost; readers pass it.
pub(super) fn settings(dialect: Dialect) -> Vec<String> {
    match dialect {
        Dialect::Sqlite => Vec::new(),
        Dialect::Postgres => vec![
            format!("SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"),
            "SET LOCAL statement_timeout = 0".to_owned(),
            format!("LOCK TABLE {} IN SHARE UPDATE EXCLUSIVE MODE", journal::STEP_TABLE),
        ],
    }
}

fn to_usize(number: u32) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
