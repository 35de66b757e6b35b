//! A connection reserved for several statements, which run one after the other.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{Mutex, OwnedMutexGuard};

use super::pool::{Lease, Resource};
use super::wait::block_on;
use crate::{Error, Result};

/// A lease that several handles share; clones share it too.
pub(crate) struct Reserved<C: Resource>(Arc<Inner<C>>);

struct Inner<C: Resource> {
    lease: Arc<Mutex<Option<Lease<C>>>>,
    /// Set before the lease is taken away, so that a statement that runs at that moment takes it away at its end.
    ended: AtomicBool,
}

/// The right to run one statement. It may outlive the call that asked for it: a job on a SQLite thread owns it.
pub(crate) struct Hold<C: Resource> {
    guard: Option<OwnedMutexGuard<Option<Lease<C>>>>,
    reserved: Reserved<C>,
}

impl<C: Resource> Clone for Reserved<C> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<C: Resource> Reserved<C> {
    pub(crate) fn new(lease: Lease<C>) -> Self {
        Self(Arc::new(Inner { lease: Arc::new(Mutex::new(Some(lease))), ended: AtomicBool::new(false) }))
    }

    /// Waits until no other statement runs.
    pub(crate) async fn hold(&self) -> Hold<C> {
        let guard = Arc::clone(&self.0.lease).lock_owned().await;
        Hold { guard: Some(guard), reserved: self.clone() }
    }

    /// The same on a thread that may block.
    pub(crate) fn hold_sync(&self) -> Hold<C> {
        block_on(self.hold())
    }

    /// Gives the lease back: now, or when the statement that runs has ended.
    pub(crate) fn end(&self) {
        self.0.ended.store(true, Ordering::SeqCst);
        self.give_back();
    }

    fn give_back(&self) {
        let lease = self.0.lease.try_lock().ok().and_then(|mut lease| lease.take());
        drop(lease);
    }
}

impl<C: Resource> Hold<C> {
    /// The lease, unless it has ended.
    pub(crate) fn lease(&mut self) -> Result<&mut Lease<C>> {
        self.guard.as_mut().and_then(|guard| guard.as_mut()).ok_or_else(over)
    }
}

impl<C: Resource> Drop for Hold<C> {
    fn drop(&mut self) {
        drop(self.guard.take());
        if self.reserved.0.ended.load(Ordering::SeqCst) {
            self.reserved.give_back();
        }
    }
}

fn over() -> Error {
    Error::TransactionOver { message: "it has ended already".to_owned() }
}
