//! `diff`: authors a migration from the snapshot to the schema.

mod rebase;
mod resolve;

use chrono::Utc;
use clap::Args;
use piccolo_runtime::migrate::{self, history};
use piccolo_runtime::schema::{QualifiedName, Schema};
use serde_json::json;

use super::decisions::DecisionFlags;
use super::exit::{Failure, Outcome, Status};
use super::proof::{self, Verdict};
use super::terminal::{Format, Terminal};
use super::{id, questions};
use crate::change::Decisions;
use crate::config::Settings;
use crate::diff::diff;
use crate::lower::Lowered;
use crate::migration::{self, File, Migration};
use crate::plan::{self, Authored, Options, Question};
use crate::project::{self, Input, Snapshot};
use crate::source::Sources;
use crate::{print, schema_from_sources, snapshot_from_sources, syntax};

/// What `diff` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What the migration is called; otherwise its first change says it.
    #[arg(long)]
    name: Option<String>,
    /// Write nothing; exit with 1 if a migration is due.
    #[arg(long, conflicts_with = "dry_run")]
    check: bool,
    /// Write nothing; print the files that would be written.
    #[arg(long)]
    dry_run: bool,
    /// Prove nothing: do not try the migration on scratch databases. Its files say so.
    #[arg(long)]
    no_verify: bool,
    /// Plan for a Postgres that is in use: short locks at the price of more steps, which do not succeed or fail together. Otherwise
    /// `online` in piccolo.toml decides
    #[arg(long, value_name = "true|false", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    online: Option<bool>,
    #[command(flatten)]
    decisions: DecisionFlags,
    /// After a merge: write the snapshot anew from the schema, once replaying all migrations gives that schema.
    #[arg(long, conflicts_with_all = ["name", "check", "dry_run", "rebase"])]
    resolve: bool,
    /// After a merge: plan this migration, and what builds on it, anew on top of the others. It must not have been applied.
    #[arg(long, value_name = "ID", conflicts_with = "check")]
    rebase: Option<String>,
    /// Say that the migration of `--rebase` has not been applied anywhere, and look at no database.
    #[arg(long, requires = "rebase")]
    not_applied: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Outcome {
    if arguments.resolve {
        return resolve::run(settings, terminal);
    }
    if let Some(id) = &arguments.rebase {
        return rebase::run(id, arguments, settings, terminal);
    }
    let work = Work::read(settings)?;
    if !work.new.warnings.is_empty() {
        terminal.say(&work.new.warnings);
    }
    let mut decisions = Decisions { renames: work.new.renames.clone(), ..Decisions::default() };
    arguments.decisions.add_to(&mut decisions);
    if arguments.check {
        // Whether a migration is due needs no decision.
        let diff = diff(&work.old, &work.new.schema, &decisions.renames);
        let changes = diff.changes.describe();
        return if changes.is_empty() { no_changes(&diff.reordered, terminal) } else { due(&changes, terminal) };
    }
    let options = Options { online: arguments.online.unwrap_or(settings.online) };
    let Some(authored) = decide(&work, &mut decisions, settings, options, terminal)? else {
        return no_changes(&diff(&work.old, &work.new.schema, &decisions.renames).reordered, terminal);
    };
    let slug = match &arguments.name {
        Some(name) => id::slug(name)?,
        None => id::slug_of(&authored.changes),
    };
    let how = Writing { dry_run: arguments.dry_run, verify: !arguments.no_verify };
    work.write(&authored, &decisions, &slug, how, terminal)
}

/// Plans, and asks for what is open, until everything is decided. `None` if there is nothing to do.
fn decide(
    work: &Work,
    decisions: &mut Decisions,
    settings: &Settings,
    options: Options,
    terminal: &Terminal,
) -> Result<Option<Authored>, Failure> {
    let mut told = false;
    loop {
        let mut outcome = plan::author(&work.old, &work.new.schema, decisions, &settings.engines, options)
            .map_err(Failure::bad_input)?;
        // What was renamed decides whether the other questions are asked at all.
        outcome.questions.sort_by_key(|question| !may_be_a_rename(question));
        if let Some(unused) = outcome.unused.first() {
            return Err(Failure::bad_input(format!(
                "`{unused}` fits no change between the snapshot and the schema{}",
                questions::open(&outcome.questions)
            )));
        }
        if !std::mem::replace(&mut told, true) {
            // Whoever wrote these meant something, and should know before answering questions about it.
            for hint in outcome.idle.iter().filter(|hint| !hint.is_done()) {
                terminal.warn(format_args!("hint: {hint}"));
            }
        }
        let Some(question) = outcome.questions.first() else {
            for hint in outcome.idle.iter().filter(|hint| hint.is_done()) {
                terminal.say(format_args!("hint: {hint} and can be removed from the schema"));
            }
            return Ok(outcome.authored);
        };
        if !(terminal.interactive() && questions::ask(question, decisions, terminal)?) {
            return Err(questions::report(&outcome.questions, terminal));
        }
    }
}

