//! Cuts a file into its declarations before the grammar sees it.
//!
//! The grammar stops at its first mistake, so each declaration is handed to it alone. The cut is made at
//! the words `table`, `enum` and `mixin` where they begin a declaration, even while an earlier one was left open: half-typed
//! input does not hide what follows. The same walk collects the comments and finds what would
//! confuse the grammar: texts without an end, and nesting so deep that a recursive parser would run out of stack.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

use super::ast::Comment;

/// The words that begin a declaration.
pub(super) const KEYWORDS: [&str; 3] = ["table", "enum", "mixin"];
/// How deep brackets may nest; the language itself needs five.
const MAX_DEPTH: usize = 32;

/// What the walk found.
pub(super) struct Scan {
    /// The stretches that hold one declaration each.
    pub(super) chunks: Vec<Chunk>,
    /// All comments but the doc comments, in order.
    pub(super) comments: Vec<Comment>,
    /// What cannot be read at all.
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// A stretch of the file that holds one declaration, or something that is none.
pub(super) struct Chunk {
    /// The first byte; a doc comment belongs to what follows it.
    pub(super) start: usize,
    /// The byte after the last one.
    pub(super) end: usize,
    /// Whether brackets nest too deep in it to be parsed.
    pub(super) too_deep: bool,
    /// The mistakes that the walk has reported in it.
    pub(super) reported: Vec<Span>,
}

/// Walks over a file.
pub(super) fn scan(text: &str, file: usize) -> Scan {
    let mut scanner = Scanner {
        text,
        file,
        position: 0,
        brackets: Vec::new(),
        chunk: None,
        doc_start: None,
        first_on_line: true,
        after_keyword: false,
        out: Scan { chunks: Vec::new(), comments: Vec::new(), diagnostics: Vec::new() },
    };
    while let Some(byte) = scanner.peek(0) {
        scanner.step(byte);
    }
    scanner.finish(text.len());
    if let Some(start) = scanner.doc_start {
        scanner.begin(start);
        scanner.finish(text.len());
    }
    scanner.out
}

/// The walk's state.
struct Scanner<'a> {
    text: &'a str,
    file: usize,
    position: usize,
    /// The open brackets of the current chunk.
    brackets: Vec<u8>,
    chunk: Option<Chunk>,
    /// Where the doc comments begin that stand directly before the current position.
    doc_start: Option<usize>,
    /// Whether nothing but blanks stands before the position on its line.
    first_on_line: bool,
    /// Whether the last token was the keyword of the current chunk, so that the next one is its name.
    after_keyword: bool,
    out: Scan,
}

