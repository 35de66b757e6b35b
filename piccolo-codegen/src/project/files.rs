//! Reading, writing and finding files, with errors that say where.

use std::ffi::OsStr;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::UNIX_EPOCH;

use crate::{Error, Result};

/// The folder that relative paths of a builder or a command start from.
pub(crate) fn working_folder() -> Result<PathBuf> {
    std::env::current_dir().map_err(|error| Error::file(Path::new("."), "find the working folder", &error))
}

/// The bytes of a file. A schema is read so, because a wrong byte in it is to be pointed at.
///
/// # Errors
/// [`Error::File`] if it cannot be read.
pub fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| Error::file(path, "read", &error))
}

/// The text of a file.
///
/// # Errors
/// [`Error::File`] if it cannot be read or is not UTF-8.
pub fn read_text(path: &Path) -> Result<String> {
    fs::read_to_string(path).map_err(|error| Error::file(path, "read", &error))
}

/// The bytes of a file that may be missing.
pub(crate) fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(Error::file(path, "read", &error)),
    }
}

/// The text of a file that may be missing.
#[cfg(feature = "cli")]
pub(crate) fn read_text_if_there(path: &Path) -> Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if is_missing(&error) => Ok(None),
        Err(error) => Err(Error::file(path, "read", &error)),
    }
}

/// What is in a folder, sorted by name; nothing if the folder is missing. The second part says whether it is a folder itself.
pub(crate) fn list(folder: &Path) -> Result<Vec<(PathBuf, bool)>> {
    let failed = |error: &std::io::Error| Error::file(folder, "read the folder", error);
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if is_missing(&error) => return Ok(Vec::new()),
        Err(error) => return Err(failed(&error)),
    };
    let mut list = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| failed(&error))?;
        let kind = entry.file_type().map_err(|error| failed(&error))?;
        list.push((entry.path(), kind.is_dir()));
    }
    list.sort();
    Ok(list)
}

/// Writes a file so that a reader sees all of it or what was there before: a temporary file beside it, and a rename.
///
/// # Errors
/// [`Error::File`] if it cannot be written; then the file is as it was.
pub fn write(path: &Path, text: &str) -> Result {
    // Two builds may write the same file at once, and two threads of one build as well.
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    let folder = path.parent().unwrap_or(Path::new("."));
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or("file");
    let unique = COUNTER.fetch_add(1, Ordering::Relaxed);
    let temporary = folder.join(format!(".{name}.{}-{unique}.tmp", std::process::id()));
    let written = fs::write(&temporary, text).and_then(|()| fs::rename(&temporary, path));
    written.map_err(|error| {
        // The rename failed or the disk is full: what is left of the temporary file helps nobody.
        let _ = fs::remove_file(&temporary);
        Error::file(path, "write", &error)
    })
}

/// A number that changes when a file is replaced: its size and its time of modification.
pub(crate) fn stamp(path: &Path) -> Option<u64> {
    let metadata = fs::metadata(path).ok()?;
    let age = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let mut hasher = DefaultHasher::new();
    (metadata.len(), age).hash(&mut hasher);
    Some(hasher.finish())
}

/// Creates a folder and those above it, where they are missing.
pub(crate) fn create_folder(folder: &Path) -> Result {
    fs::create_dir_all(folder).map_err(|error| Error::file(folder, "create the folder", &error))
}

/// Removes a file, which may be gone already.
pub(crate) fn remove(path: &Path) -> Result {
    match fs::remove_file(path) {
        Err(error) if !is_missing(&error) => Err(Error::file(path, "remove", &error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

fn is_missing(error: &std::io::Error) -> bool {
    error.kind() == ErrorKind::NotFound
}
