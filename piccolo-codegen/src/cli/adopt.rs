//! `adopt`: the first migration and the snapshot of a database that was made without Piccolo.

mod held;

use clap::Args;
use piccolo_runtime::Engine;
use piccolo_runtime::introspect::{self, Shape, differences};
use piccolo_runtime::migrate::{Migrations, Problem};
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;
use serde_json::{Value, json};

use super::diff::{Work, print_files};
use super::exit::{Failure, Outcome, Status};
use super::proof::{Verdict, prove, scratch_url};
use super::terminal::{Format, Terminal};
use super::{database, id};
use crate::adopt::{Adopted, Guide, Held, Note, adopt, adopt_holding};
use crate::change::Decisions;
use crate::config::Settings;
use crate::migration::{self, Migration};
use crate::plan::{self, Options};
use crate::project::{self, shown};
use crate::proof::{self, Grounds};
use crate::source::Sources;
use crate::{print, schema_from_sources};

/// What `adopt` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The database; otherwise DATABASE_URL, or the one in piccolo.toml.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// What the migration is called.
    #[arg(long, default_value = "adopt")]
    name: String,
    /// Record the migration as applied on this database, which has what it creates.
    #[arg(long, conflicts_with = "dry_run")]
    fake: bool,
    /// Write nothing; print the schema and the files that would be written.
    #[arg(long)]
    dry_run: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Outcome {
    let slug = id::slug(&arguments.name)?;
    let Some(folder) = &settings.migrations else {
        return Err(Failure::bad_input("this application has no migrations by its own choice"));
    };
    if !project::read_folder(folder)?.migrations.is_empty() {
        return Err(Failure::bad_input(format!(
            "{} holds migrations already: `adopt` writes the first one; what came to the database by hand since belongs into the schema",
            shown(folder).display()
        )));
    }
    let url = database::url(arguments.url.as_deref(), settings)?;
    let known = existing_schema(settings)?;
    let found = database::block_on(look(&url, settings, known.as_ref()))
        .map_err(|failure| failure.about(&database::without_password(&url)))?;
    let printed = print::schema(&found.adopted.schema);
    let mut sources = Sources::new();
    sources.add("<the adopted schema>", &printed);
    let lowered = schema_from_sources(&sources, &settings.engines)
        .map_err(|diagnostics| not_sayable(&found, diagnostics, terminal))?;
    let work = Work::first(settings, lowered);
    let schema = &work.new.schema;
    let differences = database::block_on(compare(schema, &found, settings))?;
    let outcome = plan::author(&work.old, schema, &Decisions::default(), &settings.engines, Options::default())
        .map_err(Failure::bad_input)?;
    let Some(authored) = outcome.authored else {
        tell(&found.adopted, &differences, terminal);
        return Err(Failure::new(
            "the database holds nothing that the schema language can say, so there is nothing to adopt",
        ));
    };
    let decisions = Decisions::default();
    let id = work.next_id(&slug);
    let planned =
        Migration { id: &id, parents: &[], authored: &authored, decisions: &decisions, proven: &[], notes: &[] };
    let verdict: Verdict = prove(&planned, (&work.old, schema, work.new.warnings.sources()), settings, terminal)?;
    let files = migration::files(&Migration { proven: &verdict.proven, notes: &verdict.notes, ..planned });
    if arguments.dry_run {
        if terminal.format != Format::Json {
            terminal.data(&printed);
        }
        print_files(&id, &files, terminal);
        tell(&found.adopted, &differences, terminal);
        return Ok(Status::Fine);
    }
    let written = work.write_files(&id, &files, Some(&print::snapshot(schema)))?;
    let schema_file = match known {
        Some(_) => None,
        None => {
            project::write(&settings.schema, &print::schema(schema))?;
            Some(shown(&settings.schema).display().to_string())
        }
    };
    let recorded = record(arguments, &url, settings, terminal)?;
    if terminal.format == Format::Json {
        terminal.data(json!({
            "id": id, "folder": written, "schema": schema_file, "recorded": recorded,
            "unsaid": notes(&found.adopted.unsaid), "assumed": notes(&found.adopted.assumed), "differences": differences,
        }));
    } else {
        terminal.data(&written);
        tell(&found.adopted, &differences, terminal);
        verdict.tell(terminal);
    }
    if !recorded {
        terminal.say(format_args!(
            "the database does not know the migration yet: `piccolo-codegen migration forwards {id} --fake` records it, and no later one \
             (without a terminal to ask on, add `--yes`)"
        ));
    }
    Ok(Status::Fine)
}

/// A database, read.
struct Found {
    dialect: Dialect,
    live: Shape,
    adopted: Adopted,
}

/// The schema that there is already, whose names are taken over.
fn existing_schema(settings: &Settings) -> Result<Option<Schema>, Failure> {
    if !settings.schema.exists() {
        return Ok(None);
    }
    let sources = project::read_schema(settings)?;
    Ok(Some(schema_from_sources(&sources, &settings.engines)?.schema))
}

