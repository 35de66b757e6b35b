//! A pool of connections, the same for both engines.
//!
//! It is ours because sqlx's pool pings a connection on every release, which costs as much as a query, and because SQLite
//! needs leases that end when the *statement* does and not when the caller stops waiting for it.
//!
//! A [`Lease`] is one of a limited number of slots with, usually, a connection in it. An empty one asks its holder to open
//! a connection, so the pool itself never does I/O and never waits with its lock held.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::holder::{Holder, Who};
use super::wait::{block_until, within};
use crate::{Error, Result};

/// How often a waiting caller looks whether it waits for itself.
const LOOK_AROUND: Duration = Duration::from_millis(250);

/// What a pool lends.
pub(crate) trait Resource: Send + Sized + 'static {
    /// Ends a lease: the connection goes back through [`Slot::put_back`], at once or after it was cleaned, or is closed
    /// by dropping it.
    fn give_back(self, slot: Slot<Self>);
}

/// The limits of a pool.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// The greatest number of connections.
    pub(crate) connections: usize,
    /// The number of connections that are kept although nobody uses them.
    pub(crate) kept: usize,
    /// How long a caller waits for a connection.
    pub(crate) acquire: Duration,
    /// How long an unused connection is kept.
    pub(crate) idle: Option<Duration>,
    /// How long any connection is kept.
    pub(crate) lifetime: Option<Duration>,
}

/// A pool; clones share it.
pub(crate) struct Pool<C: Resource>(Arc<Shared<C>>);

struct Shared<C: Resource> {
    state: Mutex<State<C>>,
}

struct State<C: Resource> {
    limits: Limits,
    /// Connections that nobody uses, the most recently used last.
    idle: VecDeque<Idle<C>>,
    /// The number of slots taken: idle connections and leases.
    taken: usize,
    /// The number of them whose connections are about to be closed.
    closing: usize,
    /// Callers that wait for a slot, the first one first.
    waiters: VecDeque<oneshot::Sender<Lease<C>>>,
    /// The transaction that holds the connection of a pool of one.
    holder: Option<Holder>,
    /// Whether the pool has been closed, and who waits until all leases have ended.
    closed: Option<Vec<oneshot::Sender<()>>>,
}

struct Idle<C> {
    connection: C,
    opened: Instant,
    since: Instant,
}

/// One place in a pool. Dropping it frees the place.
pub(crate) struct Slot<C: Resource> {
    pool: Pool<C>,
    /// When the connection that goes with this slot was opened.
    opened: Instant,
    armed: bool,
    /// Whether the connection is about to be closed.
    closing: bool,
}

/// A slot that is ours for a while, with the connection in it unless one must be opened first.
pub(crate) struct Lease<C: Resource> {
    connection: Option<C>,
    slot: Option<Slot<C>>,
    /// Since when the connection had not been used when it was lent.
    idle_since: Option<Instant>,
}

impl<C: Resource> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Resource> Pool<C> {
    /// An empty pool.
    pub(crate) fn new(limits: Limits) -> Self {
        Self(Arc::new(Shared {
            state: Mutex::new(State {
                limits,
                idle: VecDeque::new(),
                taken: 0,
                closing: 0,
                waiters: VecDeque::new(),
                holder: None,
                closed: None,
            }),
        }))
    }

    /// Waits for a slot, preferring one whose connection `suits`.
    pub(crate) async fn acquire(&self, suits: impl Fn(&C) -> bool) -> Result<Lease<C>> {
        let mut turn = match self.request(suits)? {
            Ok(lease) => return Ok(lease),
            Err(turn) => turn,
        };
        let (started, who) = (Instant::now(), Who::current());
        loop {
            let left = self.time_left(started, who)?;
            if let Some(answer) = within(left, &mut turn).await {
                return answer.map_err(|_| closed());
            }
        }
    }

    /// The same on a thread that may block.
    pub(crate) fn acquire_sync(&self, suits: impl Fn(&C) -> bool) -> Result<Lease<C>> {
        let mut turn = match self.request(suits)? {
            Ok(lease) => return Ok(lease),
            Err(turn) => turn,
        };
        let (started, who) = (Instant::now(), Who::current());
        loop {
            let left = self.time_left(started, who)?;
            if let Some(answer) = block_until(&mut turn, Instant::now() + left) {
                return answer.map_err(|_| closed());
            }
        }
    }

