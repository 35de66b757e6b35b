//! `completions`: what a shell needs to complete our commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::exit::{Outcome, Status};
use super::terminal::Terminal;

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
pub(super) fn run(arguments: &Arguments, terminal: &Terminal) -> Outcome {
    let mut command = super::Cli::command();
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut text);
    terminal.data(String::from_utf8_lossy(&text).trim_end());
    Ok(Status::Fine)
}
