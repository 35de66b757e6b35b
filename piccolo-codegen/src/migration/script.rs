//! The text of a script.

use askama::Template;
use piccolo_runtime::ddl::Rebuilt;
use piccolo_runtime::sql::{Dialect, identifier, qualified};

use crate::plan::{Authored, Batches, Direction, Mode, Plan, Statement, Step};

/// The template's view of a script.
#[derive(Template)]
#[template(path = "script.sql", escape = "none")]
struct ScriptText<'a> {
    id: &'a str,
    direction: &'static str,
    engine: &'static str,
    directives: Vec<String>,
    changes: Vec<String>,
    steps: Vec<StepText<'a>>,
}

/// The template's view of a step.
struct StepText<'a> {
    words: String,
    title: String,
    statements: Vec<StatementText<'a>>,
}

/// The template's view of a statement.
struct StatementText<'a> {
    comments: Vec<String>,
    sql: &'a str,
}

/// The script of a plan.
pub(super) fn text(id: &str, direction: Direction, authored: &Authored, plan: &Plan, notes: &[&str]) -> String {
    let directives = header(authored, direction).into_iter().chain(notes.iter().map(|note| (*note).to_owned()));
    let changes = match direction {
        Direction::Up => authored.changes.iter().map(|change| one_line(change)).collect(),
        Direction::Down => Vec::new(),
    };
    render(&ScriptText {
        id,
        direction: direction.word(),
        engine: plan.dialect.name(),
        directives: directives.map(|directive| one_line(&directive)).collect(),
        changes,
        steps: plan.steps.iter().map(step).collect(),
    })
}

/// What the header says of losses. Both files say what undoing cannot bring back; the file that undoes, which is what a person reads who
/// is about to, also says what it takes away itself and what makes it fail.
fn header(authored: &Authored, direction: Direction) -> Vec<String> {
    let Authored { losses, losses_of_undoing, risks_of_undoing, .. } = authored;
    let mut lines: Vec<String> = losses.iter().map(|loss| format!("loses {loss}")).collect();
    if direction == Direction::Down {
        lines.extend(losses_of_undoing.iter().map(|loss| format!("undoing it loses {loss}")));
    }
    if lines.is_empty() {
        lines.push("lossless".to_owned());
    }
    if direction == Direction::Down {
        lines.extend(risks_of_undoing.iter().map(|risk| format!("undoing it can fail: {risk}")));
    }
    lines
}

/// The beginning of a script that a person goes on with.
pub(super) fn blank(id: &str, direction: Direction, dialect: Dialect) -> String {
    let task = match direction {
        Direction::Up => "Write here what the migration does.",
        Direction::Down => {
            "Write here how it is undone, and above the first step what that cannot bring back: `loses …`."
        }
    };
    let rebuilding = match dialect {
        Dialect::Sqlite => REBUILDING,
        Dialect::Postgres => "",
    };
    format!(
        "-- {id}: {} on {dialect}.\n\n-- piccolo: step\n-- {task} Every statement ends with a semicolon.\n{rebuilding}",
        direction.word()
    )
}

/// What a person has to know who makes a table of SQLite anew: the pragma of its manual does nothing here.
const REBUILDING: &str = "-- Where a table is made anew, add to the step line `rebuild \"table\" (\"column\", …)` or `foreign-keys=suspended`; `PRAGMA foreign_keys` does nothing in a step.\n";

fn render(script: &ScriptText<'_>) -> String {
    // Writing to a string fails only if the allocator does.
    let mut text = script.render().unwrap_or_default();
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

fn step(step: &Step) -> StepText<'_> {
    let Step { title, mode, rebuilds, foreign_keys_suspended, batches, statements } = step;
    let mut words = String::new();
    if *mode == Mode::NoTransaction {
        words.push_str(" no-transaction");
    }
    if let Some(Batches { size, table, column }) = batches {
        let (table, column) = (qualified(table, Dialect::Postgres), identifier(column));
        words.push_str(&one_line(&format!(" batches of {size} over {table} ({column})")));
    }
    for Rebuilt { table, columns } in rebuilds {
        words.push_str(" rebuild ");
        words.push_str(&identifier(&one_line(table)));
        // A directive is one line, and a name that is none could not be told in it.
        if !columns.iter().any(|column| column.contains(['\n', '\r'])) {
            let columns: Vec<String> = columns.iter().map(|column| identifier(column)).collect();
            words.push_str(&format!(" ({})", columns.join(", ")));
        }
    }
    // A rebuild implies it.
    if *foreign_keys_suspended && rebuilds.is_empty() {
        words.push_str(" foreign-keys=suspended");
    }
    let mut statements: Vec<StatementText<'_>> = statements.iter().map(statement).collect();
    let title = format!("{}.", one_line(title));
    // A step of one statement is said once.
    if let Some(first) = statements.first_mut()
        && first.comments.first() == Some(&title)
    {
        first.comments.remove(0);
    }
    StepText { words, title, statements }
}

fn statement(statement: &Statement) -> StatementText<'_> {
    let Statement { comment, sql, effect } = statement;
    let mut comments = Vec::new();
    if !comment.is_empty() {
        comments.push(one_line(comment));
    }
    if let Some(effect) = effect {
        comments.push(one_line(&format!("Lock: {effect}.")));
    }
    StatementText { comments, sql }
}

/// A text that stays inside its comment line.
fn one_line(text: &str) -> String {
    text.replace(['\n', '\r'], " ")
}
