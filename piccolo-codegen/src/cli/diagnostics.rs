//! The mistakes of a schema, in each of the formats of a report.

use serde_json::{Value, json};

use super::terminal::{Format, Terminal};
use crate::diagnostic::{Diagnostic, Diagnostics, Severity};

/// Shows them: to people on stderr in the look of rustc, to machines on stdout.
pub(super) fn show(diagnostics: &Diagnostics, terminal: &Terminal) {
    match terminal.format {
        Format::Human => terminal.warn(diagnostics.render(terminal.colored()).trim_end()),
        Format::Json => {
            let list: Vec<Value> = diagnostics.iter().map(|diagnostic| as_json(diagnostic, diagnostics)).collect();
            terminal.data(json!({ "diagnostics": list }));
        }
        Format::Github => diagnostics.iter().for_each(|diagnostic| annotate(diagnostic, diagnostics, terminal)),
    }
}

/// Where a mistake is: the file, and line and column from 1.
fn place(diagnostic: &Diagnostic, all: &Diagnostics) -> Option<(String, usize, usize)> {
    let span = diagnostic.span();
    let file = all.sources().get(span.file)?;
    let before = file.text.get(..span.start)?;
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(line_start..)?.chars().count() + 1;
    Some((file.name.clone(), before.matches('\n').count() + 1, column))
}

fn severity(diagnostic: &Diagnostic) -> &'static str {
    match diagnostic.code.severity() {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

fn as_json(diagnostic: &Diagnostic, all: &Diagnostics) -> Value {
    let place =
        place(diagnostic, all).map(|(file, line, column)| json!({ "file": file, "line": line, "column": column }));
    json!({
        "code": diagnostic.code.as_str(), "severity": severity(diagnostic), "message": diagnostic.message,
        "place": place, "help": diagnostic.help,
    })
}

fn annotate(diagnostic: &Diagnostic, all: &Diagnostics, terminal: &Terminal) {
    let place = place(diagnostic, all)
        .map(|(file, line, column)| format!("file={file},line={line},col={column},"))
        .unwrap_or_default();
    let help = diagnostic.help.iter().map(String::as_str);
    let text: Vec<&str> = std::iter::once(diagnostic.message.as_str()).chain(help).collect();
    terminal.annotate(severity(diagnostic), &place, diagnostic.code.as_str(), &text.join("\n"));
}
