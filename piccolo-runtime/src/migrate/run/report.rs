//! What a run gives back.

use crate::migrate::pending::{Direction, Problem, State};

/// What a run did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Which way it went.
    pub direction: Direction,
    /// The migrations that this run completed, in the order in which it did.
    pub migrations: Vec<String>,
}

impl Report {
    /// The report in words, of migrations that were recorded and not run.
    #[must_use]
    pub fn recorded(&self) -> String {
        match self.migrations.as_slice() {
            [] => self.to_string(),
            migrations => listed("recorded", migrations),
        }
    }
}

/// What was done to migrations.
fn listed(verb: &str, migrations: &[String]) -> String {
    match migrations {
        [only] => format!("{verb} {only}"),
        several => format!("{verb} {} migrations:\n  {}", several.len(), several.join("\n  ")),
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let verb = match self.direction {
            Direction::Forwards => "applied",
            Direction::Backwards => "undone",
        };
        match (self.migrations.as_slice(), self.direction) {
            ([], Direction::Forwards) => f.write_str("nothing to apply: the database is up to date"),
            ([], Direction::Backwards) => f.write_str("nothing to undo: no migration is applied"),
            (migrations, _) => f.write_str(&listed(verb, migrations)),
        }
    }
}

/// Where a database stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Each migration's id and state, in the order in which they run.
    pub migrations: Vec<(String, State)>,
    /// What keeps a run from starting.
    pub problems: Vec<Problem>,
}

impl Status {
    /// Whether every migration is applied and nothing is wrong.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.problems.is_empty() && self.migrations.iter().all(|(_, state)| matches!(state, State::Applied { .. }))
    }
}

/// Whether a database is where a program expects it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verification {
    /// Its migrations.
    pub status: Status,
    /// What was changed by hand, whenever that was, in sentences; `None` where no run has recorded what it left.
    pub drift: Option<Vec<String>>,
}

impl Verification {
    /// Whether every migration is applied and nothing was changed by hand, as far as is known.
    #[must_use]
    pub fn is_current(&self) -> bool {
        self.status.is_current() && self.drift.as_ref().is_none_or(Vec::is_empty)
    }
}

impl std::fmt::Display for Verification {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let open = self.status.migrations.iter().filter(|(_, state)| !matches!(state, State::Applied { .. }));
        let lines: Vec<String> = open
            .map(|(id, state)| format!("migration {id} is {state}"))
            .chain(self.status.problems.iter().map(|problem| match problem.id() {
                Some(id) => format!("migration {id} {problem}"),
                None => problem.to_string(),
            }))
            .chain(self.drift.iter().flatten().cloned())
            .collect();
        if lines.is_empty() {
            f.write_str("the database is as this program expects it")
        } else {
            f.write_str(&lines.join("\n"))
        }
    }
}

/// The SQL that a run would send, as a script for the engine's own shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The migrations it holds, in order.
    pub migrations: Vec<String>,
    /// The script. Fed to `sqlite3` or `psql` it leaves the database as the run would, its journal included.
    pub sql: String,
}
