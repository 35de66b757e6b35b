//! One SQLite connection with, from its first async call on, a thread of its own.
//!
//! An async call sends its whole job there and gets one reply; a blocking call runs in place, under the same lock. A job
//! owns what keeps the connection reserved, so a caller who stops waiting frees nothing before the job has ended.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, TryLockError};

use rusqlite::InterruptHandle;
use rusqlite::config::DbConfig;
use tokio::sync::oneshot;

use super::operation::{OnSqlite, Session};
use super::rolled_back;
use crate::engine::fault::{Fault, Origin};
use crate::engine::pool::{Resource, Slot};
use crate::{Error, Result};

type Job = Box<dyn FnOnce() + Send>;

/// A connection and its thread; clones share them.
#[derive(Clone)]
pub(crate) struct Worker(Arc<Shared>);

struct Shared {
    connection: Mutex<rusqlite::Connection>,
    read_only: bool,
    /// Whether the database would be gone with the connection.
    in_memory: bool,
    interrupt: InterruptHandle,
    /// The job that runs, so that an interrupt can only hit the job it is meant for.
    running: Mutex<Option<Arc<Ticket>>>,
    queue: OnceLock<Sender<Job>>,
}

/// A job's side of the line to the caller who waits for it.
#[derive(Default)]
pub(crate) struct Ticket {
    cancelled: AtomicBool,
}

impl Ticket {
    /// An error when nobody waits for the job any more.
    pub(crate) fn check(&self) -> Result<(), Fault> {
        if self.cancelled.load(Ordering::Relaxed) { Err(cancelled()) } else { Ok(()) }
    }
}

fn cancelled() -> Fault {
    let error = Error::Timeout { message: "the call was dropped before its statement had ended".to_owned() };
    Fault::new(error, Origin::Database)
}

impl Worker {
    /// Takes over an open connection.
    pub(crate) fn new(connection: rusqlite::Connection, read_only: bool, in_memory: bool) -> Self {
        let interrupt = connection.get_interrupt_handle();
        Self(Arc::new(Shared {
            connection: Mutex::new(connection),
            read_only,
            in_memory,
            interrupt,
            running: Mutex::new(None),
            queue: OnceLock::new(),
        }))
    }

    /// Runs an operation in place, `within` an open transaction or outside of any.
    pub(crate) fn run_here<O: OnSqlite>(&self, operation: &O, within: bool) -> Result<O::Output, Fault> {
        self.perform(&Arc::new(Ticket::default()), operation, within)
    }

