//! `check --explain CODE`: a page for every code, of findings and of the language's diagnostics alike.

use std::fmt::Write as _;

use super::code::Code;
use crate::cli::exit::{Failure, Outcome, Status};
use crate::cli::terminal::{Format, Terminal};
use crate::diagnostic::{self, Severity, nearest};

/// Prints the page of a code.
pub(super) fn run(wanted: &str, terminal: &Terminal) -> Outcome {
    let Some(page) = Page::of(wanted) else {
        let known = || known().into_iter();
        let help = match nearest(&wanted.to_uppercase(), known()) {
            Some(near) => format!("did you mean {near}?"),
            None => format!("the codes are {}", known().collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::bad_input(format!("there is no code {wanted}: {help}")));
    };
    match terminal.format {
        Format::Human | Format::Github => terminal.data(page.text().trim_end()),
        Format::Json => terminal.data(serde_json::json!({
            "code": page.code, "level": page.level, "rule": page.rule, "why": page.why, "remedy": page.remedy,
            "wrong": page.example.map(|(wrong, _)| wrong), "right": page.example.map(|(_, right)| right),
        })),
    }
    Ok(Status::Fine)
}

/// What is said about a code.
struct Page {
    code: &'static str,
    level: &'static str,
    rule: &'static str,
    why: Option<&'static str>,
    remedy: Option<&'static str>,
    /// A schema that has the mistake, and one that has not.
    example: Option<(&'static str, &'static str)>,
}

impl Page {
    fn of(code: &str) -> Option<Self> {
        let is = |known: &str| known.eq_ignore_ascii_case(code);
        if let Some(code) = Code::ALL.iter().copied().find(|known| is(known.as_str())) {
            return Some(Self {
                code: code.as_str(),
                level: code.level().word(),
                rule: code.rule(),
                why: Some(code.why()),
                remedy: Some(code.remedy()),
                example: None,
            });
        }
        let code = diagnostic::Code::ALL.iter().copied().find(|known| is(known.as_str()))?;
        let level = match code.severity() {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        let (rule, example) = (code.explanation(), diagnostic::example(code));
        Some(Self { code: code.as_str(), level, rule, why: None, remedy: None, example })
    }

    fn text(&self) -> String {
        let mut text = format!("{} ({})\n\n{}\n", self.code, self.level, self.rule);
        if let Some(why) = self.why {
            let _ = write!(text, "\nWhy: {why}\n");
        }
        if let Some(remedy) = self.remedy {
            let _ = write!(text, "\nWhat to do: {remedy}\n");
        }
        if let Some((wrong, right)) = self.example {
            let _ = write!(text, "\nWrong:\n\n{}\nRight:\n\n{}", indented(wrong), indented(right));
        }
        text
    }
}

/// Every code that has a page.
fn known() -> Vec<&'static str> {
    let findings = Code::ALL.iter().map(|code| code.as_str());
    diagnostic::Code::ALL.iter().map(|code| code.as_str()).chain(findings).collect()
}

fn indented(text: &str) -> String {
    text.trim_end().lines().map(|line| format!("    {line}").trim_end().to_owned() + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::known;

    #[test]
    fn no_code_is_used_twice() {
        let mut codes = known();
        let all = codes.len();
        codes.sort_unstable();
        codes.dedup();
        assert_eq!(codes.len(), all);
    }
}
