//! All migrations of an application, and everything that can be done with them.

mod blocking;

use std::borrow::Cow;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use super::functions::Functions;
use super::pending::{Direction, Problem, Target};
use super::run::{Event, Order, Preview, Repair, RepairPlan, Report, Status, Verification};
use super::{Migration, history};
use crate::engine::Engine;
use crate::schema::List;
use crate::transaction::Transaction;
use crate::{Error, Result};

/// For how long a run waits for another one, and for locks, unless told otherwise.
const PATIENCE: Duration = Duration::from_secs(300);

/// The migrations of an application: embedded in the program by generated code (`tables::MIGRATIONS`), or read from a folder by the
/// command line. Both behave the same.
///
/// ```no_run
/// # async fn example(tables: &piccolo_runtime::migrate::Migrations, db: &piccolo_runtime::Engine) -> piccolo_runtime::Result<()> {
/// tables.forwards(db).await?;
/// # Ok(())
/// # }
/// ```
pub struct Migrations {
    list: List<Migration>,
    functions: Functions,
    patience: Duration,
    observer: Option<Arc<Observer>>,
}

/// Who is told what happens.
type Observer = dyn Fn(Event) + Send + Sync;

impl Migrations {
    /// Migrations that are part of the program.
    #[must_use]
    pub const fn embedded(list: &'static [Migration]) -> Self {
        Self { list: Cow::Borrowed(list), functions: Functions::NONE, patience: PATIENCE, observer: None }
    }

    /// Migrations that were read at run time.
    #[must_use]
    pub fn loaded(list: Vec<Migration>) -> Self {
        Self { list: Cow::Owned(list), functions: Functions::NONE, patience: PATIENCE, observer: None }
    }

    /// The migrations, in no particular order.
    #[must_use]
    pub fn list(&self) -> &[Migration] {
        &self.list
    }

    /// The same migrations, one of which also runs a function: at its end, inside its last transaction, forwards only. The function
    /// may be called again if that transaction has to be tried again.
    ///
    /// A function should not use the generated tables, which will change: its migration will not.
    #[must_use]
    pub fn with<F, U>(&self, id: &str, function: F) -> Self
    where
        F: Fn(Transaction) -> U + Send + Sync + 'static,
        U: Future<Output = Result<()>> + Send + 'static,
    {
        let mut new = self.copy();
        new.functions.add(id.to_owned().into(), function);
        new
    }

    /// The same migrations, which wait for at most this long for another runner, and try again for at most this long when a lock
    /// is in the way.
    #[must_use]
    pub fn patience(&self, patience: Duration) -> Self {
        Self { patience, ..self.copy() }
    }

    /// The same migrations, which tell this function what happens.
    #[must_use]
    pub fn observe(&self, observer: impl Fn(Event) + Send + Sync + 'static) -> Self {
        Self { observer: Some(Arc::new(observer)), ..self.copy() }
    }

    /// Applies everything that is pending.
    ///
    /// # Errors
    ///
    /// [`Error::Migration`] if the files and the database do not fit together or a step fails; the schema and the journal are then
    /// as before that step. [`Error::Timeout`] if another runner does not come to its end.
    pub async fn forwards(&self, db: &Engine) -> Result<Report> {
        self.forwards_to(db, Target::All).await
    }

    /// Applies what is pending up to a migration, and with it: an id, a unique beginning of one, a number of migrations, or `all`.
    ///
    /// # Errors
    ///
    /// As [`Migrations::forwards`], if no migration has that id or several begin so, and if fewer are pending than that number.
    pub async fn forwards_to(&self, db: &Engine, target: impl Into<Target>) -> Result<Report> {
        self.run(db, Direction::Forwards, target.into()).await
    }

    /// Undoes a migration and all that come after it; or `all`, or the last so many.
    ///
    /// # Errors
    ///
    /// As [`Migrations::forwards_to`], and if the migration is not applied or fewer are than that number.
    pub async fn backwards(&self, db: &Engine, target: impl Into<Target>) -> Result<Report> {
        self.run(db, Direction::Backwards, target.into()).await
    }

