//! Reads along the pieces of a definition.

use super::piece::{Piece, normal};

/// The pieces of a definition that have not been read yet.
#[derive(Clone)]
pub(super) struct Reader<'p, 'a> {
    rest: &'p [Piece<'a>],
}

impl<'p, 'a> Reader<'p, 'a> {
    /// Reads these pieces.
    pub(super) fn of(rest: &'p [Piece<'a>]) -> Self {
        Self { rest }
    }

    /// What has not been read yet.
    pub(super) fn rest(&self) -> &'p [Piece<'a>] {
        self.rest
    }

    /// Whether all has been read.
    pub(super) fn is_done(&self) -> bool {
        self.rest.is_empty()
    }

    /// Whether the next pieces are these keywords.
    pub(super) fn sees(&self, keywords: &[&str]) -> bool {
        let next = self.rest.get(..keywords.len()).unwrap_or_default();
        next.len() == keywords.len() && next.iter().zip(keywords).all(|(piece, keyword)| piece.is(keyword))
    }

    /// Takes these keywords, if they come next.
    pub(super) fn take(&mut self, keywords: &[&str]) -> bool {
        let found = self.sees(keywords);
        if found {
            self.rest = self.rest.get(keywords.len()..).unwrap_or_default();
        }
        found
    }

    /// Takes whatever piece comes next.
    pub(super) fn next(&mut self) -> Option<Piece<'a>> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    /// Takes a name.
    pub(super) fn name(&mut self) -> Option<String> {
        let name = self.rest.first()?.name()?;
        self.next();
        Some(name)
    }

    /// Takes everything between a pair of brackets.
    pub(super) fn brackets(&mut self) -> Option<&'p [Piece<'a>]> {
        let inner = self.rest.split_first().filter(|(open, _)| open.is("("))?.1;
        let mut depth = 1_usize;
        for (piece, at) in inner.iter().zip(0_usize..) {
            if piece.is("(") {
                depth = depth.saturating_add(1);
            } else if piece.is(")") {
                depth = depth.saturating_sub(1);
            }
            if depth == 0 {
                let (body, rest) = inner.split_at_checked(at)?;
                self.rest = rest.get(1..).unwrap_or_default();
                return Some(body);
            }
        }
        None
    }

    /// Takes everything between a pair of brackets, in normal form.
    pub(super) fn expression(&mut self) -> Option<String> {
        self.brackets().map(normal)
    }
}

/// The pieces between the commas that stand in no brackets.
pub(super) fn split_at_commas<'p, 'a>(pieces: &'p [Piece<'a>]) -> Vec<&'p [Piece<'a>]> {
    let mut depth = 0_usize;
    pieces
        .split(|piece| {
            if piece.is("(") {
                depth = depth.saturating_add(1);
            } else if piece.is(")") {
                depth = depth.saturating_sub(1);
            }
            depth == 0 && piece.is(",")
        })
        .collect()
}
