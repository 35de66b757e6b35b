//! Runs one migration: step by step, each with its row in the journal.

use std::time::{Duration, Instant};

use super::batches::{self, Walk};
use super::concurrently;
use super::event::Event;
use super::failure;
use super::lock::Lock;
use super::pause::Backoff;
use super::premise::Premise;
use super::session::{Session, progress_in};
use super::step_sql::{Place, settings, steps};
use crate::ask::{all, run};
use crate::migrate::file::{Batches, Mode, Step};
use crate::migrate::functions::Functions;
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::Direction;
use crate::rebuild::{self, Trouble};
use crate::sql::Dialect;
use crate::transaction::Transaction;
use crate::{Error, Exec, Result};

/// How long two attempts at a step lie apart, at first and at most.
const PAUSES: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// What is said of a journal that the database does not write.
const JOURNAL: &str = "the journal could not be written";

/// What a run needs at every step.
pub(super) struct Runner<'a> {
    pub(super) session: Session,
    /// What keeps other runners away on Postgres.
    pub(super) lock: Option<Lock>,
    pub(super) functions: &'a Functions,
    /// For how long a step is tried again when it could not get a lock.
    pub(super) patience: Duration,
    pub(super) tell: &'a (dyn Fn(Event) + Send + Sync),
    /// What the choice of migrations rests on.
    pub(super) premise: Premise,
}

/// What an attempt at a step came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ran {
    /// Nothing: another runner was first.
    Nothing,
    /// The step is done.
    Step,
    /// A batch of it is done, and with it so many rows.
    Batch { rows: i64 },
}

/// A step that did not work.
struct Fault {
    /// What the user is told.
    told: Error,
    /// What the database said, where trying again may help.
    passing: Option<String>,
}

