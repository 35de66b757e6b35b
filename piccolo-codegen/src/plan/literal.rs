//! What can be seen of an expression without a database: whether it is a literal, and which.

/// Words before a bracket that bring no fraction in: functions, and what stands before a condition or a list.
const WHOLE: [&str; 28] = [
    "abs",
    "and",
    "ascii",
    "case",
    "char_length",
    "coalesce",
    "count",
    "else",
    "greatest",
    "in",
    "instr",
    "least",
    "length",
    "lower",
    "max",
    "min",
    "mod",
    "not",
    "nullif",
    "octet_length",
    "or",
    "replace",
    "strpos",
    "substr",
    "then",
    "trim",
    "upper",
    "when",
];

/// Whether the expression is made of whole numbers, names and a few functions, so that it gives whole numbers where what it reads holds
/// them: no fraction is written, nothing is cast, nothing else is asked.
pub(super) fn computes_whole_numbers(expression: &str) -> bool {
    // What stands in a text does not matter; with every other quote a text begins or ends.
    let code: String = expression.split('\'').step_by(2).collect::<Vec<_>>().join("''");
    let bytes = code.as_bytes();
    let is_digit = |place: usize| bytes.get(place).is_some_and(u8::is_ascii_digit);
    let has_fraction =
        code.match_indices('.').any(|(place, _)| is_digit(place + 1) || place.checked_sub(1).is_some_and(is_digit));
    let mut calls = code.match_indices('(').filter_map(|(place, _)| {
        let before = code.get(..place)?.trim_end();
        let start = before.rfind(|character: char| !character.is_alphanumeric() && character != '_');
        before.get(start.map_or(0, |start| start + 1)..).filter(|word| !word.is_empty())
    });
    let is_known = |word: &str| WHOLE.contains(&word.to_ascii_lowercase().as_str());
    let has_exponent = bytes.windows(2).any(|pair| matches!(pair, [digit, b'e' | b'E'] if digit.is_ascii_digit()));
    let has = |word| crate::plan::mentions(&code, word);
    !has_fraction && !has_exponent && !code.contains("::") && !has("select") && !has("cast") && calls.all(is_known)
}

/// How many digits a decimal number has after its point, zeros at the end apart; `None` where this is no such number.
pub(super) fn digits_after_point(expression: &str) -> Option<usize> {
    let number = expression.trim();
    let number = number.strip_prefix(['-', '+']).unwrap_or(number);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let is_number = |digits: &str| digits.bytes().all(|byte| byte.is_ascii_digit());
    let some = !whole.is_empty() || !fraction.is_empty();
    (some && is_number(whole) && is_number(fraction)).then(|| fraction.trim_end_matches('0').len())
}

/// The text of a text literal without quotes in it; `None` where this is none.
pub(super) fn text(expression: &str) -> Option<&str> {
    let text = expression.trim().strip_prefix('\'')?.strip_suffix('\'')?;
    (!text.contains('\'')).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::{computes_whole_numbers, digits_after_point, text};

    #[test]
    fn numbers_and_texts_are_told_from_what_has_to_be_computed() {
        let digits = [
            ("1", Some(0)),
            (" -12.50 ", Some(1)),
            ("3.0", Some(0)),
            (".5", Some(1)),
            ("", None),
            (".", None),
            ("1 + 1", None),
            ("1e3", None),
            ("price", None),
        ];
        for (expression, expected) in digits {
            assert_eq!(digits_after_point(expression), expected, "{expression}");
        }
        for expression in [
            "0",
            "coalesce(a, 0) + 1",
            "length('1.5')",
            "band.id",
            "(popularity) / 2",
            "(case when a then 1 else 2 end)",
        ] {
            assert!(computes_whole_numbers(expression), "{expression}");
        }
        for expression in
            ["1.5", "3 * .5", "1e3", "round(a)", "a::numeric / 2", "(select 1)", "CAST(a AS real)", "2 * random()"]
        {
            assert!(!computes_whole_numbers(expression), "{expression}");
        }
        assert_eq!(text("'rock'"), Some("rock"));
        assert_eq!(text("'it''s'"), None);
        assert_eq!(text("lower('A')"), None);
    }
}
