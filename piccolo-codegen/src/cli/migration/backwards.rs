//! `migration backwards`.

use clap::Args;
use piccolo_runtime::migrate::Direction;

use super::{Target, print_preview, print_report, progress};
use crate::cli::exit::{Outcome, Status};
use crate::cli::terminal::Terminal;

/// The arguments of `migration backwards`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How far: an id or a unique beginning of one, such as 2026-11-22 (undone as well); a number N: the last so many that are applied; or `all`
    #[arg(value_name = "ID|N|all")]
    target: String,
    /// Print the SQL that would run, and run nothing
    #[arg(long)]
    preview: bool,
    /// Answer the question, which is asked on a terminal, with yes
    #[arg(long, conflicts_with = "preview")]
    yes: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, target: &Target, terminal: &Terminal) -> Outcome {
    let (migrations, goal) = (&target.migrations, arguments.target.as_str());
    target.with(async |db| {
        if arguments.preview {
            let preview = migrations.preview(db, Direction::Backwards, goal).await?;
            print_preview(&preview, Direction::Backwards, terminal);
            return Ok(Status::Fine);
        }
        // A script says what it means; a person may have meant another database.
        if !arguments.yes && terminal.interactive() {
            let ids = migrations.preview(db, Direction::Backwards, goal).await?.migrations;
            if !ids.is_empty() && terminal.confirm(&question(&ids)) != Some(true) {
                terminal.say("nothing was undone");
                return Ok(Status::Fine);
            }
        }
        let report = progress::shown(migrations, terminal).backwards(db, goal).await?;
        print_report(&report, terminal);
        Ok(Status::Fine)
    })
}

/// What is asked before these are undone.
fn question(ids: &[String]) -> String {
    format!(
        "Undo, with the rows of the tables and the values of the columns that they created:\n  {}\n?",
        ids.join("\n  ")
    )
}
