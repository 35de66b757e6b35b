//! Edits of the journal, where the journal is what is wrong. Nothing else of the database is touched.

use std::collections::BTreeSet;

use super::order::Order;
use super::session::Session;
use crate::ask::run;
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::{Direction, Journal, Problem, Record, Standing, position};
use crate::{Error, Result};

/// One edit of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Repair {
    /// Forget a migration that is recorded: because its folder is gone for good, or because what it did was undone by hand.
    Forget(String),
    /// Record a migration as applied: because what it does was done by hand.
    MarkApplied(String),
    /// Take over the text of a migration that was edited after it had been applied: because the database is as the text now says.
    TakeOver(String),
}

/// What repairing comes to.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct RepairPlan {
    /// What is done, in a sentence each.
    pub edits: Vec<String>,
    /// The statements, all of which touch the journal alone.
    pub sql: Vec<String>,
}

impl Repair {
    /// The id of the migration.
    #[must_use]
    pub fn id(&self) -> &str {
        match self {
            Self::Forget(id) | Self::MarkApplied(id) | Self::TakeOver(id) => id,
        }
    }

    /// The edits that would settle what keeps a run from starting: to forget what is not among the migrations, and to take over what was
    /// edited. Whether that is right, only somebody who knows what happened can say.
    #[must_use]
    pub fn of_problems(problems: &[Problem]) -> Vec<Self> {
        let of = |problem: &Problem| match problem {
            // The journal of another application is right; the url is what is wrong.
            Problem::Unknown { ids, related: true } => ids.iter().cloned().map(Self::Forget).collect(),
            Problem::Edited { id, .. } => vec![Self::TakeOver(id.clone())],
            Problem::Unknown { related: false, .. }
            | Problem::HalfUndone { .. }
            | Problem::HalfApplied { .. }
            | Problem::NoSuchId { .. }
            | Problem::Ambiguous { .. }
            | Problem::TooMany { .. }
            | Problem::Zero
            | Problem::NotApplied { .. } => Vec::new(),
        };
        problems.iter().flat_map(of).collect()
    }
}

impl Order<'_> {
    /// What these edits come to. The database is only read.
    pub(in crate::migrate) async fn repair_plan(&self, repairs: &[Repair]) -> Result<RepairPlan> {
        plan(self.history, &Session::open(self.engine).await?.journal().await?, repairs)
    }

    /// Edits the journal, all or nothing.
    pub(in crate::migrate) async fn repair(&self, repairs: &[Repair]) -> Result<RepairPlan> {
        let session = Session::open(self.engine).await?;
        let lock = self.lock().await?;
        let repaired = edit(self.history, &session, repairs).await;
        let released = match lock {
            Some(lock) => lock.release().await,
            None => Ok(()),
        };
        let plan = repaired?;
        released.map(|()| plan)
    }
}

async fn edit(history: &[Entry], session: &Session, repairs: &[Repair]) -> Result<RepairPlan> {
    session.create_journal().await?;
    let plan = plan(history, &session.journal().await?, repairs)?;
    let transaction = session.begin().await?;
    for statement in &plan.sql {
        run(&transaction, statement.clone()).await?;
    }
    transaction.commit().await?;
    Ok(plan)
}

/// The statements of some edits: a pure function of the files and the journal.
fn plan(history: &[Entry], journal: &Journal, repairs: &[Repair]) -> Result<RepairPlan> {
    let mut plan = RepairPlan::default();
    for repair in repairs {
        let id = meant(history, journal, repair)?;
        let entry = || history.iter().find(|entry| entry.id == id);
        let record = journal.migrations.iter().find(|record| record.id == id);
        let begun = journal.steps.iter().any(|step| step.migration == id);
        match repair {
            Repair::Forget(_) if record.is_none() && !begun => {
                return Err(refused(id, "the journal does not know it, so there is nothing to forget"));
            }
            Repair::Forget(_) => {
                plan.edits.push(match entry() {
                    Some(_) => format!("forget that {id} was applied: the next run applies it again"),
                    None => format!("forget {id}, which is not among the migrations; what it did stays"),
                });
                plan.sql.extend(journal::forget_migration(id));
            }
            Repair::MarkApplied(_) => {
                let Some(entry) = entry() else { return Err(refused(id, "there is no such migration")) };
                if record.is_some() {
                    return Err(refused(id, "it is recorded as applied already"));
                }
                plan.edits.push(format!("record {id} as applied, without running it"));
                plan.sql.extend(journal::forget_migration(id));
                plan.sql.extend(
                    entry.up.steps.iter().map(|step| journal::record_step(id, Direction::Forwards, step, true)),
                );
                plan.sql.push(journal::record_migration(entry, true));
            }
            Repair::TakeOver(_) => {
                let Some(entry) = entry() else { return Err(refused(id, "there is no such migration")) };
                take_over(entry, record, journal, &mut plan)?;
            }
        }
    }
    Ok(plan)
}

/// The id that a repair means: a unique beginning or the name will do, as for a run. What nothing has is left for the repair to refuse.
fn meant<'a>(history: &'a [Entry], journal: &'a Journal, repair: &'a Repair) -> Result<&'a str> {
    let mut known: BTreeSet<&str> = history.iter().map(|entry| entry.id.as_str()).collect();
    if let Repair::Forget(_) = repair {
        known.extend(journal.migrations.iter().map(|record| record.id.as_str()));
        known.extend(journal.steps.iter().map(|step| step.migration.as_str()));
    }
    let known: Vec<&str> = known.into_iter().collect();
    match position(repair.id(), &known) {
        Ok(at) => Ok(known.get(at).copied().unwrap_or_else(|| repair.id())),
        Err(Problem::NoSuchId { .. }) => Ok(repair.id()),
        Err(problem) => Err(problem.into()),
    }
}

/// Takes over the checksums of a migration that is applied, or of the steps of one that is half applied.
fn take_over(entry: &Entry, record: Option<&Record>, journal: &Journal, plan: &mut RepairPlan) -> Result<()> {
    let id = &entry.id;
    let standing = Standing::of(std::slice::from_ref(entry), journal);
    let is_edited = |problem: &Problem| matches!(problem, Problem::Edited { id: edited, .. } if edited == id);
    if !standing.problems.iter().any(is_edited) {
        return Err(refused(id, "it is as it was when it was applied"));
    }
    let up = || journal.steps.iter().filter(|step| step.migration == *id && step.direction == Direction::Forwards);
    let done = match record {
        Some(_) => entry.up.steps.len(),
        None => up().filter(|step| step.done).count(),
    };
    plan.edits.push(format!("take over the text of {id} as it is now; what ran is not run again"));
    plan.sql.extend(up().map(|step| journal::forget_step(id, Direction::Forwards, step.number)));
    let steps = entry.up.steps.iter().take(done);
    plan.sql.extend(steps.map(|step| journal::record_step(id, Direction::Forwards, step, true)));
    if record.is_some() {
        plan.sql.push(journal::take_over(entry));
    }
    Ok(())
}

fn refused(id: &str, message: &str) -> Error {
    Error::Migration { id: Some(id.to_owned()), message: message.to_owned(), cause: None }
}
