//! The tokens of SQL, as far as telling statements apart and reading definitions back needs them: quotes, comments, words and semicolons.

use super::Dialect;

/// One token, as a piece of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'a> {
    /// White space.
    Space(&'a str),
    /// A comment, with its marks.
    Comment(&'a str),
    /// A quoted text or identifier, with its quotes.
    Quoted(&'a str),
    /// A quote or comment that is never closed: the rest of the source.
    Unclosed(&'a str),
    /// A keyword, an unquoted name or a number.
    Word(&'a str),
    /// The end of a statement, or of one inside a trigger's or a function's body.
    Semicolon,
    /// Any other character.
    Other(&'a str),
}

impl<'a> Token<'a> {
    /// The piece of the source.
    pub(crate) fn text(self) -> &'a str {
        match self {
            Self::Space(text)
            | Self::Comment(text)
            | Self::Quoted(text)
            | Self::Unclosed(text)
            | Self::Word(text)
            | Self::Other(text) => text,
            Self::Semicolon => ";",
        }
    }
}

/// Splits a source into tokens; together they are the source again.
pub(crate) struct Tokens<'a> {
    rest: &'a str,
    dialect: Dialect,
}

impl<'a> Tokens<'a> {
    /// The tokens of `source` in this dialect.
    pub(crate) fn of(source: &'a str, dialect: Dialect) -> Self {
        Self { rest: source, dialect }
    }

    /// Takes `length` bytes off the source. A length that is no boundary takes everything, so that the iterator always ends.
    fn take(&mut self, length: usize) -> &'a str {
        let (head, tail) = self.rest.split_at_checked(length).unwrap_or((self.rest, ""));
        self.rest = tail;
        head
    }

    /// Takes characters as long as they are wanted.
    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|character| !wanted(character)).unwrap_or(self.rest.len()))
    }

    /// A piece that was opened with `prefix` bytes and reaches to the end that `end` finds behind them.
    fn closed(&mut self, prefix: usize, end: Option<usize>, token: fn(&'a str) -> Token<'a>) -> Token<'a> {
        match end {
            Some(length) => token(self.take(prefix.saturating_add(length))),
            None => Token::Unclosed(self.take(self.rest.len())),
        }
    }

    /// A piece that ends with `close`, where a doubled `close` stands for itself.
    fn quoted(&mut self, prefix: usize, close: char, backslash: bool) -> Token<'a> {
        let body = self.rest.get(prefix..).unwrap_or_default();
        self.closed(prefix, end_of_quote(body, close, backslash), Token::Quoted)
    }

    /// A `$tag$ … $tag$` text of Postgres; `None` where the dollar opens none.
    fn dollar_quoted(&mut self) -> Option<Token<'a>> {
        let inner = self.rest.strip_prefix('$')?;
        let tag_length = inner.find('$')?;
        let tag = inner.get(..tag_length)?;
        if tag.starts_with(|first: char| first.is_ascii_digit()) || !tag.chars().all(is_word) || tag.contains('$') {
            return None;
        }
        let mark_length = tag_length.saturating_add(2);
        let (mark, body) = self.rest.split_at_checked(mark_length)?;
        let end = body.find(mark).map(|at| at.saturating_add(mark_length));
        Some(self.closed(mark_length, end, Token::Quoted))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let first = self.rest.chars().next()?;
        let postgres = self.dialect == Dialect::Postgres;
        Some(match first {
            ';' => {
                self.take(1);
                Token::Semicolon
            }
            _ if first.is_whitespace() => Token::Space(self.take_while(char::is_whitespace)),
            '-' if self.rest.starts_with("--") => Token::Comment(self.take_while(|character| character != '\n')),
            '/' if self.rest.starts_with("/*") => {
                self.closed(0, end_of_block_comment(self.rest, postgres), Token::Comment)
            }
            '\'' | '"' => self.quoted(1, first, false),
            '`' if !postgres => self.quoted(1, '`', false),
            // The bracket was found in the whole rest, so its own length completes the piece.
            '[' if !postgres => self.closed(1, self.rest.find(']'), Token::Quoted),
            'e' | 'E' if postgres && self.rest.get(1..).is_some_and(|rest| rest.starts_with('\'')) => {
                self.quoted(2, '\'', true)
            }
            '$' if postgres => match self.dollar_quoted() {
                Some(token) => token,
                None => Token::Other(self.take(1)),
            },
            _ if is_word(first) => Token::Word(self.take_while(|character| is_word(character) || character == '$')),
            _ => Token::Other(self.take(first.len_utf8())),
        })
    }
}

