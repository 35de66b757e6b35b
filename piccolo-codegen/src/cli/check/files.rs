//! The folder of migrations: names, order, and whether it is whole.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use piccolo_runtime::migrate::file::{Checksum, Script};
use piccolo_runtime::migrate::{Migration, history};
use piccolo_runtime::sql::Dialect;

use super::code::Code;
use super::finding::{Finding, Place};
use super::{Check, error_in_ci};
use crate::change::Decisions;
use crate::cli::id;
use crate::diagnostic::nearest;
use crate::migration::{MANIFEST_FILE, script_name};
use crate::plan::Direction;
use crate::project::{FaultKind, MigrationFolder};

/// Lists what is wrong with the folder, and gives the migrations where they make a history.
pub(super) fn check(check: &mut Check<'_>) -> Option<Vec<Migration>> {
    let folder = check.folder;
    for path in &folder.leftovers {
        let found = Finding::new(Code::Leftover, format!("{} is what an interrupted run left", name(path)));
        check.found(found.at(Place::of(path)).help("remove it"));
    }
    for path in &folder.strange {
        let found = Finding::new(Code::StrangeFile, format!("{} is not a migration", name(path)));
        check.found(found.at(Place::of(path)).help("move it elsewhere; nothing reads it"));
    }
    if let Some(draft) = &folder.draft {
        let found = Finding::new(Code::Draft, "the draft of the next migration is not sealed").level(error_in_ci());
        check.found(found.at(Place::of(&draft.path)).help("run `piccolo-codegen diff`"));
    }
    let before = check.findings.len();
    let mut migrations = Vec::with_capacity(folder.migrations.len());
    for folder in &folder.migrations {
        strange_files(check, folder);
        odd_id(check, folder);
        let faults = folder.faults();
        for fault in &faults {
            let code = match fault.kind {
                FaultKind::Missing => Code::MissingFile,
                FaultKind::Manifest => Code::UnreadableManifest,
                FaultKind::Untrue => Code::UntrueManifest,
            };
            let place = Place::line(&fault.path, fault.line.unwrap_or(1));
            check.found(Finding::new(code, format!("{}: {}", folder.id, fault.reason)).at(place));
        }
        untrue_decisions(check, folder);
        scripts(check, folder);
        if faults.is_empty()
            && let Ok(migration) = folder.migration()
        {
            missing_engines(check, folder, &migration);
            migrations.push(migration);
        }
    }
    parents(check, &migrations);
    copies(check, &migrations);
    let broken = check.findings.iter().skip(before).any(|finding| finding.level == super::Level::Error);
    (!broken).then_some(migrations)
}

/// The last part of a path.
fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn strange_files(check: &mut Check<'_>, folder: &MigrationFolder) {
    let scripts = Dialect::ALL
        .into_iter()
        .flat_map(|dialect| [Direction::Up, Direction::Down].map(|direction| script_name(direction, dialect)));
    let ours: Vec<String> = scripts.chain([MANIFEST_FILE.to_owned()]).collect();
    for other in &folder.others {
        let found = Finding::new(Code::StrangeFile, format!("{}: nothing reads {other}", folder.id));
        let help = match nearest(other, ours.iter().map(String::as_str)) {
            Some(near) => format!("is it meant to be {near}?"),
            None => "move it elsewhere".to_owned(),
        };
        check.found(found.at(Place::of(&folder.path.join(other))).help(help));
    }
}

fn odd_id(check: &mut Check<'_>, folder: &MigrationFolder) {
    if !id::is_canonical(&folder.id) {
        let found = Finding::new(Code::OddId, format!("{} is not a UTC second and a slug", folder.id));
        check.found(found.at(Place::of(&folder.path)).help("an id looks like 2026-11-22T10-44-37_add_members"));
    }
}

/// Decisions that could not be taken once more, and parents that are named twice.
fn untrue_decisions(check: &mut Check<'_>, folder: &MigrationFolder) {
    let Ok(manifest) = folder.manifest() else { return };
    let place = |word: &str| Place::line(&folder.path.join(MANIFEST_FILE), folder.manifest_line(word).unwrap_or(1));
    if let Err(message) = Decisions::try_from(&manifest.decisions) {
        let found = Finding::new(Code::UntrueManifest, format!("{}: a decision cannot be read: {message}", folder.id));
        check.found(
            found
                .at(place("[decisions]"))
                .help("decisions are written as their flags are, `band.name=title` for instance"),
        );
    }
    let mut seen = BTreeSet::new();
    for parent in manifest.parents.iter().filter(|parent| !seen.insert(parent.as_str())) {
        let found = Finding::new(Code::UntrueManifest, format!("{}: {parent} stands twice in `parents`", folder.id));
        check.found(found.at(place(parent)).help("name it once"));
    }
}

