//! The names that nobody wrote: what a table is called in SQL, and what its constraints and indexes are called.
//!
//! Every side must arrive at the same name (the lowering of a schema, the differ, the DDL writer, introspection), so
//! the rules stand here alone. The suffixes are Postgres' own. A generated name that would pass
//! [`MAX_BYTES`] keeps its head and its suffix and gets a hash between them, because Postgres would cut it silently;
//! a name that the user wrote is refused instead, by the lowering.

use crate::hash::fnv1a;

/// The longest name that Postgres keeps whole, in bytes.
pub const MAX_BYTES: usize = 63;

/// What a table or an enum called `name` in the schema language is called in SQL: `MixedCase` is `mixed_case`,
/// `HTTPServer` is `http_server`, `Order2Item` is `order2_item`. What is snake case already stays as it is.
#[must_use]
pub fn snake_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    let mut characters = name.chars().peekable();
    let mut previous: Option<char> = None;
    while let Some(character) = characters.next() {
        if character.is_ascii_uppercase() {
            let begins_word = match previous {
                None | Some('_') => false,
                Some(before) if before.is_ascii_uppercase() => characters.peek().is_some_and(char::is_ascii_lowercase),
                Some(_) => true,
            };
            if begins_word {
                out.push('_');
            }
            out.push(character.to_ascii_lowercase());
        } else {
            out.push(character);
        }
        previous = Some(character);
    }
    out
}

/// The name in `UpperCamelCase`, as Rust's types and variants have it: `in_progress` and `IN_PROGRESS` are `InProgress`, `HTTPServer` stays.
/// A digit keeps its underscore where two numbers would run together: `v1_2` is `V1_2`. A name that would begin with a digit begins
/// with a `T`, because a type must begin with a letter and with an underscore it could be the name of a module.
#[must_use]
pub fn upper_camel_case(name: &str) -> String {
    let shouting = !name.contains(|character: char| character.is_ascii_lowercase());
    let mut out = String::with_capacity(name.len() + 1);
    for word in name.split('_') {
        let mut letters = word.chars();
        let Some(first) = letters.next() else { continue };
        if first.is_ascii_digit() && out.ends_with(|last: char| last.is_ascii_digit()) {
            out.push('_');
        }
        out.push(first.to_ascii_uppercase());
        out.extend(letters.map(|letter| if shouting { letter.to_ascii_lowercase() } else { letter }));
    }
    if out.is_empty() || out.starts_with(|first: char| first.is_ascii_digit()) {
        out.insert(0, 'T');
    }
    out
}

/// The default name of a table's primary key: `<table>_pkey`.
#[must_use]
pub fn primary_key(table: &str) -> String {
    fit(table, "_pkey")
}

/// The default name of a unique constraint, or of a unique index: `<table>_<columns>_key`. An index key
/// that is an expression stands in it as [`expression_part`].
#[must_use]
pub fn unique<T: AsRef<str>>(table: &str, columns: &[T]) -> String {
    fit(&joined(table, columns), "_key")
}

/// The default name of a foreign key: `<table>_<columns>_fkey`.
#[must_use]
pub fn foreign_key<T: AsRef<str>>(table: &str, columns: &[T]) -> String {
    fit(&joined(table, columns), "_fkey")
}

/// The default name of an index: `<table>_<columns>_idx`. A key that is an expression stands in it as [`expression_part`].
#[must_use]
pub fn index<T: AsRef<str>>(table: &str, columns: &[T]) -> String {
    fit(&joined(table, columns), "_idx")
}

/// What stands for an index key that is an expression: the hash of its text, because it has no name.
#[must_use]
pub fn expression_part(expression: &str) -> String {
    hash(&[expression])
}

/// The default name of a check that the user wrote: `<table>_<hash of its texts>_check`. It carries a hash and not an
/// ordinal, so that adding a check leaves the names of the others alone.
#[must_use]
pub fn check(table: &str, sqlite: Option<&str>, postgres: Option<&str>) -> String {
    let hash = match (sqlite, postgres) {
        (Some(both), Some(same)) if both == same => hash(&[both]),
        (sqlite, postgres) => hash(&["sqlite", sqlite.unwrap_or_default(), "postgres", postgres.unwrap_or_default()]),
    };
    fit(&format!("{table}_{hash}"), "_check")
}

