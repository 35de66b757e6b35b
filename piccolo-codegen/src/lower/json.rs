//! JSON in one normal form: compact, keys sorted and each once, numbers without zeros that say nothing.
//!
//! It is written out here because a JSON library would lose digits of numbers, and because whether it sorts keys is decided by
//! features that any crate of an application can switch on.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// How deep a document may nest.
const MAX_DEPTH: usize = 64;

/// The normal form of a document, or what is wrong with it.
pub(super) fn normal(text: &str) -> Result<String, String> {
    let mut reader = Reader { text, position: 0 };
    let mut out = String::with_capacity(text.len());
    reader.value(&mut out, 0)?;
    reader.blanks();
    if reader.position < text.len() {
        return Err(reader.problem("something follows the document"));
    }
    Ok(out)
}

struct Reader<'a> {
    text: &'a str,
    position: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.position..).unwrap_or_default()
    }

    fn problem(&self, what: &str) -> String {
        format!("{what} at character {}", self.text.get(..self.position).unwrap_or_default().chars().count() + 1)
    }

    fn blanks(&mut self) {
        let rest = self.rest();
        self.position += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len();
    }

    /// Steps over a token, where it is next.
    fn take(&mut self, token: &str) -> bool {
        self.blanks();
        let found = self.rest().starts_with(token);
        if found {
            self.position += token.len();
        }
        found
    }

    fn value(&mut self, out: &mut String, depth: usize) -> Result<(), String> {
        self.blanks();
        if depth > MAX_DEPTH {
            return Err(self.problem("it is nested too deep"));
        }
        for word in ["true", "false", "null"] {
            if self.take(word) {
                out.push_str(word);
                return Ok(());
            }
        }
        match self.rest().chars().next() {
            Some('{') => self.object(out, depth),
            Some('[') => self.array(out, depth),
            Some('"') => {
                let text = self.string()?;
                write_string(out, &text);
                Ok(())
            }
            Some('-' | '0'..='9') => self.number(out),
            Some(_) => Err(self.problem("a value is expected")),
            None => Err("it ends too early".to_owned()),
        }
    }

    fn object(&mut self, out: &mut String, depth: usize) -> Result<(), String> {
        self.take("{");
        let mut members: BTreeMap<String, String> = BTreeMap::new();
        if !self.take("}") {
            loop {
                self.blanks();
                if !self.rest().starts_with('"') {
                    return Err(self.problem("a key in double quotes is expected"));
                }
                let key = self.string()?;
                if !self.take(":") {
                    return Err(self.problem("`:` is expected"));
                }
                let mut value = String::new();
                self.value(&mut value, depth + 1)?;
                // The last of equal keys wins, as in `jsonb`.
                members.insert(key, value);
                if self.take("}") {
                    break;
                }
                if !self.take(",") {
                    return Err(self.problem("`,` or `}` is expected"));
                }
            }
        }
        out.push('{');
        for (position, (key, value)) in members.iter().enumerate() {
            if position > 0 {
                out.push(',');
            }
            write_string(out, key);
            out.push(':');
            out.push_str(value);
        }
        out.push('}');
        Ok(())
    }

    fn array(&mut self, out: &mut String, depth: usize) -> Result<(), String> {
        self.take("[");
        out.push('[');
        if !self.take("]") {
            loop {
                self.value(out, depth + 1)?;
                if self.take("]") {
                    break;
                }
                if !self.take(",") {
                    return Err(self.problem("`,` or `]` is expected"));
                }
                out.push(',');
            }
        }
        out.push(']');
        Ok(())
    }

    fn number(&mut self, out: &mut String) -> Result<(), String> {
        let rest = self.rest();
        let length = rest
            .find(|character: char| !matches!(character, '0'..='9' | '-' | '+' | '.' | 'e' | 'E'))
            .unwrap_or(rest.len());
        let text = rest.get(..length).unwrap_or_default();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (mantissa, exponent) =
            digits.split_once(['e', 'E']).map_or((digits, None), |(mantissa, exponent)| (mantissa, Some(exponent)));
        let (whole, fraction) =
            mantissa.split_once('.').map_or((mantissa, None), |(whole, fraction)| (whole, Some(fraction)));
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        let fine = plain(whole)
            && (whole == "0" || !whole.starts_with('0'))
            && fraction.is_none_or(plain)
            && exponent.is_none_or(|exponent| plain(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)));
        if !fine {
            return Err(self.problem("this is no number"));
        }
        out.push_str(&normal_number(text, fraction, exponent.is_some()));
        self.position += length;
        Ok(())
    }

    /// The value of the string that begins at the position.
    fn string(&mut self) -> Result<String, String> {
        self.position += 1;
        let mut out = String::new();
        loop {
            let Some(character) = self.rest().chars().next() else { return Err("a string has no end".to_owned()) };
            self.position += character.len_utf8();
            match character {
                '"' => return Ok(out),
                '\\' => out.push(self.escape()?),
                character if character < ' ' => return Err(self.problem("a control character must be escaped")),
                character => out.push(character),
            }
        }
    }

    fn escape(&mut self) -> Result<char, String> {
        let character = self.rest().chars().next().ok_or("a string has no end")?;
        self.position += character.len_utf8();
        Ok(match character {
            '"' | '\\' | '/' => character,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let first = self.code_unit()?;
                let units = if (0xd800..0xdc00).contains(&first) && self.rest().starts_with("\\u") {
                    self.position += 2;
                    vec![first, self.code_unit()?]
                } else {
                    vec![first]
                };
                match char::decode_utf16(units).next() {
                    Some(Ok('\0')) => return Err(self.problem("the character 0 cannot be stored")),
                    Some(Ok(character)) => character,
                    Some(Err(_)) | None => return Err(self.problem("half a surrogate pair")),
                }
            }
            _ => return Err(self.problem("an unknown escape")),
        })
    }

    fn code_unit(&mut self) -> Result<u16, String> {
        let digits = self.rest().get(..4).filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
        let unit = digits
            .and_then(|digits| u16::from_str_radix(digits, 16).ok())
            .ok_or_else(|| self.problem("four hexadecimal digits are expected"))?;
        self.position += 4;
        Ok(unit)
    }
}

