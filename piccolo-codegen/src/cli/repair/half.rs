//! What is said of migrations that stopped half way: no edit of the journal helps there, the run has to go on.

use piccolo_runtime::migrate::history::Entry;
use piccolo_runtime::migrate::{Direction, State};

/// A sentence for each migration that is half applied or half undone: on which step it stands, and what to do.
pub(super) fn unfinished(states: &[(String, State)], history: &[Entry]) -> Vec<String> {
    let of = |(id, state): &(String, State)| {
        let entry = history.iter().find(|entry| entry.id == *id)?;
        let (script, done, direction) = match state {
            State::HalfApplied(done) => (&entry.up, *done, Direction::Forwards),
            State::HalfUndone(done) => (&entry.down, *done, Direction::Backwards),
            State::Pending | State::Applied { .. } => return None,
        };
        let next = script.steps.iter().find(|step| step.number > done);
        let place = match next {
            Some(step) => {
                let title = step.title.as_deref().map(|title| format!(" ({title})")).unwrap_or_default();
                format!("it stands on step {} of {}{title}", step.number, script.steps.len())
            }
            None => "all its steps are done, but not its end".to_owned(),
        };
        let target = match direction {
            Direction::Forwards => String::new(),
            Direction::Backwards => format!(" {id}"),
        };
        Some(format!(
            "migration {id} is {state}: {place}; mend what stopped it, most often rows, then run \
             `piccolo-codegen migration {direction}{target}` again"
        ))
    };
    states.iter().filter_map(of).collect()
}
