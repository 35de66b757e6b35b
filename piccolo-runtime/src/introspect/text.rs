//! The canonical text of a shape: one line for each thing, what is inside it indented below.
//!
//! ```text
//! shape sqlite
//!   table band strict=yes
//!     column id type=INTEGER identity=autoincrement
//!     column name type=TEXT
//!     primary-key band_pkey columns=id
//!     check "piccolo:length:name" expression="length(name) <= 100"
//!     index band_name_idx
//!       key 1 column=name
//! ```
//!
//! A word stands in quotes when it is more than letters, digits and a few marks; in quotes a backslash escapes.

use super::Shape;
use super::node::Node;

/// A text that is not the text of a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong with it.
    pub message: &'static str,
}

impl std::error::Error for ParseError {}

impl std::fmt::Display for ParseError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {} of the text of a database's shape: {}", self.line, self.message)
    }
}

impl Shape {
    /// The canonical text. Equal shapes have equal texts.
    #[must_use]
    pub fn to_text(&self) -> String {
        let mut out = String::new();
        write(&self.node(), 0, &mut out);
        out
    }

    /// Reads the text of a shape back.
    ///
    /// # Errors
    ///
    /// When the text is none: cut off in a line, or edited.
    pub fn parse(text: &str) -> Result<Self, ParseError> {
        Self::of_node(&read(text)?).ok_or(ParseError { line: 1, message: "something that every shape has is missing" })
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.to_text())
    }
}

fn write(node: &Node, depth: usize, out: &mut String) {
    out.push_str(&"  ".repeat(depth));
    out.push_str(&node.kind);
    if let Some(name) = &node.name {
        out.push(' ');
        out.push_str(&word(name));
    }
    for (property, values) in &node.properties {
        let values: Vec<String> = values.iter().map(|value| word(value)).collect();
        out.push_str(&format!(" {property}={}", values.join(",")));
    }
    out.push('\n');
    for child in &node.children {
        write(child, depth.saturating_add(1), out);
    }
}

/// A word, in quotes where it needs them.
pub(super) fn word(text: &str) -> String {
    let plain = |character: char| character.is_alphanumeric() || matches!(character, '_' | '-' | '.' | '\\');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    let mut out = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// The tree that a text says.
fn read(text: &str) -> Result<Node, ParseError> {
    // The things that are still open, each inside the one before.
    let mut open: Vec<Node> = Vec::new();
    for (line, number) in text.split('\n').zip(1_usize..) {
        if line.trim().is_empty() {
            continue;
        }
        let error = |message| ParseError { line: number, message };
        let words = line.trim_start_matches(' ');
        let depth = line.len().saturating_sub(words.len()) / 2;
        if depth > open.len() || (depth == 0) != open.is_empty() {
            return Err(error("it is indented wrongly"));
        }
        close(&mut open, depth);
        open.push(Line { rest: words }.node().map_err(error)?);
    }
    close(&mut open, 1);
    open.pop().ok_or(ParseError { line: 1, message: "it is empty" })
}

/// Closes things until only `depth` are open: each goes into the one around it.
fn close(open: &mut Vec<Node>, depth: usize) {
    while open.len() > depth {
        let Some(done) = open.pop() else { return };
        match open.last_mut() {
            Some(outer) => outer.children.push(done),
            None => {
                open.push(done);
                return;
            }
        }
    }
}

/// What remains of a line.
struct Line<'a> {
    rest: &'a str,
}

impl Line<'_> {
    fn node(&mut self) -> Result<Node, &'static str> {
        let kind = self.word()?;
        let mut node = Node::new(&kind, None);
        while self.take(' ') {
            let first = self.word()?;
            if self.take('=') {
                let mut values = vec![self.word()?];
                while self.take(',') {
                    values.push(self.word()?);
                }
                node.properties.push((first, values));
            } else if node.name.is_none() && node.properties.is_empty() {
                node.name = Some(first);
            } else {
                return Err("a word stands where a property was expected");
            }
        }
        if self.rest.is_empty() { Ok(node) } else { Err("there is something behind its last word") }
    }

    /// Takes a character, if it is the next.
    fn take(&mut self, character: char) -> bool {
        match self.rest.strip_prefix(character) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn word(&mut self) -> Result<String, &'static str> {
        if !self.take('"') {
            let end = self.rest.find([' ', '=', ',', '"']).unwrap_or(self.rest.len());
            let (word, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
            self.rest = rest;
            return if word.is_empty() { Err("a word is missing") } else { Ok(word.to_owned()) };
        }
        let mut out = String::new();
        let mut characters = self.rest.chars();
        loop {
            match characters.next() {
                Some('"') => break,
                Some('\\') => out.push(match characters.next() {
                    Some('n') => '\n',
                    Some('r') => '\r',
                    Some(other) => other,
                    None => return Err("its last quote is not closed"),
                }),
                Some(other) => out.push(other),
                None => return Err("its last quote is not closed"),
            }
        }
        self.rest = characters.as_str();
        Ok(out)
    }
}

#[cfg(test)]
mod tests;
