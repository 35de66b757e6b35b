//! `migration`: run migrations, undo them, see where a database stands, begin one by hand.

mod backwards;
mod forwards;
mod new;
mod progress;
mod status;

use clap::{Args, Subcommand};
use piccolo_runtime::Engine;
use piccolo_runtime::config::EngineSettings;
use piccolo_runtime::migrate::{Direction, Migrations, Preview, Report};
use serde_json::json;

use super::database;
use super::exit::{Failure, Outcome};
use super::terminal::{Format, Terminal};
use crate::config::Settings;

/// The arguments of `migration`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The database; otherwise DATABASE_URL, or the one in piccolo.toml.
    #[arg(long, global = true, value_name = "URL")]
    url: Option<String>,
    #[command(subcommand)]
    command: Command,
}

/// What to do with migrations.
#[derive(Debug, Subcommand)]
enum Command {
    /// Begin a migration that is written by hand, or one that creates some tables.
    New(new::Arguments),
    /// Apply what is pending.
    Forwards(forwards::Arguments),
    /// Undo a migration and all that came after it.
    Backwards(backwards::Arguments),
    /// Show which migrations are applied.
    Status(status::Arguments),
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Outcome {
    let target = || Target::open(arguments, settings, terminal);
    match &arguments.command {
        Command::New(arguments) => new::run(arguments, settings, terminal),
        Command::Forwards(arguments) => forwards::run(arguments, &target()?, terminal),
        Command::Backwards(arguments) => backwards::run(arguments, &target()?, terminal),
        Command::Status(arguments) => status::run(arguments, &target()?, terminal),
    }
}

/// The migrations of the configuration and the database that they are for.
struct Target {
    migrations: Migrations,
    url: String,
    engine: EngineSettings,
}

impl Target {
    fn open(arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Result<Self, Failure> {
        let input = crate::project::Input::read(settings)?;
        let migrations = Migrations::loaded(input.migrations.unwrap_or_default());
        if input.has_draft {
            terminal.say("the draft is no migration, and is left out: `piccolo-codegen diff` makes it one");
        }
        let url = database::url(arguments.url.as_deref(), settings)?;
        terminal.detail(format_args!("database: {}", database::without_password(&url)));
        Ok(Self { migrations, url, engine: settings.engine.clone() })
    }

    /// Opens the database, does the work, and closes it.
    fn with<T>(&self, work: impl AsyncFnOnce(&Engine) -> Result<T, Failure>) -> Result<T, Failure> {
        database::block_on(async {
            let engine = database::connect(&self.url, &self.engine).await?;
            let result = work(&engine).await;
            engine.close().await;
            // The message may be the database's own, and there may be several databases.
            result.map_err(|failure| failure.about(&database::without_password(&self.url)))
        })
    }
}

/// Prints what a run did.
fn print_report(report: &Report, terminal: &Terminal) {
    match terminal.format {
        Format::Human | Format::Github => terminal.say(report),
        Format::Json => {
            terminal.data(json!({ "direction": report.direction.to_string(), "migrations": report.migrations }));
        }
    }
}

/// Prints what a run would send.
fn print_preview(preview: &Preview, direction: Direction, terminal: &Terminal) {
    match (terminal.format, preview.migrations.is_empty()) {
        (Format::Json, _) => terminal
            .data(json!({ "direction": direction.to_string(), "migrations": preview.migrations, "sql": preview.sql })),
        (Format::Human | Format::Github, true) => {
            print_report(&Report { direction, migrations: Vec::new() }, terminal);
        }
        (Format::Human | Format::Github, false) => terminal.data(&preview.sql),
    }
}
