//! Decisions as flags: what a person says about a comparison of two schemas.

use clap::{Args, Parser};

use super::exit::Failure;
use crate::change::{BackfillKey, Decisions, Rename};

/// The flags that decide.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct DecisionFlags {
    /// Something has a new name: `Band=Group` for a table or an enum, `band.name=title` for a column or a value.
    #[arg(long, value_name = "OLD=NEW")]
    rename: Vec<Rename>,
    /// Consent to one loss or risk, such as `drop-column:band.popularity`.
    #[arg(long, value_name = "WHAT")]
    allow: Vec<String>,
    /// What existing rows get in a column, as SQL over the row as it was: `band.members=4`.
    #[arg(long, value_name = "TABLE.COLUMN=EXPRESSION", value_parser = backfill)]
    backfill: Vec<(BackfillKey, String)>,
    /// What takes the place of an enum's value that goes: `genre.folk=jazz`.
    #[arg(long, value_name = "ENUM.VALUE=OTHER", value_parser = map)]
    map: Vec<(String, String)>,
}

impl DecisionFlags {
    /// Adds these decisions to others.
    pub(super) fn add_to(&self, decisions: &mut Decisions) {
        let Self { rename, allow, backfill, map } = self.clone();
        decisions.renames.decided.extend(rename);
        decisions.allowed.extend(allow);
        decisions.backfills.extend(backfill);
        decisions.maps.extend(map);
    }

    /// The decision that a flag of an answer means, such as `--allow drop-column:band.popularity`.
    pub(super) fn parse(flag: &str) -> Result<Self, Failure> {
        #[derive(Parser)]
        #[command(no_binary_name = true, disable_help_flag = true)]
        struct Flag {
            #[command(flatten)]
            decisions: DecisionFlags,
        }
        let parsed = Flag::try_parse_from(words(flag));
        parsed.map(|flag| flag.decisions).map_err(|error| Failure::bad_input(error.to_string().trim_end()))
    }
}

/// Splits `key=text` at the first equals sign.
fn pair(text: &str) -> Result<(&str, &str), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.trim().is_empty() && !value.trim().is_empty() => Ok((key.trim(), value.trim())),
        Some(_) | None => Err(format!("`{text}` has not the form `name=value`")),
    }
}

fn backfill(text: &str) -> Result<(BackfillKey, String), String> {
    let (key, expression) = pair(text)?;
    Ok((key.parse()?, expression.to_owned()))
}

fn map(text: &str) -> Result<(String, String), String> {
    let (value, other) = pair(text)?;
    if value.contains('.') {
        Ok((value.to_owned(), other.to_owned()))
    } else {
        Err(format!("`{value}` names no value of an enum: write `enum.value`"))
    }
}

/// The words of a command line, as far as our own flags need quoting: single quotes keep everything as it is, and `\'` between them is
/// a quote.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        match character {
            '\'' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if !quoted => word.get_or_insert_default().extend(characters.next()),
            ' ' if !quoted => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_of_an_answer_means_what_it_means_in_a_shell() {
        assert_eq!(words(r"--backfill 'band.name='\''it'\'''"), ["--backfill", "band.name='it'"]);
        let mut decisions = Decisions::default();
        for flag in [
            "--rename band.name=title",
            "--allow drop-column:band.popularity",
            "--backfill 'postgres:band.members=1 + 1'",
            "--map genre.folk=jazz",
        ] {
            DecisionFlags::parse(flag).expect("a flag").add_to(&mut decisions);
        }
        assert_eq!(decisions.renames.decided, [Rename::inside("band", "name", "title")]);
        assert!(decisions.allowed.contains("drop-column:band.popularity"));
        assert_eq!(decisions.backfills.values().collect::<Vec<_>>(), ["1 + 1"]);
        assert_eq!(decisions.maps.get("genre.folk").map(String::as_str), Some("jazz"));
    }

    #[test]
    fn a_flag_that_says_nothing_is_refused() {
        for flag in
            ["--rename band", "--backfill band.name", "--backfill name=1", "--map folk=jazz", "--map genre.folk="]
        {
            assert!(DecisionFlags::parse(flag).is_err(), "{flag}");
        }
    }
}
