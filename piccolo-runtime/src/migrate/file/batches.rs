//! Steps that run in batches, so that a statement which touches every row of a large table never holds many of them for long.

use super::Statement;
use crate::sql::{Dialect, Token, Tokens};

/// How a statement is spread over the rows of a table: again and again, each time in a transaction of its own, for the rows between
/// two values of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Batches {
    /// How many rows a batch has. More, where several rows have the last value.
    pub size: u32,
    /// The table, as it stands in SQL.
    pub table: String,
    /// The column along which the table is walked, as it stands in SQL. It should have an index, and its values a text from which they
    /// can be read again.
    pub column: String,
}

/// What stands in the statement for the first and the last value of a batch.
pub(super) const BOUNDS: [&str; 2] = ["first", "last"];

impl Batches {
    /// Reads what follows the word `batches` in a step line, and gives the rest of the line: `of 1000 over "band" ("id")`.
    pub(super) fn read(text: &str) -> Option<(Self, &str)> {
        let mut words = Words { rest: text };
        words.keyword("of")?;
        let size = words.word()?.parse().ok().filter(|size| *size > 0)?;
        words.keyword("over")?;
        let mut table = words.name()?;
        while words.mark(".").is_some() {
            table = format!("{table}.{}", words.name()?);
        }
        words.mark("(")?;
        let column = words.name()?;
        words.mark(")")?;
        Some((Self { size, table, column }, words.rest.trim_start()))
    }

    /// What the checksum sees of it. The size is left out, so that it may be changed while a step is half done.
    pub(super) fn directive(&self) -> String {
        format!("batches over {} ({})", self.table, self.column)
    }
}

impl Statement {
    /// Its text for the rows from `first` to `last`, which are literals, or other pieces of SQL.
    #[must_use]
    pub fn between(&self, first: &str, last: &str, dialect: Dialect) -> String {
        let mut text = String::new();
        for piece in pieces(&self.text, dialect) {
            match piece {
                Piece::Bound(name) if name == BOUNDS[0] => text.push_str(first),
                Piece::Bound(_) => text.push_str(last),
                Piece::Text(piece) => text.push_str(piece),
            }
        }
        text
    }

    /// Whether it says where both values of a batch go.
    pub(super) fn has_bounds(&self, dialect: Dialect) -> bool {
        BOUNDS.iter().all(|bound| {
            pieces(&self.normal, dialect).any(|piece| matches!(piece, Piece::Bound(name) if name == *bound))
        })
    }
}

/// A piece of a statement.
enum Piece<'a> {
    Text(&'a str),
    /// `:first` or `:last`.
    Bound(&'a str),
}

/// Splits a statement at its bounds. A colon that follows another one is a cast of Postgres.
fn pieces(text: &str, dialect: Dialect) -> impl Iterator<Item = Piece<'_>> {
    let mut tokens = Tokens::of(text, dialect).peekable();
    let mut after_colon = false;
    std::iter::from_fn(move || {
        let token = tokens.next()?;
        let is_colon = matches!(token, Token::Other(":"));
        let follows_colon = std::mem::replace(&mut after_colon, is_colon);
        if is_colon
            && !follows_colon
            && let Some(Token::Word(name)) = tokens.peek().copied()
            && BOUNDS.contains(&name)
        {
            tokens.next();
            after_colon = false;
            return Some(Piece::Bound(name));
        }
        Some(Piece::Text(token.text()))
    })
}

/// The words of a step line.
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn token(&mut self, wanted: impl Fn(Token<'a>) -> bool) -> Option<&'a str> {
        let text = self.rest.trim_start();
        let token = Tokens::of(text, Dialect::Postgres).next().filter(|token| wanted(*token))?;
        self.rest = text.get(token.text().len()..)?;
        Some(token.text())
    }

    fn word(&mut self) -> Option<&'a str> {
        self.token(|token| matches!(token, Token::Word(_)))
    }

    fn keyword(&mut self, word: &str) -> Option<&'a str> {
        self.token(|token| matches!(token, Token::Word(found) if found == word))
    }

    fn mark(&mut self, mark: &str) -> Option<&'a str> {
        self.token(|token| matches!(token, Token::Other(found) if found == mark))
    }

    /// A name as it stands in SQL.
    fn name(&mut self) -> Option<String> {
        let is_name = |token| match token {
            Token::Word(_) => true,
            Token::Quoted(quoted) => quoted.starts_with('"'),
            Token::Space(_) | Token::Comment(_) | Token::Unclosed(_) | Token::Semicolon | Token::Other(_) => false,
        };
        self.token(is_name).map(str::to_owned)
    }
}
