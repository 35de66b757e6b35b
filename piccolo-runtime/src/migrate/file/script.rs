//! A whole up or down file, and the reader that makes it out of text.

mod directive;
mod pragma;

use super::block::Block;
use super::{Batches, Checksum, Mode, Statement, Step};
use crate::ddl::Rebuilt;
use crate::sql::{Dialect, Token, Tokens};

/// One file, read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Script {
    /// The directives above the first step, without their mark: `lossless`, `loses the values of band.popularity`, …
    pub header: Vec<String>,
    /// The steps in order. None at all is a migration that only runs Rust code, or does nothing.
    pub steps: Vec<Step>,
}

/// Why a file cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there and what to do.
    pub message: String,
}

impl std::error::Error for FileError {}

impl std::fmt::Display for FileError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl Script {
    /// Reads a file. Line endings do not matter.
    ///
    /// # Errors
    ///
    /// If the file is empty or looks cut off, holds a directive that we do not know, or a statement that cannot stand in a migration.
    pub fn parse(text: &str, dialect: Dialect) -> Result<Self, FileError> {
        let text = text.replace("\r\n", "\n");
        let mut reader = Reader::new(dialect);
        for token in Tokens::of(text.trim_start_matches('\u{feff}'), dialect) {
            reader.token(token)?;
        }
        reader.finish()
    }

    /// The checksum of what the file does, which comments, layout and line endings do not change.
    #[must_use]
    pub fn checksum(&self) -> Checksum {
        Checksum::of(self.steps.iter().map(|step| step.checksum().to_string()))
    }

    /// What undoing cannot bring back, as the header says it; empty where the file is lossless.
    pub fn losses(&self) -> impl Iterator<Item = &str> {
        self.header.iter().filter_map(|directive| directive.strip_prefix("loses ")).map(str::trim)
    }
}

/// Reads tokens one by one into a script.
struct Reader {
    dialect: Dialect,
    line: usize,
    /// Whether anything has come, be it a comment: a file that was never written, or whose text is lost, has neither.
    begun: bool,
    header: Vec<String>,
    steps: Vec<Step>,
    statement: Option<Open>,
}

/// A statement whose end has not come yet.
struct Open {
    block: Block,
    statement: Statement,
    /// Whether white space or a comment came since the last token of the normal form.
    gap: bool,
}

impl Reader {
    fn new(dialect: Dialect) -> Self {
        Self { dialect, line: 1, begun: false, header: Vec::new(), steps: Vec::new(), statement: None }
    }

    fn error<T>(&self, line: usize, message: impl Into<String>) -> Result<T, FileError> {
        Err(FileError { line, message: message.into() })
    }

    fn token(&mut self, token: Token<'_>) -> Result<(), FileError> {
        self.begun |= !matches!(token, Token::Space(_) | Token::Semicolon);
        match token {
            Token::Comment(comment) => match directive::of(comment) {
                Ok(Some(directive)) => self.directive(directive)?,
                Ok(None) => self.comment(comment),
                Err(message) => return self.error(self.line, message),
            },
            Token::Unclosed(text) => {
                let opening: String = text.chars().take(20).collect();
                return self.error(
                    self.line,
                    format!("what begins here with `{opening}` is never closed: is the file complete?"),
                );
            }
            Token::Space(_) | Token::Quoted(_) | Token::Word(_) | Token::Semicolon | Token::Other(_) => {
                self.code(token)?
            }
        }
        self.line = self.line.saturating_add(token.text().matches('\n').count());
        Ok(())
    }

    fn comment(&mut self, comment: &str) {
        if let Some(open) = &mut self.statement {
            open.statement.text.push_str(comment);
            open.gap = true;
        } else if let Some(step) = self.steps.last_mut()
            && step.title.is_none()
            && step.statements.is_empty()
        {
            step.title =
                comment.strip_prefix("--").map(|title| title.trim().to_owned()).filter(|title| !title.is_empty());
        }
    }