    /// Runs an operation on the connection's thread. `hold` is dropped when the job has ended, whoever still waits.
    ///
    /// Dropping the future interrupts the statement if it runs, and takes the job back if it does not run yet.
    pub(crate) async fn run<O: OnSqlite, H: Send + 'static>(
        &self,
        hold: H,
        within: bool,
        operation: O,
    ) -> Result<O::Output, Refused<O>> {
        let ticket = Arc::new(Ticket::default());
        let (reply, answer) = oneshot::channel();
        let job = {
            let (worker, ticket) = (self.clone(), Arc::clone(&ticket));
            move || {
                let result = catch_unwind(AssertUnwindSafe(|| worker.perform(&ticket, &operation, within)));
                // The connection is free before the caller hears of it, so that his next call finds it.
                drop((worker, hold));
                // The caller may have stopped waiting.
                let _ = reply.send((result, operation));
            }
        };
        self.submit(job).map_err(|error| Refused { fault: error.into(), operation: None })?;
        let mut caller = Caller { worker: self, ticket: &ticket, waits: true };
        let answer = answer.await;
        caller.waits = false;
        match answer {
            Ok((Ok(result), operation)) => result.map_err(|fault| Refused { fault, operation: Some(operation) }),
            // A panic in a decoder belongs to the caller.
            Ok((Err(panic), _)) => resume_unwind(panic),
            Err(_) => Err(Refused { fault: thread_is_gone().into(), operation: None }),
        }
    }

    /// Hands a job to the connection's thread, which the first job starts.
    fn submit(&self, job: impl FnOnce() + Send + 'static) -> Result<()> {
        let queue = match self.0.queue.get() {
            Some(queue) => queue,
            None => {
                let (sender, receiver) = channel::<Job>();
                std::thread::Builder::new()
                    .name("piccolo-sqlite".to_owned())
                    .spawn(move || receiver.into_iter().for_each(|job| job()))
                    .map_err(|error| Error::Connection {
                        message: format!("cannot start a thread for a SQLite connection: {error}"),
                    })?;
                self.0.queue.get_or_init(|| sender)
            }
        };
        queue.send(Box::new(job)).map_err(|_| thread_is_gone())
    }

    /// Runs the operation on this thread, unless nobody waits for it any more. An operation `within` a transaction that
    /// SQLite has rolled back by itself does not run, because each of its statements would commit on its own.
    fn perform<O: OnSqlite>(&self, ticket: &Arc<Ticket>, operation: &O, within: bool) -> Result<O::Output, Fault> {
        // A panic of an earlier decoder left nothing half-done: every statement is reset when it is dropped.
        let connection = self.0.connection.lock().unwrap_or_else(PoisonError::into_inner);
        {
            let mut running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
            ticket.check()?;
            *running = Some(Arc::clone(ticket));
        }
        let _ended = Ended(&self.0.running);
        if within && connection.is_autocommit() {
            return Err(rolled_back().into());
        }
        operation.run_on_sqlite(&Session { connection: &connection, read_only: self.0.read_only, ticket, worker: self })
    }

    /// Interrupts the job with this ticket, or keeps it from starting; never another one.
    fn cancel(&self, ticket: &Arc<Ticket>) {
        let running = self.0.running.lock().unwrap_or_else(PoisonError::into_inner);
        ticket.cancelled.store(true, Ordering::Relaxed);
        if running.as_ref().is_some_and(|running| Arc::ptr_eq(running, ticket)) {
            self.0.interrupt.interrupt();
        }
    }

    /// Whether a transaction is open on the connection.
    pub(crate) fn in_transaction(&self) -> bool {
        match self.0.connection.try_lock() {
            Ok(connection) => !connection.is_autocommit(),
            Err(TryLockError::Poisoned(poisoned)) => !poisoned.into_inner().is_autocommit(),
            Err(TryLockError::WouldBlock) => true,
        }
    }

    /// Runs a statement for which nobody waits, after what the thread has to do already.
    pub(super) fn run_later(&self, sql: String) {
        let worker = self.clone();
        // Without its thread the connection is about to be closed, and its temporary tables with it.
        let _ = self.submit(move || {
            let connection = worker.0.connection.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = connection.execute_batch(&sql);
        });
    }

    /// Rolls back what is open and lends the connection on. One that cannot be rolled back is closed, unless the
    /// database lives in it.
    fn clean(self, slot: Slot<Self>) {
        let rolled_back = {
            let connection = self.0.connection.lock().unwrap_or_else(PoisonError::into_inner);
            connection.is_autocommit() || connection.execute_batch("ROLLBACK").is_ok()
        };
        if rolled_back || self.0.in_memory {
            self.put_back(slot);
        }
    }

    /// Lends the connection on. The one of a database in memory may come back from somebody who had suspended foreign keys on it and was
    /// dropped before they were on again.
    fn put_back(self, slot: Slot<Self>) {
        if self.0.in_memory {
            let connection = self.0.connection.lock().unwrap_or_else(PoisonError::into_inner);
            // It fails only without the feature, which our SQLite has.
            let _ = connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_FKEY, true);
        }
        slot.put_back(self);
    }
}

impl Resource for Worker {
    fn give_back(self, slot: Slot<Self>) {
        if !self.in_transaction() {
            self.put_back(slot);
        } else if self.0.queue.get().is_none() {
            self.clean(slot);
        } else {
            // A rollback can take a while, and this may be a thread of an async runtime. Should the thread be gone, the
            // job is dropped, and slot and connection with it.
            let worker = self.clone();
            let _ = self.submit(move || worker.clean(slot));
        }
    }
}

/// Why an operation was not done, and the operation itself, so that it can be tried elsewhere.
pub(crate) struct Refused<O> {
    pub(crate) fault: Fault,
    pub(crate) operation: Option<O>,
}

/// A caller who waits for a job; dropped while he waits, he cancels it.
struct Caller<'a> {
    worker: &'a Worker,
    ticket: &'a Arc<Ticket>,
    waits: bool,
}

impl Drop for Caller<'_> {
    fn drop(&mut self) {
        if self.waits {
            self.worker.cancel(self.ticket);
        }
    }
}

/// Marks the end of the running job, a panic included.
struct Ended<'a>(&'a Mutex<Option<Arc<Ticket>>>);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

fn thread_is_gone() -> Error {
    Error::Connection { message: "the thread of the SQLite connection has ended".to_owned() }
}
