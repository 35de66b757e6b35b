//! What reaches the terminal: data on stdout, everything else on stderr, colours where they are wanted.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;

/// When to colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Color {
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
pub(super) enum Format {
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
pub(super) struct Terminal {
    color: Color,
    quiet: bool,
    verbose: u8,
    /// How reports are written.
    pub(super) format: Format,
}

impl Terminal {
    /// A terminal with the global options of the command line.
    #[must_use]
    pub(super) fn new(color: Color, format: Format, quiet: bool, verbose: u8) -> Self {
        Self { color, quiet, verbose, format }
    }

    /// Writes data: what the command was asked for. A reader that went away ends nothing but the output.
    pub(super) fn data(&self, text: impl std::fmt::Display) {
        let _gone = writeln!(std::io::stdout().lock(), "{text}");
    }

    /// Writes a command of a GitHub workflow that annotates the pull request. `place` is `file=…,line=…,`, or empty.
    pub(super) fn annotate(&self, level: &str, place: &str, title: &str, text: &str) {
        // Such a command is one line; this is how it writes line ends.
        let text = text.replace('%', "%25").replace('\n', "%0A");
        self.data(format_args!("::{level} {place}title={title}::{text}"));
    }

    /// Tells what is being done; `--quiet` leaves it out.
    pub(super) fn say(&self, text: impl std::fmt::Display) {
        if !self.quiet {
            let _gone = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Tells what only a curious reader wants to know: `--verbose`.
    pub(super) fn detail(&self, text: impl std::fmt::Display) {
        if self.verbose > 0 {
            let _gone = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Whether a line that changes can be shown: on a terminal, unless `--quiet`.
    #[must_use]
    pub(super) fn draws(&self) -> bool {
        !self.quiet && std::io::stderr().is_terminal()
    }

    /// Puts a text in place of the terminal's last line, which the next one will take over. What is too long for the line is cut off by the
    /// terminal, so that it stays one line.
    pub(super) fn draw(&self, line: impl std::fmt::Display) {
        const CLEAR: &str = "\r\u{1b}[K";
        const NO_WRAP: &str = "\u{1b}[?7l";
        const WRAP: &str = "\u{1b}[?7h";
        let mut out = std::io::stderr().lock();
        let _gone = write!(out, "{CLEAR}{NO_WRAP}{line}{WRAP}").and_then(|()| out.flush());
    }

    /// Tells why the command stopped.
    pub(super) fn error(&self, text: impl std::fmt::Display) {
        self.warn(format_args!("{}: {text}", self.painted("error", "1;31")));
    }

    /// A word on stderr in a style of ANSI terminals, where colours are wanted.
    fn painted(&self, word: &str, style: &str) -> String {
        if self.colored() { format!("\u{1b}[{style}m{word}\u{1b}[0m") } else { word.to_owned() }
    }

    /// A word on stdout in a style of ANSI terminals, where colours are wanted.
    pub(super) fn painted_data(&self, word: &str, style: &str) -> String {
        let colored = match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => self.colored() && std::io::stdout().is_terminal(),
        };
        if colored { format!("\u{1b}[{style}m{word}\u{1b}[0m") } else { word.to_owned() }
    }

    /// Tells what must not be missed.
    pub(super) fn warn(&self, text: impl std::fmt::Display) {
        let _gone = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Whether text for people on stderr is coloured.
    #[must_use]
    pub(super) fn colored(&self) -> bool {
        match self.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            }
        }
    }

    /// Whether somebody is there to answer a question.
    #[must_use]
    pub(super) fn interactive(&self) -> bool {
        self.format == Format::Human && std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
    }

    /// Asks a question. Without a terminal nobody can answer, which is `None`.
    pub(super) fn ask(&self, question: &str) -> Option<String> {
        if !self.interactive() {
            return None;
        }
        let _gone = write!(std::io::stderr().lock(), "{question} ");
        let mut answer = String::new();
        std::io::stdin().read_line(&mut answer).ok()?;
        Some(answer.trim().to_owned())
    }

    /// Asks a question that is answered with yes or no. Without a terminal nobody can answer, which is `None`.
    pub(super) fn confirm(&self, question: &str) -> Option<bool> {
        let answer = self.ask(&format!("{question} [y/N]"))?;
        Some(matches!(answer.as_str(), "y" | "Y" | "yes"))
    }
}
