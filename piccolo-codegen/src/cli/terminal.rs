//! What reaches the terminal: data on stdout, everything else on stderr, colours where they are wanted.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// How a report is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Human,
    /// One JSON document.
    Json,
    /// Annotations of a GitHub workflow.
    Github,
}

/// Where a command writes to, and how much.
#[derive(Clone, Copy, Debug)]
pub struct Terminal {
    color: Color,
    quiet: bool,
    verbose: u8,
    /// How reports are written.
    pub format: Format,
}

impl Terminal {
    /// A terminal with the global options of the command line.
    #[must_use]
    pub fn new(color: Color, format: Format, quiet: bool, verbose: u8) -> Self {
        Self { color, quiet, verbose, format }
    }

    /// Writes data: what the command was asked for. A reader that went away ends nothing but the output.
    pub fn data(&self, text: impl std::fmt::Display) {
        let _gone = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// Tells what is being done; `--quiet` leaves it out.
    pub fn say(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            let _gone = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Tells what only a curious reader wants to know: `--verbose`.
    pub fn detail(&self, text: impl std::fmt::Display) {
        if self.verbose > 0 {
            let _gone = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Tells what must not be missed.
    pub fn warn(&self, text: impl std::fmt::Display) {
        let _gone = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Whether text for people on stderr is coloured.
    #[must_use]
    pub fn colored(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }

    /// Asks a question that is answered with yes or no. Without a terminal nobody can answer, which is `None`.
    pub fn confirm(&self, question: &str) -> Option<bool> {
        if !std::io::stdin().is_terminal() || !std::io::stderr().is_terminal() {
            return None;
        }
        let _gone = write!(std::io::stderr().lock(), "{question} [y/N] ");
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).ok()?;
        Some(matches!(answer.trim(), "y" | "Y" | "yes"))
    }
}
