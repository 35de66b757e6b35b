//! Patterns of `like`: what they mean, and how SQLite's `GLOB` says the same.

use crate::{Error, Result};

/// A piece of a pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// `%`: any text.
    Any,
    /// `_`: any character.
    One,
    /// This character.
    Character(char),
}

/// What a pattern means. A backslash takes the meaning from the character after it, so it cannot be the last.
pub(crate) fn parse(pattern: &str) -> Result<Vec<Piece>> {
    let mut pieces = Vec::with_capacity(pattern.len());
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        pieces.push(match character {
            '%' => Piece::Any,
            '_' => Piece::One,
            '\\' => Piece::Character(characters.next().ok_or_else(|| Error::InvalidValue {
                target: "a pattern of `like`".to_owned(),
                reason: "it ends in a backslash with nothing after it; write two for a backslash itself".to_owned(),
            })?),
            other => Piece::Character(other),
        });
    }
    Ok(pieces)
}

/// The same pattern for `GLOB`, whose wildcards are others and are quoted by brackets.
pub(crate) fn glob(pieces: &[Piece]) -> String {
    let mut out = String::with_capacity(pieces.len());
    for piece in pieces {
        match piece {
            Piece::Any => out.push('*'),
            Piece::One => out.push('?'),
            Piece::Character(special @ ('*' | '?' | '[')) => {
                out.push('[');
                out.push(*special);
                out.push(']');
            }
            Piece::Character(other) => out.push(*other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{glob, parse};

    #[test]
    fn wildcards_are_translated_and_what_glob_would_misread_is_quoted() {
        for (like, expected) in [
            ("Python%", "Python*"),
            ("_ython", "?ython"),
            ("100\\%", "100%"),
            ("a\\_b\\\\", "a_b\\"),
            ("what?*[x]", "what[?][*][[]x]"),
            ("", ""),
        ] {
            assert_eq!(glob(&parse(like).unwrap()), expected, "{like}");
        }
    }

    #[test]
    fn a_backslash_cannot_be_the_last_character() {
        assert!(parse("Python\\").is_err());
    }
}
