//! The script that a run would send.

use super::report::Preview;
use super::session::Session;
use super::step_sql::{Place, begin, settings, steps};
use crate::Result;
use crate::migrate::file::{Mode, Step};
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::Direction;
use crate::rebuild::Dependents;
use crate::sql::Dialect;

/// Writes the script for these migrations, in this order.
pub(super) async fn preview(session: &Session, entries: &[&Entry], direction: Direction) -> Result<Preview> {
    let dialect = session.dialect();
    let mut script = Script { dialect, lines: Vec::new() };
    if !entries.is_empty() && !session.has_journal().await? {
        script.comment("The journal.");
        script.transaction(journal::create(dialect)?);
    }
    for entry in entries {
        let all = steps(entry, direction);
        let done = session.preview_progress(entry, direction).await?;
        let mut place = Place::after(entry, direction, done);
        while let Some(step) = place.step {
            script.title(entry, step, all.len());
            script.step(session, &place, step).await?;
            if place.completes() {
                break;
            }
            place = Place::after(entry, direction, usize::try_from(step.number).unwrap_or(usize::MAX));
        }
        if place.step.is_none() {
            script.comment(&entry.id);
            script.transaction(place.bookkeeping());
        }
    }
    let migrations = entries.iter().map(|entry| entry.id.clone()).collect();
    Ok(Preview { migrations, sql: script.lines.join("\n") })
}

/// The script as it grows.
struct Script {
    dialect: Dialect,
    lines: Vec<String>,
}

impl Script {
    fn comment(&mut self, text: &str) {
        if !self.lines.is_empty() {
            self.lines.push(String::new());
        }
        self.lines.extend(text.lines().map(|line| format!("-- {line}")));
    }

    fn title(&mut self, entry: &Entry, step: &Step, of: usize) {
        let title = step.title.as_deref().map(|title| format!(": {title}")).unwrap_or_default();
        self.comment(&format!("{}, step {} of {of}{title}", entry.id, step.number));
    }

    fn statement(&mut self, statement: impl AsRef<str>) {
        self.lines.push(format!("{};", statement.as_ref()));
    }

    fn transaction(&mut self, statements: impl IntoIterator<Item = String>) {
        self.statement(begin(self.dialect));
        statements.into_iter().for_each(|statement| self.statement(statement));
        self.statement("COMMIT");
    }

    async fn step(&mut self, session: &Session, place: &Place<'_>, step: &Step) -> Result<()> {
        let texts = step.statements.iter().map(|statement| statement.text.clone());
        if step.mode == Mode::NoTransaction {
            self.transaction([journal::record_step(&place.entry.id, place.direction, step, false)]);
            texts.for_each(|text| self.statement(text));
            self.transaction([journal::finish_step(&place.entry.id, place.direction, step.number)]);
            return Ok(());
        }
        let suspended = self.dialect == Dialect::Sqlite && step.foreign_keys_suspended;
        let dependents = match suspended && !step.rebuilds.is_empty() {
            true => Some(read_dependents(session, &step.rebuilds).await?),
            false => None,
        };
        let mut statements = settings(self.dialect);
        statements.extend(dependents.iter().flat_map(Dependents::take_away));
        statements.extend(texts);
        statements.extend(dependents.iter().flat_map(|dependents| dependents.bring_back(&step.work())));
        if suspended {
            statements.push("PRAGMA foreign_key_check".to_owned());
        }
        statements.extend(place.bookkeeping());
        if suspended {
            self.statement("PRAGMA foreign_keys = OFF");
        }
        self.transaction(statements);
        if suspended {
            self.statement("PRAGMA foreign_keys = ON");
        }
        Ok(())
    }
}

/// What hangs on some tables now. (What earlier steps of the same preview would change is not known.)
async fn read_dependents(session: &Session, tables: &[String]) -> Result<Dependents> {
    let transaction = session.begin().await?;
    let dependents = Dependents::read(&transaction, tables).await;
    transaction.rollback().await?;
    dependents
}
