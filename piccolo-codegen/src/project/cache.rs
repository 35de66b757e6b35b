//! What is remembered between two runs, so that the second does nothing where nothing changed.
//!
//! It is a folder of its own inside the output, with a `.gitignore` over it, and only ever saves time: every entry holds
//! the fingerprint of what a file was made from *and* of what was written, and a file that does not match both is made again. So
//! an entry that is missing, foreign or damaged costs a second and nothing else, and an edited file is never taken for a current one.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::files;

/// The folder's name inside the output.
const FOLDER: &str = ".piccolo-cache";

/// The fingerprints of one output folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Cache {
    /// Of all input together.
    pub(super) input: u64,
    /// Of each file by its name: of what it is made from, and of its text.
    pub(super) files: BTreeMap<String, (u64, u64)>,
    /// The notes of that run.
    pub(super) notes: Vec<String>,
}

impl Cache {
    /// What the last run left behind; nothing if that was another generator.
    pub(super) fn read(output: &Path) -> Self {
        files::read_text(&path(output)).ok().and_then(|text| Self::parse(&text)).unwrap_or_default()
    }

    /// Keeps it for the next run. A failure is no news: the next run will take longer.
    pub(super) fn write(&self, output: &Path) {
        let folder = output.join(FOLDER);
        let ignore = folder.join(".gitignore");
        if files::create_folder(&folder).is_ok() && (ignore.exists() || files::write(&ignore, "*\n").is_ok()) {
            let _ = files::write(&path(output), &self.print());
        }
    }

    fn print(&self) -> String {
        let mut text = format!("generator {}\ninput {:x}\n", generator(), self.input);
        for (name, (input, output)) in &self.files {
            let _ = writeln!(text, "file {input:x} {output:x} {name}");
        }
        for note in &self.notes {
            let _ = writeln!(text, "note {}", note.replace('\n', "\u{2028}"));
        }
        text
    }

    fn parse(text: &str) -> Option<Self> {
        let mut cache = Self::default();
        let mut lines = text.lines();
        if lines.next()?.strip_prefix("generator ")? != generator() {
            return None;
        }
        for line in lines {
            match line.split_once(' ')? {
                ("input", hash) => cache.input = u64::from_str_radix(hash, 16).ok()?,
                ("file", rest) => {
                    let (input, rest) = rest.split_once(' ')?;
                    let (output, name) = rest.split_once(' ')?;
                    let hashes = (u64::from_str_radix(input, 16).ok()?, u64::from_str_radix(output, 16).ok()?);
                    cache.files.insert(name.to_owned(), hashes);
                }
                ("note", note) => cache.notes.push(note.replace('\u{2028}', "\n")),
                _ => return None,
            }
        }
        Some(cache)
    }
}

/// The fingerprint of a file's text.
pub(super) fn fingerprint(text: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

fn path(output: &Path) -> PathBuf {
    output.join(FOLDER).join("fingerprints")
}

/// Which generator this is: its version, and the program it is part of, which changes whenever the generator is built anew.
fn generator() -> String {
    let program = std::env::current_exe().ok().and_then(|program| files::stamp(&program));
    format!("{} {:x}", env!("CARGO_PKG_VERSION"), program.unwrap_or_default())
}