    fn directive(&mut self, directive: &str) -> Result<(), FileError> {
        if let Some(open) = &self.statement {
            return self.error(open.statement.line, "this statement has no `;` before the next directive");
        }
        match directive.strip_prefix("step") {
            Some(words) if words.is_empty() || words.starts_with(char::is_whitespace) => {
                let step = self.step(words)?;
                self.close_step()?;
                self.steps.push(step);
                Ok(())
            }
            Some(_) | None if self.steps.is_empty() => {
                self.header.push(directive.to_owned());
                Ok(())
            }
            Some(_) | None => self.error(
                self.line,
                format!("unknown directive `{directive}`; inside a step only comments without `piccolo:` may stand"),
            ),
        }
    }

    /// Reads the words behind `-- piccolo: step`.
    fn step(&self, words: &str) -> Result<Step, FileError> {
        let mut step = new_step(self.steps.len(), self.line);
        let mut rest = words.trim();
        while !rest.is_empty() {
            let (word, tail) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            rest = tail.trim_start();
            match word {
                "no-transaction" => step.mode = Mode::NoTransaction,
                "foreign-keys=suspended" => step.foreign_keys_suspended = true,
                "batches" => {
                    let Some((batches, tail)) = Batches::read(rest) else {
                        return self.error(
                            self.line,
                            "`batches` needs a size, a table and a column: `batches of 1000 over band (id)`",
                        );
                    };
                    step.batches = Some(batches);
                    rest = tail;
                }
                "rebuild" => {
                    let Some((table, tail)) = name(rest) else {
                        return self.error(self.line, "`rebuild` names no table");
                    };
                    let Some((columns, tail)) = columns(tail.trim_start()) else {
                        return self.error(
                            self.line,
                            "the columns of a rebuilt table stand in brackets: `rebuild band (\"id\", \"name\")`",
                        );
                    };
                    step.rebuilds.push(Rebuilt { table, columns });
                    step.foreign_keys_suspended = true;
                    rest = tail.trim_start();
                }
                other => {
                    return self.error(
                        self.line,
                        format!("unknown word `{other}` in a step line; known are no-transaction, batches of <size> over <table> (<column>), rebuild <table> (<columns>) and foreign-keys=suspended"),
                    );
                }
            }
        }
        if step.mode == Mode::NoTransaction && step.foreign_keys_suspended {
            return self.error(self.line, "a step that suspends foreign keys needs its transaction");
        }
        if step.batches.is_some() && (step.mode == Mode::NoTransaction || step.foreign_keys_suspended) {
            return self
                .error(self.line, "a step in batches has transactions of its own; no other word can stand beside it");
        }
        Ok(step)
    }

    fn code(&mut self, token: Token<'_>) -> Result<(), FileError> {
        let Some(open) = &mut self.statement else {
            if !matches!(token, Token::Space(_) | Token::Semicolon) {
                let statement = Statement { line: self.line, text: String::new(), normal: String::new() };
                self.statement = Some(Open { block: Block::default(), statement, gap: false });
                return self.code(token);
            }
            return Ok(());
        };
        if open.block.ends_with(token, self.dialect) {
            return self.close_statement();
        }
        open.statement.text.push_str(token.text());
        if matches!(token, Token::Space(_)) {
            open.gap = true;
        } else {
            if std::mem::take(&mut open.gap) {
                open.statement.normal.push(' ');
            }
            open.statement.normal.push_str(token.text());
        }
        Ok(())
    }