/// The name of the sequence behind a serial column on Postgres: `<table>_<column>_seq`.
#[must_use]
pub fn sequence(table: &str, column: &str) -> String {
    fit(&format!("{table}_{column}"), "_seq")
}

/// `head` and `suffix` as one name of at most [`MAX_BYTES`] bytes: where they are too long together, the head is
/// cut and eight digits of the whole name's hash stand between the two.
#[must_use]
pub fn fit(head: &str, suffix: &str) -> String {
    let whole = format!("{head}{suffix}");
    if whole.len() <= MAX_BYTES {
        return whole;
    }
    let hash = hash(&[&whole]);
    let room = MAX_BYTES.saturating_sub(suffix.len() + hash.len() + 1);
    let cut = head.floor_char_boundary(room);
    let head = head.get(..cut).unwrap_or_default();
    format!("{head}_{hash}{suffix}")
}

/// The table's name and the columns' names, joined with underscores.
fn joined<T: AsRef<str>>(table: &str, columns: &[T]) -> String {
    let mut out = table.to_owned();
    for column in columns {
        out.push('_');
        out.push_str(column.as_ref());
    }
    out
}

/// Eight hexadecimal digits of the texts' hash.
fn hash(texts: &[&str]) -> String {
    let state = fnv1a(texts);
    format!("{:08x}", (state >> 32) ^ (state & 0xffff_ffff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_separated_by_underscores() {
        for (name, expected) in [
            ("Band", "band"),
            ("MixedCase", "mixed_case"),
            ("HTTPServer", "http_server"),
            ("Order2Item", "order2_item"),
            ("already_snake", "already_snake"),
            ("Mixed_Case", "mixed_case"),
            ("_Hidden", "_hidden"),
            ("ABC", "abc"),
            ("aB", "a_b"),
        ] {
            assert_eq!(snake_case(name), expected);
            assert_eq!(snake_case(expected), expected);
        }
    }

    #[test]
    fn types_and_variants_are_written_in_camel_case() {
        for (name, expected) in [
            ("in_progress", "InProgress"),
            ("band_1", "Band1"),
            ("v1_2", "V1_2"),
            ("HTTPServer", "HTTPServer"),
            ("_x", "X"),
            ("Band", "Band"),
            ("band_member", "BandMember"),
            ("BAND_MEMBER", "BandMember"),
            ("mixedCase", "MixedCase"),
            ("_2", "T2"),
            ("_", "T"),
        ] {
            assert_eq!(upper_camel_case(name), expected);
        }
    }

    #[test]
    fn default_names_have_the_suffixes_of_postgres() {
        assert_eq!(primary_key("band"), "band_pkey");
        assert_eq!(unique("band", &["name", "genre"]), "band_name_genre_key");
        assert_eq!(foreign_key("band", &["manager"]), "band_manager_fkey");
        assert_eq!(index("band", &["name"]), "band_name_idx");
        assert_eq!(check("band", Some("a > 0"), Some("a > 0")), "band_f883ccc1_check");
    }

    #[test]
    fn a_long_name_keeps_its_head_and_suffix_and_is_told_apart_by_a_hash() {
        let long = "t".repeat(60);
        let name = unique(&long, &["first"]);
        assert_eq!(name.len(), MAX_BYTES);
        assert!(name.starts_with("tttt") && name.ends_with("_key"));
        assert_ne!(name, unique(&long, &["other"]));
    }

    #[test]
    fn a_long_name_is_cut_between_characters() {
        let name = fit(&"é".repeat(40), "_key");
        assert!(name.len() <= MAX_BYTES && name.ends_with("_key"));
    }

    #[test]
    fn a_check_for_one_engine_has_another_name_than_the_same_check_for_both() {
        let both = check("band", Some("a > 0"), Some("a > 0"));
        let sqlite = check("band", Some("a > 0"), None);
        let postgres = check("band", None, Some("a > 0"));
        assert!(both != sqlite && both != postgres && sqlite != postgres);
    }
}