/// Whether an answer to the question is a rename.
fn may_be_a_rename(question: &Question) -> bool {
    question.answers.iter().filter_map(|answer| answer.flag.as_deref()).any(|flag| flag.starts_with("--rename "))
}

/// How a migration is written.
#[derive(Clone, Copy, Debug)]
pub(super) struct Writing {
    /// Whether it is printed instead.
    pub(super) dry_run: bool,
    /// Whether it is proven before.
    pub(super) verify: bool,
}

/// What a migration is made from.
pub(super) struct Work<'s> {
    settings: &'s Settings,
    /// The schema after the newest migration.
    pub(super) old: Schema,
    /// The schema as it is.
    pub(super) new: Lowered,
    /// The migrations that there are.
    pub(super) migrations: Vec<migrate::Migration>,
    /// The ids of migrations that are about to go: a new one takes none of them.
    pub(super) retired: Vec<String>,
}

impl<'s> Work<'s> {
    /// The first migration of an application, to this schema.
    pub(super) fn first(settings: &'s Settings, new: Lowered) -> Self {
        Self { settings, old: Schema::EMPTY, new, migrations: Vec::new(), retired: Vec::new() }
    }

    /// Reads the schema, the snapshot and the migrations.
    pub(super) fn read(settings: &'s Settings) -> Result<Self, Failure> {
        let Input { schema, snapshot, migrations, .. } = Input::read(settings)?;
        let migrations = migrations.unwrap_or_default();
        let new = schema_from_sources(&schema, &settings.engines)?;
        let old = match snapshot {
            Some(Snapshot::Text(sources)) => {
                check_format(&sources)?;
                snapshot_from_sources(&sources, &new.schema, &settings.engines)?
            }
            Some(Snapshot::Missing) if migrations.is_empty() => Schema::EMPTY,
            Some(Snapshot::Missing) => {
                return Err(Failure::bad_input(
                    "there are migrations but no snapshot `schema.piccolo` beside them; bring it back, for instance from version control",
                ));
            }
            None => return Err(Failure::bad_input("this application has no migrations by its own choice")),
        };
        Ok(Self { settings, old, new, migrations, retired: Vec::new() })
    }

    /// Proves a planned migration, writes it, or prints it, and tells what it does.
    pub(super) fn write(
        &self,
        authored: &Authored,
        decisions: &Decisions,
        slug: &str,
        how: Writing,
        terminal: &Terminal,
    ) -> Outcome {
        let id = self.next_id(slug);
        let parents = self.parents()?;
        let planned = Migration { id: &id, parents: &parents, authored, decisions, proven: &[], notes: &[] };
        let verdict = if how.verify {
            let between = (&self.old, &self.new.schema, self.new.warnings.sources());
            proof::prove(&planned, between, self.settings, terminal)?
        } else {
            Verdict::nothing(&self.settings.engines)
        };
        let files = migration::files(&Migration { proven: &verdict.proven, notes: &verdict.notes, ..planned });
        let snapshot = print::snapshot(&self.new.schema);
        if how.dry_run {
            print_files(&id, &files, terminal);
            return Ok(Status::Fine);
        }
        let folder = self.write_files(&id, &files, Some(&snapshot))?;
        // What a draft showed is now a migration.
        self.settings.migrations.as_deref().map_or(Ok(()), project::remove_draft)?;
        let risks: Vec<String> = authored.risks.iter().map(ToString::to_string).collect();
        match terminal.format {
            Format::Json => terminal.data(json!({
                "id": id, "folder": folder, "changes": authored.changes, "risks": risks, "losses": authored.losses,
                "proven": verdict.proven.iter().map(|dialect| dialect.name()).collect::<Vec<_>>(),
                "notes": verdict.notes.iter().map(|(_, note)| note).collect::<Vec<_>>(),
            })),
            Format::Human | Format::Github => terminal.data(&folder),
        }
        tell("changes", &authored.changes, terminal);
        tell("risks", &risks, terminal);
        tell("undoing it cannot bring back", &authored.losses, terminal);
        verdict.tell(terminal);
        Ok(Status::Fine)
    }

