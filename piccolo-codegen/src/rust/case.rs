//! The spelling of names: casing, Rust's reserved words, and names that are taken already.

use std::collections::HashSet;

use piccolo_runtime::schema::naming;
use proc_macro2::{Ident, Span};

/// The words that Rust reserves in some edition and that `r#` makes usable.
const RESERVED: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The words that not even `r#` makes usable; they get an underscore at the end.
const UNUSABLE: [&str; 5] = ["self", "Self", "super", "crate", "_"];

/// The names taken so far in one namespace of Rust, such as the types of a module or the fields of a struct.
#[derive(Debug, Default)]
pub(super) struct Namespace {
    taken: HashSet<String>,
}

impl Namespace {
    /// A namespace in which some names are taken from the start.
    pub(super) fn with<'n>(taken: impl IntoIterator<Item = &'n str>) -> Self {
        Self { taken: taken.into_iter().map(str::to_owned).collect() }
    }

    /// An empty namespace that is about to get so many names.
    pub(super) fn for_names(count: usize) -> Self {
        Self { taken: HashSet::with_capacity(count) }
    }

    /// Takes `wanted`, or the first name after it that is free: with one underscore more at the end, and so on.
    /// Two names of a schema can become one in Rust (`as_of` and `AsOf`), and generating never fails.
    pub(super) fn claim(&mut self, wanted: &str) -> Name {
        let mut text = wanted.replace(|c: char| !c.is_ascii_alphanumeric(), "_");
        if text.is_empty() || text.starts_with(|c: char| c.is_ascii_digit()) {
            text.insert(0, '_');
        }
        while UNUSABLE.contains(&text.as_str()) || !self.taken.insert(text.clone()) {
            text.push('_');
        }
        Name { text }
    }
}

/// A name that is free and spelled so that Rust takes it, once it has its `r#` where it needs one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Name {
    text: String,
}

impl Name {
    /// The name without `r#`, for files and texts.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The identifier, raw where the name is a reserved word.
    pub(super) fn ident(&self) -> Ident {
        if RESERVED.contains(&self.text.as_str()) {
            Ident::new_raw(&self.text, Span::call_site())
        } else {
            Ident::new(&self.text, Span::call_site())
        }
    }

    /// Whether rustc's lint for fields and functions accepts it.
    pub(super) fn is_snake_case(&self) -> bool {
        let text = self.text.trim_matches('_').as_bytes();
        !text.windows(2).any(|pair| pair == b"__") && !text.iter().any(u8::is_ascii_uppercase)
    }
}

/// `BandMember`, `BAND_MEMBER` and `HTTPServer` as `band_member`, `band_member` and `http_server`, with no two underscores in a row.
pub(super) fn module(name: &str) -> String {
    let words = naming::snake_case(name);
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    words.join("_")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_snake_case_whatever_the_schema_writes() {
        for (name, expected) in [
            ("Band", "band"),
            ("BandMember", "band_member"),
            ("BAND_MEMBER", "band_member"),
            ("HTTPServer", "http_server"),
            ("Venue2Hall", "venue2_hall"),
            ("__odd__name_", "odd_name"),
        ] {
            assert_eq!(module(name), expected);
        }
    }

    #[test]
    fn a_taken_or_unusable_name_gets_an_underscore() {
        let mut names = Namespace::with(["mod"]);
        assert_eq!(names.claim("type").ident().to_string(), "r#type");
        assert_eq!(names.claim("type").ident().to_string(), "type_");
        assert_eq!(names.claim("self").ident().to_string(), "self_");
        assert_eq!(names.claim("mod").ident().to_string(), "mod_");
        assert_eq!(names.claim("_").ident().to_string(), "__");
        assert_eq!(names.claim("9 lives").ident().to_string(), "_9_lives");
    }
}
