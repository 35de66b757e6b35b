//! Which comments are directives, and which only look so.

/// The mark of a directive.
const MARK: &str = "-- piccolo:";

/// What the mark says, however it is written.
const NAME: &str = "piccolo:";

/// The words with which a directive begins: a step, what undoing cannot bring back or takes away (`loses …`, `undoing it …`), and what the
/// proof had to note (`not proven …`, `proven without …`).
const WORDS: [&str; 6] = ["step", "lossless", "loses", "undoing", "not", "proven"];

/// The directive in a comment; `None` where it is a comment for the reader.
///
/// # Errors
///
/// What is wrong with a comment that looks like a directive and is none: as a comment it would change how the file runs, and nobody would know.
pub(super) fn of(comment: &str) -> Result<Option<&str>, String> {
    let text = comment.trim_start_matches(['-', '/', '*']).trim_start();
    let Some(directive) = text
        .split_at_checked(NAME.len())
        .filter(|(name, _)| name.eq_ignore_ascii_case(NAME))
        .map(|(_, directive)| directive.trim())
    else {
        return Ok(None);
    };
    let word = directive.split_whitespace().next().unwrap_or_default();
    if !WORDS.contains(&word) {
        let meant = match nearest(&word.to_lowercase()) {
            Some(near) => format!("is `{near}` meant?"),
            None => format!("known are {}.", WORDS.join(", ")),
        };
        return Err(format!(
            "unknown directive `{word}`: {meant} A comment for the reader does not begin with `piccolo:`"
        ));
    }
    if !comment.starts_with(MARK) {
        return Err(format!("a directive begins with `{MARK}`, in these letters: write `{MARK} {directive}`"));
    }
    Ok(Some(directive))
}

/// The known word that comes closest.
#[cfg(feature = "config")]
fn nearest(word: &str) -> Option<String> {
    crate::nearest::nearest(word, WORDS).into_iter().next()
}

/// The model alone brings nothing that compares words.
#[cfg(not(feature = "config"))]
fn nearest(_: &str) -> Option<String> {
    None
}
