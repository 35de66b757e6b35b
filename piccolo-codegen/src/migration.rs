//! A migration as the files of its folder. The id comes from outside: nothing here reads a clock.
//!
//! | File | Holds |
//! |---|---|
//! | `migration.toml` | the [`Manifest`]: parents, engines, decisions, risks |
//! | `up.<engine>.sql`, `down.<engine>.sql` | a header, then the steps of a [`Plan`](crate::plan::Plan) |
//!
//! **A script.** The header's `-- piccolo:` lines say `lossless`, or `loses …` for each thing that undoing the migration cannot bring
//! back, and whatever the proof has to note. A down file also says what undoing takes away itself, the rows of the tables that the migration
//! created, and which rows make it fail. A step begins with `-- piccolo: step` and words that say how it runs; other comments are
//! for the reader. The runtime reads the files with `piccolo_runtime::migrate`.

mod manifest;
mod script;

use piccolo_runtime::sql::Dialect;

pub use manifest::{DecisionsTaken, Manifest, ManifestError};

use crate::change::Decisions;
use crate::plan::{Authored, Direction};

/// The name of the file that holds the manifest.
pub const MANIFEST_FILE: &str = "migration.toml";

/// The name of the folder that holds the draft of the next migration, which a `build.rs` may keep. No migration has this id: it lacks
/// the second in front.
pub const DRAFT_FOLDER: &str = "draft";

/// Everything that the files of a migration are made of.
#[derive(Clone, Copy, Debug)]
pub struct Migration<'a> {
    /// Its id, which is its folder's name.
    pub id: &'a str,
    /// The ids of the migrations that it builds on.
    pub parents: &'a [String],
    /// Its plans.
    pub authored: &'a Authored,
    /// What was decided.
    pub decisions: &'a Decisions,
    /// The engines on which it has been proven.
    pub proven: &'a [Dialect],
    /// Further lines of the header for one engine's files, such as [`not_proven`].
    pub notes: &'a [(Dialect, String)],
}

/// A file of a migration's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name inside the folder.
    pub name: String,
    /// Its text.
    pub text: String,
}

/// What the header of an engine's files says when no proof of it has run there.
#[must_use]
pub fn not_proven(dialect: Dialect) -> String {
    format!("not proven on {dialect}")
}

/// The name of the script of an engine in a direction: `up.sqlite.sql`.
#[must_use]
pub fn script_name(direction: Direction, dialect: Dialect) -> String {
    format!("{}.{dialect}.sql", direction.word())
}

/// The files of a migration, the manifest first.
#[must_use]
pub fn files(migration: &Migration<'_>) -> Vec<File> {
    let Migration { id, parents, authored, decisions, proven, notes } = migration;
    let engines: Vec<Dialect> = authored.engines.iter().map(|plans| plans.dialect).collect();
    let manifest = Manifest {
        parents: parents.to_vec(),
        engines,
        proven: proven.to_vec(),
        online: authored.online,
        changes: authored.changes.clone(),
        risks: authored.risks.iter().map(ToString::to_string).collect(),
        decisions: DecisionsTaken::new(&authored.renames, decisions),
    };
    let mut files = vec![File { name: MANIFEST_FILE.to_owned(), text: manifest.to_string() }];
    for plans in &authored.engines {
        let notes: Vec<&str> =
            notes.iter().filter(|(dialect, _)| *dialect == plans.dialect).map(|(_, note)| note.as_str()).collect();
        for (direction, plan) in [(Direction::Up, &plans.up), (Direction::Down, &plans.down)] {
            files.push(File {
                name: script_name(direction, plans.dialect),
                text: script::text(id, direction, authored, plan, &notes),
            });
        }
    }
    files
}

/// The files of a migration that is to be written by hand, the manifest first.
#[must_use]
pub fn blank_files(id: &str, parents: &[String], engines: &[Dialect]) -> Vec<File> {
    let manifest = Manifest { parents: parents.to_vec(), engines: engines.to_vec(), ..Manifest::default() };
    let mut files = vec![File { name: MANIFEST_FILE.to_owned(), text: manifest.to_string() }];
    for dialect in engines {
        for direction in [Direction::Up, Direction::Down] {
            files.push(File { name: script_name(direction, *dialect), text: script::blank(id, direction, *dialect) });
        }
    }
    files
}
