//! All migrations, tried on empty databases.

use std::collections::{BTreeMap, BTreeSet};

use piccolo_runtime::introspect::{Difference, differences};
use piccolo_runtime::migrate::{Migration, history};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use super::code::{Code, Level};
use super::finding::{Finding, Place};
use super::snapshot::line;
use super::{Check, error_in_ci};
use crate::cli::exit::Failure;
use crate::cli::proof::scratch_url;
use crate::cli::refused::diagnostics;
use crate::cli::{database, replayed};
use crate::migration::{MANIFEST_FILE, script_name};
use crate::plan::Direction;
use crate::project::read_text_if_there;
use crate::proof::{self, Grounds, Moment, RefusedCheck, Refutation};
use crate::source::Sources;

/// Replays everything on every engine that can be reached.
pub(super) fn check(check: &mut Check<'_>, migrations: &[Migration], snapshot: Option<&Schema>) -> Result<(), Failure> {
    let settings = check.settings;
    database::block_on(async {
        let grounds = Grounds::open(&settings.engines, scratch_url(settings).as_deref()).await;
        for (dialect, reason) in grounds.unreached() {
            let found = Finding::new(Code::Unreachable, format!("nothing was replayed on {dialect}: {reason}"));
            let found = found.level(error_in_ci());
            check.found(found.help(
                "install PostgreSQL's programs, or name a server with `scratch_url` under `[database]` in piccolo.toml",
            ));
        }
        let dialects: Vec<Dialect> = grounds.reached().collect();
        for dialect in dialects {
            // The scripts of an engine that one of them lacks are reported already.
            if migrations.iter().all(|migration| migration.scripts(dialect).is_some()) {
                replay(check, &grounds, dialect, migrations, snapshot).await;
                siblings(check, &grounds, dialect, migrations).await;
                check.proven.push(dialect.to_string());
            }
        }
        grounds.close().await;
        Ok(())
    })
}

/// Forwards, backwards and forwards again; what comes out is what the snapshot gives.
async fn replay(
    check: &mut Check<'_>,
    grounds: &Grounds,
    dialect: Dialect,
    migrations: &[Migration],
    snapshot: Option<&Schema>,
) {
    let replayed = match proof::replay(grounds, dialect, migrations).await {
        Ok(shape) => shape,
        Err(refutation) => return refuted(check, &refutation),
    };
    let Some(snapshot) = snapshot else { return };
    match replayed::against(grounds, dialect, &replayed, snapshot).await {
        Ok(differences) if differences.is_empty() => {}
        Ok(differences) => {
            let message = format!(
                "replaying every migration on {dialect} does not give what the snapshot says{}",
                list(&differences, "the replayed database", "the snapshot")
            );
            let found = Finding::new(Code::SnapshotDiffers, message).help(
                "after a merge: `piccolo-codegen diff --rebase <id>` plans one of the new migrations anew, on top of the others",
            );
            check.found(match check.settings.snapshot() {
                Some(path) => found.at(Place::of(&path)),
                None => found,
            });
        }
        Err(refutation) => refuted(check, &refutation),
    }
}

/// Conditions of the snapshot that the database does not understand.
fn refused(check: &mut Check<'_>, dialect: Dialect, refused: &[RefusedCheck]) {
    let path = check.settings.snapshot();
    let mut sources = Sources::new();
    if let Some(Ok(Some(text))) = path.as_deref().map(read_text_if_there) {
        sources.add("schema.piccolo", &text);
    }
    let mistakes = diagnostics(refused, dialect, &sources);
    for mistake in &mistakes {
        let said = mistake.labels.first().map(|label| format!(": {}", label.text)).unwrap_or_default();
        let found = Finding::new(Code::BrokenSnapshot, format!("{}{said}", mistake.message));
        check.found(match &path {
            Some(path) => found.at(Place::line(path, line(mistake, &mistakes))),
            None => found,
        });
    }
}

fn refuted(check: &mut Check<'_>, refutation: &Refutation) {
    let dialect = refutation.dialect();
    if let Refutation::Checks { refused, .. } = refutation {
        return self::refused(check, dialect, refused);
    }
    let (code, direction) = match refutation {
        Refutation::Scratch { .. } | Refutation::Checks { .. } => (Code::Unreachable, Direction::Up),
        Refutation::Step { moment: Moment::Up, .. }
        | Refutation::Shape { moment: Moment::Up, .. }
        | Refutation::Rows { moment: Moment::Up, .. } => (Code::Fails, Direction::Up),
        Refutation::Step { moment: Moment::Down, .. } => (Code::DownFails, Direction::Down),
        Refutation::Shape { moment: Moment::Down, .. } | Refutation::Rows { moment: Moment::Down, .. } => {
            (Code::DownDiffers, Direction::Down)
        }
        Refutation::Step { moment: Moment::UpAgain, .. }
        | Refutation::Shape { moment: Moment::UpAgain, .. }
        | Refutation::Rows { moment: Moment::UpAgain, .. } => (Code::UpAgainFails, Direction::Down),
    };
    let message = refutation.to_string();
    let file = script_name(direction, dialect);
    let line = line_in(&message, &file).unwrap_or(1);
    let mut found = Finding::new(code, message).level(Level::Error);
    if let Some(folder) = refutation.id().and_then(|id| check.folder.migrations.iter().find(|folder| folder.id == id)) {
        found = found.at(Place::line(&folder.path.join(file), line));
    }
    check.found(found);
}