    /// Writes the files of a migration and gives its folder.
    pub(super) fn write_files(&self, id: &str, files: &[File], snapshot: Option<&str>) -> Result<String, Failure> {
        let Some(migrations) = &self.settings.migrations else {
            return Err(Failure::bad_input("this application has no migrations by its own choice"));
        };
        Ok(project::shown(&project::write_migration(migrations, id, files, snapshot)?).display().to_string())
    }

    /// An id for a new migration.
    pub(super) fn next_id(&self, slug: &str) -> String {
        let known = self.migrations.iter().map(|migration| migration.id.as_ref());
        id::next(Utc::now(), slug, known.chain(self.retired.iter().map(String::as_str)))
    }

    /// What a new migration builds on: those that nothing builds on yet.
    pub(super) fn parents(&self) -> Result<Vec<String>, Failure> {
        history::heads(&self.migrations).map_err(Failure::bad_input)
    }
}

/// Refuses a snapshot that a newer program wrote, or that lost its first line.
fn check_format(snapshot: &Sources) -> Result<(), Failure> {
    for file in snapshot.iter() {
        if syntax::has_markers(&file.text) {
            return Err(Failure::bad_input(format!(
                "git could not merge {} by itself; merge the schema, then run `piccolo-codegen diff --resolve`",
                file.name
            )));
        }
        match print::snapshot_format(&file.text) {
            Some(1) => {}
            Some(newer) => {
                return Err(Failure::bad_input(format!(
                    "{} has format {newer}, which this piccolo-codegen does not know; use the one that wrote it",
                    file.name
                )));
            }
            None => {
                return Err(Failure::bad_input(format!(
                    "{} does not begin with the line that makes it a snapshot; bring it back, for instance from version control",
                    file.name
                )));
            }
        }
    }
    Ok(())
}

/// Says that no migration is due, and which tables have their columns in another order all the same.
fn no_changes(reordered: &[&QualifiedName], terminal: &Terminal) -> Outcome {
    let names: Vec<String> = reordered.iter().map(ToString::to_string).collect();
    if terminal.format == Format::Json {
        terminal.data(json!({ "changes": [], "reordered": names }));
    }
    if !names.is_empty() {
        terminal.say(format_args!(
            "the columns of {} stand in another order: that is no change to storage, and no migration is needed for it",
            names.join(", ")
        ));
    }
    terminal.say("no changes: the schema is what the newest migration leaves");
    Ok(Status::Fine)
}

/// Says that a migration is due.
fn due(changes: &[String], terminal: &Terminal) -> Outcome {
    match terminal.format {
        Format::Human => changes.iter().for_each(|change| terminal.data(change)),
        Format::Json => terminal.data(json!({ "changes": changes })),
        Format::Github => {
            for change in changes {
                terminal.annotate("error", "", "A migration is due", change);
            }
        }
    }
    terminal.warn("a migration is due: run `piccolo-codegen diff`");
    Ok(Status::Finding)
}

fn tell(what: &str, lines: &[String], terminal: &Terminal) {
    if !lines.is_empty() {
        terminal.say(format_args!("{what}:\n  {}", lines.join("\n  ")));
    }
}

/// Prints files as one text, each under its name.
pub(super) fn print_files(id: &str, files: &[File], terminal: &Terminal) {
    if terminal.format == Format::Json {
        let texts: serde_json::Map<String, serde_json::Value> =
            files.iter().map(|file| (file.name.clone(), file.text.clone().into())).collect();
        terminal.data(json!({ "id": id, "files": texts }));
        return;
    }
    for file in files {
        terminal.data(format_args!("==> {id}/{} <==\n{}", file.name, file.text));
    }
}
