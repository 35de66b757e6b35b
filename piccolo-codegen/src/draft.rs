//! The draft of the next migration, which a `build.rs` keeps where it was asked to
//! ([`Config::draft_migrations`](crate::Config::draft_migrations)).
//!
//! A draft is for the eye: it shows, at every build, what the schema's changes will do. It is unproven, has no id, and is no
//! migration: nothing runs it, nothing embeds it, in no profile, because a database that had run it could not follow when it is rewritten.
//! `diff` seals it: it plans the same anew, proves it, gives it an id, and removes the draft.

use crate::change::Decisions;
use crate::config::Settings;
use crate::migration::{self, DRAFT_FOLDER, Migration, not_proven};
use crate::plan::{self, Options};
use crate::project::{self, Input, Snapshot};
use crate::{Result, schema_from_sources, snapshot_from_sources};
use piccolo_runtime::migrate::history;
use piccolo_runtime::schema::Schema;

/// Brings the draft up to date, and gives what the author should know.
pub(crate) fn keep(settings: &Settings) -> Result<Vec<String>> {
    let Some(folder) = &settings.migrations else { return Ok(Vec::new()) };
    let Input { schema, snapshot, migrations, .. } = Input::read(settings)?;
    let new = schema_from_sources(&schema, &settings.engines)?;
    let migrations = migrations.unwrap_or_default();
    let old = match snapshot {
        Some(Snapshot::Text(sources)) => match snapshot_from_sources(&sources, &new.schema, &settings.engines) {
            Ok(old) => old,
            // The notes of the build say already that it cannot be read.
            Err(_) => return Ok(Vec::new()),
        },
        Some(Snapshot::Missing) if migrations.is_empty() => Schema::EMPTY,
        Some(Snapshot::Missing) | None => return Ok(Vec::new()),
    };
    let decisions = Decisions { renames: new.renames.clone(), ..Decisions::default() };
    let options = Options { online: settings.online };
    let outcome = match plan::author(&old, &new.schema, &decisions, &settings.engines, options) {
        Ok(outcome) => outcome,
        Err(unsupported) => return Ok(vec![format!("no draft of a migration: {unsupported}")]),
    };
    let Some(authored) = outcome.authored else {
        // Nothing to do, or something to decide: what an older draft says is no longer so.
        let subjects: Vec<&str> = outcome.questions.iter().map(|question| question.subject.as_str()).collect();
        let mut notes: Vec<String> =
            project::remove_draft(folder).err().map(|error| error.to_string()).into_iter().collect();
        if !subjects.is_empty() {
            notes.push(format!(
                "no draft of a migration, because it needs a decision ({}): run `piccolo-codegen diff`",
                subjects.join(", ")
            ));
        }
        return Ok(notes);
    };
    let Ok(parents) = history::heads(&migrations) else { return Ok(Vec::new()) };
    let unproven: Vec<_> = settings.engines.iter().map(|dialect| (*dialect, not_proven(*dialect))).collect();
    let files = migration::files(&Migration {
        id: DRAFT_FOLDER,
        parents: &parents,
        authored: &authored,
        decisions: &decisions,
        proven: &[],
        notes: &unproven,
    });
    // A source that may not be written to gets no draft, and is built all the same.
    Ok(project::write_draft(folder, &files)
        .err()
        .map(|error| format!("no draft of a migration: {error}"))
        .into_iter()
        .collect())
}
