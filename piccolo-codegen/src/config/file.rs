//! `piccolo.toml`: the keys it may have and what they may say.
//!
//! The text comes in and values go out; finding and reading the file is the business of [`crate::project`].

use std::ops::Range;

use piccolo_runtime::sql::Dialect;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::nearest;

/// The keys of the file, each with a default elsewhere.
const KEYS: [&str; 5] = ["schema", "migrations", "engines", "online", "database"];

/// The keys of `[database]`. Those without a field in [`FileSettings`] are settings of the running application, which
/// `engine_finder` reads; they are known here so that a wrong one is still found.
const DATABASE_KEYS: [&str; 7] =
    ["url", "scratch_url", "pool_size", "connect_timeout", "acquire_timeout", "statement_timeout", "log_queries"];

/// What a file says; `None` where it leaves a key out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct FileSettings {
    pub(super) schema: Option<String>,
    pub(super) migrations: Option<String>,
    pub(super) engines: Option<Vec<Dialect>>,
    pub(super) online: Option<bool>,
    pub(super) database_url: Option<String>,
    pub(super) scratch_url: Option<String>,
}

/// A mistake in the file: the line, counted from 1, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub(super) line: usize,
    pub(super) message: String,
}

/// Reads the text of a `piccolo.toml`, or lists all its mistakes.
pub(super) fn parse(text: &str) -> Result<FileSettings, Vec<Mistake>> {
    let mut reader = Reader { text, mistakes: Vec::new() };
    let mut settings = FileSettings::default();
    match DeTable::parse(text) {
        Ok(document) => reader.document(document.get_ref(), &mut settings),
        Err(error) => reader.mistake(error.span().unwrap_or_default(), error.message().to_owned()),
    }
    // The table is sorted by its keys; its author reads from the top.
    reader.mistakes.sort_by_key(|mistake| mistake.line);
    if reader.mistakes.is_empty() { Ok(settings) } else { Err(reader.mistakes) }
}

struct Reader<'t> {
    text: &'t str,
    mistakes: Vec<Mistake>,
}

impl Reader<'_> {
    fn document(&mut self, document: &DeTable<'_>, settings: &mut FileSettings) {
        for (key, value) in document {
            match key.get_ref().as_ref() {
                "schema" => settings.schema = self.text_of("schema", value),
                "migrations" => settings.migrations = self.text_of("migrations", value),
                "engines" => settings.engines = self.engines(value),
                "online" => settings.online = self.truth_of("online", value),
                "database" => self.database(value, settings),
                unknown => self.unknown_key(key.span(), unknown, "", &KEYS),
            }
        }
    }

    fn database(&mut self, value: &Spanned<DeValue<'_>>, settings: &mut FileSettings) {
        let Some(table) = value.get_ref().as_table() else {
            return self.mistake(value.span(), "`database` must be a table: write `[database]` on a line of its own");
        };
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "url" => settings.database_url = self.text_of("url", value),
                "scratch_url" => settings.scratch_url = self.text_of("scratch_url", value),
                known if DATABASE_KEYS.contains(&known) => {}
                unknown => self.unknown_key(key.span(), unknown, "[database] ", &DATABASE_KEYS),
            }
        }
    }

    fn engines(&mut self, value: &Spanned<DeValue<'_>>) -> Option<Vec<Dialect>> {
        let Some(list) = value.get_ref().as_array().filter(|list| !list.is_empty()) else {
            self.mistake(value.span(), "`engines` must be a list such as `[\"sqlite\", \"postgres\"]`, and not empty");
            return None;
        };
        let mut engines = Vec::with_capacity(list.len());
        for item in list {
            let name = item.get_ref().as_str().unwrap_or_default();
            match Dialect::ALL.into_iter().find(|dialect| dialect.name() == name) {
                Some(dialect) if !engines.contains(&dialect) => engines.push(dialect),
                Some(dialect) => self.mistake(item.span(), format!("`{dialect}` stands twice in `engines`")),
                None => {
                    let written = self.text.get(item.span()).unwrap_or_default();
                    self.mistake(
                        item.span(),
                        format!("{written} is not an engine: there are \"sqlite\" and \"postgres\""),
                    );
                }
            }
        }
        // Both sides of every report list the engines in one order, whatever the file's.
        engines.sort_unstable();
        Some(engines)
    }

    fn text_of(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<String> {
        match value.get_ref().as_str() {
            Some("") => self.mistake(value.span(), format!("`{key}` is empty")),
            Some(text) => return Some(text.to_owned()),
            None => self.mistake(value.span(), format!("`{key}` must be a text in quotes")),
        }
        None
    }

    fn truth_of(&mut self, key: &str, value: &Spanned<DeValue<'_>>) -> Option<bool> {
        let truth = value.get_ref().as_bool();
        if truth.is_none() {
            self.mistake(value.span(), format!("`{key}` must be true or false, without quotes"));
        }
        truth
    }

    fn unknown_key(&mut self, at: Range<usize>, key: &str, table: &str, known: &[&'static str]) {
        let help = match nearest(key, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are `{}`", known.join("`, `")),
        };
        self.mistake(at, format!("{table}`{key}` is not a key: {help}"));
    }

    fn mistake(&mut self, at: Range<usize>, message: impl Into<String>) {
        let before = self.text.as_bytes().get(..at.start).unwrap_or_default();
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        self.mistakes.push(Mistake { line, message: message.into() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(text: &str) -> Vec<(usize, String)> {
        parse(text).err().unwrap_or_default().into_iter().map(|mistake| (mistake.line, mistake.message)).collect()
    }

    #[test]
    fn every_key_is_read_and_none_is_needed() {
        assert_eq!(parse(""), Ok(FileSettings::default()));
        let text = "schema = \"db\"\nmigrations = \"db/m\"\nengines = [\"postgres\", \"sqlite\"]\nonline = true\n\
                    [database]\nurl = \"sqlite://x\"\nscratch_url = \"postgres:///y\"\nlog_queries = true\n";
        let said = FileSettings {
            schema: Some("db".into()),
            migrations: Some("db/m".into()),
            engines: Some(vec![Dialect::Sqlite, Dialect::Postgres]),
            online: Some(true),
            database_url: Some("sqlite://x".into()),
            scratch_url: Some("postgres:///y".into()),
        };
        assert_eq!(parse(text), Ok(said));
    }

    #[test]
    fn all_mistakes_are_told_with_their_lines_and_what_was_meant() {
        let text = "shema = \"x\"\nmigrations = 3\nengines = [\"mysql\", \"sqlite\", \"sqlite\"]\nonline = \"yes\"\n[database]\nurll = \"\"\n";
        assert_eq!(
            mistakes(text),
            [
                (1, "`shema` is not a key: did you mean `schema`?".to_owned()),
                (2, "`migrations` must be a text in quotes".to_owned()),
                (3, "\"mysql\" is not an engine: there are \"sqlite\" and \"postgres\"".to_owned()),
                (3, "`sqlite` stands twice in `engines`".to_owned()),
                (4, "`online` must be true or false, without quotes".to_owned()),
                (6, "[database] `urll` is not a key: did you mean `url`?".to_owned()),
            ]
            .map(|(line, message)| (line, message))
        );
    }

    #[test]
    fn a_text_that_is_not_toml_is_told_with_its_line() {
        assert_eq!(mistakes("schema = \"a\"\nschema = = 3\n").first().map(|(line, _)| *line), Some(2));
    }
}
