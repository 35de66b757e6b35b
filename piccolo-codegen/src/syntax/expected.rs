//! The sentence for what stands where something else was expected.

use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;

use super::scan::KEYWORDS;

/// A diagnostic for the token at `position`, where one of `expected` should stand.
pub(super) fn unexpected(text: &str, file: usize, position: usize, limit: usize, expected: &[&str]) -> Diagnostic {
    let (found, span) = token(text, file, position, limit);
    let code = if found.is_none() { Code::UnexpectedEnd } else { Code::UnexpectedToken };
    let found_words = found.map_or_else(|| "the end".to_owned(), |found| format!("`{found}`"));
    let wanted = one_of(expected);
    let diagnostic = if wanted.is_empty() {
        Diagnostic::new(code, format!("{found_words} does not belong here")).label(span, "")
    } else {
        Diagnostic::new(code, format!("expected {wanted}, found {found_words}"))
            .label(span, format!("expected {wanted}"))
    };
    diagnostic.help(hint(found.unwrap_or_default(), expected, text, position))
}

/// A diagnostic for what stands between declarations.
pub(super) fn not_a_declaration(text: &str, file: usize, start: usize, end: usize) -> Diagnostic {
    let (found, span) = token(text, file, start, end);
    let found = found.unwrap_or_default();
    if found.starts_with("///") {
        return stray_doc(span);
    }
    Diagnostic::new(Code::NotADeclaration, "expected `table`, `enum` or `mixin`")
        .label(span, "this begins no declaration")
        .help(match did_you_mean(found, KEYWORDS) {
            suggestion if !suggestion.is_empty() => suggestion,
            _ => hint(found, &[], text, start),
        })
}

/// A doc comment with nothing behind it.
pub(super) fn stray_doc(span: Span) -> Diagnostic {
    Diagnostic::new(Code::StrayDoc, "this doc comment documents nothing").label(span, "").help(
        "it belongs above a table, a mixin, an enum, a column or an enum's value; a plain comment has two slashes",
    )
}

/// The token at a position, and its place; at the end of the stretch, the place of the last token.
fn token(text: &str, file: usize, position: usize, limit: usize) -> (Option<&str>, Span) {
    let rest = text.get(position..limit.max(position)).unwrap_or_default();
    let blank = rest.len() - rest.trim_start().len();
    let start = position + blank;
    let rest = rest.trim_start();
    let Some(first) = rest.chars().next() else {
        let before = text.get(..position).unwrap_or_default().trim_end();
        let start = before.char_indices().next_back().map_or(0, |(start, _)| start);
        return (None, Span { file, start, end: before.len() });
    };
    let length = if rest.starts_with("///") {
        rest.find('\n').unwrap_or(rest.len())
    } else if first.is_alphanumeric() || first == '_' {
        rest.find(|character: char| !character.is_alphanumeric() && character != '_').unwrap_or(rest.len())
    } else {
        first.len_utf8()
    };
    let found = rest.get(..length).unwrap_or_default();
    (Some(found), Span { file, start, end: start + length })
}

/// `a`, `a or b`, `a, b or c`.
fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} or {last}", first.join(", ")),
    }
}

/// What to write instead of a token that other languages have.
fn hint(found: &str, expected: &[&str], text: &str, position: usize) -> String {
    let followed_by = |what: &str| text.get(position..).unwrap_or_default().trim_start().starts_with(what);
    match found {
        "'" | "`" => "texts stand in double quotes".to_owned(),
        "#" => "comments begin with `//`".to_owned(),
        "/" if followed_by("/*") => "comments begin with `//` and end with the line".to_owned(),
        "?" => "a column that takes nulls says so in its arguments: `Text(null)`".to_owned(),
        ":" if expected.contains(&"`=`") => "an argument and its value are joined by `=`".to_owned(),
        "=" if expected.contains(&"`:`") => "a column and its type are joined by `:`".to_owned(),
        found if found.starts_with(|first: char| first.is_ascii_digit()) && expected.contains(&"a name") => {
            "a name begins with a letter or an underscore".to_owned()
        }
        found if found.starts_with("///") => "a doc comment stands above what it documents".to_owned(),
        found if !found.is_ascii() => {
            "names have ASCII letters, digits and underscores; what the database calls it can be any text: `column = \"…\"`".to_owned()
        }
        _ => String::new(),
    }
}
