//! `fmt`: schema files in the canonical layout, comments kept.

use std::path::PathBuf;

use clap::Args;

use super::exit::{Outcome, Status};
use super::terminal::Terminal;
use crate::config::Settings;
use crate::project;

/// What `fmt` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Write nothing; exit with 1 if a file is laid out differently.
    #[arg(long)]
    check: bool,
    /// The files; those of the schema otherwise.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Outcome {
    let files = if arguments.files.is_empty() { project::schema_paths(settings)? } else { arguments.files.clone() };
    // All files are read and laid out before any is written: a mistake in the last one leaves the first as it was.
    let mut changed = Vec::new();
    for path in &files {
        let text = project::read_schema_file(path)?;
        let laid_out = crate::format(&path.display().to_string(), &text)?;
        if laid_out.as_bytes() != text {
            changed.push((path, laid_out));
        }
    }
    for (path, text) in &changed {
        if arguments.check {
            terminal.data(path.display());
        } else {
            project::write(path, text)?;
            terminal.say(format_args!("formatted {}", path.display()));
        }
    }
    if arguments.check && !changed.is_empty() {
        terminal.warn("these files are not laid out canonically: run `piccolo-codegen fmt`");
        return Ok(Status::Finding);
    }
    Ok(Status::Fine)
}
