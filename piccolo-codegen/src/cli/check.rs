//! `check`: the gate in CI. What a branch brings is consistent, and what it does is proven by replaying it.
//!
//! | Module | Looks at |
//! |---|---|
//! | `files` | the folder of migrations: names, order, what is missing, half-written, foreign or untrue |
//! | `snapshot` | the schema against the snapshot |
//! | `generated` | modules that are checked in |
//! | `base` | what the branch changed of migrations that others may have applied |
//! | `replay` | all migrations on empty databases, forwards, backwards, forwards again; siblings in both orders |
//! | `risks` | what a reviewer should see |
//! | `database` | a live database, where one is named |
//! | `code`, `finding`, `report`, `explain` | what is found, and how it is said |

mod base;
mod code;
mod database;
mod explain;
mod files;
mod finding;
mod generated;
mod replay;
mod report;
mod risks;
mod snapshot;

use std::path::PathBuf;

use clap::Args;

use super::exit::{Failure, Outcome, Status};
use super::terminal::Terminal;
use crate::config::{Config, Settings};
use crate::project::{self, Folder};
use code::{Code, Level};
use finding::Finding;

/// What `check` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Print the page about a code, and check nothing.
    #[arg(long, value_name = "CODE")]
    explain: Option<String>,
    /// The commit that the branch will be merged into; found in CI, and otherwise the default branch of `origin`.
    #[arg(long, value_name = "REVISION")]
    base: Option<String>,
    /// A folder of generated modules that is checked in (repeatable); those below `src` are found.
    #[arg(long, value_name = "DIR")]
    generated: Vec<PathBuf>,
    /// Replay nothing: the quick half of the check.
    #[arg(long)]
    no_replay: bool,
    /// A database to look at as well: where it stands, what was changed by hand, whether it holds what the snapshot says, what the schema
    /// language cannot say.
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, config: &Config, terminal: &Terminal) -> Outcome {
    if let Some(code) = &arguments.explain {
        return explain::run(code, terminal);
    }
    let settings = config.settings()?;
    let Some(folder) = &settings.migrations else {
        return Err(Failure::bad_input("this application has no migrations by its own choice"));
    };
    // A schema that cannot be read is broken input: everything else is measured by it.
    let schema = project::read_schema(&settings)?;
    let schema = crate::schema_from_sources(&schema, &settings.engines)?;
    let folder = project::read_folder(folder)?;
    let mut check = Check { settings: &settings, folder: &folder, terminal, findings: Vec::new(), proven: Vec::new() };
    let migrations = files::check(&mut check);
    let snapshot = snapshot::check(&mut check, &schema);
    if migrations.is_some() {
        generated::check(&mut check, &arguments.generated);
    }
    let new = base::check(&mut check, arguments.base.as_deref());
    risks::check(&mut check, &new);
    if let (Some(migrations), false) = (&migrations, arguments.no_replay) {
        replay::check(&mut check, migrations, snapshot.as_ref())?;
    }
    if let (Some(migrations), Some(url)) = (migrations, &arguments.url) {
        database::check(&mut check, migrations, snapshot.as_ref(), url)?;
    }
    report::show(&check.findings, &check.proven, terminal);
    Ok(status(&check.findings))
}

/// What the findings come to.
fn status(findings: &[Finding]) -> Status {
    let errors = || findings.iter().filter(|finding| finding.level == Level::Error);
    if errors().next().is_none() {
        Status::Fine
    } else if errors().all(|finding| finding.code == Code::DecisionNeeded) {
        Status::DecisionNeeded
    } else {
        Status::Finding
    }
}

/// A check as it goes on.
struct Check<'a> {
    settings: &'a Settings,
    /// The migrations as they are on disk.
    folder: &'a Folder,
    terminal: &'a Terminal,
    findings: Vec<Finding>,
    /// The engines on which everything was replayed.
    proven: Vec<String>,
}

impl Check<'_> {
    /// Adds a finding.
    fn found(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// An error in CI, where nobody looks at warnings, and a warning elsewhere.
fn error_in_ci() -> Level {
    if crate::config::in_ci() { Level::Error } else { Level::Warning }
}