    /// Records migrations as applied without running them.
    ///
    /// # Errors
    ///
    /// As [`Migrations::forwards_to`].
    pub async fn fake(&self, db: &Engine, target: impl Into<Target>) -> Result<Report> {
        let target = target.into();
        let history = self.history(db)?;
        self.order(db, &history).fake(&target).await
    }

    /// What some edits of the journal would do. The database is only read.
    ///
    /// # Errors
    ///
    /// If an edit does not fit the journal, or the migrations or the database cannot be read.
    pub async fn repair_plan(&self, db: &Engine, repairs: &[Repair]) -> Result<RepairPlan> {
        let history = self.history(db)?;
        self.order(db, &history).repair_plan(repairs).await
    }

    /// Edits the journal, all of it or nothing, where the journal is what is wrong; no migration is run.
    ///
    /// # Errors
    ///
    /// As [`Migrations::repair_plan`], and [`Error::Timeout`] if another runner does not come to its end.
    pub async fn repair(&self, db: &Engine, repairs: &[Repair]) -> Result<RepairPlan> {
        let history = self.history(db)?;
        self.order(db, &history).repair(repairs).await
    }

    /// Where the database stands. It is only read.
    ///
    /// # Errors
    ///
    /// If the migrations cannot be read, or the database cannot.
    pub async fn status(&self, db: &Engine) -> Result<Status> {
        let history = self.history(db)?;
        self.order(db, &history).status().await
    }

    /// Whether the database is where this program expects it: all migrations applied, nothing changed by hand since. It is only
    /// read; what to do about it is for the caller to decide.
    ///
    /// # Errors
    ///
    /// If the migrations cannot be read, or the database cannot.
    pub async fn verify(&self, db: &Engine) -> Result<Verification> {
        let history = self.history(db)?;
        self.order(db, &history).verify().await
    }

    /// The SQL that a run would send. The database is only read.
    ///
    /// # Errors
    ///
    /// As [`Migrations::forwards_to`].
    pub async fn preview(&self, db: &Engine, direction: Direction, target: impl Into<Target>) -> Result<Preview> {
        let target = target.into();
        let history = self.history(db)?;
        self.order(db, &history).preview(direction, &target).await
    }

    async fn run(&self, db: &Engine, direction: Direction, target: Target) -> Result<Report> {
        let history = self.history(db)?;
        // Large futures stay off the stack of whoever waits.
        let order = self.order(db, &history);
        Box::pin(order.run(direction, &target)).await
    }

    /// Reads the files for this engine, and makes sure that every function has its migration.
    fn history(&self, db: &Engine) -> Result<Vec<history::Entry>> {
        let entries = history::read(&self.list, db.dialect())?;
        match self.functions.ids().find(|id| entries.iter().all(|entry| entry.id != *id)) {
            Some(id) => Err(Error::Usage {
                message: format!("a function was given for the migration {id}, which does not exist"),
            }),
            None => Ok(entries),
        }
    }

    fn order<'a>(&'a self, engine: &'a Engine, history: &'a [history::Entry]) -> Order<'a> {
        let tell: &Observer = self.observer.as_deref().unwrap_or(&|event| tracing::debug!(?event, "migration"));
        Order { engine, history, functions: &self.functions, patience: self.patience, tell }
    }

    fn copy(&self) -> Self {
        Self {
            list: self.list.clone(),
            functions: self.functions.clone(),
            patience: self.patience,
            observer: self.observer.clone(),
        }
    }
}

impl From<history::HistoryError> for Error {
    fn from(error: history::HistoryError) -> Self {
        Self::Migration { id: None, message: error.to_string(), cause: None }
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Migration { id: problem.id().map(str::to_owned), message: problem.to_string(), cause: None }
    }
}