    /// A slot at once, or a turn to wait for.
    fn request(&self, suits: impl Fn(&C) -> bool) -> Result<Result<Lease<C>, oneshot::Receiver<Lease<C>>>> {
        let mut state = self.lock();
        if state.closed.is_some() {
            return Err(closed());
        }
        let expired = state.take_expired();
        let found = state.idle.iter().rposition(|idle| suits(&idle.connection));
        let found = match found.and_then(|position| state.idle.remove(position)) {
            None if state.taken >= state.limits.connections => state.idle.pop_back(),
            found => found,
        };
        let answer = if let Some(Idle { connection, opened, since }) = found {
            let slot = Slot { pool: self.clone(), opened, armed: true, closing: false };
            Ok(Lease { connection: Some(connection), slot: Some(slot), idle_since: Some(since) })
        } else if state.taken < state.limits.connections {
            state.taken += 1;
            Ok(self.empty_lease())
        } else {
            let (sender, receiver) = oneshot::channel();
            state.waiters.push_back(sender);
            Err(receiver)
        };
        // Connections are closed after the lock is released, because closing can take a while.
        drop(state);
        drop(expired);
        Ok(answer)
    }

    /// How long to wait before looking around again; an error when waiting makes no sense any more.
    fn time_left(&self, started: Instant, who: Who) -> Result<Duration> {
        let (Limits { acquire: limit, connections, .. }, holder) = {
            let state = self.lock();
            (state.limits, state.holder)
        };
        if holder.is_some_and(|holder| holder.blocks(who, started)) {
            return Err(Error::Usage {
                message: "this query runs on the engine while a transaction of the same task holds the only \
                          connection it could run on; give it the transaction (`run(&tx)`), or end that one first"
                    .to_owned(),
            });
        }
        match limit.checked_sub(started.elapsed()) {
            Some(left) if !left.is_zero() => Ok(left.min(LOOK_AROUND)),
            _ => Err(Error::Timeout {
                message: format!(
                    "no connection became free within {limit:?}: {}",
                    match holder {
                        Some(holder) => format!(
                            "an open transaction holds the only one and did nothing for {:?}",
                            holder.idle_for()
                        ),
                        None => format!("all {connections} are in use"),
                    }
                ),
            }),
        }
    }

    /// Closes the pool: waiting callers and later ones get an error. The answer comes when the last lease has ended.
    pub(crate) fn close(&self) -> oneshot::Receiver<()> {
        let (sender, receiver) = oneshot::channel();
        let mut state = self.lock();
        let idle = std::mem::take(&mut state.idle);
        let waiters = std::mem::take(&mut state.waiters);
        state.taken -= idle.len();
        state.closed.get_or_insert_default().push(sender);
        state.announce_end();
        drop(state);
        drop((idle, waiters));
        receiver
    }

    /// Opens the pool, unless it is open, and changes its limits. Connections that are too many are closed, those in use when they come back.
    pub(crate) fn open(&self, change: impl FnOnce(&mut Limits)) {
        let mut state = self.lock();
        change(&mut state.limits);
        // Whoever still waits for the end of the pool would wait for ever.
        for waiting in state.closed.take().into_iter().flatten() {
            let _ = waiting.send(());
        }
        let mut surplus = Vec::new();
        while state.taken > state.limits.connections {
            let Some(idle) = state.idle.pop_front() else { break };
            surplus.push(idle);
            state.taken -= 1;
        }
        // More slots than before may be free.
        while state.taken < state.limits.connections {
            let Some(waiter) = state.waiters.pop_front() else { break };
            state.taken += 1;
            if let Err(mut unwanted) = waiter.send(self.empty_lease()) {
                unwanted.disarm();
                state.taken -= 1;
            }
        }
        drop(state);
        drop(surplus);
    }

    /// Whether connections are missing of those that are to be kept, or of so many.
    pub(crate) fn lacks(&self, least: usize) -> bool {
        let state = self.lock();
        state.taken < state.limits.kept.max(least).min(state.limits.connections)
    }

    fn empty_lease(&self) -> Lease<C> {
        let slot = Slot { pool: self.clone(), opened: Instant::now(), armed: true, closing: false };
        Lease { connection: None, slot: Some(slot), idle_since: None }
    }

    fn lock(&self) -> MutexGuard<'_, State<C>> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<C: Resource> State<C> {
    /// Takes the connections out that are too old, or have been idle for too long. They sit at the front.
    fn take_expired(&mut self) -> Vec<Idle<C>> {
        let (limits, mut expired) = (self.limits, Vec::new());
        if limits.idle.is_none() && limits.lifetime.is_none() {
            return expired;
        }
        let over = |since: Instant, limit: Option<Duration>| limit.is_some_and(|limit| since.elapsed() >= limit);
        while let Some(position) = self.idle.iter().position(|idle| {
            over(idle.opened, limits.lifetime) || self.taken > limits.kept && over(idle.since, limits.idle)
        }) {
            expired.extend(self.idle.remove(position));
            self.taken -= 1;
        }
        expired
    }

