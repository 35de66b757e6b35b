//! The pieces of a definition: its tokens without white space and comments, and how they are written again in one normal form.

use crate::sql::{Dialect, Token, Tokens};

/// One token that means something.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// Its text, quotes included.
    pub(super) text: &'a str,
    /// Whether it is a text or a name in quotes.
    pub(super) quoted: bool,
    /// Whether white space or a comment stands before it.
    pub(super) spaced: bool,
}

/// What SQLite does not take as a name unless it is quoted, and what means something else when it is not.
const RESERVED: [&str; 82] = [
    "ADD",
    "ALL",
    "ALTER",
    "AND",
    "AS",
    "AUTOINCREMENT",
    "BETWEEN",
    "CASE",
    "CAST",
    "CHECK",
    "COLLATE",
    "COMMIT",
    "CONSTRAINT",
    "CREATE",
    "CROSS",
    "CURRENT_DATE",
    "CURRENT_TIME",
    "CURRENT_TIMESTAMP",
    "DEFAULT",
    "DEFERRABLE",
    "DELETE",
    "DISTINCT",
    "DROP",
    "ELSE",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FALSE",
    "FILTER",
    "FOREIGN",
    "FROM",
    "FULL",
    "GLOB",
    "GROUP",
    "HAVING",
    "IN",
    "INDEX",
    "INDEXED",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTO",
    "IS",
    "ISNULL",
    "JOIN",
    "LEFT",
    "LIKE",
    "LIMIT",
    "MATCH",
    "NATURAL",
    "NOT",
    "NOTHING",
    "NOTNULL",
    "NULL",
    "ON",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "PRIMARY",
    "RAISE",
    "REFERENCES",
    "REGEXP",
    "RETURNING",
    "RIGHT",
    "ROWID",
    "SELECT",
    "SET",
    "TABLE",
    "THEN",
    "TO",
    "TRANSACTION",
    "TRUE",
    "UNION",
    "UNIQUE",
    "UPDATE",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITHIN",
];

/// Cuts a definition into pieces.
pub(super) fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let mut spaced = false;
    let mut pieces = Vec::new();
    for token in Tokens::of(sql, Dialect::Sqlite) {
        match token {
            Token::Space(_) | Token::Comment(_) => spaced = true,
            Token::Quoted(text) | Token::Unclosed(text) => {
                pieces.push(Piece { text, quoted: true, spaced });
                spaced = false;
            }
            Token::Word(_) | Token::Semicolon | Token::Other(_) => {
                pieces.push(Piece { text: token.text(), quoted: false, spaced });
                spaced = false;
            }
        }
    }
    pieces
}

impl Piece<'_> {
    /// Whether it is this keyword.
    pub(super) fn is(&self, keyword: &str) -> bool {
        !self.quoted && self.text.eq_ignore_ascii_case(keyword)
    }

    /// Whether it is a word that no name can be without quotes.
    pub(super) fn is_keyword(&self) -> bool {
        !self.quoted && is_reserved(self.text)
    }

    /// The name that it says, without quotes; `None` for what is no name. SQLite takes a text in single quotes for a name, too, where
    /// only a name can stand.
    pub(super) fn name(&self) -> Option<String> {
        if !self.quoted {
            let first = self.text.chars().next()?;
            return (first == '_' || first.is_alphabetic() || !first.is_ascii()).then(|| self.text.to_owned());
        }
        let mut characters = self.text.chars();
        let (open, close) = (characters.next()?, characters.next_back()?);
        let inner = characters.as_str();
        match (open, close) {
            ('[', ']') => Some(inner.to_owned()),
            ('"' | '`' | '\'', same) if same == open => {
                Some(inner.replace(&format!("{open}{open}"), &open.to_string()))
            }
            _ => None,
        }
    }

    /// Its normal form: keywords in capitals, and a name in quotes only where it needs them.
    fn normal(&self) -> String {
        if !self.quoted {
            return if is_reserved(self.text) { self.text.to_ascii_uppercase() } else { self.text.to_owned() };
        }
        if self.text.starts_with('\'') {
            return self.text.to_owned();
        }
        match self.name() {
            Some(name) if is_plain(&name) && !is_reserved(&name) => name,
            Some(name) => crate::sql::identifier(&name),
            None => self.text.to_owned(),
        }
    }
}

fn is_reserved(word: &str) -> bool {
    RESERVED.iter().any(|reserved| reserved.eq_ignore_ascii_case(word))
}

/// Pieces written in one normal form: white space is one space, or none beside brackets, commas and points.
pub(super) fn normal(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for piece in pieces {
        let tight = out.is_empty() || out.ends_with(['(', '.']) || matches!(piece.text, ")" | "," | ".");
        if !tight && (piece.spaced || out.ends_with(',')) {
            out.push(' ');
        }
        out.push_str(&piece.normal());
    }
    out
}

/// An expression that a pragma gave, in normal form.
pub(super) fn normal_sql(sql: &str) -> String {
    normal(unwrapped(&pieces(sql)))
}

/// The pieces inside brackets that surround all of them, as often as they do.
pub(super) fn unwrapped<'p, 'a>(mut pieces: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
    while let [open, inner @ .., close] = pieces
        && open.is("(")
        && close.is(")")
        && closes_at_end(inner)
    {
        pieces = inner;
    }
    pieces
}

/// Whether the brackets among these pieces belong to each other.
fn closes_at_end(pieces: &[Piece<'_>]) -> bool {
    let mut depth = 0_usize;
    for piece in pieces {
        if piece.is("(") {
            depth = depth.saturating_add(1);
        } else if piece.is(")") {
            match depth.checked_sub(1) {
                Some(less) => depth = less,
                None => return false,
            }
        }
    }
    depth == 0
}

/// Whether a name needs no quotes: letters, digits and underscores of ASCII, not a digit first.
fn is_plain(name: &str) -> bool {
    name.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
        && name.chars().all(|character| character == '_' || character.is_ascii_alphanumeric())
}
