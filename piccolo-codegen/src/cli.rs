//! The command line: the only code of this crate that prints reports, prompts, asks the clock or opens a database.
//!
//! One command is one file. Everything a command computes is a function of the library; a command reads its arguments, calls it
//! and says what came out.
//!
//! | exit status | meaning |
//! |---|---|
//! | 0 | all is well |
//! | 1 | something failed, or a check found something |
//! | 2 | wrong use, or broken input |
//! | 3 | a decision is needed; the report holds the flags that give it |

mod adopt;
mod check;
mod completions;
mod database;
mod decisions;
mod diagnostics;
mod diff;
mod exit;
mod format;
mod generate;
mod git;
mod id;
mod man;
mod migration;
mod proof;
mod questions;
mod refused;
mod repair;
mod replayed;
mod terminal;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{ArgAction, Parser, Subcommand};

use crate::config::{Config, Settings};
use exit::{Failure, Outcome, Reason};
use terminal::{Color, Format, Terminal};

/// Typed Rust tables and migrations from a .piccolo schema.
#[derive(Debug, Parser)]
#[command(name = "piccolo-codegen", version, disable_help_subcommand = true)]
pub struct Cli {
    /// The configuration file; the nearest piccolo.toml otherwise.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// When to colour.
    #[arg(long, global = true, value_enum, default_value_t, value_name = "WHEN")]
    color: Color,
    /// How reports are written.
    #[arg(long, global = true, value_enum, default_value_t)]
    format: Format,
    /// Say only what must not be missed.
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more; twice for even more.
    #[arg(short, long, global = true, action = ArgAction::Count)]
    verbose: u8,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Write the Rust modules, or say that the checked-in ones are stale.
    Generate(generate::Arguments),
    /// Lay schema files out in the canonical form; comments are kept.
    Fmt(format::Arguments),
    /// Author a migration from the schema's changes.
    Diff(diff::Arguments),
    /// Prove that what a branch brings is consistent: the gate in CI.
    Check(check::Arguments),
    /// Write the first migration from a database that was made without Piccolo.
    Adopt(adopt::Arguments),
    /// Edit the journal of a database, where the journal is what is wrong.
    Repair(repair::Arguments),
    /// Run migrations, undo them, see where a database stands.
    #[command(alias = "migrations")]
    Migration(migration::Arguments),
    /// Print the completions of a shell.
    #[command(hide = true)]
    Completions(completions::Arguments),
    /// Write the manual pages.
    #[command(hide = true)]
    Man(man::Arguments),
}

/// Runs the command that the process was called with.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => error.exit(),
    };
    let terminal = Terminal::new(cli.color, cli.format, cli.quiet, cli.verbose);
    match run(&cli, &terminal) {
        Ok(status) => status.into(),
        Err(Failure { status, reason }) => {
            match reason {
                Reason::Message(message) => terminal.error(message),
                Reason::Schema(diagnostics) => diagnostics::show(&diagnostics, &terminal),
            }
            status.into()
        }
    }
}

fn run(cli: &Cli, terminal: &Terminal) -> Outcome {
    match &cli.command {
        Command::Generate(arguments) => generate::run(arguments, &config(cli), terminal),
        Command::Fmt(arguments) => format::run(arguments, &settings(cli)?, terminal),
        Command::Diff(arguments) => diff::run(arguments, &settings(cli)?, terminal),
        Command::Check(arguments) => check::run(arguments, &config(cli), terminal),
        Command::Adopt(arguments) => adopt::run(arguments, &settings(cli)?, terminal),
        Command::Repair(arguments) => repair::run(arguments, &settings(cli)?, terminal),
        Command::Migration(arguments) => migration::run(arguments, &settings(cli)?, terminal),
        Command::Completions(arguments) => completions::run(arguments, terminal),
        Command::Man(arguments) => man::run(arguments, terminal),
    }
}

/// The configuration as the global options leave it.
fn config(cli: &Cli) -> Config {
    match &cli.config {
        Some(file) => Config::new().file(file),
        None => Config::new(),
    }
}

fn settings(cli: &Cli) -> Result<Settings, Failure> {
    config(cli).settings().map_err(Failure::from)
}
