//! Where a database stands: each migration's state, and which of them a run would take up.

use std::collections::{BTreeMap, BTreeSet};

use super::target::{number, position};
use super::{Problem, Target};
use crate::migrate::file::{Script, Step};
use crate::migrate::history::Entry;

/// The two ways to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// The up files.
    Forwards,
    /// The down files.
    Backwards,
}

impl std::fmt::Display for Direction {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Forwards => "forwards",
            Self::Backwards => "backwards",
        })
    }
}

/// What the journal of a database says.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Journal {
    /// The migrations that are completely applied.
    pub migrations: Vec<Record>,
    /// The steps, of those and of half-finished ones.
    pub steps: Vec<StepRecord>,
}

/// A migration that is completely applied.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Its id.
    pub id: String,
    /// The checksum of its up file when it was applied.
    pub checksum: String,
    /// When that was, as the database writes it.
    pub applied_at: String,
    /// Whether it was only recorded, not run.
    pub faked: bool,
}

/// A step that was run, or begun.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepRecord {
    /// The migration's id.
    pub migration: String,
    /// Which of its files it belongs to.
    pub direction: Direction,
    /// Its number in that file, from 1.
    pub number: u32,
    /// The checksum of the step when it ran.
    pub checksum: String,
    /// Its statements in normal form, one per line.
    pub sql: String,
    /// Whether it is done. A step in a transaction is always done; one without, or one in batches, may have been interrupted.
    pub done: bool,
    /// Whether it runs in batches, some of which may be done.
    pub in_batches: bool,
}

/// What has happened to one migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Pending,
    /// This many steps of its up file are done, the others are not.
    HalfApplied(u32),
    /// It is applied.
    Applied {
        /// When, as the database writes it.
        at: String,
        /// Whether it was only recorded.
        faked: bool,
    },
    /// It was applied, and this many steps of its down file are done.
    HalfUndone(u32),
}

impl std::fmt::Display for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Pending => "pending",
            Self::HalfApplied(_) => "half applied",
            Self::Applied { faked: false, .. } => "applied",
            Self::Applied { faked: true, .. } => "applied (faked)",
            Self::HalfUndone(_) => "half undone",
        })
    }
}

/// Where a database stands in a history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Each migration's id and state, in the order in which they run.
    pub states: Vec<(String, State)>,
    /// Whatever keeps a run from starting.
    pub problems: Vec<Problem>,
}

impl Standing {
    /// Compares the files with the journal.
    #[must_use]
    pub fn of(history: &[Entry], journal: &Journal) -> Self {
        let records: BTreeMap<&str, &Record> = journal.migrations.iter().map(|record| (&*record.id, record)).collect();
        let mut steps: BTreeMap<(&str, Direction), Vec<&StepRecord>> = BTreeMap::new();
        for step in &journal.steps {
            steps.entry((&step.migration, step.direction)).or_default().push(step);
        }
        let steps_of = |id, direction| steps.get(&(id, direction)).map_or(&[] as &[_], Vec::as_slice);
        let mut problems = Vec::new();
        let mut states = Vec::with_capacity(history.len());
        for entry in history {
            let (up, down) = (steps_of(&*entry.id, Direction::Forwards), steps_of(&*entry.id, Direction::Backwards));
            let state = match records.get(&*entry.id) {
                Some(record) => {
                    if record.checksum != entry.up.checksum().to_string() {
                        problems.push(edited(entry, &entry.up, up, entry.up.steps.len()));
                    }
                    match done(down) {
                        0 if !is_between_batches(down) => {
                            State::Applied { at: record.applied_at.clone(), faked: record.faked }
                        }
                        count => State::HalfUndone(count),
                    }
                }
                None => match done(up) {
                    0 if !is_between_batches(up) => State::Pending,
                    count => State::HalfApplied(count),
                },
            };
            match &state {
                // The steps that have not run yet may be corrected; that is how a failed migration is repaired.
                State::HalfApplied(count) => problems.extend(differing(entry, &entry.up, up, *count)),
                State::HalfUndone(count) => problems.extend(differing(entry, &entry.down, down, *count)),
                State::Pending | State::Applied { .. } => {}
            }
            states.push((entry.id.clone(), state));
        }
        problems.extend(unknown(history, journal));
        Self { states, problems }
    }

    /// The positions to run forwards, in order.
    ///
    /// # Errors
    ///
    /// The first of [`Standing::problems`], a half-undone migration, a target that does not exist, none at all, or more than are pending.
    pub fn forwards(&self, target: &Target) -> Result<Vec<usize>, Problem> {
        let goal = self.goal(target)?;
        self.refuse(|state| matches!(state, State::HalfUndone(_)), |id| Problem::HalfUndone { id })?;
        let open = |state: &State| matches!(state, State::Pending | State::HalfApplied(_));
        let mut positions = self.positions(open);
        match goal {
            Goal::All => {}
            Goal::Count(count) => shorten(&mut positions, count, Direction::Forwards)?,
            Goal::At(last) => positions.retain(|position| *position <= last),
        }
        Ok(positions)
    }

    /// The positions to run backwards, newest first.
    ///
    /// # Errors
    ///
    /// The first of [`Standing::problems`], a half-applied migration, a target that does not exist or is not applied, none at all, or
    /// more than are applied.
    pub fn backwards(&self, target: &Target) -> Result<Vec<usize>, Problem> {
        let goal = self.goal(target)?;
        self.refuse(|state| matches!(state, State::HalfApplied(_)), |id| Problem::HalfApplied { id })?;
        let applied = |state: &State| matches!(state, State::Applied { .. } | State::HalfUndone(_));
        let mut positions = self.positions(applied);
        positions.reverse();
        match goal {
            Goal::All => {}
            Goal::Count(count) => shorten(&mut positions, count, Direction::Backwards)?,
            Goal::At(first) => {
                positions.retain(|position| *position >= first);
                if let Some((id, _)) = self.states.get(first).filter(|_| positions.last() != Some(&first)) {
                    return Err(Problem::NotApplied { id: id.clone() });
                }
            }
        }
        Ok(positions)
    }

