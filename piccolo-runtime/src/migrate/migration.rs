//! One migration as plain data: what a program embeds and what the command line reads from a folder.

use crate::schema::{List, Text};
use crate::sql::Dialect;

/// A migration with its texts. Generated code holds these as `static`s.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Migration {
    /// Its id, which is its folder's name: a UTC second and a slug, such as `2026-11-22T10-44-37_add_members`.
    pub id: Text,
    /// The ids of the migrations that must have run before it.
    pub parents: List<Text>,
    /// The files for SQLite, where it is written for SQLite.
    pub sqlite: Option<Scripts>,
    /// The files for Postgres, where it is written for Postgres.
    pub postgres: Option<Scripts>,
}

/// The two files of one engine.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scripts {
    /// The text of `up.<engine>.sql`.
    pub up: Text,
    /// The text of `down.<engine>.sql`.
    pub down: Text,
}

impl Migration {
    /// The files for this engine.
    #[must_use]
    pub fn scripts(&self, dialect: Dialect) -> Option<&Scripts> {
        match dialect {
            Dialect::Sqlite => self.sqlite.as_ref(),
            Dialect::Postgres => self.postgres.as_ref(),
        }
    }

    /// The part of the id that a person chose: `add_members`.
    #[must_use]
    pub fn slug(&self) -> &str {
        slug(&self.id)
    }
}

/// The part of an id that a person chose; the whole id where it has no time in front.
pub(super) fn slug(id: &str) -> &str {
    match id.split_once('_') {
        Some((time, slug)) if time.starts_with(|first: char| first.is_ascii_digit()) => slug,
        Some(_) | None => id,
    }
}
