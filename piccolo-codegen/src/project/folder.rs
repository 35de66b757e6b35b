//! The folder of migrations as it is on disk: each migration's files, and what is wrong with them.
//!
//! Whoever runs or embeds migrations stops at the first fault; `check` lists all of them.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use piccolo_runtime::migrate::{Migration, Scripts};
use piccolo_runtime::sql::Dialect;

use super::files;
use super::input::shown;
use crate::migration::{DRAFT_FOLDER, MANIFEST_FILE, Manifest, ManifestError, script_name};
use crate::plan::Direction;
use crate::{Error, Result};

/// What is below the folder of migrations.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    /// The migrations, in the order of their ids.
    pub(crate) migrations: Vec<MigrationFolder>,
    /// The draft of the next migration, where there is one.
    pub(crate) draft: Option<MigrationFolder>,
    /// Folders and scripts that belong to no migration, and that are not hidden.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "`check` lists them"))]
    pub(crate) strange: Vec<PathBuf>,
    /// What an interrupted run left behind: hidden folders that were going to be migrations.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "`check` lists them"))]
    pub(crate) leftovers: Vec<PathBuf>,
}

/// One migration's folder: the texts of the files that belong there, and the names of the others.
#[derive(Debug)]
pub(crate) struct MigrationFolder {
    /// Its name.
    pub(crate) id: String,
    /// The folder.
    pub(crate) path: PathBuf,
    /// The texts by their files' names: the manifest and the scripts of both engines.
    pub(crate) texts: BTreeMap<String, String>,
    /// What else is in it.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "`check` lists them"))]
    pub(crate) others: Vec<String>,
}

/// What is wrong with a migration's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The folder or the file.
    pub(crate) path: PathBuf,
    /// The line in the file, from 1, where it is about one.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "`check` shows it"))]
    pub(crate) line: Option<usize>,
    /// Which kind of fault it is.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "`check` shows it"))]
    pub(crate) kind: FaultKind,
    /// What is wrong and the way out.
    pub(crate) reason: String,
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum FaultKind {
    /// A file is missing.
    Missing,
    /// A manifest cannot be read.
    Manifest,
    /// A manifest says what the folder does not hold.
    Untrue,
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Self::Layout { path: fault.path, reason: fault.reason }
    }
}

/// Reads a folder of migrations; an empty value where there is none. Folders with neither a manifest nor scripts are somebody's own, and
/// so are hidden ones.
pub(crate) fn read(folder: &Path) -> Result<Folder> {
    let mut found = Folder::default();
    for (path, is_folder) in files::list(folder)? {
        let Some(id) = path.file_name().and_then(OsStr::to_str) else { continue };
        if !is_folder {
            if id.ends_with(".sql") {
                found.strange.push(path);
            }
            continue;
        }
        if id.starts_with('.') {
            if id.ends_with(".tmp") {
                found.leftovers.push(path);
            }
            continue;
        }
        let migration = MigrationFolder::read(id, &path)?;
        if migration.texts.is_empty() {
            found.strange.push(path);
        } else if id == DRAFT_FOLDER {
            found.draft = Some(migration);
        } else {
            found.migrations.push(migration);
        }
    }
    Ok(found)
}

impl MigrationFolder {
    fn read(id: &str, path: &Path) -> Result<Self> {
        let mut folder = Self { id: id.to_owned(), path: path.to_owned(), texts: BTreeMap::new(), others: Vec::new() };
        for (file, is_folder) in files::list(path)? {
            let Some(name) = file.file_name().and_then(OsStr::to_str) else { continue };
            if !is_folder && is_ours(name) {
                folder.texts.insert(name.to_owned(), files::read_text(&file)?);
            } else if !name.starts_with('.') {
                folder.others.push(name.to_owned());
            }
        }
        Ok(folder)
    }

