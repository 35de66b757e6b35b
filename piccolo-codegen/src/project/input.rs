//! Everything that generated modules are made from.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use piccolo_runtime::migrate::{Migration, Scripts};
use piccolo_runtime::sql::Dialect;

use super::files;
use crate::config::Settings;
use crate::migration::{MANIFEST_FILE, Manifest, ManifestError, script_name};
use crate::plan::Direction;
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
        let schema = read_schema(settings, &mut hasher)?;
        let snapshot = match settings.snapshot() {
            Some(path) => Some(read_snapshot(&path, &mut hasher)?),
            None => None,
        };
        let migrations = match &settings.migrations {
            Some(folder) => Some(read_migrations(folder)?),
            None => None,
        };
        migrations.hash(&mut hasher);
        Ok(Self { schema, snapshot, migrations, fingerprint: hasher.finish() })
    }
}

/// The schema's files.
fn read_schema(settings: &Settings, hasher: &mut DefaultHasher) -> Result<Sources> {
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

/// The migrations of a folder. Folders with neither a manifest nor scripts are somebody's own, and so are hidden ones.
fn read_migrations(folder: &Path) -> Result<Vec<Migration>> {
    let mut migrations = Vec::new();
    for (path, is_folder) in files::list(folder)? {
        let Some(id) = path.file_name().and_then(OsStr::to_str).filter(|id| is_folder && !id.starts_with('.')) else {
            continue;
        };
        let [sqlite, postgres] = [read_scripts(&path, Dialect::Sqlite)?, read_scripts(&path, Dialect::Postgres)?];
        let manifest = path.join(MANIFEST_FILE);
        if !manifest.is_file() {
            if sqlite.is_none() && postgres.is_none() {
                continue;
            }
            let reason =
                format!("there are scripts but no {MANIFEST_FILE}; bring it back, for instance from version control");
            return Err(Error::Layout { path: shown(&path), reason });
        }
        let read: Manifest = files::read_text(&manifest)?
            .parse()
            .map_err(|error: ManifestError| Error::Layout { path: shown(&manifest), reason: error.message })?;
        for (dialect, scripts) in [(Dialect::Sqlite, &sqlite), (Dialect::Postgres, &postgres)] {
            let reason = match (read.engines.contains(&dialect), scripts.is_some()) {
                (true, false) => {
                    format!("`engines` names {dialect}, but there is no {}", script_name(Direction::Up, dialect))
                }
                (false, true) => {
                    format!("there are scripts for {dialect}, which `engines` does not name; name it, or remove them")
                }
                (true, true) | (false, false) => continue,
            };
            return Err(Error::Layout { path: shown(&manifest), reason });
        }
        migrations.push(Migration {
            id: id.to_owned().into(),
            parents: read.parents.into_iter().map(Into::into).collect(),
            sqlite,
            postgres,
        });
    }
    Ok(migrations)
}

/// Both files of one engine, or neither.
fn read_scripts(folder: &Path, dialect: Dialect) -> Result<Option<Scripts>> {
    let [up, down] = [Direction::Up, Direction::Down].map(|direction| folder.join(script_name(direction, dialect)));
    match (up.exists(), down.exists()) {
        (false, false) => Ok(None),
        (true, true) => Ok(Some(Scripts { up: files::read_text(&up)?.into(), down: files::read_text(&down)?.into() })),
        (has_up, _) => {
            let (there, missing) = if has_up { ("up", "down") } else { ("down", "up") };
            let reason =
                format!("there is {there}.{dialect}.sql but no {missing}.{dialect}.sql; add it, even if it is empty");
            Err(Error::Layout { path: shown(folder), reason })
        }
    }
}

/// A path as messages show it: from the working folder on, where it is below that.
pub(crate) fn shown(path: &Path) -> PathBuf {
    let here = files::working_folder().ok();
    here.and_then(|here| path.strip_prefix(here).ok().map(Path::to_owned)).unwrap_or_else(|| path.to_owned())
}
