//! What a choice of migrations rests on: what was applied when it was made.
//!
//! Another run may come in between, on Postgres while this one waits for its turn, on SQLite between any two steps. Migrations that it has
//! applied as well are no harm to those that go forwards, but what it has undone is: a child would be applied without its parents.

use std::collections::BTreeSet;

use super::step_sql::Place;
use crate::migrate::pending::Direction;
use crate::{Error, Result};

/// The ids of the migrations that are applied as far as a run knows.
#[derive(Clone, Debug, Default)]
pub(super) struct Premise(BTreeSet<String>);

impl Premise {
    pub(super) fn new(applied: BTreeSet<String>) -> Self {
        Self(applied)
    }

    /// Notes that a migration has come to its end in this direction.
    pub(super) fn note(&mut self, id: &str, direction: Direction) {
        match direction {
            Direction::Forwards => self.0.insert(id.to_owned()),
            Direction::Backwards => self.0.remove(id),
        };
    }

    /// Makes sure that a migration may begin where these are applied.
    pub(super) fn holds(&self, place: &Place<'_>, applied: BTreeSet<String>) -> Result<()> {
        let (changed, done): (Vec<&String>, _) = match place.direction {
            Direction::Forwards => (self.0.difference(&applied).collect(), "undone"),
            Direction::Backwards => (applied.difference(&self.0).collect(), "applied"),
        };
        let Some(first) = changed.first() else { return Ok(()) };
        let others = match changed.len().saturating_sub(1) {
            0 => String::new(),
            others => format!(" and {others} more"),
        };
        Err(Error::Migration {
            id: Some(place.entry.id.clone()),
            message: format!(
                "another run has {done} {first}{others} in the meantime, and this one was chosen before that; nothing of it was done. Look at \
                 `piccolo-codegen migration status`, and run it again if that is still what you want"
            ),
            cause: None,
        })
    }
}
