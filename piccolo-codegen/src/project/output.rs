//! The folder of generated modules.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::cache::{Cache, fingerprint};
use super::files;
use super::input::Input;
use crate::Result;
#[cfg(feature = "cli")]
use crate::config::Settings;
use crate::output::{HEADER, Tree};

/// What to do with the output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Bring the folder up to date.
    Write,
    /// Write nothing, and say what is not up to date.
    Check,
}

/// What generating did, or in [`Mode::Check`] what it would have done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Generated {
    /// Files that were written, or are not current.
    pub written: Vec<PathBuf>,
    /// Generated files that belong to nothing any more and were removed, or are still there.
    pub removed: Vec<PathBuf>,
    /// How many files were current.
    pub current: usize,
    /// What the author should know: that the schema is ahead of its migrations, for instance.
    pub notes: Vec<String>,
}

impl Generated {
    /// Whether every file was current.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.written.is_empty() && self.removed.is_empty()
    }
}

/// An output folder and what the last run remembers of it.
#[derive(Debug)]
pub(crate) struct Output<'p> {
    folder: &'p Path,
    mode: Mode,
    cache: Cache,
}

impl<'p> Output<'p> {
    /// The folder, which need not exist. A check believes no memory: it compares every byte.
    pub(crate) fn open(folder: &'p Path, mode: Mode) -> Self {
        let cache = match mode {
            Mode::Write => Cache::read(folder),
            Mode::Check => Cache::default(),
        };
        Self { folder, mode, cache }
    }

    /// The result at once, if neither the input nor any file changed since the last run.
    pub(crate) fn unchanged_since(&self, input: &Input) -> Option<Generated> {
        let files = &self.cache.files;
        let same = !files.is_empty()
            && self.cache.input == input.fingerprint
            && files.iter().all(|(name, (_, output))| self.is_intact(name, *output));
        same.then(|| Generated { current: files.len(), notes: self.cache.notes.clone(), ..Generated::default() })
    }

    /// Whether the file that is there was made from this and is as it was written.
    pub(crate) fn is_current(&self, name: &str, input: u64) -> bool {
        match self.cache.files.get(name) {
            Some((made_from, output)) => *made_from == input && self.is_intact(name, *output),
            None => false,
        }
    }

    /// Writes what differs and removes what is stale, or says so.
    pub(crate) fn finish(self, input: &Input, tree: &Tree, notes: Vec<String>) -> Result<Generated> {
        let mut generated = Generated { notes, ..Generated::default() };
        let mut remembered = BTreeMap::new();
        if self.mode == Mode::Write {
            files::create_folder(self.folder)?;
        }
        for (name, file) in tree.iter() {
            let path = self.folder.join(name);
            let output = match &file.text {
                None => self.cache.files.get(name).map(|(_, output)| *output).unwrap_or_default(),
                Some(text) => {
                    if files::read_if_there(&path)?.is_none_or(|there| there != text.as_bytes()) {
                        if self.mode == Mode::Write {
                            files::write(&path, text)?;
                        }
                        generated.written.push(path);
                    }
                    fingerprint(text.as_bytes())
                }
            };
            remembered.insert(name.to_owned(), (file.input, output));
        }
        generated.current = remembered.len().saturating_sub(generated.written.len());
        for path in self.stale(tree)? {
            if self.mode == Mode::Write {
                files::remove(&path)?;
            }
            generated.removed.push(path);
        }
        if self.mode == Mode::Write {
            let cache = Cache { input: input.fingerprint, files: remembered, notes: generated.notes.clone() };
            if cache != self.cache {
                cache.write(self.folder);
            }
        }
        Ok(generated)
    }

    /// Generated files that the tree does not have. A file without our header is somebody's own.
    fn stale(&self, tree: &Tree) -> Result<Vec<PathBuf>> {
        let mut stale = Vec::new();
        for (path, is_folder) in files::list(self.folder)? {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let is_ours = || files::read(&path).is_ok_and(|bytes| bytes.starts_with(HEADER.as_bytes()));
            if !is_folder && name.ends_with(".rs") && !tree.contains(name) && is_ours() {
                stale.push(path);
            }
        }
        Ok(stale)
    }

    /// Whether a file has the bytes that were written.
    fn is_intact(&self, name: &str, output: u64) -> bool {
        files::read(&self.folder.join(name)).is_ok_and(|bytes| fingerprint(&bytes) == output)
    }
}

/// The folders below `src`, beside the configuration, that hold generated modules.
#[cfg(feature = "cli")]
pub(crate) fn generated_folders(settings: &Settings) -> Vec<PathBuf> {
    let Some(root) = settings.file.as_ref().unwrap_or(&settings.schema).parent() else { return Vec::new() };
    let mut found = Vec::new();
    let mut open = vec![root.join("src")];
    while let Some(folder) = open.pop() {
        if files::read(&folder.join("mod.rs")).is_ok_and(|bytes| bytes.starts_with(HEADER.as_bytes())) {
            found.push(folder);
            continue;
        }
        let inside = files::list(&folder).unwrap_or_default();
        open.extend(inside.into_iter().filter(|(_, is_folder)| *is_folder).map(|(path, _)| path));
    }
    found.sort();
    found
}