/// Scripts that cannot be read.
fn scripts(check: &mut Check<'_>, folder: &MigrationFolder) {
    for dialect in Dialect::ALL {
        for direction in [Direction::Up, Direction::Down] {
            let file = script_name(direction, dialect);
            let Some(text) = folder.texts.get(&file) else { continue };
            if let Err(error) = Script::parse(text, dialect) {
                let found = Finding::new(Code::UnreadableScript, format!("{}, {file}: {}", folder.id, error.message));
                check.found(found.at(Place::line(&folder.path.join(&file), error.line)));
            }
        }
    }
}

fn missing_engines(check: &mut Check<'_>, folder: &MigrationFolder, migration: &Migration) {
    for dialect in &check.settings.engines.clone() {
        if migration.scripts(*dialect).is_none() {
            let found = Finding::new(
                Code::MissingEngine,
                format!("{} has no scripts for {dialect}, which `engines` of the configuration names", folder.id),
            );
            let line = folder.manifest_line("engines").unwrap_or(1);
            let help = format!(
                "add up.{dialect}.sql and down.{dialect}.sql by hand and name {dialect} in its `engines`, or take {dialect} out of piccolo.toml"
            );
            check.found(found.at(Place::line(&folder.path.join(MANIFEST_FILE), line)).help(help));
        }
    }
}

/// Parents that are not there, that are each other's, or that sort behind.
fn parents(check: &mut Check<'_>, migrations: &[Migration]) {
    let folders = &check.folder.migrations;
    let known: BTreeSet<&str> = folders.iter().map(|folder| folder.id.as_str()).collect();
    let mut complete = true;
    for migration in migrations {
        let Some(folder) = folders.iter().find(|folder| folder.id == migration.id) else { continue };
        for parent in migration.parents.iter() {
            let line = folder.manifest_line(parent).unwrap_or(1);
            let place = Place::line(&folder.path.join(MANIFEST_FILE), line);
            if !known.contains(parent.as_ref()) {
                complete = false;
                let found =
                    Finding::new(Code::MissingParent, format!("{} comes after {parent}, which is missing", folder.id));
                let help = match nearest(parent, known.iter().copied()) {
                    Some(near) => {
                        format!("is {near} meant? Otherwise bring the folder back, or merge the branch that holds it")
                    }
                    None => {
                        "bring its folder back, for instance from version control, or merge the branch that holds it"
                            .to_owned()
                    }
                };
                check.found(found.at(place).help(help));
            } else if parent.as_ref() > folder.id.as_str() {
                let found =
                    Finding::new(Code::Order, format!("{} sorts before {parent}, which it comes after", folder.id));
                check.found(found.at(place));
            }
        }
    }
    if complete && let Err(history::HistoryError::Cycle { ids }) = history::order(migrations) {
        let first = folders.iter().find(|folder| ids.contains(&folder.id));
        let found = Finding::new(
            Code::Cycle,
            format!("these migrations are each other's parents, so none can be first: {}", ids.join(", ")),
        )
        .help("correct `parents` in their migration.toml");
        check.found(match first {
            Some(folder) => {
                let line = folder.manifest_line("parents").unwrap_or(1);
                found.at(Place::line(&folder.path.join(MANIFEST_FILE), line))
            }
            None => found,
        });
    }
}

/// Folders that were copied: the same parents and the same statements under another id.
fn copies(check: &mut Check<'_>, migrations: &[Migration]) {
    let mut seen: BTreeMap<(Vec<&str>, Vec<String>), &str> = BTreeMap::new();
    for migration in migrations {
        let parents: Vec<&str> = migration.parents.iter().map(AsRef::as_ref).collect();
        let checksums: Vec<String> = Dialect::ALL
            .into_iter()
            .filter_map(|dialect| {
                let script = Script::parse(&migration.scripts(dialect)?.up, dialect).ok()?;
                (script.checksum() != Checksum::of::<&str>([])).then(|| script.checksum().to_string())
            })
            .collect();
        if checksums.is_empty() {
            continue;
        }
        match seen.get(&(parents.clone(), checksums.clone())) {
            Some(first) => {
                let found = Finding::new(Code::Copy, format!("{} is {first} once more", migration.id));
                let place = check.folder.migrations.iter().find(|folder| folder.id == migration.id);
                let found = match place {
                    Some(folder) => found.at(Place::of(&folder.path.join(MANIFEST_FILE))),
                    None => found,
                };
                check.found(found.help("remove one of the two: that which has not been applied anywhere"));
            }
            None => {
                seen.insert((parents, checksums), &migration.id);
            }
        }
    }
}
