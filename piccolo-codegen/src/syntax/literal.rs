//! Text literals: their escapes, both ways.

use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// The value of a literal as it stands in the source, quotes included. `span` is its place.
pub(super) fn unquote(source: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> String {
    let inner = source.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(source);
    let mut out = String::with_capacity(inner.len());
    let mut characters = inner.char_indices().peekable();
    while let Some((offset, character)) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        let escape = characters.next().map(|(_, character)| character);
        match escape {
            Some('"') => out.push('"'),
            Some('\\') => out.push('\\'),
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('u') => {
                let rest = inner.get(offset + 2..).unwrap_or_default();
                let digits = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).map(|(digits, _)| digits);
                let character = digits
                    .filter(|digits| digits.len() <= 6 && !digits.starts_with('+'))
                    .and_then(|digits| u32::from_str_radix(digits, 16).ok())
                    .and_then(char::from_u32)
                    .filter(|character| *character != '\0');
                if let (Some(character), Some(digits)) = (character, digits) {
                    out.push(character);
                    let end = offset + 2 + digits.len() + 2;
                    while characters.next_if(|(position, _)| *position < end).is_some() {}
                } else {
                    let length = 2 + digits.map_or(0, |digits| digits.len() + 2);
                    let place = within(span, offset, length);
                    diagnostics.push(
                        Diagnostic::new(Code::UnknownEscape, "this escape names no character").label(place, "").help(
                            "write one to six hexadecimal digits, as in `\\u{e9}`; the character 0 cannot be stored",
                        ),
                    );
                }
            }
            other => {
                let length = 1 + other.map_or(0, char::len_utf8);
                let shown = other.map_or_else(|| "\\".to_owned(), |other| format!("\\{other}"));
                diagnostics.push(
                    Diagnostic::new(Code::UnknownEscape, format!("`{shown}` is not an escape"))
                        .label(within(span, offset, length), "")
                        .help("the escapes are `\\\"`, `\\\\`, `\\n`, `\\r`, `\\t` and `\\u{…}`; a backslash itself is `\\\\`"),
                );
            }
        }
    }
    if out.contains('\0') {
        diagnostics.push(
            Diagnostic::new(Code::UnknownEscape, "a text cannot hold the character 0")
                .label(span, "")
                .help("neither engine can store it"),
        );
    }
    out
}

/// The literal that stands for a text.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            // Written out, so that nothing invisible stands in a file that people review.
            character if character.is_control() => {
                out.push_str(&character.escape_unicode().to_string());
            }
            character => out.push(character),
        }
    }
    out.push('"');
    out
}

/// A part of a literal's span; `offset` counts from behind the opening quote.
fn within(span: Span, offset: usize, length: usize) -> Span {
    let start = span.start + 1 + offset;
    Span { file: span.file, start, end: (start + length).min(span.end) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_comes_back_from_its_literal() {
        for text in
            ["", "it's", "a \"quoted\" word", "back\\slash", "line\nbreak\r\ttab", "é\u{1}\u{7f}\u{85}", "\u{feff}"]
        {
            let literal = quote(text);
            let span = Span { file: 0, start: 0, end: literal.len() };
            let mut diagnostics = Vec::new();
            assert_eq!(unquote(&literal, span, &mut diagnostics), text);
            assert!(diagnostics.is_empty(), "{diagnostics:?}");
        }
    }

    #[test]
    fn an_unknown_escape_is_underlined() {
        let mut diagnostics = Vec::new();
        unquote(r#""a\qb""#, Span { file: 0, start: 10, end: 16 }, &mut diagnostics);
        let found: Vec<_> = diagnostics.iter().map(|found| (found.span().start, found.span().end)).collect();
        assert_eq!(found, [(12, 14)]);
    }
}