    fn close_statement(&mut self) -> Result<(), FileError> {
        let Some(mut open) = self.statement.take() else { return Ok(()) };
        open.statement.text.truncate(open.statement.text.trim_end().len());
        let line = open.statement.line;
        if self.steps.is_empty() {
            self.steps.push(new_step(0, line));
        }
        let Some(step) = self.steps.last_mut() else { return Ok(()) };
        let mode = step.mode;
        let sets_foreign_keys = self.dialect == Dialect::Sqlite && pragma::is_foreign_keys(&open.statement.normal);
        step.statements.push(open.statement);
        if sets_foreign_keys {
            return self.error(line, pragma::REFUSED);
        }
        match open.block.head().first().map(String::as_str) {
            Some(word @ ("begin" | "commit" | "rollback" | "end" | "abort" | "start")) => self.error(
                line,
                format!(
                    "`{}` cannot stand in a migration: the runner opens and ends the transaction of each step",
                    word.to_uppercase()
                ),
            ),
            Some("vacuum") if mode == Mode::Transaction => {
                self.error(line, "VACUUM needs a step of its own: put `-- piccolo: step no-transaction` above it")
            }
            _ => Ok(()),
        }
    }

    fn close_step(&self) -> Result<(), FileError> {
        match self.steps.last() {
            Some(step) if step.mode == Mode::NoTransaction && step.statements.len() != 1 => self.error(
                step.line,
                format!(
                    "a step without a transaction has exactly one statement, this one has {}",
                    step.statements.len()
                ),
            ),
            Some(step) if step.batches.is_some() => match step.statements.as_slice() {
                [only] if only.has_bounds(self.dialect) => Ok(()),
                _ => self.error(
                    step.line,
                    "a step in batches has exactly one statement, in which `:first` and `:last` stand for the bounds of a batch: `WHERE id BETWEEN :first AND :last`",
                ),
            },
            Some(_) | None => Ok(()),
        }
    }

    fn finish(self) -> Result<Script, FileError> {
        if let Some(open) = &self.statement {
            return self.error(open.statement.line, "this statement has no `;` at its end: is the file complete?");
        }
        if !self.begun {
            return self.error(
                1,
                "the file is empty: was it written to its end? Bring it back as it was; a file that is to do nothing says so in a comment",
            );
        }
        self.close_step()?;
        Ok(Script { header: self.header, steps: self.steps })
    }
}

/// A step with nothing in it that comes after `before` others.
fn new_step(before: usize, line: usize) -> Step {
    Step {
        number: u32::try_from(before).unwrap_or(u32::MAX).saturating_add(1),
        line,
        mode: Mode::Transaction,
        rebuilds: Vec::new(),
        foreign_keys_suspended: false,
        batches: None,
        title: None,
        statements: Vec::new(),
    }
}

/// A name at the beginning of `text`, in double quotes or up to the next space, and what follows it.
fn name(text: &str) -> Option<(String, &str)> {
    let mut tokens = Tokens::of(text, Dialect::Sqlite);
    match tokens.next()? {
        Token::Quoted(quoted) => {
            let inner = quoted.strip_prefix('"')?.strip_suffix('"')?;
            Some((inner.replace("\"\"", "\""), text.get(quoted.len()..)?))
        }
        Token::Space(_) | Token::Comment(_) | Token::Unclosed(_) | Token::Semicolon => None,
        Token::Word(_) | Token::Other(_) => {
            let length = text.find(char::is_whitespace).unwrap_or(text.len());
            let (word, rest) = text.split_at_checked(length)?;
            Some((word.to_owned(), rest))
        }
    }
}

/// Names in brackets at the beginning of `text`, if there are brackets, and what follows them.
fn columns(text: &str) -> Option<(Vec<String>, &str)> {
    let mut columns = Vec::new();
    let Some(mut rest) = text.strip_prefix('(') else { return Some((columns, text)) };
    loop {
        let quoted = rest.trim_start();
        let (column, tail) = name(quoted).filter(|_| quoted.starts_with('"'))?;
        columns.push(column);
        let tail = tail.trim_start();
        match tail.strip_prefix(',') {
            Some(next) => rest = next,
            None => return tail.strip_prefix(')').map(|rest| (columns, rest)),
        }
    }
}

#[cfg(test)]
mod tests;