impl Scanner<'_> {
    fn peek(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes().get(self.position + ahead).copied()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start, end }
    }

    /// One token.
    fn step(&mut self, byte: u8) {
        match byte {
            b'\n' => {
                self.first_on_line = true;
                self.position += 1;
            }
            b' ' | b'\t' | b'\r' | 0x0c => self.position += 1,
            b'/' if self.peek(1) == Some(b'/') => self.comment(),
            byte if byte.is_ascii_alphanumeric() || byte == b'_' => self.word(),
            _ => {
                self.ensure_chunk();
                match byte {
                    b'"' => self.string(),
                    b'(' | b'[' | b'{' => self.open(byte),
                    b')' | b']' | b'}' => self.close(byte),
                    // The other bytes of a character follow the same way; none of them is ASCII.
                    _ => self.position += 1,
                }
                self.first_on_line = false;
                self.after_keyword = false;
            }
        }
    }

    /// The end of the line that holds the position.
    fn line_end(&self) -> usize {
        let rest = self.text.get(self.position..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |length| self.position + length)
    }

    fn comment(&mut self) {
        let start = self.position;
        let end = self.line_end();
        let doc = self.peek(2) == Some(b'/') && self.peek(3) != Some(b'/');
        if doc {
            self.doc_start.get_or_insert(start);
        } else {
            let text = self.text.get(start..end).unwrap_or_default().trim_end().to_owned();
            self.out.comments.push(Comment {
                span: self.span(start, start + text.len()),
                text,
                own_line: self.first_on_line,
                blank_before: blank_before(self.text, start),
            });
        }
        self.position = end;
    }

    fn word(&mut self) {
        let start = self.position;
        let length = name_length(self.text, start);
        self.position += length;
        let word = self.text.get(start..self.position).unwrap_or_default();
        let keyword = KEYWORDS.contains(&word);
        if keyword && self.begins_declaration() {
            let start = self.doc_start.unwrap_or(start);
            self.finish(start);
            self.begin(start);
            self.after_keyword = true;
        } else {
            self.after_keyword = keyword && self.chunk.is_none();
            if self.chunk.is_none() {
                self.begin(self.doc_start.unwrap_or(start));
            }
        }
        self.doc_start = None;
        self.first_on_line = false;
    }

    /// Whether the keyword before the position begins a declaration: a name follows it, and inside an open declaration it must
    /// stand first on its line with the name followed by what only a declaration has there.
    fn begins_declaration(&self) -> bool {
        let rest = self.text.get(self.position..).unwrap_or_default();
        let name = rest.trim_start_matches([' ', '\t']);
        let length = name_length(name, 0);
        if length == 0 || name.len() == rest.len() {
            return false;
        }
        if self.chunk.is_none() {
            return true;
        }
        if self.brackets.is_empty() {
            return true;
        }
        let after = name.get(length..).unwrap_or_default().trim_start();
        self.first_on_line && after.starts_with(['{', '(', ':'])
    }

    fn string(&mut self) {
        let start = self.position;
        let end = self.line_end();
        let mut escaped = false;
        for (offset, byte) in self.text.get(start..end).unwrap_or_default().bytes().enumerate().skip(1) {
            match byte {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => {
                    self.position = start + offset + 1;
                    return;
                }
                _ => {}
            }
        }
        let span = self.span(start, start + self.text.get(start..end).unwrap_or_default().trim_end().len());
        self.report(
            span,
            Diagnostic::new(Code::UnterminatedText, "this text has no end")
                .label(span, "it ends with its line")
                .help("close it with `\"`; a line break inside a text is written `\\n`"),
        );
        self.position = end;
    }

    fn open(&mut self, bracket: u8) {
        self.brackets.push(bracket);
        let position = self.position;
        self.position += 1;
        let deep = self.brackets.len() > MAX_DEPTH;
        if deep && self.chunk.as_mut().is_some_and(|chunk| !std::mem::replace(&mut chunk.too_deep, true)) {
            let span = self.span(position, position + 1);
            self.report(
                span,
                Diagnostic::new(Code::TooDeep, format!("brackets are nested more than {MAX_DEPTH} deep"))
                    .label(span, "this one is too deep"),
            );
        }
    }

    /// Closes what the bracket closes. A brace closes what was left open inside it; what closes nothing is the grammar's to refuse.
    fn close(&mut self, bracket: u8) {
        self.position += 1;
        let opening = match bracket {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        if bracket == b'}' {
            let depth = self.brackets.iter().rposition(|open| *open == opening).unwrap_or_default();
            self.brackets.truncate(depth);
            if self.brackets.is_empty() {
                self.finish(self.position);
            }
        } else if self.brackets.last() == Some(&opening) {
            self.brackets.pop();
        }
    }

    fn report(&mut self, span: Span, diagnostic: Diagnostic) {
        self.out.diagnostics.push(diagnostic);
        if let Some(chunk) = &mut self.chunk {
            chunk.reported.push(span);
        }
    }

    fn ensure_chunk(&mut self) {
        if self.chunk.is_none() {
            self.begin(self.doc_start.unwrap_or(self.position));
        }
        self.doc_start = None;
    }

    fn begin(&mut self, start: usize) {
        self.brackets.clear();
        self.chunk = Some(Chunk { start, end: start, too_deep: false, reported: Vec::new() });
    }

    fn finish(&mut self, end: usize) {
        if let Some(mut chunk) = self.chunk.take() {
            chunk.end = end;
            self.out.chunks.push(chunk);
        }
    }
}

/// How many bytes of letters, digits and underscores stand at the position.
fn name_length(text: &str, position: usize) -> usize {
    let bytes = text.as_bytes().get(position..).unwrap_or_default();
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}

/// Whether an empty line stands before the position.
pub(super) fn blank_before(text: &str, position: usize) -> bool {
    let before = text.as_bytes().get(..position).unwrap_or_default();
    before.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).filter(|byte| **byte == b'\n').count() > 1
}
