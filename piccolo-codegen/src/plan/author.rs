//! A whole migration at once: both directions, every engine.

use piccolo_runtime::ddl::Unsupported;
use piccolo_runtime::schema::Schema;
use piccolo_runtime::sql::Dialect;

use super::{Answered, Direction, Options, Plan, Question, Risk, answers, plan};
use crate::change::{Decisions, Rename};
use crate::diff::{IdleHint, diff};

/// A migration that can be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authored {
    /// What it changes, in a few words each.
    pub changes: Vec<String>,
    /// Whether its Postgres plans avoid long locks.
    pub online: bool,
    /// The renames in it, by database names.
    pub renames: Vec<Rename>,
    /// What undoing it cannot bring back.
    pub losses: Vec<String>,
    /// What rows could refuse, and what was consented to.
    pub risks: Vec<Risk>,
    /// What undoing it deletes or replaces itself: what the way forwards brought, and whatever was put there since.
    pub losses_of_undoing: Vec<String>,
    /// What rows could refuse when it is undone.
    pub risks_of_undoing: Vec<Risk>,
    /// The plans of each engine, in the order asked for.
    pub engines: Vec<EnginePlans>,
}

/// The two plans of one engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnginePlans {
    /// The engine.
    pub dialect: Dialect,
    /// From the old schema to the new one.
    pub up: Plan,
    /// Back again.
    pub down: Plan,
}

/// What came of comparing two schemas.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The migration; `None` where there is nothing to change or something to decide.
    pub authored: Option<Authored>,
    /// What has to be decided.
    pub questions: Vec<Question>,
    /// `was` hints that had no effect, and why.
    pub idle: Vec<IdleHint>,
    /// Decisions that fit nothing: mistyped, or made for another change.
    pub unused: Vec<String>,
}

/// Plans the way from one schema to the other and back.
///
/// # Errors
///
/// When an engine lacks what a schema asks for.
pub fn author(
    old: &Schema,
    new: &Schema,
    decisions: &Decisions,
    engines: &[Dialect],
    options: Options,
) -> Result<Outcome, Unsupported> {
    let forwards = diff(old, new, &decisions.renames);
    let up = answers(&forwards, decisions, Direction::Up, engines);
    let unknown = forwards.unknown.iter().map(|rename| format!("--rename {rename}"));
    let mut outcome = Outcome {
        authored: None,
        questions: up.questions,
        idle: forwards.idle.clone(),
        unused: unknown.chain(up.unused).collect(),
    };
    if forwards.changes.is_empty() || !outcome.questions.is_empty() {
        return Ok(outcome);
    }
    let backwards = diff(new, old, &forwards.inverse);
    let Answered { answers: down, questions, unused: _ } = answers(&backwards, decisions, Direction::Down, engines);
    if !questions.is_empty() {
        outcome.questions = questions;
        return Ok(outcome);
    }
    let engines: Vec<EnginePlans> = engines
        .iter()
        .map(|dialect| {
            Ok(EnginePlans {
                dialect: *dialect,
                up: plan(old, new, &forwards, &up.answers, *dialect, options)?,
                down: plan(new, old, &backwards, &down, *dialect, options)?,
            })
        })
        .collect::<Result<_, Unsupported>>()?;
    outcome.authored = Some(Authored {
        changes: forwards.changes.describe(),
        online: options.online && engines.iter().any(|plans| plans.dialect == Dialect::Postgres),
        renames: forwards.renames,
        losses: up.answers.losses,
        risks: up.answers.risks,
        losses_of_undoing: down.losses,
        risks_of_undoing: down.risks,
        engines,
    });
    Ok(outcome)
}