    /// The manifest.
    pub(crate) fn manifest(&self) -> Result<Manifest, Fault> {
        let Some(text) = self.texts.get(MANIFEST_FILE) else {
            let reason =
                format!("there are scripts but no {MANIFEST_FILE}; bring it back, for instance from version control");
            return Err(Fault { path: shown(&self.path), line: None, kind: FaultKind::Missing, reason });
        };
        text.parse().map_err(|ManifestError { message, line }| Fault {
            path: shown(&self.path.join(MANIFEST_FILE)),
            line,
            kind: FaultKind::Manifest,
            reason: message,
        })
    }

    /// Everything that is wrong with the folder.
    #[cfg(feature = "cli")]
    pub(crate) fn faults(&self) -> Vec<Fault> {
        let scripts = Dialect::ALL.map(|dialect| self.scripts(dialect));
        let manifest = self.manifest();
        let mut faults: Vec<Fault> = scripts
            .iter()
            .filter_map(|scripts| scripts.as_ref().err())
            .chain(manifest.as_ref().err())
            .cloned()
            .collect();
        if let (true, Ok(manifest)) = (faults.is_empty(), manifest) {
            faults.extend(Dialect::ALL.into_iter().filter_map(|dialect| self.untrue(&manifest, dialect).err()));
        }
        faults
    }

    /// The migration that the files make.
    pub(crate) fn migration(&self) -> Result<Migration, Fault> {
        let [sqlite, postgres] = [self.scripts(Dialect::Sqlite)?, self.scripts(Dialect::Postgres)?];
        let manifest = self.manifest()?;
        Dialect::ALL.into_iter().try_for_each(|dialect| self.untrue(&manifest, dialect))?;
        let parents = manifest.parents.into_iter().map(Into::into).collect();
        Ok(Migration { id: self.id.clone().into(), parents, sqlite, postgres })
    }

    /// The fault if the manifest names an engine that has no scripts, or has none for one that it does not name.
    fn untrue(&self, manifest: &Manifest, dialect: Dialect) -> Result<(), Fault> {
        let script = script_name(Direction::Up, dialect);
        let (kind, reason) = match (manifest.engines.contains(&dialect), self.texts.contains_key(&script)) {
            (true, false) => (
                FaultKind::Missing,
                format!(
                    "`engines` names {dialect}, but there is no {script}; bring it back, for instance from version control, or take {dialect} out of `engines`"
                ),
            ),
            (false, true) => (
                FaultKind::Untrue,
                format!("there are scripts for {dialect}, which `engines` does not name; name it, or remove them"),
            ),
            (true, true) | (false, false) => return Ok(()),
        };
        let line = self.manifest_line("engines");
        Err(Fault { path: shown(&self.path.join(MANIFEST_FILE)), line, kind, reason })
    }

    /// The line of the manifest on which a key or a word first stands.
    pub(crate) fn manifest_line(&self, word: &str) -> Option<usize> {
        let text = self.texts.get(MANIFEST_FILE)?;
        text.lines().position(|line| line.contains(word)).map(|position| position + 1)
    }

    /// Both files of one engine, or neither.
    fn scripts(&self, dialect: Dialect) -> Result<Option<Scripts>, Fault> {
        let [up, down] =
            [Direction::Up, Direction::Down].map(|direction| self.texts.get(&script_name(direction, dialect)));
        let (there, missing) = match (up, down) {
            (None, None) => return Ok(None),
            (Some(up), Some(down)) => {
                return Ok(Some(Scripts { up: up.clone().into(), down: down.clone().into() }));
            }
            (Some(_), None) => ("up", "down"),
            (None, Some(_)) => ("down", "up"),
        };
        let reason = format!(
            "there is {there}.{dialect}.sql but no {missing}.{dialect}.sql; add it: where it is to do nothing, a comment in it says so"
        );
        Err(Fault { path: shown(&self.path), line: None, kind: FaultKind::Missing, reason })
    }
}

/// Whether a file of this name is part of a migration.
fn is_ours(name: &str) -> bool {
    let mut scripts = Dialect::ALL
        .into_iter()
        .flat_map(|dialect| [Direction::Up, Direction::Down].map(|direction| script_name(direction, dialect)));
    name == MANIFEST_FILE || scripts.any(|script| script == name)
}
