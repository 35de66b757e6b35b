//! Who holds the only connection, so that a caller who waits for himself is told so instead of waiting for ever.

use std::thread::ThreadId;
use std::time::{Duration, Instant};

/// A transaction that has done nothing for this long, while its own task waits for its connection, never will.
const GRACE: Duration = Duration::from_secs(1);

/// A line of execution: a task of the async runtime, or a thread that runs none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// A Tokio task.
    Task(tokio::task::Id),
    /// A thread, or the future that a runtime's `block_on` drives on it.
    Thread(ThreadId),
}

impl Who {
    /// The one that is running.
    pub(crate) fn current() -> Self {
        tokio::task::try_id().map_or_else(|| Self::Thread(std::thread::current().id()), Self::Task)
    }
}

/// A transaction on the only connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Holder {
    /// Who began it.
    who: Who,
    /// When it last ran a statement.
    used: Instant,
}

impl Holder {
    /// The holder after it used its connection once more.
    pub(crate) fn now(before: Option<Self>) -> Self {
        Self { who: before.map_or_else(Who::current, |holder| holder.who), used: Instant::now() }
    }

    /// For how long it has done nothing.
    pub(crate) fn idle_for(&self) -> Duration {
        self.used.elapsed()
    }

    /// Whether somebody who waits since `started` waits for himself. Two futures that one task drives side by side
    /// (`join!`) look the same for a moment, hence the grace.
    pub(crate) fn blocks(&self, waiting: Who, started: Instant) -> bool {
        self.who == waiting && self.idle_for() >= GRACE && started.elapsed() >= GRACE
    }
}
