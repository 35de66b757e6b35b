//! Names and texts: plain ones, and the awkward ones that break careless code.

use std::collections::HashSet;

use piccolo_runtime::schema::naming;
use proptest::prelude::*;

/// Words that mean something in SQL, in Rust, in the schema language or in generated code, and names at the limits.
const AWKWARD: [&str; 40] = [
    "type",
    "select",
    "order",
    "user",
    "group",
    "table",
    "enum",
    "mixin",
    "index",
    "unique",
    "check",
    "primary_key",
    "foreign_key",
    "null",
    "default",
    "true",
    "self",
    "Self",
    "super",
    "crate",
    "String",
    "Option",
    "Result",
    "Vec",
    "Some",
    "id",
    "new",
    "eq",
    "insert",
    "delete",
    "MixedCase",
    "mixedCase",
    "HTTPServer",
    "_hidden",
    "a",
    "A",
    "x_1",
    "name",
    "rowid",
    "Text",
];

/// A name of the schema language.
pub(super) fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => "[a-z][a-z0-9_]{0,9}",
        1 => "[A-Z][A-Za-z0-9]{0,9}",
        2 => prop::sample::select(AWKWARD.as_slice()).prop_map(str::to_owned),
        1 => "[a-z]{55,60}",
    ]
}

/// A name in the database, which can be any text.
pub(super) fn sql() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z][a-z0-9_]{0,9}",
        1 => "[A-Za-z \"'`.;éü-]{1,12}",
        1 => "[a-z]{58,60}",
        1 => Just("select \"x\"; --".to_owned()),
    ]
}

/// The text of a doc comment: lines without blanks at their ends.
pub(super) fn doc() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => Just(String::new()),
        1 => "[A-Za-z'\"`/*]( ?[A-Za-z'\"`/*é]){0,12}",
        1 => "  x\n\n/ y",
    ]
}

/// Any text that can be stored.
pub(super) fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![
        2 => "[a-z ]{0,8}",
        1 => "\\PC{0,8}",
        1 => prop::sample::select(&["it's", "\"", "\\", "a\nb\r\t", "{}", "--", "/*", "\u{1}", "\u{feff}x", "é😀", "');"][..])
            .prop_map(str::to_owned),
    ]
}

/// What makes two names one module in Rust.
pub(super) fn module(name: &str) -> String {
    naming::snake_case(name)
}

/// Whether a name is one that the language takes.
pub(super) fn usable(name: &str) -> bool {
    name.chars().any(|character| character != '_')
        && name != "self"
        && name != "BaseUser"
        && module(name) != "base_user"
}

/// Whether a name is one that both databases take.
pub(super) fn usable_in_sql(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let prefixes = ["sqlite_", "pg_", "piccolo_migration"];
    let system = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];
    !name.is_empty()
        && name.len() <= naming::MAX_BYTES
        && !prefixes.iter().any(|prefix| lower.starts_with(prefix))
        && !system.contains(&lower.as_str())
}

/// Names that are taken, as a database and the generated code see them.
#[derive(Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// Takes the name that `key` sees in `wish`, or in `wish` with a number behind it where that is taken or no good.
    pub(super) fn fresh(&mut self, wish: &str, good: impl Fn(&str) -> bool, key: impl Fn(&str) -> String) -> String {
        let mut name = wish.to_owned();
        let mut number = 2;
        while !good(&name) || self.0.contains(&key(&name)) {
            // What begins badly stays bad with any number behind it.
            let prefix = if number > 3 && !good(&name) { "x" } else { "" };
            name = format!("{prefix}{}{number}", shortened(wish));
            number += 1;
        }
        self.0.insert(key(&name));
        name
    }

    /// Takes this very name, where it is free.
    pub(super) fn take(&mut self, name: &str) -> bool {
        self.0.insert(name.to_ascii_lowercase())
    }

    /// Whether this very name is free.
    pub(super) fn is_free(&self, name: &str) -> bool {
        !self.0.contains(&name.to_ascii_lowercase())
    }
}

/// A name with room for a number.
fn shortened(name: &str) -> &str {
    name.get(..name.floor_char_boundary(55)).unwrap_or_default()
}
