//! The folder of the draft.

use std::fs;
use std::path::Path;

use super::files;
use crate::migration::{DRAFT_FOLDER, File};
use crate::{Error, Result};

/// Files that cargo puts into a package, and that no checkout has.
const OF_A_PACKAGE: [&str; 4] = ["Cargo.toml.orig", ".cargo_vcs_info.json", ".cargo-checksum.json", ".cargo-ok"];

/// Whether the folder of a `Cargo.toml` is a package that was downloaded, vendored or is being verified: somebody else's source.
pub(crate) fn is_packaged(manifest_folder: &Path) -> bool {
    OF_A_PACKAGE.iter().any(|name| manifest_folder.join(name).exists())
}

/// Writes the draft, only where it differs: a build script runs at every save.
pub(crate) fn write_draft(migrations: &Path, texts: &[File]) -> Result {
    let folder = migrations.join(DRAFT_FOLDER);
    files::create_folder(&folder)?;
    for (path, is_folder) in files::list(&folder)? {
        let name = path.file_name().unwrap_or_default();
        if !is_folder && name != ".gitignore" && texts.iter().all(|file| name != file.name.as_str()) {
            files::remove(&path)?;
        }
    }
    // Nobody commits a draft by accident.
    let ignore = File { name: ".gitignore".to_owned(), text: "*\n".to_owned() };
    for file in texts.iter().chain([&ignore]) {
        let path = folder.join(&file.name);
        if files::read_if_there(&path)?.is_none_or(|there| there != file.text.as_bytes()) {
            files::write(&path, &file.text)?;
        }
    }
    Ok(())
}

/// Removes the draft, where there is one.
pub(crate) fn remove_draft(migrations: &Path) -> Result {
    let folder = migrations.join(DRAFT_FOLDER);
    if !folder.is_dir() {
        return Ok(());
    }
    fs::remove_dir_all(&folder).map_err(|error| Error::file(&folder, "remove", &error))
}
