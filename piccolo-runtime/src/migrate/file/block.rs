//! Where a statement ends: at its semicolon, unless that stands inside the body of a trigger or a function.

use crate::sql::{Dialect, Token};

/// Follows the tokens of one statement and tells which semicolon ends it.
///
/// The rules are those of the engines' own shells: a SQLite trigger ends with `; END ;`, a Postgres function in SQL's own style with
/// the `END` of its `BEGIN ATOMIC`, and a semicolon inside brackets never ends anything on Postgres.
#[derive(Default)]
pub(super) struct Block {
    head: Vec<String>,
    kind: Kind,
    tail: Tail,
    depth: usize,
    brackets: usize,
}

/// How many of a statement's first words can matter: `CREATE OR REPLACE FUNCTION`.
const HEAD: usize = 4;

#[derive(Default, PartialEq, Eq)]
enum Kind {
    /// The first semicolon ends it.
    #[default]
    Plain,
    /// `CREATE TRIGGER` on SQLite.
    Trigger,
    /// `CREATE FUNCTION` or `CREATE PROCEDURE` on Postgres.
    Routine,
}

/// The last tokens of a trigger.
#[derive(Default, PartialEq, Eq)]
enum Tail {
    #[default]
    Elsewhere,
    Semicolon,
    SemicolonEnd,
}

impl Block {
    /// Takes the next token and tells whether it is the statement's last.
    pub(super) fn ends_with(&mut self, token: Token<'_>, dialect: Dialect) -> bool {
        match token {
            Token::Space(_) | Token::Comment(_) => false,
            Token::Word(word) => {
                self.word(&word.to_ascii_lowercase(), dialect);
                false
            }
            Token::Other(mark) => {
                match (mark, dialect) {
                    ("(", Dialect::Postgres) => self.brackets = self.brackets.saturating_add(1),
                    (")", Dialect::Postgres) => self.brackets = self.brackets.saturating_sub(1),
                    _ => {}
                }
                self.tail = Tail::Elsewhere;
                false
            }
            Token::Quoted(_) | Token::Unclosed(_) => {
                self.tail = Tail::Elsewhere;
                false
            }
            Token::Semicolon => self.semicolon(),
        }
    }

    /// The statement's first words, in lower case.
    pub(super) fn head(&self) -> &[String] {
        &self.head
    }

    fn word(&mut self, word: &str, dialect: Dialect) {
        if self.head.len() < HEAD {
            self.head.push(word.to_owned());
            self.kind = kind(&self.head, dialect);
        }
        match self.kind {
            Kind::Plain => {}
            Kind::Trigger => {
                self.tail =
                    if word == "end" && self.tail == Tail::Semicolon { Tail::SemicolonEnd } else { Tail::Elsewhere };
            }
            Kind::Routine => match word {
                "begin" => self.depth = self.depth.saturating_add(1),
                "case" if self.depth > 0 => self.depth = self.depth.saturating_add(1),
                "end" => self.depth = self.depth.saturating_sub(1),
                _ => {}
            },
        }
    }

    fn semicolon(&mut self) -> bool {
        match self.kind {
            Kind::Plain => self.brackets == 0,
            Kind::Trigger if self.tail == Tail::SemicolonEnd => true,
            Kind::Trigger => {
                self.tail = Tail::Semicolon;
                false
            }
            Kind::Routine => self.depth == 0 && self.brackets == 0,
        }
    }
}

/// What a statement that begins with these words is.
fn kind(head: &[String], dialect: Dialect) -> Kind {
    let words: Vec<&str> = head.iter().map(String::as_str).collect();
    match (dialect, words.as_slice()) {
        (Dialect::Sqlite, ["create", "trigger", ..] | ["create", "temp" | "temporary", "trigger", ..]) => Kind::Trigger,
        (
            Dialect::Postgres,
            ["create", "function" | "procedure", ..] | ["create", "or", "replace", "function" | "procedure", ..],
        ) => Kind::Routine,
        _ => Kind::Plain,
    }
}