/// Whether an unquoted name or a number may hold this character.
fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric() || !character.is_ascii()
}

/// Where a quoted text ends, its closing quote included. A doubled quote stands for itself, and so does one behind a backslash where
/// those escape.
fn end_of_quote(body: &str, close: char, backslash: bool) -> Option<usize> {
    let mut characters = body.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if backslash && character == '\\' {
            characters.next();
        } else if character == close {
            match characters.peek() {
                Some((_, next)) if *next == close => {
                    characters.next();
                }
                Some(_) | None => return Some(at.saturating_add(close.len_utf8())),
            }
        }
    }
    None
}

/// Where a `/* … */` comment ends, both marks included. They nest on Postgres alone.
fn end_of_block_comment(source: &str, nested: bool) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0_usize;
    while let Some(rest) = source.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") && (nested || depth == 0) {
            depth = depth.saturating_add(1);
            at = at.saturating_add(2);
        } else if rest.starts_with("*/") {
            depth = depth.saturating_sub(1);
            at = at.saturating_add(2);
            if depth == 0 {
                return Some(at);
            }
        } else {
            at = at.saturating_add(rest.chars().next().map_or(1, char::len_utf8));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(dialect: Dialect, source: &str, expected: &[Token<'_>]) {
        let tokens: Vec<_> = Tokens::of(source, dialect).collect();
        assert_eq!(tokens, expected);
        assert_eq!(tokens.iter().map(|token| token.text()).collect::<String>(), source);
    }

    #[test]
    fn a_semicolon_inside_quotes_is_text() {
        for dialect in Dialect::ALL {
            check(
                dialect,
                "a 'it''s; ok' \"b;\"\"\";",
                &[
                    Token::Word("a"),
                    Token::Space(" "),
                    Token::Quoted("'it''s; ok'"),
                    Token::Space(" "),
                    Token::Quoted("\"b;\"\"\""),
                    Token::Semicolon,
                ],
            );
        }
    }

    #[test]
    fn dollar_quotes_and_escapes_are_postgres_own() {
        check(Dialect::Postgres, "$f$a;$$;b$f$;", &[Token::Quoted("$f$a;$$;b$f$"), Token::Semicolon]);
        check(Dialect::Postgres, "E'\\';'", &[Token::Quoted("E'\\';'")]);
        check(Dialect::Postgres, "$1", &[Token::Other("$"), Token::Word("1")]);
        check(Dialect::Sqlite, "[a;b]`c;`", &[Token::Quoted("[a;b]"), Token::Quoted("`c;`")]);
    }

    #[test]
    fn comments_nest_on_postgres_alone() {
        check(Dialect::Postgres, "/* a /* b */ c */;", &[Token::Comment("/* a /* b */ c */"), Token::Semicolon]);
        check(
            Dialect::Sqlite,
            "/* a /* b */;-- c;\n",
            &[Token::Comment("/* a /* b */"), Token::Semicolon, Token::Comment("-- c;"), Token::Space("\n")],
        );
    }

    #[test]
    fn what_is_never_closed_is_told() {
        for source in ["'a", "\"a", "/* a", "$x$ a"] {
            check(Dialect::Postgres, source, &[Token::Unclosed(source)]);
        }
    }
}
