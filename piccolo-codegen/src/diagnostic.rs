//! What is wrong with a schema, said so that its author can mend it: a stable code, the words underlined, and a line of help.
//!
//! A [`Diagnostic`] is plain data; [`Diagnostics`] holds all of a schema's together with the sources, and renders them in
//! the look of rustc.

mod code;
#[cfg(any(test, feature = "cli"))]
mod example;
mod render;
mod suggest;

pub use code::{Code, Severity};
#[cfg(feature = "cli")]
pub(crate) use example::example;
pub(crate) use suggest::{did_you_mean, nearest};

use crate::source::{Sources, Span};

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Which mistake it is.
    pub code: Code,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// The places: the first is the mistake, the others are what it clashes with.
    pub labels: Vec<Label>,
    /// What to write instead.
    pub help: Vec<String>,
}

/// A place in the source and what is said under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// The words under it; may be empty.
    pub text: String,
}

impl Diagnostic {
    /// A finding without a place yet.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: shorten(message.into()), labels: Vec::new(), help: Vec::new() }
    }

    /// Adds a place; the first is the mistake itself.
    #[must_use]
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: shorten(text.into()) });
        self
    }

    /// Adds a line that says what to write instead; an empty one is left out.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        let text = shorten(text.into());
        if !text.is_empty() {
            self.help.push(text);
        }
        self
    }

    /// Where the mistake is.
    #[must_use]
    pub fn span(&self) -> Span {
        self.labels.first().map(|label| label.span).unwrap_or_default()
    }
}

/// Cuts the middle out of a text that repeats a name of a megabyte.
fn shorten(text: String) -> String {
    const EACH_SIDE: usize = 200;
    if text.len() <= 3 * EACH_SIDE {
        return text;
    }
    let head = text.floor_char_boundary(EACH_SIDE);
    let tail = text.ceil_char_boundary(text.len() - EACH_SIDE);
    format!("{}…{}", text.get(..head).unwrap_or_default(), text.get(tail..).unwrap_or_default())
}

/// All findings of a schema, in the order of the sources, with the sources they point into.
///
/// `Display` renders them without colour; as an error it is what a failed compilation returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Diagnostics {
    sources: Sources,
    list: Vec<Diagnostic>,
}

impl Diagnostics {
    /// The findings in the order of their places.
    #[must_use]
    pub fn new(sources: Sources, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(Diagnostic::span);
        Self { sources, list }
    }

    /// The findings.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.list.iter()
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The sources that the findings point into.
    #[must_use]
    pub fn sources(&self) -> &Sources {
        &self.sources
    }

    /// The findings as text in the look of rustc, with terminal colours or without.
    #[must_use]
    pub fn render(&self, color: bool) -> String {
        render::render(self, color)
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl std::fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.render(false))
    }
}

impl std::error::Error for Diagnostics {}
