//! `diff --rebase <id>`: plans a migration anew on top of all others, as long as it has not been applied.
//!
//! What the others give is known by replaying them; which *schema* that is, names and all, is a guess that the replay then proves: the
//! sides of a conflict in the snapshot, its versions in git, and at last the replayed database itself, raised to a schema.

use std::collections::BTreeSet;

use piccolo_runtime::Engine;
use piccolo_runtime::introspect::Shape;
use piccolo_runtime::migrate::pending::position;
use piccolo_runtime::migrate::{Migration, Migrations, State, history};
use piccolo_runtime::schema::Schema;

use super::{Arguments, Work, Writing, decide};
use crate::adopt::{Guide, adopt};
use crate::change::Decisions;
use crate::cli::decisions::DecisionFlags;
use crate::cli::exit::{Failure, Outcome, Status};
use crate::cli::git::Git;
use crate::cli::proof::scratch_url;
use crate::cli::terminal::Terminal;
use crate::cli::{database, id, replayed};
use crate::config::Settings;
use crate::lower::Lowered;
use crate::migration::{File, MANIFEST_FILE, Manifest};
use crate::plan::{self, Options};
use crate::project::{self, Folder, MigrationFolder, shown};
use crate::proof::{self, Grounds};
use crate::source::Sources;
use crate::{print, schema_from_sources, syntax};

