//! Names that SQLite takes from the columns of a subquery.

use std::borrow::Cow;

use super::token::{Token, Tokens};
use super::{Dialect, identifier};

/// The names that SQLite knows for columns of tables, but not for those of subqueries, views and common table expressions, which it calls
/// `column1` and so on instead.
const HIDDEN: [&str; 2] = ["true", "false"];

/// What the column is called in a subquery.
fn shown(name: &str, dialect: Dialect) -> Option<String> {
    let is_hidden = HIDDEN.iter().any(|hidden| name.eq_ignore_ascii_case(hidden));
    (is_hidden && dialect == Dialect::Sqlite).then(|| format!("_piccolo_{name}"))
}

/// Whether a column of this name has another one in a subquery.
#[must_use]
pub fn is_hidden_in_subquery(name: &str, dialect: Dialect) -> bool {
    shown(name, dialect).is_some()
}

/// The text as it speaks of columns once they are those of subqueries with these names (`AS`): a column that cannot have its name there is
/// called otherwise, where it stands alone or behind one of the names. Behind another one it is a column of a table, and stays.
///
/// ```
/// use piccolo_runtime::sql::{Dialect, of_subquery};
///
/// let sql = r#""true" IS NOT NULL OR "band"."true" = t."true" OR true"#;
/// assert_eq!(
///     of_subquery(sql, &["band"], Dialect::Sqlite),
///     r#""_piccolo_true" IS NOT NULL OR "band"."_piccolo_true" = t."true" OR true"#
/// );
/// assert_eq!(of_subquery(sql, &["band"], Dialect::Postgres), sql);
/// ```
#[must_use]
pub fn of_subquery<'a>(sql: &'a str, subqueries: &[&str], dialect: Dialect) -> Cow<'a, str> {
    let tokens: Vec<Token<'a>> = Tokens::of(sql, dialect).collect();
    let before = |place: usize, back: usize| place.checked_sub(back).and_then(|place| tokens.get(place)).copied();
    let is_dot = |token: Option<Token<'_>>| token == Some(Token::Other("."));
    let mut text = String::with_capacity(sql.len());
    let mut changed = false;
    for (place, token) in tokens.iter().enumerate() {
        let is_qualifier = is_dot(tokens.get(place + 1).copied());
        let is_of_subquery = !is_dot(before(place, 1))
            || before(place, 2).is_some_and(|qualifier| {
                subqueries.iter().any(|name| bare(qualifier.text()).eq_ignore_ascii_case(name))
            });
        let shown = match token {
            Token::Quoted(quoted) if !quoted.starts_with('\'') && !is_qualifier && is_of_subquery => {
                shown(&bare(quoted), dialect)
            }
            Token::Quoted(_)
            | Token::Space(_)
            | Token::Comment(_)
            | Token::Unclosed(_)
            | Token::Word(_)
            | Token::Semicolon
            | Token::Other(_) => None,
        };
        match shown {
            Some(shown) => {
                changed = true;
                text.push_str(&identifier(&shown));
            }
            None => text.push_str(token.text()),
        }
    }
    if changed { Cow::Owned(text) } else { Cow::Borrowed(sql) }
}

/// The name without its quotes.
fn bare(name: &str) -> String {
    let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    match quoted {
        Some(quoted) => quoted.replace("\"\"", "\""),
        None => name.trim_matches(['`', '[', ']']).to_owned(),
    }
}
