//! The keys of `piccolo.toml`, and what they may say.
//!
//! The text comes in and values go out; finding and reading the file is the business of `find`.

use std::path::Path;

use toml::de::DeTable;

use super::ConfigError;
use super::engine::{EngineSettings, Pooler};
use super::reader::{Reader, Value};
use crate::sql::Dialect;

/// The keys of the file.
const KEYS: [&str; 5] = ["schema", "migrations", "engines", "online", "database"];

/// What a file says; `None` where it leaves a key out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct File {
    /// The schema: a `.piccolo` file or a folder of them.
    pub schema: Option<String>,
    /// The folder of migrations.
    pub migrations: Option<String>,
    /// What migrations are written for; never empty.
    pub engines: Option<Vec<Dialect>>,
    /// Whether migrations for Postgres are planned so that they do not stop a live system.
    pub online: Option<bool>,
    /// What it says about the database.
    pub database: Database,
}

/// What the table `[database]` says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Database {
    /// The application's database.
    pub url: Option<String>,
    /// Where proofs of migrations may run.
    pub scratch_url: Option<String>,
    /// The settings of the engine.
    pub engine: EngineSettings,
}

impl File {
    /// Reads the text of a `piccolo.toml`. `path` is where it stands, for messages.
    ///
    /// # Errors
    ///
    /// All its mistakes, each with its line and what would be right.
    pub fn parse(text: &str, path: &Path) -> Result<Self, ConfigError> {
        let mut reader = Reader::new(text);
        let mut file = Self::default();
        match DeTable::parse(text) {
            Ok(document) => file.fill(document.get_ref(), &mut reader),
            Err(error) => reader.mistake(error.span().unwrap_or_default(), error.message()),
        }
        let mut mistakes = reader.mistakes;
        if mistakes.is_empty() {
            return Ok(file);
        }
        // The table is sorted by its keys; its author reads from the top.
        mistakes.sort_by_key(|mistake| mistake.line);
        let line =
            |mistake: &super::reader::Mistake| format!("{}:{}: {}", path.display(), mistake.line, mistake.message);
        Err(ConfigError(mistakes.iter().map(line).collect::<Vec<_>>().join("\n")))
    }

    fn fill(&mut self, document: &DeTable<'_>, reader: &mut Reader<'_>) {
        for (key, value) in document {
            match key.get_ref().as_ref() {
                "schema" => self.schema = reader.text_of("schema", value),
                "migrations" => self.migrations = reader.text_of("migrations", value),
                "engines" => self.engines = engines(value, reader),
                "online" => self.online = reader.switch("online", value),
                "database" => match value.get_ref().as_table() {
                    Some(table) => self.database.fill(table, reader),
                    None => reader
                        .mistake(value.span(), "`database` must be a table: write `[database]` on a line of its own"),
                },
                misplaced if DATABASE_KEYS.contains(&misplaced) => reader.mistake(
                    key.span(),
                    format!("`{misplaced}` is no key of the top: it belongs below a line `[database]`"),
                ),
                unknown => reader.unknown_key(key.span(), unknown, "", &KEYS),
            }
        }
    }
}

/// Writes the reading of `[database]` and the list of its keys from one list, so that no key can be known to one of them only.
macro_rules! database_keys {
    ($reader:ident, $value:ident; $($key:literal => $($field:ident).+ = $read:expr;)*) => {
        /// The keys of `[database]`.
        const DATABASE_KEYS: &[&str] = &[$($key),*];

        impl Database {
            fn fill(&mut self, table: &DeTable<'_>, $reader: &mut Reader<'_>) {
                for (key, $value) in table {
                    match key.get_ref().as_ref() {
                        $($key => self.$($field).+ = $read,)*
                        unknown => $reader.unknown_key(key.span(), unknown, "[database] ", DATABASE_KEYS),
                    }
                }
            }
        }
    };
}

database_keys! { reader, value;
    "url" => url = reader.text_of("url", value);
    "scratch_url" => scratch_url = reader.text_of("scratch_url", value);
    "max_connections" => engine.max_connections = reader.count("max_connections", value, 1);
    "min_connections" => engine.min_connections = reader.count("min_connections", value, 0);
    "acquire_timeout" => engine.acquire_timeout = reader.seconds("acquire_timeout", value, false);
    "idle_timeout" => engine.idle_timeout = reader.seconds("idle_timeout", value, false);
    "max_lifetime" => engine.max_lifetime = reader.seconds("max_lifetime", value, false);
    "query_timeout" => engine.query_timeout = reader.seconds("query_timeout", value, false);
    "busy_timeout" => engine.busy_timeout = reader.seconds("busy_timeout", value, true);
    "create_if_missing" => engine.create_if_missing = reader.switch("create_if_missing", value);
    "application_name" => engine.application_name = reader.text_of("application_name", value);
    "pooler" => engine.pooler = reader.one_of("pooler", value, &Pooler::ALL.map(|pooler| (pooler.name(), pooler)));
    "log_queries" => engine.log_queries = reader.switch("log_queries", value);
    "log_values" => engine.log_values = reader.switch("log_values", value);
}

