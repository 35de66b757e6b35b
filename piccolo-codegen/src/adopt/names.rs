//! Names of a database as names of the language.

use std::collections::BTreeSet;

use piccolo_runtime::schema::naming;

use crate::lower::is_built_in_type;

/// The names that tables and enums have taken; they share one space, in which neither case nor underscores count.
#[derive(Debug, Default)]
pub(super) struct Names {
    taken: BTreeSet<String>,
}

/// The names that columns of one table, or values of one enum, have taken.
#[derive(Debug, Default)]
pub(super) struct Inside {
    taken: BTreeSet<String>,
}

impl Names {
    /// Takes a name that is given.
    pub(super) fn take(&mut self, name: &str) {
        self.taken.insert(folded(name));
    }

    /// A name in the style of tables and enums: `band_member` is `BandMember`.
    pub(super) fn declaration(&mut self, sql_name: &str) -> String {
        let name = naming::upper_camel_case(&identifier(sql_name));
        let name = if is_built_in_type(&name) || name == "BaseUser" { format!("{name}Table") } else { name };
        unique(&mut self.taken, name)
    }
}

impl Inside {
    /// A name as it is in the database, as far as the language can write it.
    pub(super) fn name(&mut self, sql_name: &str) -> String {
        unique(&mut self.taken, identifier(sql_name))
    }
}

/// The name, or the name with a number behind it.
fn unique(taken: &mut BTreeSet<String>, name: String) -> String {
    let mut candidate = name.clone();
    let mut number: usize = 2;
    while !taken.insert(folded(&candidate)) {
        candidate = format!("{name}_{number}");
        number = number.saturating_add(1);
    }
    candidate
}

/// What two names share that meet in Rust.
fn folded(name: &str) -> String {
    name.replace('_', "").to_ascii_lowercase()
}

/// The text with an underscore for whatever cannot stand in a name.
fn identifier(text: &str) -> String {
    let mut name: String =
        text.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).collect();
    if name.chars().all(|character| character == '_') {
        name.push_str("value");
    }
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        name.insert(0, '_');
    }
    name
}

#[cfg(test)]
mod tests {
    use super::{Inside, Names};

    #[test]
    fn any_name_becomes_one_that_the_language_can_write() {
        let mut names = Names::default();
        for (sql, name) in [
            ("band", "Band"),
            ("band_member", "BandMember"),
            ("BandMember", "BandMember_2"),
            ("text", "TextTable"),
            ("2nd", "T2nd"),
        ] {
            assert_eq!(names.declaration(sql), name);
        }
        let mut inside = Inside::default();
        assert_eq!(inside.name("in-between"), "in_between");
        assert_eq!(inside.name("in_between"), "in_between_2");
        assert_eq!(inside.name(""), "value");
        // Underscores do not tell names apart in Rust.
        assert_eq!(inside.name("ö"), "_value_2");
    }
}
