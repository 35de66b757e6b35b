//! `man`: the manual pages, one per command.

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::exit::{Failure, Outcome, Status};
use super::terminal::Terminal;

/// The arguments of `man`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write to; it must exist
    folder: PathBuf,
}

/// Writes the pages.
pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let folder = arguments.folder.display();
    clap_mangen::generate_to(super::Cli::command(), &arguments.folder)
        .map_err(|error| Failure::bad_input(format!("cannot write manual pages to {folder}: {error}")))?;
    terminal.say(format_args!("wrote the manual pages to {folder}"));
    Ok(Status::Fine)
}
