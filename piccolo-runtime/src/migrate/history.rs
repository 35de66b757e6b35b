//! All migrations of an application, in the order in which they run.

use std::collections::{BTreeMap, BTreeSet};

use super::file::{FileError, Script};
use super::{Migration, Scripts};
use crate::sql::Dialect;

/// One migration, read for one engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The migration's id.
    pub id: String,
    /// What runs forwards.
    pub up: Script,
    /// What runs backwards.
    pub down: Script,
}

/// Why a set of migrations makes no history.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HistoryError {
    /// Two migrations have the same id.
    Duplicate {
        /// The id.
        id: String,
    },
    /// A migration names a parent that is not there.
    MissingParent {
        /// The child.
        id: String,
        /// The parent.
        parent: String,
    },
    /// Migrations are parents of each other.
    Cycle {
        /// Those on the cycle and those behind it.
        ids: Vec<String>,
    },
    /// A migration has no files for the engine.
    OtherEngine {
        /// The migration.
        id: String,
        /// The engine.
        dialect: Dialect,
    },
    /// A file cannot be read.
    File {
        /// The migration.
        id: String,
        /// The file's name.
        file: String,
        /// What is wrong in it.
        error: FileError,
    },
}

impl std::error::Error for HistoryError {}

impl std::fmt::Display for HistoryError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Duplicate { id } => write!(f, "two migrations have the id {id}; give one of them another id"),
            Self::MissingParent { id, parent } => write!(
                f,
                "migration {id} comes after {parent}, which is missing; bring its folder back, for instance from version control"
            ),
            Self::Cycle { ids } => write!(
                f,
                "these migrations are each other's parents, so none can be first: {}; correct `parents` in their migration.toml",
                ids.join(", ")
            ),
            Self::OtherEngine { id, dialect } => write!(
                f,
                "migration {id} has no files for {dialect}; name {dialect} in `engines` of piccolo.toml before migrations are written, or add up.{dialect}.sql and down.{dialect}.sql by hand"
            ),
            Self::File { id, file, error } => write!(f, "migration {id}, {file}, {error}"),
        }
    }
}

/// Puts migrations into the order in which they run, and reads their files for one engine.
///
/// Parents come before children; among those that could be next the smallest id is, so the order does not depend on that of the input.
///
/// # Errors
///
/// If ids are not unique, parents are missing or a file cannot be read.
pub fn read(migrations: &[Migration], dialect: Dialect) -> Result<Vec<Entry>, HistoryError> {
    order(migrations)?.into_iter().map(|migration| entry(migration, dialect)).collect()
}

/// The migrations in the order in which they run.
///
/// # Errors
///
/// If ids are not unique or parents are missing.
pub fn order(migrations: &[Migration]) -> Result<Vec<&Migration>, HistoryError> {
    let mut by_id = BTreeMap::new();
    for migration in migrations {
        if by_id.insert(&*migration.id, migration).is_some() {
            return Err(HistoryError::Duplicate { id: migration.id.to_string() });
        }
    }
    let mut children: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    for (id, migration) in &by_id {
        let parents: BTreeSet<&str> = migration.parents.iter().map(AsRef::as_ref).collect();
        for parent in &parents {
            if !by_id.contains_key(parent) {
                return Err(HistoryError::MissingParent { id: (*id).to_owned(), parent: (*parent).to_owned() });
            }
            children.entry(parent).or_default().push(id);
        }
        waiting.insert(id, parents.len());
    }
    let mut ready: BTreeSet<&str> = waiting.iter().filter(|(_, count)| **count == 0).map(|(id, _)| *id).collect();
    let mut ordered = Vec::with_capacity(by_id.len());
    while let Some(id) = ready.pop_first() {
        waiting.remove(id);
        ordered.extend(by_id.get(id));
        for child in children.get(id).into_iter().flatten() {
            if let Some(count) = waiting.get_mut(child) {
                *count = count.saturating_sub(1);
                if *count == 0 {
                    ready.insert(child);
                }
            }
        }
    }
    if waiting.is_empty() {
        Ok(ordered)
    } else {
        Err(HistoryError::Cycle { ids: waiting.into_keys().map(str::to_owned).collect() })
    }
}

/// The ids that no migration has as a parent, in the order in which they run: what a new migration builds on.
///
/// # Errors
///
/// If ids are not unique or parents are missing.
pub fn heads(migrations: &[Migration]) -> Result<Vec<String>, HistoryError> {
    let parents: BTreeSet<&str> =
        migrations.iter().flat_map(|migration| migration.parents.iter()).map(AsRef::as_ref).collect();
    let ids = order(migrations)?.into_iter().map(|migration| migration.id.as_ref());
    Ok(ids.filter(|id| !parents.contains(id)).map(str::to_owned).collect())
}

/// Reads one migration's files.
fn entry(migration: &Migration, dialect: Dialect) -> Result<Entry, HistoryError> {
    let id = migration.id.to_string();
    let Some(Scripts { up, down }) = migration.scripts(dialect) else {
        return Err(HistoryError::OtherEngine { id, dialect });
    };
    let script = |direction: &str, text: &str| {
        Script::parse(text, dialect).map_err(|error| HistoryError::File {
            id: id.clone(),
            file: format!("{direction}.{dialect}.sql"),
            error,
        })
    };
    Ok(Entry { up: script("up", up)?, down: script("down", down)?, id })
}

#[cfg(test)]
mod tests {
    use std::borrow::Cow;

    use super::*;

    fn migration(id: &'static str, parents: &'static [&'static str]) -> Migration {
        let scripts = Scripts { up: "select 1;".into(), down: "select 1;".into() };
        let parents = parents.iter().map(|parent| Cow::Borrowed(*parent)).collect();
        Migration { id: id.into(), parents: Cow::Owned(parents), sqlite: Some(scripts), postgres: None }
    }

    fn ids(migrations: &[Migration]) -> Vec<&str> {
        order(migrations).expect("a history").into_iter().map(|migration| &*migration.id).collect()
    }

    #[test]
    fn parents_come_before_children_and_then_ids_decide() {
        // Two branches leave `a`; the clock of the second child's author was behind.
        let migrations =
            [migration("d", &["b", "c"]), migration("c", &["a"]), migration("b", &["a"]), migration("a", &[])];
        assert_eq!(ids(&migrations), ["a", "b", "c", "d"]);
        assert_eq!(ids(&[migration("1", &["2"]), migration("2", &[])]), ["2", "1"]);
        assert_eq!(heads(&migrations), Ok(vec!["d".to_owned()]));
        assert_eq!(heads(&migrations[1..]), Ok(vec!["b".to_owned(), "c".to_owned()]));
    }

    #[test]
    fn what_makes_no_history_is_named() {
        let duplicate = [migration("a", &[]), migration("a", &[])];
        assert_eq!(order(&duplicate), Err(HistoryError::Duplicate { id: "a".into() }));
        let missing = [migration("b", &["a"])];
        assert!(order(&missing).unwrap_err().to_string().contains("b comes after a, which is missing"));
        let cycle = [migration("a", &["b"]), migration("b", &["a"]), migration("c", &[])];
        assert_eq!(order(&cycle), Err(HistoryError::Cycle { ids: vec!["a".into(), "b".into()] }));
        let other = read(&[migration("a", &[])], Dialect::Postgres).unwrap_err();
        assert!(other.to_string().starts_with("migration a has no files for postgres"));
    }
}
