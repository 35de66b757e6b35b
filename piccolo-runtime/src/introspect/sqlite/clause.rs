//! A clause of a `CREATE TABLE` statement, in the words of the live table: a constraint, or what else follows a column's type.

use super::create_table::{check, conflict, direction, key, names, references, skip_value};
use super::piece::{Piece, pieces};
use super::reader::Reader;
use crate::sql::identifier;

/// A constraint of a table or of a column, or what else follows a column's type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Clause {
    /// The constraint's name, where it has one.
    pub(crate) name: Option<String>,
    pub(crate) kind: ClauseKind,
    /// The columns of the table that it lists, where it is a key of the table.
    pub(crate) columns: Vec<String>,
    /// Its words, without the name.
    pub(crate) words: String,
}

/// What a clause is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClauseKind {
    PrimaryKey,
    NotNull,
    Null,
    Unique,
    Check,
    Default,
    Collate,
    ForeignKey,
    Generated,
}

impl Clause {
    /// A clause without a name.
    pub(crate) fn new(kind: ClauseKind, words: impl Into<String>) -> Self {
        Self { name: None, kind, columns: Vec::new(), words: words.into() }
    }

    /// Reads a constraint of the table: `CONSTRAINT … UNIQUE (…)`.
    pub(crate) fn parse(constraint: &str) -> Option<Self> {
        let pieces = pieces(constraint);
        table_clause(&mut Reader::of(&pieces))
    }

    /// Its name and its words.
    pub(crate) fn write(&self) -> String {
        match &self.name {
            Some(name) => format!("CONSTRAINT {} {}", identifier(name), self.words),
            None => self.words.clone(),
        }
    }

    /// Whether it is the constraint of this name.
    pub(crate) fn is_named(&self, name: &str) -> bool {
        self.name.as_deref().is_some_and(|own| own.eq_ignore_ascii_case(name))
    }

    /// Whether its words name this column of the table. What it says of the table that a foreign key points to does not count.
    pub(crate) fn mentions(&self, column: &str) -> bool {
        let pieces = pieces(&self.words);
        let names = column_names(self.own_words(&pieces));
        names.into_iter().any(|(_, piece)| is_name(piece, column))
    }

    pub(super) fn rename_column(&mut self, from: &str, to: &str) {
        let (new, mut renamed) = (identifier(to), pieces(&self.words));
        let own = renamed.clone();
        let own = self.own_words(&own);
        let skipped = renamed.iter().position(|piece| piece.is("(")).unwrap_or_default();
        for (at, piece) in column_names(own) {
            if is_name(piece, from)
                && let Some(place) = renamed.get_mut(at.saturating_add(skipped))
            {
                *place = Piece { text: &new, quoted: true, ..*piece };
            }
        }
        let words = words(&renamed);
        self.words = words;
        for column in self.columns.iter_mut().filter(|column| column.eq_ignore_ascii_case(from)) {
            to.clone_into(column);
        }
    }

    /// The pieces that can name columns of the table itself: those in brackets, but for what comes after `REFERENCES`.
    fn own_words<'p, 'a>(&self, pieces: &'p [Piece<'a>]) -> &'p [Piece<'a>] {
        match self.kind {
            ClauseKind::PrimaryKey
            | ClauseKind::Unique
            | ClauseKind::Check
            | ClauseKind::ForeignKey
            | ClauseKind::Generated => {
                let references = |piece: &Piece<'_>| self.kind == ClauseKind::ForeignKey && piece.is("REFERENCES");
                let end = pieces.iter().position(references).unwrap_or(pieces.len());
                let start = pieces.iter().position(|piece| piece.is("(")).unwrap_or(end);
                pieces.get(start..end).unwrap_or_default()
            }
            ClauseKind::NotNull | ClauseKind::Null | ClauseKind::Default | ClauseKind::Collate => &[],
        }
    }
}

/// Whether an expression names this column.
pub(crate) fn expression_mentions(sql: &str, column: &str) -> bool {
    let pieces = pieces(sql);
    column_names(&pieces).into_iter().any(|(_, piece)| is_name(piece, column))
}

/// Whether a piece is this name.
fn is_name(piece: &Piece<'_>, name: &str) -> bool {
    piece.name().is_some_and(|own| own.eq_ignore_ascii_case(name))
}