/// Reads the database.
async fn look(url: &str, settings: &Settings, known: Option<&Schema>) -> Result<Found, Failure> {
    // A database that is not there is a mistake in the url, and not to be created.
    let engine = Engine::builder(url).create_if_missing(false).connect().await?;
    let dialect = engine.dialect();
    let status = Migrations::loaded(Vec::new()).status(&engine).await;
    let live = introspect::read(&engine, &introspect::Options::new()).await;
    let (status, live) = (status?, live?);
    let held = match status.problems.is_empty() {
        true => held::held(&engine, &live, &adopt(&live, &settings.engines, None).schema).await,
        false => Ok(Held::new()),
    };
    engine.close().await;
    let held = held?;
    if let Some(Problem::Unknown { ids, .. }) = status.problems.first() {
        return Err(Failure::bad_input(format!(
            "the database has been migrated by Piccolo already ({}); bring these migrations back, for instance from version control",
            ids.join(", ")
        )));
    }
    if !settings.engines.contains(&dialect) {
        return Err(Failure::bad_input(format!(
            "the database is {dialect}, which `engines` of the configuration does not name"
        )));
    }
    let adopted = match known {
        Some(schema) => {
            let grounds = Grounds::open(&[dialect], scratch_url(settings).as_deref()).await;
            let shape = proof::fresh(&grounds, dialect, schema).await;
            grounds.close().await;
            // Without a scratch database the schema's names are not known to fit; everything is then raised anew.
            let guide = shape.as_ref().ok().map(|shape| Guide { schema, shape });
            adopt_holding(&live, &settings.engines, guide, &held)
        }
        None => adopt_holding(&live, &settings.engines, None, &held),
    };
    Ok(Found { dialect, live, adopted })
}

/// What differs between the database and one that the adopted schema creates, apart from what is left out.
async fn compare(schema: &Schema, found: &Found, settings: &Settings) -> Result<Vec<String>, Failure> {
    let grounds = Grounds::open(&[found.dialect], scratch_url(settings).as_deref()).await;
    let fresh = proof::fresh(&grounds, found.dialect, schema).await;
    grounds.close().await;
    match fresh {
        Ok(fresh) => {
            let live = found.live.clone().without_objects();
            let listed = differences(&live, &fresh).into_iter();
            Ok(listed.map(|difference| difference.describe("the database", "what the migration creates")).collect())
        }
        Err(refutation) => Ok(vec![format!("this was not compared: {refutation}")]),
    }
}

/// The failure of a schema that could be raised and not be read again.
fn not_sayable(found: &Found, diagnostics: crate::diagnostic::Diagnostics, terminal: &Terminal) -> Failure {
    tell(&found.adopted, &[], terminal);
    super::diagnostics::show(&diagnostics, terminal);
    Failure::new(format!(
        "parts of the database cannot be said in the schema language; nothing was written. \
         Change them in the database; or, where only the other engine lacks them, write migrations for this one alone: \
         `engines = [\"{}\"]` in piccolo.toml",
        found.dialect
    ))
}

/// Records the migration as applied, if that is wanted.
fn record(arguments: &Arguments, url: &str, settings: &Settings, terminal: &Terminal) -> Result<bool, Failure> {
    let question = "Record the migration as applied on this database?";
    if !(arguments.fake || terminal.confirm(question).unwrap_or(false)) {
        return Ok(false);
    }
    let input = project::Input::read(settings)?;
    let migrations = Migrations::loaded(input.migrations.unwrap_or_default());
    database::block_on(async {
        let engine = database::connect(url, &settings.engine).await?;
        let result = migrations.fake(&engine, "all").await;
        engine.close().await;
        result.map(|_| true).map_err(Failure::from)
    })
}

/// Tells what was left out, what was assumed and what differs.
fn tell(adopted: &Adopted, differences: &[String], terminal: &Terminal) {
    let list = |heading: &str, notes: &[Note]| {
        if !notes.is_empty() {
            let lines: Vec<String> = notes.iter().map(|note| format!("  {note}\n    {}", note.way_out)).collect();
            terminal.warn(format_args!("{heading}:\n{}", lines.join("\n")));
        }
    };
    list("the schema language cannot say, so this is not in the schema", &adopted.unsaid);
    list("the database does not say, so this was assumed", &adopted.assumed);
    if !differences.is_empty() {
        terminal.warn(format_args!(
            "the database differs from what the migration creates on a new one; a migration that touches the table can bring it there:\n  {}",
            differences.join("\n  ")
        ));
    }
}

fn notes(notes: &[Note]) -> Vec<Value> {
    let note = |note: &Note| json!({ "place": note.place, "what": note.what, "way_out": note.way_out });
    notes.iter().map(note).collect()
}
