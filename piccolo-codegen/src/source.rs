//! The texts that a schema is read from, and places in them.

use std::sync::{Arc, LazyLock};

use crate::diagnostic::{Code, Diagnostic, Diagnostics};

/// A stretch of a source file, in bytes of its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// The file's position in [`Sources`].
    pub file: usize,
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span from the beginning of this one to the end of the other.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { file: self.file, start: self.start, end: other.end }
    }

    /// Whether the two share a byte.
    #[must_use]
    pub fn overlaps(self, other: Self) -> bool {
        self.file == other.file && self.start < other.end && other.start < self.end
    }
}

/// One file of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The name that messages show: a path relative to the project.
    pub name: String,
    /// Its text without a byte order mark and with every line end as `\n`, so that positions, messages and strings
    /// are the same whatever an editor or git made of the file.
    pub text: String,
}

/// All files of one schema. Cheap to clone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<Arc<SourceFile>>,
}

/// What is declared without being written: the mixins that come with the language.
static BUILT_IN: LazyLock<SourceFile> = LazyLock::new(|| SourceFile {
    name: "<built-in>".to_owned(),
    text: include_str!("lower/base_user.piccolo").to_owned(),
});

impl Sources {
    /// The position of the file that every schema has without writing it.
    pub const BUILT_IN: usize = usize::MAX;

    /// No files yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file and gives its position.
    pub fn add(&mut self, name: impl Into<String>, text: &str) -> usize {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let text = if text.contains('\r') { text.replace("\r\n", "\n") } else { text.to_owned() };
        self.files.push(Arc::new(SourceFile { name: name.into(), text }));
        self.files.len().saturating_sub(1)
    }

    /// Adds a file as it was read from disk.
    ///
    /// # Errors
    /// A diagnostic at the first byte that is not UTF-8.
    pub fn add_bytes(&mut self, name: impl Into<String>, bytes: &[u8]) -> Result<usize, Diagnostics> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(self.add(name, text)),
            Err(error) => {
                let mut sources = Self::new();
                let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let before = String::from_utf8_lossy(valid).into_owned();
                let file = sources.add(name, &String::from_utf8_lossy(bytes));
                let start = before.strip_prefix('\u{feff}').unwrap_or(&before).replace("\r\n", "\n").len();
                let span = Span { file, start, end: start + char::REPLACEMENT_CHARACTER.len_utf8() };
                let message =
                    format!("this file is not UTF-8: byte {} does not belong to a character", error.valid_up_to());
                let diagnostic = Diagnostic::new(Code::NotUtf8, message)
                    .label(span, "the first byte that is not UTF-8")
                    .help("save the file as UTF-8");
                Err(Diagnostics::new(sources, vec![diagnostic]))
            }
        }
    }

    /// The file at a position.
    #[must_use]
    pub fn get(&self, file: usize) -> Option<&SourceFile> {
        if file == Self::BUILT_IN {
            return Some(&BUILT_IN);
        }
        self.files.get(file).map(AsRef::as_ref)
    }

    /// How many files there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.files.len()
    }

    /// Whether there is no file.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The files in the order in which they were added.
    pub fn iter(&self) -> impl Iterator<Item = &SourceFile> {
        self.files.iter().map(AsRef::as_ref)
    }
}
