//! Everything that generated modules are made from.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use piccolo_runtime::migrate::Migration;

use super::files;
use super::folder::{self, MigrationFolder};
use crate::config::Settings;
use crate::source::Sources;
use crate::{Error, Result};

/// The texts of an application's schema, snapshot and migrations.
#[derive(Debug)]
pub(crate) struct Input {
    /// The schema's files.
    pub(crate) schema: Sources,
    /// The snapshot beside the migrations; `None` where there are no migrations by choice.
    pub(crate) snapshot: Option<Snapshot>,
    /// The migrations, in the order of their ids; `None` where there are none by choice.
    pub(crate) migrations: Option<Vec<Migration>>,
    /// Whether there is a draft of the next migration, which is none of them.
    #[cfg_attr(not(feature = "cli"), allow(dead_code, reason = "the command line says so"))]
    pub(crate) has_draft: bool,
    /// Changes with every byte of the above. The generator's own identity is added where it is kept.
    pub(crate) fingerprint: u64,
}

/// The snapshot as it is on disk.
#[derive(Debug)]
pub(crate) enum Snapshot {
    /// No migration was written yet.
    Missing,
    /// What the schema was after the newest migration.
    Text(Sources),
}

impl Input {
    /// Reads all of it.
    pub(crate) fn read(settings: &Settings) -> Result<Self> {
        let mut hasher = DefaultHasher::new();
        settings.engines.hash(&mut hasher);
        let schema = read_schema_into(settings, &mut hasher)?;
        let snapshot = match settings.snapshot() {
            Some(path) => Some(read_snapshot(&path, &mut hasher)?),
            None => None,
        };
        let mut has_draft = false;
        let migrations = match &settings.migrations {
            Some(folder) => {
                let found = folder::read(folder)?;
                has_draft = found.draft.is_some();
                let migrations: Result<Vec<_>, _> = found.migrations.iter().map(MigrationFolder::migration).collect();
                Some(migrations?)
            }
            None => None,
        };
        migrations.hash(&mut hasher);
        Ok(Self { schema, snapshot, migrations, has_draft, fingerprint: hasher.finish() })
    }
}

/// The schema's files alone.
#[cfg(feature = "cli")]
pub(crate) fn read_schema(settings: &Settings) -> Result<Sources> {
    read_schema_into(settings, &mut DefaultHasher::new())
}

/// The schema's files.
fn read_schema_into(settings: &Settings, hasher: &mut DefaultHasher) -> Result<Sources> {
    let mut sources = Sources::new();
    for path in schema_paths(settings)? {
        let bytes = files::read(&path)?;
        let name = shown(&path).display().to_string();
        (&name, &bytes).hash(hasher);
        sources.add_bytes(name, &bytes)?;
    }
    Ok(sources)
}

/// The paths of the schema's files, sorted: the one file that it is, or all `.piccolo` files of the folder.
///
/// # Errors
/// [`Error::Layout`] if there is none.
pub fn schema_paths(settings: &Settings) -> Result<Vec<PathBuf>> {
    let root = &settings.schema;
    let mut paths = Vec::new();
    if root.is_dir() {
        schema_files(root, settings.migrations.as_deref(), &mut paths)?;
        if paths.is_empty() {
            let reason = "there is no .piccolo file in this folder; create one, or name the schema in piccolo.toml";
            return Err(Error::Layout { path: shown(root), reason: reason.to_owned() });
        }
    } else if root.exists() {
        paths.push(root.clone());
    } else {
        let reason = "this schema does not exist; create it, or name another with `schema = \"…\"` in piccolo.toml";
        return Err(Error::Layout { path: shown(root), reason: reason.to_owned() });
    }
    Ok(paths)
}

/// All schema files below a folder, sorted. The snapshot is no part of the schema, wherever the migrations are.
fn schema_files(folder: &Path, migrations: Option<&Path>, out: &mut Vec<PathBuf>) -> Result {
    for (path, is_folder) in files::list(folder)? {
        if is_folder && migrations != Some(path.as_path()) {
            schema_files(&path, migrations, out)?;
        } else if !is_folder && path.extension() == Some(OsStr::new("piccolo")) {
            out.push(path);
        }
    }
    Ok(())
}

fn read_snapshot(path: &Path, hasher: &mut DefaultHasher) -> Result<Snapshot> {
    let bytes = files::read_if_there(path)?;
    bytes.hash(hasher);
    let Some(bytes) = bytes else { return Ok(Snapshot::Missing) };
    let mut sources = Sources::new();
    sources.add_bytes(shown(path).display().to_string(), &bytes)?;
    Ok(Snapshot::Text(sources))
}

/// A path as messages show it: from the working folder on, where it is below that.
pub(crate) fn shown(path: &Path) -> PathBuf {
    let here = files::working_folder().ok();
    here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned)).unwrap_or_else(|| path.to_owned())
}
