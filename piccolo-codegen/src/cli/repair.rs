//! `repair`: edits the journal of a database, and nothing else of it.

mod half;

use clap::Args;
use piccolo_runtime::Error;
use piccolo_runtime::migrate::{Migrations, Repair, RepairPlan, history};
use serde_json::json;

use super::database;
use super::exit::{Failure, Outcome, Status};
use super::terminal::{Format, Terminal};
use crate::config::Settings;
use crate::project::Input;

/// What `repair` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The database; otherwise DATABASE_URL, or the one in piccolo.toml.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// Forget a migration that the database has and that is not among these (repeatable). A unique beginning of an id will do, here and below.
    #[arg(long, value_name = "ID")]
    forget: Vec<String>,
    /// Record a migration as applied, because what it does was done by hand (repeatable).
    #[arg(long, value_name = "ID")]
    applied: Vec<String>,
    /// Record a migration as not applied, because what it did was undone by hand (repeatable).
    #[arg(long, value_name = "ID")]
    not_applied: Vec<String>,
    /// Take over a migration that was edited after it had been applied (repeatable).
    #[arg(long, value_name = "ID")]
    take_over: Vec<String>,
    /// Answer the question with yes.
    #[arg(long)]
    yes: bool,
}

impl Arguments {
    /// What was asked for.
    fn repairs(&self) -> Vec<Repair> {
        let forget = self.forget.iter().chain(&self.not_applied).cloned().map(Repair::Forget);
        let applied = self.applied.iter().cloned().map(Repair::MarkApplied);
        forget.chain(applied).chain(self.take_over.iter().cloned().map(Repair::TakeOver)).collect()
    }
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Outcome {
    let input = Input::read(settings)?;
    let migrations = Migrations::loaded(input.migrations.unwrap_or_default());
    let url = database::url(arguments.url.as_deref(), settings)?;
    database::block_on(async {
        let engine = database::connect(&url, &settings.engine).await?;
        let result = repair(arguments, &migrations, &engine, terminal).await;
        engine.close().await;
        result.map_err(|failure| failure.about(&database::without_password(&url)))
    })
}

async fn repair(
    arguments: &Arguments,
    migrations: &Migrations,
    engine: &piccolo_runtime::Engine,
    terminal: &Terminal,
) -> Outcome {
    let mut repairs = arguments.repairs();
    if repairs.is_empty() {
        let status = migrations.status(engine).await?;
        let problems = status.problems;
        repairs = Repair::of_problems(&problems);
        if let (true, Some(problem)) = (repairs.is_empty(), problems.first()) {
            return Err(Failure::new(format!(
                "this is nothing that an edit of the journal could settle:\n{}",
                Error::from(problem.clone())
            )));
        }
        let history = history::read(migrations.list(), engine.dialect()).map_err(Error::from)?;
        let unfinished = half::unfinished(&status.migrations, &history);
        if repairs.is_empty() && !unfinished.is_empty() {
            return Err(Failure::new(format!(
                "this is nothing that an edit of the journal could settle:\n{}",
                unfinished.join("\n")
            )));
        }
        if repairs.is_empty() {
            terminal.say("nothing to repair: the migrations and the database fit together");
            return Ok(Status::Fine);
        }
        for problem in &problems {
            terminal.warn(Error::from(problem.clone()));
        }
        unfinished.iter().for_each(|one| terminal.warn(one));
    }
    let plan = migrations.repair_plan(engine, &repairs).await?;
    show(&plan, terminal);
    if !arguments.yes {
        match terminal.confirm("Edit the journal so?") {
            Some(true) => {}
            Some(false) => {
                terminal.say("nothing was changed");
                return Ok(Status::Fine);
            }
            None => return Err(Failure::decision("nothing was changed; to edit the journal so, add `--yes`")),
        }
    }
    migrations.repair(engine, &repairs).await?;
    terminal.say("the journal is edited; nothing else of the database was touched");
    Ok(Status::Fine)
}

/// Shows what would be done: the statements are the data.
fn show(plan: &RepairPlan, terminal: &Terminal) {
    match terminal.format {
        Format::Json => terminal.data(json!({ "edits": plan.edits, "sql": plan.sql })),
        Format::Human | Format::Github => {
            plan.edits.iter().for_each(|edit| terminal.warn(edit));
            plan.sql.iter().for_each(|statement| terminal.data(format_args!("{statement};")));
        }
    }
}
