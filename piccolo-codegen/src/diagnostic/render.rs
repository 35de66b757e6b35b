//! Findings as text, drawn by annotate-snippets.

use std::borrow::Cow;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Label, Severity};
use crate::source::{SourceFile, Span};

/// A line longer than this is cut around the words that are underlined: a file may be one line of a megabyte.
const LINE_LIMIT: usize = 400;
/// How much of a long line is shown on either side of the underlined words.
const LINE_CONTEXT: usize = 100;

/// All findings, an empty line between two.
pub(super) fn render(diagnostics: &Diagnostics, color: bool) -> String {
    let lines: Vec<Vec<usize>> = diagnostics.sources.iter().map(|source| line_starts(&source.text)).collect();
    let renderer = if color { Renderer::styled() } else { Renderer::plain() };
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        let _ = writeln!(out, "{}", one(&renderer, diagnostics, &lines, diagnostic));
    }
    out
}

/// One finding.
fn one(renderer: &Renderer, diagnostics: &Diagnostics, lines: &[Vec<usize>], diagnostic: &Diagnostic) -> String {
    let level = match diagnostic.code.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut group = Group::with_title(level.primary_title(&diagnostic.message).id(diagnostic.code.as_str()));
    for (file, labels) in by_file(&diagnostic.labels) {
        if let Some(source) = diagnostics.sources.get(file) {
            let starts = lines.get(file).map_or_else(|| Cow::Owned(line_starts(&source.text)), Cow::from);
            group = group.element(snippet(source, &starts, &labels, diagnostic.span()));
        }
    }
    for help in &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    renderer.render(&[group])
}

/// Where each line begins.
fn line_starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(position, _)| position + 1)).collect()
}

/// The labels of each file, the file of the mistake first.
fn by_file(labels: &[Label]) -> Vec<(usize, Vec<&Label>)> {
    let mut files: Vec<(usize, Vec<&Label>)> = Vec::new();
    for label in labels {
        match files.iter_mut().find(|(file, _)| *file == label.span.file) {
            Some((_, list)) => list.push(label),
            None => files.push((label.span.file, vec![label])),
        }
    }
    files
}

/// The lines that the labels of one file touch. Only these are handed over, so that a thousand findings in a large file cost
/// a thousand lines and not a thousand files.
fn snippet<'a>(
    source: &'a SourceFile,
    line_starts: &[usize],
    labels: &[&'a Label],
    mistake: Span,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let text = source.text.as_str();
    let first = labels.iter().map(|label| label.span.start).min().unwrap_or_default();
    let last = labels.iter().map(|label| label.span.end).max().unwrap_or_default();
    let mut start = line_start(text, first);
    let mut end = line_end(text, last);
    if end.saturating_sub(start) > LINE_LIMIT && !text.get(start..end).unwrap_or_default().contains('\n') {
        start = start.max(text.floor_char_boundary(first.saturating_sub(LINE_CONTEXT)));
        end = end.min(text.ceil_char_boundary((last + LINE_CONTEXT).min(first + LINE_LIMIT)));
    }
    let line = line_starts.partition_point(|begin| *begin <= start);
    let shown = text.get(start..end).unwrap_or_default();
    let mut snippet = Snippet::source(shown).line_start(line).path(&source.name);
    for label in labels {
        let kind = if label.span == mistake { AnnotationKind::Primary } else { AnnotationKind::Context };
        let from = label.span.start.clamp(start, end) - start;
        let to = label.span.end.clamp(start, end) - start;
        let annotation = kind.span(from..to.max(from));
        snippet = snippet.annotation(if label.text.is_empty() { annotation } else { annotation.label(&label.text) });
    }
    snippet
}

/// Where the line that holds this position begins.
fn line_start(text: &str, position: usize) -> usize {
    text.get(..position).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1)
}

/// Where the line that holds this position ends.
fn line_end(text: &str, position: usize) -> usize {
    text.get(position..).and_then(|after| after.find('\n')).map_or(text.len(), |newline| position + newline)
}
