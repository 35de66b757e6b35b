//! `man`: the manual pages, one per command.

use std::path::PathBuf;

use clap::{Args, CommandFactory};

use super::console::Console;
use super::exit::{Exit, Failure};

/// The arguments of `man`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write to; it must exist
    folder: PathBuf,
}

/// Writes the pages.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let folder = arguments.folder.display();
    clap_mangen::generate_to(super::Arguments::command(), &arguments.folder)
        .map_err(|error| Failure::misuse(format!("cannot write manual pages to {folder}: {error}")))?;
    console.note(format!("wrote the manual pages to {folder}"));
    Ok(Exit::Success)
}
