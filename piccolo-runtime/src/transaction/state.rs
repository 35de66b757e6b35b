//! What all handles of one transaction know about it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::{Error, Result};

/// The state of a transaction, shared by the handles of all its levels.
pub(super) struct State {
    condition: Mutex<Condition>,
    /// Counts savepoints, so that each of ours has a name of its own.
    savepoints: AtomicU32,
    /// Whether the connection goes back to its pool with the transaction's end.
    pub(super) owns_session: bool,
}

enum Condition {
    Open,
    /// A statement failed, as the text says; only a rollback can follow.
    Aborted(String),
    /// It has ended, as the text says.
    Over(String),
}

/// One level: the transaction itself, or a savepoint inside it.
pub(super) struct Level {
    /// The savepoint; `None` for the transaction itself.
    pub(super) savepoint: Option<String>,
    outer: Option<Arc<Level>>,
    ended: AtomicBool,
}

impl Level {
    /// The transaction itself.
    pub(super) fn outermost() -> Arc<Self> {
        Arc::new(Self { savepoint: None, outer: None, ended: AtomicBool::new(false) })
    }

    /// A savepoint inside another level.
    pub(super) fn inside(outer: &Arc<Self>, savepoint: String) -> Arc<Self> {
        Arc::new(Self { savepoint: Some(savepoint), outer: Some(Arc::clone(outer)), ended: AtomicBool::new(false) })
    }

    /// An error when it, or a level around it, has ended.
    pub(super) fn check_open(&self) -> Result<()> {
        if self.has_ended() {
            return Err(Error::TransactionOver { message: "it was committed or rolled back before".to_owned() });
        }
        Ok(())
    }

    /// Whether it, or a level around it, has ended.
    pub(super) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::SeqCst) || self.outer.as_ref().is_some_and(|outer| outer.has_ended())
    }

    /// Marks its end.
    pub(super) fn end(&self) {
        self.ended.store(true, Ordering::SeqCst);
    }
}

impl State {
    pub(super) fn open(owns_session: bool) -> Arc<Self> {
        Arc::new(Self { condition: Mutex::new(Condition::Open), savepoints: AtomicU32::new(0), owns_session })
    }

    /// An error unless statements may run.
    pub(super) fn check_open(&self) -> Result<()> {
        match &*self.lock() {
            Condition::Open => Ok(()),
            Condition::Aborted(why) => Err(Error::TransactionOver {
                message: format!("an earlier statement in it failed ({why}); roll it back, or back to a savepoint"),
            }),
            Condition::Over(why) => Err(Error::TransactionOver { message: why.clone() }),
        }
    }

    /// An error when it has ended; an aborted transaction has not.
    pub(super) fn check_not_over(&self) -> Result<()> {
        match &*self.lock() {
            Condition::Over(why) => Err(Error::TransactionOver { message: why.clone() }),
            Condition::Open | Condition::Aborted(_) => Ok(()),
        }
    }

    /// A statement failed.
    pub(super) fn abort(&self, error: &Error) {
        let mut condition = self.lock();
        if matches!(*condition, Condition::Open) {
            *condition = Condition::Aborted(error.to_string());
        }
    }

    /// It was rolled back to a savepoint from before the failure.
    pub(super) fn reopen(&self) {
        let mut condition = self.lock();
        if matches!(*condition, Condition::Aborted(_)) {
            *condition = Condition::Open;
        }
    }

    /// It has ended.
    pub(super) fn end(&self, why: impl Into<String>) {
        let mut condition = self.lock();
        if !matches!(*condition, Condition::Over(_)) {
            *condition = Condition::Over(why.into());
        }
    }

    /// A name for a savepoint of ours, which no user can write.
    pub(super) fn savepoint(&self) -> String {
        format!("piccolo:{}", self.savepoints.fetch_add(1, Ordering::Relaxed))
    }

    fn lock(&self) -> MutexGuard<'_, Condition> {
        self.condition.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
