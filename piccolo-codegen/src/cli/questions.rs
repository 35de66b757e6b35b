//! What has to be decided: asked where somebody is there to answer, reported with ready-to-paste flags otherwise.

use std::fmt::Write;

use serde_json::{Value, json};

use super::decisions::DecisionFlags;
use super::exit::Failure;
use super::terminal::{Format, Terminal};
use crate::change::Decisions;
use crate::plan::Question;

/// Asks one question and adds the answer to the decisions. `false` where the schema has to be changed instead.
pub(super) fn ask(question: &Question, decisions: &mut Decisions, terminal: &Terminal) -> Result<bool, Failure> {
    let mut text = format!("{}\n", question.reason);
    for (number, answer) in (1..).zip(&question.answers) {
        let flag = answer.flag.as_deref().map(|flag| format!("   ({flag})")).unwrap_or_default();
        let _ = writeln!(text, "  {number}. {}{flag}", answer.meaning);
    }
    let _ = write!(text, "Which? (nothing: stop here)");
    let Some(reply) = terminal.ask(&text) else { return Ok(false) };
    let chosen = reply.parse::<usize>().ok().and_then(|number| question.answers.get(number.checked_sub(1)?));
    let Some(flag) = chosen.and_then(|answer| answer.flag.as_deref()) else { return Ok(false) };
    let Some(flag) = fill_in(flag, terminal) else { return Ok(false) };
    DecisionFlags::parse(&flag)?.add_to(decisions);
    Ok(true)
}

/// Asks for what a flag leaves open in angle brackets.
fn fill_in(flag: &str, terminal: &Terminal) -> Option<String> {
    let Some((before, rest)) = flag.split_once('<') else { return Some(flag.to_owned()) };
    let (hole, after) = rest.split_once('>')?;
    let text = terminal.ask(&format!("{hole}:")).filter(|text| !text.is_empty())?;
    // The flag is read as a shell reads it, and the text stands as it was typed.
    let text = text.replace('\'', r"'\''");
    let open = before.matches('\'').count() % 2 == 1;
    Some(if open { format!("{before}{text}{after}") } else { format!("{before}'{text}'{after}") })
}

/// The flags that would answer what is open, for somebody who gave another one.
pub(super) fn open(questions: &[Question]) -> String {
    let answers = questions.iter().flat_map(|question| &question.answers);
    let flags: Vec<&str> = answers.filter_map(|answer| answer.flag.as_deref()).collect();
    match flags.as_slice() {
        [] => "; nothing else is to be decided".to_owned(),
        flags => format!("; what is to be decided is answered by\n  {}", flags.join("\n  ")),
    }
}

/// The failure that reports open questions. In the machine's formats the report is data, and goes to stdout.
pub(super) fn report(questions: &[Question], terminal: &Terminal) -> Failure {
    match terminal.format {
        Format::Human => {}
        Format::Json => terminal.data(as_json(questions)),
        Format::Github => {
            for question in questions {
                let flags: Vec<&str> = question.answers.iter().filter_map(|answer| answer.flag.as_deref()).collect();
                terminal.annotate(
                    "error",
                    "",
                    &question.subject,
                    &format!("{}\n{}", question.reason, flags.join("\n")),
                );
            }
        }
    }
    let mut text = String::from("a decision is needed:");
    for question in questions {
        let _ = write!(text, "\n\n  {}: {}", question.subject, question.reason);
        let width =
            question.answers.iter().filter_map(|answer| answer.flag.as_deref()).map(str::len).max().unwrap_or_default();
        for answer in &question.answers {
            let _ = match &answer.flag {
                Some(flag) => write!(text, "\n    {flag:width$}   {}", answer.meaning),
                None => write!(text, "\n    in the schema: {}", answer.meaning),
            };
        }
    }
    Failure::decision(text)
}

fn as_json(questions: &[Question]) -> Value {
    let questions: Vec<Value> = questions
        .iter()
        .map(|question| {
            let answers: Vec<Value> = question
                .answers
                .iter()
                .map(|answer| json!({ "flag": answer.flag, "meaning": answer.meaning }))
                .collect();
            json!({ "subject": question.subject, "reason": question.reason, "answers": answers })
        })
        .collect();
    json!({ "questions": questions })
}
