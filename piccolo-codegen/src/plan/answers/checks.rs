//! Checks that only follow the new names of columns.

use piccolo_runtime::schema::{Check, Text};

use crate::change::{Alteration, ModifyTable};

/// Whether a check that goes says the same of the rows: the text differs in the names of renamed columns alone. No row can break it then.
pub(super) fn is_renamed_along(change: &ModifyTable<'_>, check: &Check) -> bool {
    let same = |old: &Option<Text>, new: &Option<Text>| match (old, new) {
        (None, None) => true,
        (Some(old), Some(new)) => renamed(change, old).is_some_and(|old| old == words(new)),
        (Some(_), None) | (None, Some(_)) => false,
    };
    change.alterations.iter().any(|alteration| {
        matches!(alteration, Alteration::DropCheck(old)
            if same(&old.sqlite, &check.sqlite) && same(&old.postgres, &check.postgres))
    })
}

/// A condition in the new names; `None` where a word of it is another column by now, or one whose values change.
fn renamed(change: &ModifyTable<'_>, condition: &str) -> Option<Vec<Word>> {
    let rename = |word: Word| {
        let is_it = |name: &str| word == Word::name(name);
        let is_other = change.alterations.iter().any(|alteration| {
            matches!(alteration, Alteration::ModifyColumn { from, to: _, differs } if differs.ty && is_it(&from.sql_name))
                || alteration.added_column().is_some_and(|column| is_it(&column.sql_name))
        });
        let mut renames = change.alterations.iter().filter_map(Alteration::renamed_column);
        let found = renames.clone().find(|(from, _)| is_it(&from.sql_name));
        match found {
            _ if is_other => None,
            Some((_, to)) => Some(Word::name(&to.sql_name)),
            None if renames.any(|(_, to)| is_it(&to.sql_name)) => None,
            None => Some(word),
        }
    };
    words(condition).into_iter().map(rename).collect()
}

/// A piece of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Word {
    /// A name or a keyword, in lower case and without quotes: no table has two columns that differ in case alone.
    Name(String),
    /// A text, a number, a sign.
    Other(String),
}

impl Word {
    fn name(name: &str) -> Self {
        Self::Name(name.to_lowercase())
    }
}

/// The pieces of a condition, without the space between them.
fn words(condition: &str) -> Vec<Word> {
    let mut out = Vec::new();
    let mut rest = condition.trim_start();
    while let Some(first) = rest.chars().next() {
        let is_part = |character: char| character.is_alphanumeric() || character == '_';
        let length = match first {
            '\'' | '"' => closing(rest, first),
            _ if is_part(first) => rest.find(|character| !is_part(character)).unwrap_or(rest.len()),
            _ => first.len_utf8(),
        };
        let (word, after) = rest.split_at_checked(length).unwrap_or((rest, ""));
        out.push(match first {
            '"' => Word::name(&word.trim_matches('"').replace("\"\"", "\"")),
            _ if first.is_alphabetic() || first == '_' => Word::name(word),
            _ => Word::Other(word.to_owned()),
        });
        rest = after.trim_start();
    }
    out
}

/// Where a text in quotes ends. A doubled quote begins another one, which comes to the same in a comparison.
fn closing(text: &str, quote: char) -> usize {
    text.char_indices().skip(1).find(|(_, character)| *character == quote).map_or(text.len(), |(at, _)| at + 1)
}
