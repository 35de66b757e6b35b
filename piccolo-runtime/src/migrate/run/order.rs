//! The order of a whole run: read, compare, lock, compare again, go.

use std::time::Duration;

use super::apply::Runner;
use super::baseline::{self, Baseline};
use super::event::Event;
use super::lock::Lock;
use super::premise::Premise;
use super::preview::preview;
use super::report::{Preview, Report, Status, Verification};
use super::session::Session;
use crate::ask::run;
use crate::engine::Engine;
use crate::introspect;
use crate::migrate::functions::Functions;
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::{Direction, Standing, State, Target};
use crate::sql::Dialect;
use crate::{Error, Result};

/// One run's task.
pub(in crate::migrate) struct Order<'a> {
    pub(in crate::migrate) engine: &'a Engine,
    pub(in crate::migrate) history: &'a [Entry],
    pub(in crate::migrate) functions: &'a Functions,
    /// For how long to wait for another runner, and for a lock.
    pub(in crate::migrate) patience: Duration,
    pub(in crate::migrate) tell: &'a (dyn Fn(Event) + Send + Sync),
}

impl Order<'_> {
    /// Where the database stands. It is only read.
    pub(in crate::migrate) async fn status(&self) -> Result<Status> {
        let standing = self.standing(&Session::open(self.engine).await?).await?;
        Ok(Status { migrations: standing.states, problems: standing.problems })
    }

    /// What a run would send. The database is only read.
    pub(in crate::migrate) async fn preview(&self, direction: Direction, target: &Target) -> Result<Preview> {
        let session = Session::open(self.engine).await?;
        let positions = select(&self.standing(&session).await?, direction, target)?;
        let entries: Vec<&Entry> = positions.iter().filter_map(|position| self.history.get(*position)).collect();
        preview(&session, &entries, direction).await
    }

    /// Runs.
    pub(in crate::migrate) async fn run(&self, direction: Direction, target: &Target) -> Result<Report> {
        let session = Session::open(self.engine).await?;
        // What the caller asked for is what was open when it asked, whatever another runner does before our turn.
        let journal = session.journal().await?;
        let asked = select(&Standing::of(self.history, &journal), direction, target)?;
        let premise = Premise::new(journal.migrations.into_iter().map(|record| record.id).collect());
        let mut report = Report { direction, migrations: Vec::new() };
        if asked.is_empty() {
            return Ok(report);
        }
        let lock = self.lock().await?;
        let Self { functions, patience, tell, .. } = *self;
        let mut runner = Runner { session, lock, functions, patience, tell, premise };
        let result = Box::pin(self.run_locked(&mut runner, direction, &asked, &mut report)).await;
        let released = match runner.lock.take() {
            Some(lock) => lock.release().await,
            None => Ok(()),
        };
        result.and(released).map(|()| report)
    }

    async fn run_locked(
        &self,
        runner: &mut Runner<'_>,
        direction: Direction,
        asked: &[usize],
        report: &mut Report,
    ) -> Result<()> {
        runner.session.create_journal().await?;
        let standing = self.standing(&runner.session).await?;
        let still = select(&standing, direction, &Target::All)?;
        let entries: Vec<&Entry> = asked
            .iter()
            .filter(|position| still.contains(position))
            .filter_map(|position| self.history.get(*position))
            .collect();
        if entries.is_empty() {
            return Ok(());
        }
        let baseline = Baseline::take(&runner.session, last_applied(&standing)).await;
        let result = Box::pin(migrate(runner, &entries, direction, report)).await;
        if baseline.is_some() || !report.migrations.is_empty() {
            self.record_shape(&runner.session, baseline.as_ref()).await;
        }
        result
    }

    /// Keeps with the last migration what the migrations have left, so that a change by hand can be told. They are applied whether this works
    /// or not.
    async fn record_shape(&self, session: &Session, baseline: Option<&Baseline>) {
        if let Err(error) = self.try_record_shape(session, baseline).await {
            tracing::warn!(%error, "the shape of the migrated database could not be recorded");
        }
    }

    async fn try_record_shape(&self, session: &Session, baseline: Option<&Baseline>) -> Result<()> {
        let standing = self.standing(session).await?;
        let Some(last) = last_applied(&standing) else { return Ok(()) };
        let transaction = session.begin().await?;
        let shape = introspect::read(&transaction, &introspect::Options::new()).await?;
        let shape = match baseline {
            Some(baseline) => baseline.after(&shape),
            None => shape,
        };
        run(&transaction, journal::record_shape(last, &shape.to_text())).await?;
        transaction.commit().await
    }

    /// Where the database stands, and what was changed by hand. It is only read.
    pub(in crate::migrate) async fn verify(&self) -> Result<Verification> {
        let session = Session::open(self.engine).await?;
        let standing = self.standing(&session).await?;
        let drift = match baseline::recorded(&session, last_applied(&standing)).await? {
            None => None,
            Some(recorded) => {
                let transaction = session.begin().await?;
                let live = introspect::read(&transaction, &introspect::Options::new()).await?;
                transaction.rollback().await?;
                let differences = introspect::differences(&recorded, &live);
                Some(differences.iter().map(|one| one.describe("what the migrations left", "the database")).collect())
            }
        };
        Ok(Verification { status: Status { migrations: standing.states, problems: standing.problems }, drift })
    }

    /// Records migrations as applied without running them.
    pub(in crate::migrate) async fn fake(&self, target: &Target) -> Result<Report> {
        let session = Session::open(self.engine).await?;
        let lock = self.lock().await?;
        session.create_journal().await?;
        let standing = self.standing(&session).await?;
        let positions = select(&standing, Direction::Forwards, target)?;
        let transaction = session.begin().await?;
        let mut report = Report { direction: Direction::Forwards, migrations: Vec::new() };
        for position in positions {
            let (Some(entry), Some((_, state))) = (self.history.get(position), standing.states.get(position)) else {
                continue;
            };
            let done = match state {
                State::HalfApplied(done) => usize::try_from(*done).unwrap_or(usize::MAX),
                State::Pending | State::Applied { .. } | State::HalfUndone(_) => 0,
            };
            for step in entry.up.steps.iter().skip(done) {
                for statement in [
                    journal::forget_step(&entry.id, Direction::Forwards, step.number),
                    journal::record_step(&entry.id, Direction::Forwards, step, true),
                ] {
                    run(&transaction, statement).await?;
                }
            }
            run(&transaction, journal::record_migration(entry, true)).await?;
            report.migrations.push(entry.id.clone());
        }
        transaction.commit().await?;
        // Whoever records without running says that the database is as it has to be.
        if !report.migrations.is_empty() {
            self.record_shape(&session, None).await;
        }
        match lock {
            Some(lock) => lock.release().await.map(|()| report),
            None => Ok(report),
        }
    }

    async fn standing(&self, session: &Session) -> Result<Standing> {
        Ok(Standing::of(self.history, &session.journal().await?))
    }

    pub(super) async fn lock(&self) -> Result<Option<Lock>> {
        match self.engine.dialect() {
            Dialect::Sqlite => Ok(None),
            Dialect::Postgres => Lock::acquire(self.engine, self.patience, self.tell).await.map(Some),
        }
    }
}

/// Runs these migrations, up to the first that fails, and notes those that this run completed.
async fn migrate(runner: &mut Runner<'_>, entries: &[&Entry], direction: Direction, report: &mut Report) -> Result<()> {
    for entry in entries {
        if runner.migrate(entry, direction).await? {
            report.migrations.push(entry.id.clone());
        }
    }
    Ok(())
}

/// The last migration that is applied.
fn last_applied(standing: &Standing) -> Option<&str> {
    let applied = standing.states.iter().rfind(|(_, state)| matches!(state, State::Applied { .. }));
    applied.map(|(id, _)| id.as_str())
}

/// The positions that a direction and a target mean.
fn select(standing: &Standing, direction: Direction, target: &Target) -> Result<Vec<usize>> {
    match direction {
        Direction::Forwards => standing.forwards(target),
        Direction::Backwards => standing.backwards(target),
    }
    .map_err(Error::from)
}