/// A number as the runtime writes it: `1` for `1.0` and `1e0`, `2.5` for `2.50`. `jsonb` holds them for equal, so they are one text.
fn normal_number<'t>(text: &'t str, fraction: Option<&str>, exponent: bool) -> Cow<'t, str> {
    /// Up to here every whole double is one integer and no other.
    const EXACT: f64 = 9_007_199_254_740_992.0;
    if fraction.is_none() && !exponent {
        return if text == "-0" { "0".into() } else { text.into() };
    }
    match text.parse::<f64>() {
        Ok(0.0) => "0".into(),
        Ok(double) if double.fract() == 0.0 && double.abs() <= EXACT => double.to_string().into(),
        _ if !exponent => text.trim_end_matches('0').trim_end_matches('.').into(),
        _ => text.into(),
    }
}

/// A string with the escapes that JSON demands and no others.
fn write_string(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            character if character < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(character))),
            character => out.push(character),
        }
    }
    out.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_have_one_text() {
        for (written, expected) in [
            (" { \"b\" : [ 1 , 2.50 ] , \"a\" : null } ", r#"{"a":null,"b":[1,2.5]}"#),
            ("[1.0, -3.00, 1e3, -0.0, 0e5, 1.5e0, 100]", "[1,-3,1000,0,0,1.5e0,100]"),
            ("1234567890123456789.0", "1234567890123456789"),
            (r#"{"a":1,"a":2}"#, r#"{"a":2}"#),
            (r#""\u00e9\n\ud83d\ude00\/""#, "\"é\\n😀/\""),
            ("[]", "[]"),
            ("-0.5e+10", "-5000000000"),
        ] {
            assert_eq!(normal(written).as_deref(), Ok(expected));
            assert_eq!(normal(expected).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn what_is_no_json_is_refused() {
        let deep = "[".repeat(10_000);
        for wrong in [
            "",
            "{",
            "[1,]",
            "{a:1}",
            "01",
            "1.",
            "truefalse",
            "\"\\x\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\n\"",
            "'a'",
            &deep,
        ] {
            assert!(normal(wrong).is_err(), "{wrong:.20}");
        }
    }
}