/// The pieces of an expression that may name columns, with their positions: no texts, no words of SQL, no functions and no collations.
fn column_names<'p, 'a>(pieces: &'p [Piece<'a>]) -> Vec<(usize, &'p Piece<'a>)> {
    let mut names = Vec::new();
    let mut before: Option<&Piece<'_>> = None;
    for (at, piece) in pieces.iter().enumerate() {
        let calls = pieces.get(at.saturating_add(1)).is_some_and(|next| next.is("(")) && !piece.quoted;
        let sorts = before.is_some_and(|before| before.is("COLLATE"));
        if !(piece.text.starts_with('\'') || piece.is_keyword() || calls || sorts) && piece.name().is_some() {
            names.push((at, piece));
        }
        before = Some(piece);
    }
    names
}

/// Reads one clause behind a column's type.
pub(super) fn column_clause(reader: &mut Reader<'_, '_>) -> Option<Clause> {
    let name = constraint_name(reader)?;
    let before = reader.rest();
    let kind = if reader.take(&["PRIMARY", "KEY"]) {
        direction(reader);
        conflict(reader)?;
        reader.take(&["AUTOINCREMENT"]);
        ClauseKind::PrimaryKey
    } else if reader.take(&["NOT", "NULL"]) {
        conflict(reader)?;
        ClauseKind::NotNull
    } else if reader.take(&["NULL"]) {
        conflict(reader)?;
        ClauseKind::Null
    } else if reader.take(&["UNIQUE"]) {
        conflict(reader)?;
        ClauseKind::Unique
    } else if reader.sees(&["CHECK"]) {
        check(reader, None)?;
        ClauseKind::Check
    } else if reader.take(&["DEFAULT"]) {
        skip_value(reader)?;
        ClauseKind::Default
    } else if reader.take(&["COLLATE"]) {
        reader.name()?;
        ClauseKind::Collate
    } else if reader.sees(&["REFERENCES"]) {
        references(reader, None, Vec::new())?;
        ClauseKind::ForeignKey
    } else if reader.take(&["GENERATED", "ALWAYS", "AS"]) || reader.take(&["AS"]) {
        reader.brackets()?;
        let _ = reader.take(&["STORED"]) || reader.take(&["VIRTUAL"]);
        ClauseKind::Generated
    } else {
        return None;
    };
    Some(Clause { name, kind, columns: Vec::new(), words: words(taken(before, reader.rest())) })
}

/// Reads one constraint of the table.
pub(super) fn table_clause(reader: &mut Reader<'_, '_>) -> Option<Clause> {
    let name = constraint_name(reader)?;
    let before = reader.rest();
    let (kind, columns) = if reader.take(&["PRIMARY", "KEY"]) {
        (ClauseKind::PrimaryKey, key(reader, None)?.columns)
    } else if reader.take(&["UNIQUE"]) {
        (ClauseKind::Unique, key(reader, None)?.columns)
    } else if reader.sees(&["CHECK"]) {
        check(reader, None)?;
        (ClauseKind::Check, Vec::new())
    } else if reader.take(&["FOREIGN", "KEY"]) {
        let columns = names(reader.brackets()?)?;
        references(reader, None, Vec::new())?;
        (ClauseKind::ForeignKey, columns)
    } else {
        return None;
    };
    Some(Clause { name, kind, columns, words: words(taken(before, reader.rest())) })
}

/// `CONSTRAINT name`, if it comes next.
#[expect(clippy::option_option, reason = "absent is not the same as wrong")]
fn constraint_name(reader: &mut Reader<'_, '_>) -> Option<Option<String>> {
    if reader.take(&["CONSTRAINT"]) { reader.name().map(Some) } else { Some(None) }
}

/// What has been read between two places.
pub(super) fn taken<'p, 'a>(before: &'p [Piece<'a>], after: &[Piece<'a>]) -> &'p [Piece<'a>] {
    before.get(..before.len().saturating_sub(after.len())).unwrap_or_default()
}

/// Pieces as they were written, but for comments and the width of white space.
pub(super) fn words(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for piece in pieces {
        if piece.spaced && !out.is_empty() {
            out.push(' ');
        }
        out.push_str(piece.text);
    }
    out
}
