//! `migration forwards`.

use clap::Args;
use piccolo_runtime::migrate::Direction;

use super::{Target, print_preview, print_report, progress};
use crate::cli::exit::{Failure, Outcome, Status};
use crate::cli::terminal::{Format, Terminal};

/// The arguments of `migration forwards`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// How far: an id or a unique beginning of one, such as 2026-11-22 (included); a number N: the first so many that are pending; or `all`
    #[arg(default_value = "all", value_name = "ID|N|all")]
    target: String,
    /// Record migrations as applied without running them
    #[arg(long, conflicts_with = "preview")]
    fake: bool,
    /// Answer `--fake`'s question with yes
    #[arg(long, requires = "fake")]
    yes: bool,
    /// Print the SQL that would run, and run nothing
    #[arg(long)]
    preview: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, target: &Target, terminal: &Terminal) -> Outcome {
    let (migrations, goal) = (&target.migrations, arguments.target.as_str());
    target.with(async |db| {
        if arguments.preview {
            let preview = migrations.preview(db, Direction::Forwards, goal).await?;
            print_preview(&preview, Direction::Forwards, terminal);
            return Ok(Status::Fine);
        }
        if arguments.fake {
            let preview = migrations.preview(db, Direction::Forwards, goal).await?;
            if !preview.migrations.is_empty() && !consent(arguments, preview.migrations.as_slice(), terminal)? {
                terminal.say("nothing was recorded");
                return Ok(Status::Fine);
            }
            let report = migrations.fake(db, goal).await?;
            match terminal.format {
                Format::Human | Format::Github => terminal.say(report.recorded()),
                Format::Json => print_report(&report, terminal),
            }
            return Ok(Status::Fine);
        }
        let report = progress::shown(migrations, terminal).forwards_to(db, goal).await?;
        print_report(&report, terminal);
        Ok(Status::Fine)
    })
}

/// Whether the user means `--fake`.
fn consent(arguments: &Arguments, ids: &[String], terminal: &Terminal) -> Result<bool, Failure> {
    if arguments.yes {
        return Ok(true);
    }
    let question = format!("Record as applied, without running:\n  {}\n?", ids.join("\n  "));
    terminal
        .confirm(&question)
        .ok_or_else(|| Failure::decision("recording migrations without running them needs a yes: add `--yes`"))
}