/// The line of a file that a message names first: `line 7 of up.sqlite.sql`.
fn line_in(message: &str, file: &str) -> Option<usize> {
    let (before, _) = message.split_once(&format!(" of {file}"))?;
    before.rsplit_once("line ")?.1.parse().ok()
}

/// Tries every two migrations of which neither builds on the other in both orders, on top of what both build on.
async fn siblings(check: &mut Check<'_>, grounds: &Grounds, dialect: Dialect, migrations: &[Migration]) {
    let Ok(ordered) = history::order(migrations) else { return };
    for (one, other, ancestors) in unordered_pairs(&ordered) {
        let order = |last: [&'_ Migration; 2]| -> Vec<&Migration> {
            let before = ordered.iter().copied().filter(|migration| ancestors.contains(migration.id.as_ref()));
            before
                .chain(last.map(|last| ordered.iter().copied().find(|known| known.id == last.id)).into_iter().flatten())
                .collect()
        };
        let first = proof::in_order(grounds, dialect, &order([one, other])).await;
        let second = proof::in_order(grounds, dialect, &order([other, one])).await;
        let trouble = match (first, second) {
            (Ok(first), Ok(second)) => {
                let differences = differences(&first, &second);
                if differences.is_empty() {
                    continue;
                }
                format!(
                    "they leave different databases{}",
                    list(&differences, &format!("{} first", one.id), &format!("{} first", other.id))
                )
            }
            (Err(Refutation::Scratch { message, .. }), _) | (_, Err(Refutation::Scratch { message, .. })) => message,
            (Err(refutation), _) => format!("{} before {}: {refutation}", one.id, other.id),
            (_, Err(refutation)) => format!("{} before {}: {refutation}", other.id, one.id),
        };
        let message = format!("{} and {} do not commute on {dialect}: {trouble}", one.id, other.id);
        let help = format!(
            "plan one of the two anew on top of the other, if it has not been applied: `piccolo-codegen diff --rebase {}`",
            other.id
        );
        let mut found = Finding::new(Code::Siblings, message).help(help);
        if let Some(folder) = check.folder.migrations.iter().find(|folder| folder.id == other.id) {
            let line = folder.manifest_line("parents").unwrap_or(1);
            found = found.at(Place::line(&folder.path.join(MANIFEST_FILE), line));
        }
        check.found(found);
    }
}

/// The pairs of which neither builds on the other, each with the ids of everything that one of the two builds on.
fn unordered_pairs<'m>(ordered: &[&'m Migration]) -> Vec<(&'m Migration, &'m Migration, BTreeSet<&'m str>)> {
    let mut ancestors: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut pairs = Vec::new();
    for (position, migration) in ordered.iter().enumerate() {
        let mut own: BTreeSet<&str> = BTreeSet::new();
        for parent in migration.parents.iter() {
            own.insert(parent);
            own.extend(ancestors.get(parent.as_ref()).into_iter().flatten());
        }
        // Almost always a history is a line, and everything before is an ancestor.
        if own.len() < position {
            for other in ordered.iter().take(position).filter(|other| !own.contains(other.id.as_ref())) {
                let mut both = own.clone();
                both.extend(ancestors.get(other.id.as_ref()).into_iter().flatten());
                pairs.push((*other, *migration, both));
            }
        }
        ancestors.insert(&migration.id, own);
    }
    pairs
}

/// Differences, a line each.
fn list(differences: &[Difference], first: &str, second: &str) -> String {
    differences.iter().map(|difference| format!("\n{}", difference.describe(first, second))).collect()
}

#[cfg(test)]
mod tests {
    use piccolo_runtime::migrate::Migration;

    use super::{line_in, unordered_pairs};

    fn migration(id: &'static str, parents: &[&'static str]) -> Migration {
        let parents = parents.iter().map(|parent| (*parent).into()).collect::<Vec<_>>();
        Migration { id: id.into(), parents: parents.into(), sqlite: None, postgres: None }
    }

    #[test]
    fn the_line_of_a_failed_statement_is_read_from_the_message() {
        assert_eq!(line_in("step 1: line 16 of up.sqlite.sql failed", "up.sqlite.sql"), Some(16));
        assert_eq!(line_in("the pipeline of up.sqlite.sql", "up.sqlite.sql"), None);
    }

    #[test]
    fn siblings_are_those_of_which_neither_builds_on_the_other() {
        let line = [migration("a", &[]), migration("b", &["a"]), migration("c", &["b"])];
        assert!(unordered_pairs(&line.iter().collect::<Vec<_>>()).is_empty());
        let fork = [
            migration("a", &[]),
            migration("b", &["a"]),
            migration("c", &["a"]),
            migration("d", &["b"]),
            migration("e", &["c", "d"]),
        ];
        let pairs = unordered_pairs(&fork.iter().collect::<Vec<_>>());
        let named: Vec<_> = pairs
            .iter()
            .map(|(one, other, both)| (&*one.id, &*other.id, both.iter().copied().collect::<String>()))
            .collect();
        assert_eq!(named, [("b", "c", "a".to_owned()), ("c", "d", "ab".to_owned())]);
    }
}