    /// Whether every migration is applied and nothing is wrong.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.problems.is_empty() && self.states.iter().all(|(_, state)| matches!(state, State::Applied { .. }))
    }

    /// What a target means here; an unknown id is reported before anything else is.
    fn goal(&self, target: &Target) -> Result<Goal, Problem> {
        let goal = match target {
            Target::All => Goal::All,
            Target::Count(count) => Goal::Count(*count),
            Target::Id(wanted) => {
                let ids: Vec<&str> = self.states.iter().map(|(id, _)| id.as_str()).collect();
                match (position(wanted, &ids), number(wanted)) {
                    (Ok(position), _) => Goal::At(position),
                    (Err(Problem::NoSuchId { .. }), Some(count)) => Goal::Count(count),
                    (Err(problem), _) => return Err(problem),
                }
            }
        };
        self.problems.first().map_or(Ok(goal), |problem| Err(problem.clone()))
    }

    fn refuse(&self, bad: impl Fn(&State) -> bool, problem: impl Fn(String) -> Problem) -> Result<(), Problem> {
        match self.states.iter().find(|(_, state)| bad(state)) {
            Some((id, _)) => Err(problem(id.clone())),
            None => Ok(()),
        }
    }

    fn positions(&self, wanted: impl Fn(&State) -> bool) -> Vec<usize> {
        self.states.iter().enumerate().filter(|(_, (_, state))| wanted(state)).map(|(at, _)| at).collect()
    }
}

/// How far to go, among the migrations that there are.
#[derive(Clone, Copy)]
enum Goal {
    All,
    Count(usize),
    /// The migration at this position, and with it.
    At(usize),
}

/// Leaves the first `count` positions. More than there are is nothing that anybody means, and none is not either.
fn shorten(positions: &mut Vec<usize>, count: usize, direction: Direction) -> Result<(), Problem> {
    match positions.len() {
        _ if count == 0 => Err(Problem::Zero),
        available if available < count => Err(Problem::TooMany { wanted: count, available, direction }),
        _ => {
            positions.truncate(count);
            Ok(())
        }
    }
}

/// How many steps are done.
fn done(steps: &[&StepRecord]) -> u32 {
    u32::try_from(steps.iter().filter(|step| step.done).count()).unwrap_or(u32::MAX)
}

/// Whether a step has come to some of its batches, and not to the last one.
fn is_between_batches(steps: &[&StepRecord]) -> bool {
    steps.iter().any(|step| step.in_batches && !step.done)
}

/// The migrations of the journal that the files do not have, finished or not.
fn unknown(history: &[Entry], journal: &Journal) -> Option<Problem> {
    let known: BTreeSet<&str> = history.iter().map(|entry| entry.id.as_str()).collect();
    let recorded = journal.migrations.iter().map(|record| record.id.as_str());
    let begun = journal.steps.iter().map(|step| step.migration.as_str());
    let ids: BTreeSet<&str> = recorded.chain(begun).collect();
    let (ours, foreign): (Vec<&str>, Vec<&str>) = ids.into_iter().partition(|id| known.contains(id));
    (!foreign.is_empty()).then(|| Problem::Unknown {
        ids: foreign.into_iter().map(str::to_owned).collect(),
        related: !ours.is_empty() || history.is_empty(),
    })
}

/// A problem if one of the first `count` steps is not as it was when it ran, or the next one, where some of its batches are done.
fn differing(entry: &Entry, script: &Script, records: &[&StepRecord], count: u32) -> Option<Problem> {
    let count = usize::try_from(count).unwrap_or(usize::MAX).saturating_add(is_between_batches(records).into());
    let same = |step: &Step| {
        records.iter().any(|record| record.number == step.number && record.checksum == step.checksum().to_string())
    };
    let unchanged = script.steps.iter().take(count).filter(|step| same(step)).count();
    (unchanged != count).then(|| edited(entry, script, records, count))
}

/// The first statement among the first `count` steps that is not what it was.
fn edited(entry: &Entry, script: &Script, records: &[&StepRecord], count: usize) -> Problem {
    let mut records = records.to_vec();
    records.sort_by_key(|record| record.number);
    let before: Vec<&str> = records.iter().flat_map(|record| record.sql.split(SEPARATOR)).collect();
    let now: Vec<_> = script.steps.iter().take(count).flat_map(|step| &step.statements).collect();
    let at = (0..before.len().max(now.len()))
        .find(|at| before.get(*at).copied() != now.get(*at).map(|statement| statement.normal.as_str()));
    let statement = at.and_then(|at| now.get(at));
    Problem::Edited {
        id: entry.id.clone(),
        applied: at.and_then(|at| before.get(at)).map(|sql| (*sql).to_owned()),
        file: statement.map(|statement| statement.normal.clone()),
        line: statement.map(|statement| statement.line),
    }
}

/// What stands between two statements in [`StepRecord::sql`].
const SEPARATOR: &str = ";\n";

impl Step {
    /// The statements as [`StepRecord::sql`] keeps them.
    #[must_use]
    pub fn recorded_sql(&self) -> String {
        self.normal_statements().collect::<Vec<_>>().join(SEPARATOR)
    }
}

#[cfg(test)]
mod tests;
