//! Locking the rows that a select reads (Postgres).

use std::marker::PhantomData;

use super::tree::{Lock, LockStrength, LockWait};
use crate::column::ForeignKey;
use crate::path::{Key, Path, Via};

/// Which locks a select puts on the rows it reads, until the end of the transaction. Only Postgres has them: on SQLite a query with one is
/// [`crate::Error::Unsupported`].
///
/// `RowLock::default()` is `FOR UPDATE`; with joins it locks the rows of the root table.
#[derive(Clone, Debug)]
pub struct RowLock<R> {
    node: Lock,
    marker: PhantomData<fn() -> R>,
}

impl<R> RowLock<R> {
    /// A lock that waits for rows that others have locked.
    #[must_use]
    pub const fn new(strength: LockStrength) -> Self {
        Self { node: Lock { strength, wait: LockWait::Wait, of: Vec::new() }, marker: PhantomData }
    }

    /// What to do about rows that others have locked.
    #[must_use]
    pub const fn wait(mut self, wait: LockWait) -> Self {
        self.node.wait = wait;
        self
    }

    /// Locks the rows of the root table.
    #[must_use]
    pub fn of_root(mut self) -> Self {
        self.node.of.push(Vec::new());
        self
    }

    /// Locks the rows of the table that a foreign key points to.
    #[must_use]
    pub fn of<P: Path, K: Key>(mut self, _key: ForeignKey<R, P, K>) -> Self {
        let mut path = Vec::new();
        Via::<P, K>::keys(&mut path);
        self.node.of.push(path);
        self
    }

    /// The lock without its Rust type.
    pub(super) fn into_node(self) -> Lock {
        self.node
    }
}

impl<R> Default for RowLock<R> {
    fn default() -> Self {
        Self::new(LockStrength::Update)
    }
}
