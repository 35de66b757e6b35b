//! `migration status`.

use clap::Args;
use piccolo_runtime::Error;
use piccolo_runtime::migrate::{State, Status, Verification};
use serde_json::{Value, json};

use super::Target;
use crate::cli::exit::{Failure, Outcome, Status as ExitStatus};
use crate::cli::terminal::{Format, Terminal};

/// The arguments of `migration status`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Compare the database with what the migrations left, and tell what was changed by hand
    #[arg(long)]
    drift: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, target: &Target, terminal: &Terminal) -> Outcome {
    let migrations = &target.migrations;
    let Verification { status, drift } = target.with(async |db| {
        Ok(match arguments.drift {
            true => migrations.verify(db).await?,
            false => Verification { status: migrations.status(db).await?, drift: None },
        })
    })?;
    match terminal.format {
        Format::Json => terminal.data(as_json(&status, drift.as_deref())),
        Format::Human | Format::Github => as_table(&status, terminal),
    }
    if status.problems.is_empty() {
        return Ok(tell_drift(arguments, drift.as_deref(), terminal));
    }
    // As an error a problem names its migration.
    let problems: Vec<String> = status.problems.iter().map(|one| Error::from(one.clone()).to_string()).collect();
    Err(Failure::new(problems.join("\n")))
}

/// Tells what was changed by hand, which is a finding, where it was asked for.
fn tell_drift(arguments: &Arguments, drift: Option<&[String]>, terminal: &Terminal) -> ExitStatus {
    match drift {
        Some([]) => terminal.say("nothing was changed by hand"),
        Some(changes) => {
            terminal.warn(format_args!("changed by hand:\n  {}", changes.join("\n  ")));
            terminal.say(
                "undo it by hand; or bring it into the schema, and record that migration here with `migration forwards --fake`",
            );
            return ExitStatus::Finding;
        }
        None if arguments.drift => {
            terminal.say("whether anything was changed by hand is not known: no run has recorded what it left");
        }
        None => {}
    }
    ExitStatus::Fine
}

fn as_table(status: &Status, terminal: &Terminal) {
    if status.migrations.is_empty() {
        terminal.say("there are no migrations");
    }
    let wide = |text: &dyn Fn(&(String, State)) -> String| {
        status.migrations.iter().map(|migration| text(migration).chars().count()).max().unwrap_or_default()
    };
    let id_width = wide(&|(id, _)| id.clone());
    let state_width = wide(&|(_, state)| state.to_string());
    for (id, state) in &status.migrations {
        let line =
            format!("{id:id_width$}  {:state_width$}  {}", state.to_string(), applied_at(state).unwrap_or_default());
        terminal.data(line.trim_end());
    }
}

fn as_json(status: &Status, drift: Option<&[String]>) -> Value {
    let migrations: Vec<Value> = status
        .migrations
        .iter()
        .map(|(id, state)| json!({ "id": id, "state": state.to_string(), "applied_at": applied_at(state) }))
        .collect();
    let problems: Vec<Value> = status
        .problems
        .iter()
        .map(|problem| json!({ "migration": problem.id(), "message": problem.to_string() }))
        .collect();
    json!({ "migrations": migrations, "problems": problems, "drift": drift })
}

fn applied_at(state: &State) -> Option<&str> {
    match state {
        State::Applied { at, .. } => Some(at),
        State::Pending | State::HalfApplied(_) | State::HalfUndone(_) => None,
    }
}