fn engines(value: &Value<'_>, reader: &mut Reader<'_>) -> Option<Vec<Dialect>> {
    let Some(list) = value.get_ref().as_array().filter(|list| !list.is_empty()) else {
        reader.mistake(value.span(), "`engines` must be a list such as `[\"sqlite\", \"postgres\"]`, and not empty");
        return None;
    };
    let mut engines = Vec::with_capacity(list.len());
    for item in list {
        let name = item.get_ref().as_str().unwrap_or_default();
        match Dialect::ALL.into_iter().find(|dialect| dialect.name() == name) {
            Some(dialect) if !engines.contains(&dialect) => engines.push(dialect),
            Some(dialect) => reader.mistake(item.span(), format!("`{dialect}` stands twice in `engines`")),
            None => {
                let written = reader.written(item.span());
                reader
                    .mistake(item.span(), format!("{written} is not an engine: there are \"sqlite\" and \"postgres\""));
            }
        }
    }
    // Both sides of every report list the engines in one order, whatever the file's.
    engines.sort_unstable();
    Some(engines)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn parse(text: &str) -> Result<File, String> {
        File::parse(text, Path::new("p")).map_err(|error| error.to_string())
    }

    #[test]
    fn every_key_is_read_and_none_is_needed() {
        assert_eq!(parse(""), Ok(File::default()));
        let text = "schema = \"db\"\nmigrations = \"db/m\"\nengines = [\"postgres\", \"sqlite\"]\nonline = true\n\
                    [database]\nurl = \"sqlite://x\"\nscratch_url = \"postgres:///y\"\nlog_queries = true\nlog_values = false\n\
                    max_connections = 2_0\nmin_connections = 0\nacquire_timeout = 1.5\nidle_timeout = 60\nmax_lifetime = 0x10\n\
                    query_timeout = 1e-3\nbusy_timeout = 0\ncreate_if_missing = false\napplication_name = \"shop\"\npooler = \"none\"\n";
        let engine = EngineSettings {
            max_connections: Some(20),
            min_connections: Some(0),
            acquire_timeout: Some(Duration::from_millis(1_500)),
            idle_timeout: Some(Duration::from_secs(60)),
            max_lifetime: Some(Duration::from_secs(16)),
            query_timeout: Some(Duration::from_millis(1)),
            busy_timeout: Some(Duration::ZERO),
            create_if_missing: Some(false),
            application_name: Some("shop".into()),
            pooler: Some(Pooler::None),
            log_queries: Some(true),
            log_values: Some(false),
        };
        let said = File {
            schema: Some("db".into()),
            migrations: Some("db/m".into()),
            engines: Some(vec![Dialect::Sqlite, Dialect::Postgres]),
            online: Some(true),
            database: Database { url: Some("sqlite://x".into()), scratch_url: Some("postgres:///y".into()), engine },
        };
        assert_eq!(parse(text), Ok(said));
        for key in DATABASE_KEYS {
            assert!(text.contains(key), "{key}");
        }
    }

    #[test]
    fn all_mistakes_are_told_with_their_lines_and_what_was_meant() {
        let text = "shema = \"x\"\nmigrations = 3\nengines = [\"mysql\", \"sqlite\", \"sqlite\"]\nonline = \"yes\"\n[database]\nurll = \"\"\n";
        let told = [
            "p:1: `shema` is not a key: did you mean `schema`?",
            "p:2: `migrations` must be a text in quotes",
            "p:3: \"mysql\" is not an engine: there are \"sqlite\" and \"postgres\"",
            "p:3: `sqlite` stands twice in `engines`",
            "p:4: `online` must be true or false, without quotes",
            "p:6: [database] `urll` is not a key: did you mean `url`?",
        ];
        assert_eq!(parse(text), Err(told.join("\n")));
    }

    #[test]
    fn every_value_of_the_database_is_checked() {
        for (line, told) in [
            ("url = 1", "`url` must be a text in quotes"),
            ("url = \"\"", "`url` is empty"),
            ("max_connections = 0", "`max_connections` must be a whole number of at least 1"),
            ("max_connections = \"5\"", "`max_connections` must be a whole number of at least 1"),
            ("max_connections = 2.5", "`max_connections` must be a whole number of at least 1"),
            ("min_connections = -1", "`min_connections` must be a whole number of at least 0"),
            ("query_timeout = 0", "`query_timeout` must be a number of seconds above 0, such as 30 or 0.5"),
            ("query_timeout = \"5s\"", "`query_timeout` must be a number of seconds above 0, such as 30 or 0.5"),
            ("busy_timeout = -0.1", "`busy_timeout` must be a number of seconds, such as 30 or 0.5"),
            ("acquire_timeout = inf", "`acquire_timeout` must be a number of seconds above 0, such as 30 or 0.5"),
            ("idle_timeout = nan", "`idle_timeout` must be a number of seconds above 0, such as 30 or 0.5"),
            (
                "max_lifetime = 99999999999999999999",
                "`max_lifetime` must be a number of seconds above 0, such as 30 or 0.5",
            ),
            ("log_queries = \"yes\"", "`log_queries` must be true or false, without quotes"),
            ("pooler = \"session\"", "`pooler` must be one of \"detect\", \"none\", \"transaction\""),
            ("max_conections = 5", "[database] `max_conections` is not a key: did you mean `max_connections`?"),
        ] {
            assert_eq!(parse(&format!("[database]\n{line}\n")), Err(format!("p:2: {told}")), "{line}");
        }
        assert_eq!(
            parse("database = 3"),
            Err("p:1: `database` must be a table: write `[database]` on a line of its own".to_owned())
        );
        assert_eq!(
            parse("url = \"sqlite://x\""),
            Err("p:1: `url` is no key of the top: it belongs below a line `[database]`".to_owned())
        );
        let strange = parse("[database]\nsomething_else_entirely = 5\n").unwrap_err();
        assert!(strange.contains("the keys are `url`, `scratch_url`, `max_connections`"), "{strange}");
    }

    #[test]
    fn a_text_that_is_not_toml_is_told_with_its_line() {
        let told = parse("schema = \"a\"\nschema = = 3\n").unwrap_err();
        assert!(told.starts_with("p:2: "), "{told}");
    }
}
