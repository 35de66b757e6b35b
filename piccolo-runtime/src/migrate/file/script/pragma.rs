//! The pragma that a step must not set.

use crate::sql::{Dialect, Token, Tokens};

/// Why a statement that sets SQLite's foreign keys cannot stand in a migration, and the way out.
pub(super) const REFUSED: &str = "`PRAGMA foreign_keys` cannot stand in a migration: inside the transaction of a step SQLite does not hear it, and a table that \
     is dropped would take the rows that point to it along. Leave it out, and put `-- piccolo: step foreign-keys=suspended` above the step; \
     where a table is made anew, `-- piccolo: step rebuild \"table\" (\"column\", …)`, which keeps what hangs on it as well";

/// Whether a statement reads or sets whether SQLite heeds foreign keys, in whatever letters and quotes.
pub(super) fn is_foreign_keys(sql: &str) -> bool {
    let mut tokens =
        Tokens::of(sql, Dialect::Sqlite).filter(|token| !matches!(token, Token::Space(_) | Token::Comment(_)));
    let is_pragma = matches!(tokens.next(), Some(Token::Word(word)) if word.eq_ignore_ascii_case("pragma"));
    let mut name = tokens.next();
    // Before the name may stand the schema.
    if let Some(Token::Other(".")) = tokens.next() {
        name = tokens.next();
    }
    is_pragma && name.is_some_and(|name| is_name(name, "foreign_keys"))
}

/// Whether a token is this name, which has no quotes in it.
fn is_name(token: Token<'_>, name: &str) -> bool {
    let found = match token {
        Token::Word(word) => word,
        Token::Quoted(quoted) => quoted.trim_matches(['\'', '"', '`', '[', ']']),
        Token::Space(_) | Token::Comment(_) | Token::Unclosed(_) | Token::Semicolon | Token::Other(_) => return false,
    };
    found.eq_ignore_ascii_case(name)
}
