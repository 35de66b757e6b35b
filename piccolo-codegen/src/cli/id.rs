//! The id of a new migration: a UTC second and a slug.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use super::exit::Failure;

/// How the second is written, so that ids sort by time and are names of folders everywhere.
const SECOND: &str = "%Y-%m-%dT%H-%M-%S";

/// The longest slug that is made from what a migration does, in characters.
const LONGEST: usize = 48;

/// An id that no migration has, and that sorts behind all of them even where the clock went backwards.
pub(super) fn next<'a>(now: DateTime<Utc>, slug: &str, existing: impl IntoIterator<Item = &'a str>) -> String {
    let newest = existing.into_iter().filter_map(second).max();
    let now = now.naive_utc();
    let after = newest.and_then(|newest| newest.checked_add_signed(TimeDelta::seconds(1)));
    let second = after.map_or(now, |after| after.max(now));
    format!("{}_{slug}", second.format(SECOND))
}

/// Whether an id is a second and a slug.
pub(super) fn is_canonical(id: &str) -> bool {
    id.split_once('_').is_some_and(|(time, slug)| {
        let exact = |at: NaiveDateTime| at.format(SECOND).to_string() == time;
        second(id).is_some_and(exact) && !slug.is_empty() && slug == slugged(slug)
    })
}

/// The second of an id.
fn second(id: &str) -> Option<NaiveDateTime> {
    let (second, _) = id.split_once('_')?;
    NaiveDateTime::parse_from_str(second, SECOND).ok()
}

/// A name as a slug: lower-case letters, digits and underscores.
pub(super) fn slug(name: &str) -> Result<String, Failure> {
    let slug = slugged(name);
    if slug.is_empty() {
        return Err(Failure::bad_input(format!(
            "`{name}` gives no name for a migration: it needs a letter or a digit"
        )));
    }
    Ok(slug)
}

/// A slug made from what a migration does.
pub(super) fn slug_of(changes: &[String]) -> String {
    let first = changes.first().map(|change| slugged(change)).unwrap_or_default();
    let short: String = first.chars().take(LONGEST).collect();
    let short = short.trim_end_matches('_');
    match (short, changes.len()) {
        ("", _) => "migration".to_owned(),
        (short, 0 | 1) => short.to_owned(),
        (short, _) => format!("{short}_and_more"),
    }
}

fn slugged(text: &str) -> String {
    let words: Vec<&str> =
        text.split(|character: char| !character.is_ascii_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join("_").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_never_equal_and_always_grow() {
        let now = DateTime::from_timestamp(1_795_344_277, 0).expect("a time");
        assert_eq!(next(now, "a", []), "2026-11-22T10-44-37_a");
        assert_eq!(next(now, "b", ["2026-11-22T10-44-37_a"]), "2026-11-22T10-44-38_b");
        assert_eq!(next(now, "c", ["2030-01-01T00-00-00_x", "by_hand"]), "2030-01-01T00-00-01_c");
    }

    #[test]
    fn slugs_are_words() {
        assert_eq!(slug("Add Members!").expect("a slug"), "add_members");
        assert!(slug("…").is_err());
        assert_eq!(slug_of(&["add column band.members".to_owned()]), "add_column_band_members");
        assert_eq!(slug_of(&["add table a".to_owned(), "add table b".to_owned()]), "add_table_a_and_more");
    }
}
