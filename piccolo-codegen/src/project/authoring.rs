//! Writing a migration: its folder appears whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use super::files;
use crate::migration::File;
use crate::{Error, Result};

/// The name of the snapshot inside the folder of migrations.
const SNAPSHOT: &str = "schema.piccolo";

/// Writes the files of a migration into a folder of its own, and after it the snapshot where that changes.
///
/// The files are written to a hidden folder first, which gets its name when it is complete. A snapshot that cannot be written takes the
/// folder with it: a migration that the snapshot does not know would be planned once more.
pub(crate) fn write_migration(migrations: &Path, id: &str, texts: &[File], snapshot: Option<&str>) -> Result<PathBuf> {
    files::create_folder(migrations)?;
    let folder = migrations.join(id);
    let draft = migrations.join(format!(".{id}.{}.tmp", std::process::id()));
    let written = write_folder(&draft, &folder, texts);
    if let Err(error) = written {
        // What is left of the draft helps nobody, and the first error says more than that of the removal.
        let _ = fs::remove_dir_all(&draft);
        return Err(error);
    }
    if let Some(snapshot) = snapshot
        && let Err(error) = files::write(&migrations.join(SNAPSHOT), snapshot)
    {
        let _ = fs::remove_dir_all(&folder);
        return Err(error);
    }
    Ok(folder)
}

/// Removes the folder of a migration. It gets a hidden name first, so that nobody sees half of it.
pub(crate) fn remove_migration(folder: &Path) -> Result {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let hidden = folder.with_file_name(format!(".{name}.{}.tmp", std::process::id()));
    let removed = fs::rename(folder, &hidden).and_then(|()| fs::remove_dir_all(&hidden));
    removed.map_err(|error| Error::file(folder, "remove", &error))
}

fn write_folder(draft: &Path, folder: &Path, texts: &[File]) -> Result {
    fs::create_dir(draft).map_err(|error| Error::file(draft, "create the folder", &error))?;
    for file in texts {
        files::write(&draft.join(&file.name), &file.text)?;
    }
    if folder.exists() {
        let reason = "this migration exists already".to_owned();
        return Err(Error::Layout { path: folder.to_owned(), reason });
    }
    fs::rename(draft, folder).map_err(|error| Error::file(folder, "create the folder", &error))
}