impl Runner<'_> {
    /// Brings one migration to its end, from wherever an earlier run left it. `false` if another runner had done it all.
    pub(super) async fn migrate(&mut self, entry: &Entry, direction: Direction) -> Result<bool> {
        let started = Instant::now();
        let mut done_here = false;
        // The step that was told, and how many rows it has.
        let mut told: Option<(u32, Option<u64>)> = None;
        loop {
            let progress = self.session.progress(entry, direction).await?;
            if progress.is_complete(direction) {
                break;
            }
            let place = Place::after(entry, direction, progress.done);
            if let Some(step) = place.step.filter(|step| told.is_none_or(|(number, _)| number != step.number)) {
                self.tell_step(&place, step);
                told = Some((step.number, self.estimate(step).await?));
            }
            let ran = self.persist(&place, progress.done).await?;
            if let (Ran::Batch { rows }, Some((number, of))) = (ran, told) {
                let rows = u64::try_from(rows).unwrap_or_default();
                (self.tell)(Event::Progress { id: entry.id.clone(), number, rows, of });
            }
            done_here |= ran != Ran::Nothing;
        }
        self.premise.note(&entry.id, direction);
        if done_here {
            (self.tell)(Event::Done { id: entry.id.clone(), direction, took: started.elapsed() });
        }
        Ok(done_here)
    }

    fn tell_step(&self, place: &Place<'_>, step: &Step) {
        let of = steps(place.entry, place.direction).len();
        let (number, title) = (step.number, step.title.clone());
        (self.tell)(Event::Step { id: place.entry.id.clone(), direction: place.direction, number, of, title });
    }

    /// How many rows a step in batches will have, where that can be known without reading them.
    async fn estimate(&self, step: &Step) -> Result<Option<u64>> {
        let Some(batches) = &step.batches else { return Ok(None) };
        let rows = self.session.value::<i64>(batches::estimate(batches, self.session.dialect())).await?;
        Ok(rows.and_then(|rows| u64::try_from(rows).ok()))
    }

    /// Runs a step, or the next batch of one, again and again while only a lock is in the way.
    async fn persist(&mut self, place: &Place<'_>, done: usize) -> Result<Ran> {
        let (started, mut backoff) = (Instant::now(), Backoff::new(PAUSES.0, PAUSES.1));
        loop {
            let attempt = match place.step {
                Some(step) if step.mode == Mode::NoTransaction => self.alone(place, step).await,
                Some(_) | None => self.together(place, done).await,
            };
            match attempt {
                Ok(ran) => return Ok(ran),
                Err(Fault { passing: Some(reason), .. }) if started.elapsed() < self.patience => {
                    let number = place.step.map_or(0, |step| step.number);
                    (self.tell)(Event::Retry { id: place.entry.id.clone(), number, reason });
                    backoff.pause().await;
                }
                Err(fault) => return Err(fault.told),
            }
        }
    }

    /// Tries a step once in a transaction with its journal row, and with SQLite's foreign keys suspended around that where it asks for it:
    /// inside of a transaction the pragma does nothing.
    async fn together(&self, place: &Place<'_>, done: usize) -> Result<Ran, Fault> {
        if !place.suspends(self.session.dialect()) {
            return Box::pin(self.transaction(place, done)).await;
        }
        self.session.suspended(async || Box::pin(self.transaction(place, done)).await).await
    }

    async fn transaction(&self, place: &Place<'_>, done: usize) -> Result<Ran, Fault> {
        let transaction = self.session.begin().await.map_err(Fault::plain)?;
        match Box::pin(self.inside(&transaction, place, done)).await {
            Ok(Ran::Nothing) => transaction.rollback().await.map(|()| Ran::Nothing).map_err(Fault::plain),
            Ok(ran) => {
                let committed = transaction.commit().await;
                committed.map(|()| ran).map_err(|error| Fault::in_step(place, &error, "could not be committed"))
            }
            Err(fault) => {
                // The step's own error says more than that of a rollback on a broken connection would.
                let _ = transaction.rollback().await;
                Err(fault)
            }
        }
    }

    /// All that happens in the step's transaction; nothing if another runner has done the step in the meantime.
    async fn inside(&self, transaction: &Transaction, place: &Place<'_>, done: usize) -> Result<Ran, Fault> {
        let dialect = self.session.dialect();
        for setting in settings(dialect) {
            run(transaction, setting).await.map_err(Fault::plain)?;
        }
        let progress = progress_in(transaction, place.entry, place.direction).await.map_err(Fault::plain)?;
        if progress.is_complete(place.direction) || progress.done != done {
            return Ok(Ran::Nothing);
        }
        if done == 0 {
            let applied = all(transaction, journal::applied(), |row| row.get(0)).await.map_err(Fault::plain)?;
            self.premise.holds(place, applied.into_iter().collect()).map_err(Fault::plain)?;
        }
        if let Some((step, batches)) = place.step.and_then(|step| Some((step, step.batches.as_ref()?))) {
            return Box::pin(self.batch(transaction, place, (step, batches))).await;
        }
        // A step of a file that was changed since may have begun in another way.
        if let Some(step) = place.step.filter(|_| progress.begun) {
            let forget = journal::forget_step(&place.entry.id, place.direction, step.number);
            run(transaction, forget).await.map_err(|error| Fault::in_step(place, &error, JOURNAL))?;
        }
        let mut place = *place;
        self.step(transaction, &place).await?;
        while let Some(next) = place.joined(dialect) {
            place = next;
            place.step.into_iter().for_each(|step| self.tell_step(&place, step));
            self.step(transaction, &place).await?;
        }
        Ok(Ran::Step)
    }

    /// Runs a step in a transaction, and writes its row of the journal.
    async fn step(&self, transaction: &Transaction, place: &Place<'_>) -> Result<(), Fault> {
        if let Some(step) = place.step {
            if self.session.dialect() == Dialect::Sqlite && step.foreign_keys_suspended {
                Box::pin(self.guarded(transaction, place, step)).await?;
            } else {
                Box::pin(self.statements(transaction, place, step)).await?;
            }
        }
        if place.completes() && place.direction == Direction::Forwards {
            let ran = self.functions.run(&place.entry.id, transaction).await;
            ran.map_err(|error| Fault::in_step(place, &error, "its Rust function failed"))?;
        }
        for statement in place.bookkeeping() {
            run(transaction, statement).await.map_err(|error| Fault::in_step(place, &error, JOURNAL))?;
        }
        Ok(())
    }

    /// Runs the next batch of a step, the first one after having looked where the walk will end.
    async fn batch(
        &self,
        transaction: &Transaction,
        place: &Place<'_>,
        (step, batches): (&Step, &Batches),
    ) -> Result<Ran, Fault> {
        let (id, direction, exec) = (&place.entry.id, place.direction, Exec::from(transaction));
        let reading = |error: Error| Fault::in_step(place, &error, "the rows could not be read");
        let record =
            async |sql: String| run(transaction, sql).await.map_err(|error| Fault::in_step(place, &error, JOURNAL));
        let walk = match Walk::resume(exec, id, direction, step).await.map_err(reading)? {
            Some(walk) => walk,
            None => match Walk::begin(exec, batches).await.map_err(reading)? {
                Some(walk) => {
                    record(journal::begin_batches(id, direction, step, &walk.end)).await?;
                    walk
                }
                None => {
                    record(journal::record_step(id, direction, step, true)).await?;
                    return Ok(Ran::Step);
                }
            },
        };
        let Some(batch) = walk.next(exec, batches).await.map_err(reading)? else {
            record(journal::finish_step(id, direction, step.number)).await?;
            return Ok(Ran::Step);
        };
        let dialect = self.session.dialect();
        for statement in &step.statements {
            if let Err(cause) = run(transaction, batch.sql(statement, dialect)).await {
                return Err(Fault::new(&cause, failure::of_statement(place, statement, &cause, dialect)));
            }
        }
        let rows = walk.rows.saturating_add(batch.rows);
        record(journal::record_batch(id, direction, step.number, &batch.last, rows, batch.is_last(batches))).await?;
        Ok(Ran::Batch { rows })
    }

    /// Runs a step that suspends foreign keys and makes sure that nothing is lost by it.
    async fn guarded(&self, transaction: &Transaction, place: &Place<'_>, step: &Step) -> Result<(), Fault> {
        let statements = async || Box::pin(self.statements(transaction, place, step)).await;
        let run = Box::pin(rebuild::guarded(transaction, &place.work(step), statements)).await;
        run.map_err(|trouble| match trouble {
            Trouble::Statements(fault) => fault,
            Trouble::Database { what, error } => Fault::in_step(place, &error, &what),
            Trouble::Refused(message) => Fault::refused(place, &message, None),
            Trouble::BrokenKeys { table, message } => Fault::refused(place, &message, Some(rebuild::broken_key(table))),
        })
    }

    /// Runs the statements of the file.
    async fn statements(&self, transaction: &Transaction, place: &Place<'_>, step: &Step) -> Result<(), Fault> {
        for statement in &step.statements {
            if let Err(cause) = run(transaction, statement.text.clone()).await {
                let told = failure::of_statement(place, statement, &cause, self.session.dialect());
                return Err(Fault::new(&cause, told));
            }
        }
        Ok(())
    }

    /// Runs the one statement of a step that takes no transaction: the journal says that it has begun, then that it is done.
    async fn alone(&mut self, place: &Place<'_>, step: &Step) -> Result<Ran, Fault> {
        let (id, direction) = (&place.entry.id, place.direction);
        if let Some(lock) = &self.lock {
            lock.check().await.map_err(Fault::plain)?;
        }
        let Some(statement) = step.statements.first() else { return Ok(Ran::Nothing) };
        let progress = self.session.progress(place.entry, direction).await.map_err(Fault::plain)?;
        if progress.done == 0 {
            self.premise.holds(place, self.session.applied().await.map_err(Fault::plain)?).map_err(Fault::plain)?;
        }
        let left = if progress.begun {
            concurrently::left_behind(&self.session, statement).await.map_err(Fault::plain)?
        } else {
            // Once the step has begun, an index of its name is taken for what it has left.
            let taken = concurrently::taken(&self.session, statement).await.map_err(Fault::plain)?;
            if let Some(cause) = taken {
                let told = failure::of_statement(place, statement, &cause, self.session.dialect());
                return Err(Fault::new(&cause, told));
            }
            let record = journal::record_step(id, direction, step, false);
            self.session.execute(record).await.map_err(|error| Fault::in_step(place, &error, JOURNAL))?;
            concurrently::Left::Nothing
        };
        let run = match left {
            concurrently::Left::All => Ok(()),
            concurrently::Left::Nothing => concurrently::run(&self.session, statement).await,
            concurrently::Left::Broken(clean_up) => match self.session.execute(clean_up).await {
                Ok(()) => concurrently::run(&self.session, statement).await,
                Err(error) => Err(error),
            },
        };
        if let Err(cause) = run {
            return Err(Fault::new(&cause, failure::of_statement(place, statement, &cause, self.session.dialect())));
        }
        let finished = self.session.execute(journal::finish_step(id, direction, step.number)).await;
        finished.map(|()| Ran::Step).map_err(|error| Fault::in_step(place, &error, JOURNAL))
    }
}

impl From<Error> for Fault {
    fn from(cause: Error) -> Self {
        Self::plain(cause)
    }
}

impl Fault {
    fn new(cause: &Error, told: Error) -> Self {
        Self { told, passing: failure::is_passing(cause).then(|| cause.to_string()) }
    }

    /// A fault that is no statement's own.
    fn plain(cause: Error) -> Self {
        Self::new(&cause.clone(), cause)
    }

    /// A fault at a step, in the words of `what` and of the database.
    fn in_step(place: &Place<'_>, cause: &Error, what: &str) -> Self {
        Self::new(cause, failure::of_step(place, &format!("{what}: {cause}"), Some(cause.clone())))
    }

    /// A step that the runner itself refuses to commit.
    fn refused(place: &Place<'_>, message: &str, cause: Option<Error>) -> Self {
        Self { told: failure::of_step(place, message, cause), passing: None }
    }
}
