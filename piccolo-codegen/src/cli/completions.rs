//! `completions`: what a shell needs to complete our commands.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::console::Console;
use super::exit::{Exit, Failure};

/// The arguments of `completions`.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The shell
    shell: Shell,
}

/// Prints the completions.
pub(super) fn run(arguments: &Arguments, console: &Console) -> Result<Exit, Failure> {
    let mut command = super::Arguments::command();
    let name = command.get_name().to_owned();
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut command, name, &mut text);
    console.data(String::from_utf8_lossy(&text).trim_end());
    Ok(Exit::Success)
}
