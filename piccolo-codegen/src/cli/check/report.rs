//! Findings in the formats of a report: they are what the command was asked for, so they go to stdout.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::code::Level;
use super::finding::Finding;
use crate::cli::terminal::{Format, Terminal};

/// Shows all findings, and what was proven on.
pub(super) fn show(findings: &[Finding], proven: &[String], terminal: &Terminal) {
    match terminal.format {
        Format::Human => findings.iter().for_each(|finding| terminal.data(human(finding, terminal))),
        Format::Json => {
            let list: Vec<Value> = findings.iter().map(as_json).collect();
            terminal.data(json!({ "findings": list, "proven": proven }));
        }
        Format::Github => findings.iter().for_each(|finding| annotate(finding, terminal)),
    }
    terminal.say(summary(findings, proven));
}

/// A finding in the look of rustc.
fn human(finding: &Finding, terminal: &Terminal) -> String {
    let style = match finding.level {
        Level::Note => "1;36",
        Level::Warning => "1;33",
        Level::Error => "1;31",
    };
    let head = terminal.painted_data(&format!("{}[{}]", finding.level.word(), finding.code), style);
    let mut text = format!("{head}: {}\n", finding.message.replace('\n', "\n  "));
    if let Some(place) = &finding.place {
        let _ = writeln!(text, "  --> {}:{}", place.file, place.line);
    }
    for help in &finding.help {
        let _ = writeln!(text, "  = help: {}", help.replace('\n', "\n    "));
    }
    text
}

fn as_json(finding: &Finding) -> Value {
    let Finding { code, level, message, place, help } = finding;
    let place = place.as_ref().map(|place| json!({ "file": place.file, "line": place.line }));
    json!({ "code": code.as_str(), "level": level.word(), "message": message, "place": place, "help": help })
}

fn annotate(finding: &Finding, terminal: &Terminal) {
    let level = match finding.level {
        Level::Note => "notice",
        Level::Warning => "warning",
        Level::Error => "error",
    };
    let place =
        finding.place.as_ref().map(|place| format!("file={},line={},", place.file, place.line)).unwrap_or_default();
    let lines = std::iter::once(finding.message.as_str()).chain(finding.help.iter().map(String::as_str));
    terminal.annotate(level, &place, finding.code.as_str(), &lines.collect::<Vec<_>>().join("\n"));
}

/// The last line.
fn summary(findings: &[Finding], proven: &[String]) -> String {
    let count = |level: Level| findings.iter().filter(|finding| finding.level == level).count();
    let counted = |level: Level| {
        let plural = if count(level) == 1 { "" } else { "s" };
        format!("{} {}{plural}", count(level), level.word())
    };
    let proven = match proven {
        [] => "nothing was replayed".to_owned(),
        engines => format!("replayed on {}", engines.join(" and ")),
    };
    let levels = [Level::Error, Level::Warning, Level::Note].map(counted).join(", ");
    match count(Level::Error) {
        0 => format!("check passed: {levels}; {proven}"),
        _ => format!("check failed: {levels}; {proven}; `piccolo-codegen check --explain CODE` says more"),
    }
}