/// Plans anew.
pub(super) fn run(wanted: &str, arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Outcome {
    let Some(path) = &settings.migrations else {
        return Err(Failure::bad_input("this application has no migrations by its own choice"));
    };
    let new = schema_from_sources(&project::read_schema(settings)?, &settings.engines)?;
    let folder = project::read_folder(path)?;
    let migrations: Result<Vec<_>, _> = folder.migrations.iter().map(MigrationFolder::migration).collect();
    let migrations = migrations.map_err(crate::Error::from)?;
    let mine = mine(wanted, &migrations)?;
    not_applied(&mine, &migrations, arguments, settings)?;
    let retired: Vec<String> = mine.iter().cloned().collect();
    let (mine, others): (Vec<Migration>, Vec<Migration>) =
        migrations.into_iter().partition(|migration| mine.contains(migration.id.as_ref()));
    let mine: Vec<&MigrationFolder> =
        folder.migrations.iter().filter(|folder| mine.iter().any(|migration| migration.id == folder.id)).collect();
    let manifests: Result<Vec<Manifest>, _> = mine.iter().map(|folder| folder.manifest()).collect();
    let manifests = manifests.map_err(crate::Error::from)?;
    if let ([by_hand], [manifest]) = (mine.as_slice(), manifests.as_slice())
        && manifest.changes.is_empty()
    {
        return move_by_hand(
            by_hand,
            manifest,
            Work { settings, old: Schema::EMPTY, new, migrations: others, retired },
            arguments,
            terminal,
        );
    }
    if let Some((by_hand, _)) = mine.iter().zip(&manifests).find(|(_, manifest)| manifest.changes.is_empty()) {
        return Err(Failure::bad_input(format!(
            "{} was written by hand and builds on what is to be planned anew, so its SQL has to be looked at by hand: rebase {} first",
            by_hand.id, by_hand.id
        )));
    }
    let old = database::block_on(schema_of(&others, &folder, &new, settings))?;
    let work = Work { settings, old, new, migrations: others, retired };
    let mut decisions = Decisions { renames: work.new.renames.clone(), ..Decisions::default() };
    for manifest in &manifests {
        let taken = Decisions::try_from(&manifest.decisions).map_err(Failure::bad_input)?;
        decisions.extend(taken);
    }
    let planned_online = manifests.iter().any(|manifest| manifest.online);
    let options = Options { online: arguments.online.unwrap_or(settings.online || planned_online) };
    forget_unused(&work, &mut decisions, settings, options)?;
    arguments.decisions.add_to(&mut decisions);
    let slug = match (&arguments.name, mine.first()) {
        (Some(name), _) => id::slug(name)?,
        (None, Some(first)) => id::slug(first.id.split_once('_').map_or(first.id.as_str(), |(_, slug)| slug))?,
        (None, None) => return Err(Failure::bad_input(format!("no migration has the id {wanted}"))),
    };
    let status = match decide(&work, &mut decisions, settings, options, terminal)? {
        Some(authored) => {
            let how = Writing { dry_run: arguments.dry_run, verify: !arguments.no_verify };
            work.write(&authored, &decisions, &slug, how, terminal)?
        }
        None => {
            terminal.say("the others do all of it already");
            if !arguments.dry_run {
                let snapshot = print::snapshot(&work.new.schema);
                settings.snapshot().map_or(Ok(()), |path| project::write(&path, &snapshot))?;
            }
            Status::Fine
        }
    };
    if !arguments.dry_run {
        for folder in mine {
            project::remove_migration(&folder.path)?;
            terminal.say(format_args!("removed {}", shown(&folder.path).display()));
        }
    }
    Ok(status)
}

/// The migration that is meant, by its id, its name or a unique beginning, and all that build on it.
fn mine(wanted: &str, migrations: &[Migration]) -> Result<BTreeSet<String>, Failure> {
    let ids: Vec<&str> = migrations.iter().map(|migration| migration.id.as_ref()).collect();
    let first = position(wanted, &ids).map_err(Failure::bad_input)?;
    let first = ids.get(first).map(|id| (*id).to_owned()).unwrap_or_default();
    let mut mine = BTreeSet::from([first]);
    for migration in history::order(migrations).map_err(Failure::bad_input)? {
        if migration.parents.iter().any(|parent| mine.contains(parent.as_ref())) {
            mine.insert(migration.id.to_string());
        }
    }
    Ok(mine)
}

/// Makes sure that no database has run what is about to go.
fn not_applied(
    mine: &BTreeSet<String>,
    migrations: &[Migration],
    arguments: &Arguments,
    settings: &Settings,
) -> Result<(), Failure> {
    if arguments.not_applied {
        return Ok(());
    }
    let unknown = |reason: String| {
        Failure::decision(format!(
            "it cannot be told whether it has been applied ({reason}); if it has not, say so: add `--not-applied`"
        ))
    };
    let url = database::url(None, settings).map_err(|_| unknown("no database is named".to_owned()))?;
    let shown = database::without_password(&url);
    let all = Migrations::loaded(migrations.to_vec());
    let status = database::block_on(async {
        // A database that is not there is not to be created.
        let engine = Engine::builder(&url).create_if_missing(false).connect().await?;
        let status = all.status(&engine).await;
        engine.close().await;
        Ok(status?)
    })
    .map_err(|failure| unknown(failure.to_string()))?;
    let applied = |(id, state): &&(String, State)| mine.contains(id) && *state != State::Pending;
    match status.migrations.iter().find(applied) {
        Some((id, state)) => Err(Failure::new(format!(
            "{id} is {state} on {shown}, so it stays as it is. Undo it first (`piccolo-codegen migration backwards {id}`), \
             or put what has to change into a new migration"
        ))),
        None => Ok(()),
    }
}

/// Gives a migration that was written by hand another id and all the others as its parents.
fn move_by_hand(
    folder: &MigrationFolder,
    manifest: &Manifest,
    work: Work<'_>,
    arguments: &Arguments,
    terminal: &Terminal,
) -> Outcome {
    let slug = id::slug(folder.id.split_once('_').map_or(folder.id.as_str(), |(_, slug)| slug))?;
    let id = work.next_id(&slug);
    let manifest = Manifest { parents: work.parents()?, proven: Vec::new(), ..manifest.clone() };
    let mut files = vec![File { name: MANIFEST_FILE.to_owned(), text: manifest.to_string() }];
    let scripts = folder.texts.iter().filter(|(name, _)| *name != MANIFEST_FILE);
    files.extend(scripts.map(|(name, text)| File { name: name.clone(), text: text.replace(&folder.id, &id) }));
    if arguments.dry_run {
        super::print_files(&id, &files, terminal);
        return Ok(Status::Fine);
    }
    terminal.data(work.write_files(&id, &files, None)?);
    project::remove_migration(&folder.path)?;
    terminal.say(format_args!("removed {}", shown(&folder.path).display()));
    terminal.say("it was written by hand: its SQL is as it was, and may need another look");
    Ok(Status::Fine)
}

/// The schema that these migrations give.
async fn schema_of(
    migrations: &[Migration],
    folder: &Folder,
    new: &Lowered,
    settings: &Settings,
) -> Result<Schema, Failure> {
    if migrations.is_empty() {
        return Ok(Schema::EMPTY);
    }
    let grounds = Grounds::open(&settings.engines, scratch_url(settings).as_deref()).await;
    let found = guess(&grounds, migrations, new, settings).await;
    grounds.close().await;
    let ids: Vec<&str> = folder.migrations.iter().map(|folder| folder.id.as_str()).collect();
    found?.ok_or_else(|| {
        Failure::new(format!(
            "no version of the snapshot, neither here nor in git, is what the other migrations give; among {}, some may not fit together: \
             `piccolo-codegen check` says which",
            ids.join(", ")
        ))
    })
}

async fn guess(
    grounds: &Grounds,
    migrations: &[Migration],
    new: &Lowered,
    settings: &Settings,
) -> Result<Option<Schema>, Failure> {
    let shapes = replayed::shapes(grounds, migrations).await?;
    for text in snapshots(settings) {
        let mut sources = Sources::new();
        sources.add("<a version of the snapshot>", &text);
        if let Ok(lowered) = schema_from_sources(&sources, &settings.engines)
            && fits(grounds, &shapes, &lowered.schema).await
        {
            return Ok(Some(lowered.schema));
        }
    }
    // Postgres says more than SQLite.
    for shape in shapes.iter().rev() {
        let known = proof::fresh(grounds, shape.dialect, &new.schema).await.ok();
        let guide = known.as_ref().map(|known| Guide { schema: &new.schema, shape: known });
        let printed = print::schema(&adopt(shape, &settings.engines, guide).schema);
        let mut sources = Sources::new();
        sources.add("<the replayed database>", &printed);
        if let Ok(lowered) = schema_from_sources(&sources, &settings.engines)
            && fits(grounds, &shapes, &lowered.schema).await
        {
            return Ok(Some(lowered.schema));
        }
    }
    Ok(None)
}

/// Whether a schema creates exactly these databases.
async fn fits(grounds: &Grounds, shapes: &[Shape], schema: &Schema) -> bool {
    for shape in shapes {
        match replayed::against(grounds, shape.dialect, shape, schema).await {
            Ok(differences) if differences.is_empty() => {}
            Ok(_) | Err(_) => return false,
        }
    }
    !shapes.is_empty()
}

/// All versions of the snapshot that can be found: the sides of a conflict, and what git has.
fn snapshots(settings: &Settings) -> Vec<String> {
    let (Some(folder), Some(path)) = (&settings.migrations, settings.snapshot()) else { return Vec::new() };
    let mut texts = Vec::new();
    if let Ok(Some(text)) = project::read_text_if_there(&path) {
        if syntax::has_markers(&text) {
            texts.extend(syntax::sides(&text).into_iter().rev());
        } else {
            texts.push(text);
        }
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    texts.extend(Git::at(folder).map(|git| git.versions(&name)).unwrap_or_default());
    let mut seen = BTreeSet::new();
    texts.retain(|text| seen.insert(text.clone()));
    texts
}

/// Takes out what was decided for the old plan and fits nothing in the new one.
fn forget_unused(
    work: &Work<'_>,
    decisions: &mut Decisions,
    settings: &Settings,
    options: Options,
) -> Result<(), Failure> {
    loop {
        let outcome = plan::author(&work.old, &work.new.schema, decisions, &settings.engines, options)
            .map_err(Failure::bad_input)?;
        if outcome.unused.is_empty() {
            return Ok(());
        }
        let before = decisions.clone();
        for unused in &outcome.unused {
            let mut one = Decisions::default();
            DecisionFlags::parse(unused)?.add_to(&mut one);
            decisions.remove(&one);
        }
        if *decisions == before {
            return Ok(());
        }
    }
}
