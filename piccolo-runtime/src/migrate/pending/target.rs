//! How far to go.

use super::Problem;
use crate::migrate::migration::slug;

/// How far to run forwards or backwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Everything.
    All,
    /// This many of those that are pending (forwards) or the last this many that are applied (backwards).
    Count(usize),
    /// Up to this migration and with it, by its id, a unique beginning of it, or the name behind its time. Where no migration is
    /// meant and it is a number, that many.
    Id(String),
}

impl From<&str> for Target {
    /// `all`, a number, or an id. Digits that are as long as a year may begin an id, and then they are one: a year must never be
    /// taken for a number of migrations.
    fn from(text: &str) -> Self {
        match text.trim() {
            "all" => Self::All,
            text if text.len() < YEAR => number(text).map_or_else(|| Self::Id(text.to_owned()), Self::Count),
            text => Self::Id(text.to_owned()),
        }
    }
}

/// How many digits a year has, with which ids begin.
const YEAR: usize = 4;

/// The number that a text is, written without anything that a number does not need.
pub(super) fn number(text: &str) -> Option<usize> {
    text.parse().ok().filter(|number: &usize| number.to_string() == text)
}

impl From<&String> for Target {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<usize> for Target {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

/// The position of the migration that `wanted` means: its id, the name behind its time, or a unique beginning of its id.
///
/// # Errors
///
/// [`Problem::NoSuchId`] or [`Problem::Ambiguous`].
pub fn position(wanted: &str, ids: &[&str]) -> Result<usize, Problem> {
    let matching = |fits: &dyn Fn(&str) -> bool| -> Vec<usize> {
        ids.iter().enumerate().filter(|(_, id)| fits(id)).map(|(at, _)| at).collect()
    };
    let rules: [&dyn Fn(&str) -> bool; 3] =
        [&|id| id == wanted, &|id| slug(id) == wanted, &|id| !wanted.is_empty() && id.starts_with(wanted)];
    for rule in rules {
        match matching(rule).as_slice() {
            [] => {}
            [only] => return Ok(*only),
            several => {
                let candidates = several.iter().filter_map(|at| ids.get(*at)).map(|id| (*id).to_owned()).collect();
                return Err(Problem::Ambiguous { wanted: wanted.to_owned(), candidates });
            }
        }
    }
    const SHOWN: usize = 5;
    let nearest = ids.iter().rev().take(SHOWN).rev().map(|id| (*id).to_owned()).collect();
    Err(Problem::NoSuchId { wanted: wanted.to_owned(), nearest })
}
