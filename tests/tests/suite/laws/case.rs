//! The migration between two schemas, and how it is shown.

use piccolo_codegen::change::Decisions;
use piccolo_codegen::migration::{File, Migration as Written, files, script_name};
use piccolo_codegen::plan::{self, Authored, Direction, author};
use piccolo_codegen::print;
use piccolo_runtime::migrate::{Migration, Scripts};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

/// What is written for a change.
pub(super) struct Change {
    pub(super) authored: Authored,
    pub(super) files: Vec<File>,
}

impl Change {
    /// Plans the way for these engines; `None` where there is nothing to change.
    pub(super) fn plan(
        id: &str,
        (before, after): (&Schema, &Schema),
        decisions: &Decisions,
        engines: &[Dialect],
    ) -> Result<Option<Self>, String> {
        let outcome = author(before, after, decisions, engines, plan::Options::default());
        let outcome = outcome.map_err(|error| error.to_string())?;
        let Some(authored) = outcome.authored else {
            return if outcome.questions.is_empty() { Ok(None) } else { Err(format!("{:?}", outcome.questions)) };
        };
        let written = Written { id, parents: &[], authored: &authored, decisions, proven: &[], notes: &[] };
        let files = files(&written);
        Ok(Some(Self { authored, files }))
    }

    /// What the runner takes.
    pub(super) fn migration(&self, id: &'static str, dialect: Dialect) -> Migration {
        let text = |direction| {
            let name = script_name(direction, dialect);
            self.files.iter().find(|file| file.name == name).map(|file| file.text.clone()).unwrap_or_default().into()
        };
        let scripts = Some(Scripts { up: text(Direction::Up), down: text(Direction::Down) });
        let (sqlite, postgres) = match dialect {
            Dialect::Sqlite => (scripts, None),
            Dialect::Postgres => (None, scripts),
        };
        Migration { id: id.into(), parents: Vec::new().into(), sqlite, postgres }
    }
}

/// The files of a golden case.
pub(super) fn golden(before: &Schema, after: &Schema, decisions: &Decisions) -> String {
    let Decisions { renames, allowed, backfills, maps } = decisions;
    let list = |words: Vec<String>| words.iter().map(|word| format!("{word:?}")).collect::<Vec<_>>().join(", ");
    let mut text = format!(
        "//// before.piccolo\n{}\n//// after.piccolo\n{}\n//// decisions.toml\nrenames = [{}]\nallow = [{}]\n[backfill]\n",
        print::schema(before),
        print::schema(after),
        list(renames.decided.iter().map(ToString::to_string).collect()),
        list(allowed.iter().cloned().collect())
    );
    text.extend(backfills.iter().map(|(key, value)| format!("{:?} = {value:?}\n", key.to_string())));
    text.push_str("[map]\n");
    text.extend(maps.iter().map(|(key, value)| format!("{key:?} = {value:?}\n")));
    text
}
