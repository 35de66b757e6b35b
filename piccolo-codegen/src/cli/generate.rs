//! `generate`: the Rust modules of a schema, outside of a `build.rs`.

use std::path::PathBuf;

use clap::Args;

use super::exit::{Outcome, Status};
use super::terminal::Terminal;
use crate::config::Config;
use crate::project::Mode;

/// What `generate` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// The folder to write to; everything generated in it is brought up to date.
    #[arg(long, value_name = "DIR", default_value = "src/tables")]
    out: PathBuf,
    /// Write nothing; exit with 1 if something is stale.
    #[arg(long)]
    check: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, config: &Config, terminal: &Terminal) -> Outcome {
    let settings = config.settings()?;
    let mode = if arguments.check { Mode::Check } else { Mode::Write };
    let generated = crate::generate(&settings, &arguments.out, mode)?;
    for note in &generated.notes {
        terminal.warn(format_args!("warning: {note}"));
    }
    let (written, removed) = match mode {
        Mode::Write => ("wrote", "removed"),
        Mode::Check => ("stale:", "belongs to nothing:"),
    };
    for path in &generated.written {
        terminal.say(format_args!("{written} {}", path.display()));
    }
    for path in &generated.removed {
        terminal.say(format_args!("{removed} {}", path.display()));
    }
    if generated.is_current() {
        terminal.say(format_args!("{} files are current", generated.current));
        return Ok(Status::Fine);
    }
    match mode {
        Mode::Write => Ok(Status::Fine),
        Mode::Check => {
            let out = arguments.out.display();
            terminal.warn(format_args!("{out} is stale: run `piccolo-codegen generate --out {out}`"));
            Ok(Status::Finding)
        }
    }
}