    /// Tells those who closed the pool that the last lease has ended.
    fn announce_end(&mut self) {
        if self.taken == 0 {
            for waiting in self.closed.iter_mut().flat_map(|waiting| waiting.drain(..)) {
                // Whoever no longer waits needs no answer.
                let _ = waiting.send(());
            }
        }
    }
}

impl<C: Resource> Slot<C> {
    /// Lends the connection to the next caller who waits, or keeps it for later.
    pub(crate) fn put_back(mut self, mut connection: C) {
        let (pool, opened, since) = (self.pool.clone(), self.opened, Instant::now());
        loop {
            let mut state = pool.lock();
            state.holder = None;
            let too_old = state.limits.lifetime.is_some_and(|limit| opened.elapsed() >= limit);
            // Those that are being closed by others make room as well.
            let too_many = state.taken.saturating_sub(state.closing) > state.limits.connections;
            if state.closed.is_some() || too_old || too_many {
                state.closing += 1;
                self.closing = true;
                drop(state);
                // In this order: the slot is free once the connection has been closed.
                drop(connection);
                drop(self);
                return;
            }
            let Some(waiter) = state.waiters.pop_front() else {
                self.armed = false;
                state.idle.push_back(Idle { connection, opened, since });
                return;
            };
            drop(state);
            let lease = Lease { connection: Some(connection), slot: Some(self), idle_since: Some(since) };
            match waiter.send(lease) {
                Ok(()) => return,
                // This one stopped waiting in between; the lease comes back whole.
                Err(mut lease) => match (lease.connection.take(), lease.slot.take()) {
                    (Some(again), Some(slot)) => (connection, self) = (again, slot),
                    _ => return,
                },
            }
        }
    }
}

impl<C: Resource> Drop for Slot<C> {
    fn drop(&mut self) {
        if !self.armed {
            return;
        }
        loop {
            let mut state = self.pool.lock();
            state.holder = None;
            if std::mem::take(&mut self.closing) {
                state.closing -= 1;
            }
            let too_many = state.taken > state.limits.connections;
            let waiter = if too_many { None } else { state.waiters.pop_front() };
            let Some(waiter) = waiter else {
                state.taken -= 1;
                state.announce_end();
                return;
            };
            drop(state);
            match waiter.send(self.pool.empty_lease()) {
                Ok(()) => return,
                Err(mut unwanted) => unwanted.disarm(),
            }
        }
    }
}

fn closed() -> Error {
    Error::Connection { message: "the engine has been closed; `start_connection_pool` opens it again".to_owned() }
}

impl<C: Resource> Lease<C> {
    /// A connection that belongs to no pool and is closed when the lease ends.
    pub(crate) fn detached(connection: C) -> Self {
        Self { connection: Some(connection), slot: None, idle_since: None }
    }

    /// The connection, unless one must be opened first.
    pub(crate) fn connection(&mut self) -> Option<&mut C> {
        self.connection.as_mut()
    }

    /// For how long the connection had not been used when it was lent.
    pub(crate) fn idle_for(&self) -> Duration {
        self.idle_since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Puts a fresh connection into the slot and closes the one that was there.
    pub(crate) fn replace(&mut self, connection: C) {
        self.connection = Some(connection);
        self.idle_since = None;
        if let Some(slot) = self.slot.as_mut() {
            slot.opened = Instant::now();
        }
    }

    /// Closes the connection and keeps the slot.
    pub(crate) fn discard(&mut self) {
        self.connection = None;
    }

    /// Lets the lease end without freeing its slot.
    fn disarm(&mut self) {
        if let Some(slot) = self.slot.as_mut() {
            slot.armed = false;
        }
    }

    /// Says that a transaction of the calling task holds this lease and has just used it.
    pub(crate) fn mark_used_by_transaction(&self) {
        if let Some(slot) = &self.slot {
            let mut state = slot.pool.lock();
            if state.limits.connections == 1 {
                state.holder = Some(Holder::now(state.holder));
            }
        }
    }
}

impl<C: Resource> Drop for Lease<C> {
    fn drop(&mut self) {
        if let (Some(connection), Some(slot)) = (self.connection.take(), self.slot.take()) {
            connection.give_back(slot);
        }
    }
}
