//! Savepoints: named ones, and the ones that nested transactions are.

use std::sync::Arc;

use super::Transaction;
use super::state::Level;
use crate::engine::operation::Script;
use crate::{Error, Result, sql};

/// Rolls back to a savepoint, which stays.
pub(super) fn rollback_to(name: &str) -> String {
    format!("ROLLBACK TO SAVEPOINT {}", sql::identifier(name))
}

/// Forgets a savepoint and keeps what was done since.
pub(super) fn release(name: &str) -> String {
    format!("RELEASE SAVEPOINT {}", sql::identifier(name))
}

fn create(name: &str) -> String {
    format!("SAVEPOINT {}", sql::identifier(name))
}

/// A name that both engines keep as it is.
fn check_name(name: &str) -> Result<()> {
    let begins_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if begins_well && name.len() <= 63 && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Ok(());
    }
    Err(Error::Usage {
        message: format!(
            "`{name}` cannot name a savepoint: a name has up to 63 letters, digits and underscores, and no digit first"
        ),
    })
}

impl Transaction {
    /// Begins a transaction inside this one (a savepoint): rolling it back leaves what this one did before.
    ///
    /// # Errors
    ///
    /// [`Error::TransactionOver`] when this one has ended or a statement in it has failed.
    pub async fn begin(&self) -> Result<Self> {
        let name = self.state.savepoint();
        self.run(Script::new(create(&name))).await?;
        Ok(self.inside(name))
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::begin`], and [`Error::Usage`] inside an async runtime.
    pub fn begin_sync(&self) -> Result<Self> {
        let name = self.state.savepoint();
        self.run_sync(Script::new(create(&name)))?;
        Ok(self.inside(name))
    }

    fn inside(&self, savepoint: String) -> Self {
        Self {
            session: Arc::clone(&self.session),
            state: Arc::clone(&self.state),
            level: Level::inside(&self.level, savepoint),
            owner: true,
        }
    }

    /// Marks a point to which [`Self::rollback_to`] can go back.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a name that is no plain identifier, before any SQL; [`Error::TransactionOver`].
    pub async fn savepoint(&self, name: &str) -> Result<()> {
        check_name(name)?;
        self.run(Script::new(create(name))).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::savepoint`], and [`Error::Usage`] inside an async runtime.
    pub fn savepoint_sync(&self, name: &str) -> Result<()> {
        check_name(name)?;
        self.run_sync(Script::new(create(name)))
    }

    /// Undoes what was done since the savepoint of this name, a failed statement among it. The savepoint stays.
    ///
    /// # Errors
    ///
    /// [`Error::Usage`] for a name that is no plain identifier, before any SQL; [`Error::TransactionOver`]; and
    /// [`Error::Database`] when there is no such savepoint.
    pub async fn rollback_to(&self, name: &str) -> Result<()> {
        check_name(name)?;
        self.level.check_open()?;
        self.state.check_not_over()?;
        let undone = self.session.run(Script::new(rollback_to(name)), true).await;
        undone.map_err(|fault| self.note(fault))?;
        self.state.reopen();
        Ok(())
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::rollback_to`], and [`Error::Usage`] inside an async runtime.
    pub fn rollback_to_sync(&self, name: &str) -> Result<()> {
        crate::engine::wait::refuse_inside_runtime()?;
        check_name(name)?;
        self.level.check_open()?;
        self.state.check_not_over()?;
        let undone = self.session.run_sync(Script::new(rollback_to(name)), true);
        undone.map_err(|fault| self.note(fault))?;
        self.state.reopen();
        Ok(())
    }

    /// Forgets the savepoint of this name and keeps what was done since.
    ///
    /// # Errors
    ///
    /// As [`Self::rollback_to`].
    pub async fn release(&self, name: &str) -> Result<()> {
        check_name(name)?;
        self.run(Script::new(release(name))).await
    }

    /// The same on a thread that may block.
    ///
    /// # Errors
    ///
    /// As [`Self::rollback_to_sync`].
    pub fn release_sync(&self, name: &str) -> Result<()> {
        check_name(name)?;
        self.run_sync(Script::new(release(name)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_savepoint_has_a_plain_name() {
        for name in ["a", "_1", "Point_2"] {
            assert_eq!(check_name(name), Ok(()));
        }
        for name in ["", "1a", "a;drop", "a\"b", "a b", "é", "piccolo:1", &"a".repeat(64)] {
            assert!(matches!(check_name(name), Err(Error::Usage { .. })), "{name}");
        }
    }
}
