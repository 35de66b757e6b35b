//! The script that a run would send.

use super::batches::{self, Walk};
use super::concurrently::{self, Left};
use super::report::Preview;
use super::session::Session;
use super::step_sql::{Place, begin, settings, steps};
use crate::ddl::Rebuilt;
use crate::migrate::file::{Batches, Mode, Step};
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::Direction;
use crate::rebuild::Dependents;
use crate::sql::Dialect;
use crate::{Exec, Result};

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
        let progress = session.preview_progress(entry, direction).await?;
        let mut place = Place::after(entry, direction, progress.done);
        let mut begun = progress.begun;
        while let Some(step) = place.step {
            script.title(entry, step, all.len());
            script.step(session, &place, step, std::mem::take(&mut begun)).await?;
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

    /// A step outside of any transaction; `begun` if an earlier run did not come to its end.
    async fn alone(&mut self, session: &Session, place: &Place<'_>, step: &Step, begun: bool) -> Result<()> {
        let (id, direction) = (&place.entry.id, place.direction);
        if !begun {
            self.transaction([journal::record_step(id, direction, step, false)]);
        }
        for statement in &step.statements {
            let left = if begun { concurrently::left_behind(session, statement).await? } else { Left::Nothing };
            match left {
                Left::All => continue,
                Left::Broken(clean_up) => self.statement(clean_up),
                Left::Nothing => {}
            }
            self.statement(&statement.text);
        }
        self.transaction([journal::finish_step(id, direction, step.number)]);
        Ok(())
    }

    /// A step in batches, from where it stands now.
    async fn batches(
        &mut self,
        session: &Session,
        place: &Place<'_>,
        (step, batches): (&Step, &Batches),
        begun: bool,
    ) -> Result<()> {
        let (id, direction) = (&place.entry.id, place.direction);
        let walk = match begun {
            true => {
                let transaction = session.begin().await?;
                let walk = Walk::resume(Exec::from(&transaction), id, direction, step).await;
                transaction.rollback().await?;
                walk?
            }
            false => None,
        };
        for statement in &step.statements {
            self.statement(batches::script(batches, statement, walk.as_ref(), self.dialect));
        }
        let done = if begun {
            journal::finish_step(id, direction, step.number)
        } else {
            journal::record_step(id, direction, step, true)
        };
        self.transaction([done]);
        Ok(())
    }

    async fn step(&mut self, session: &Session, place: &Place<'_>, step: &Step, begun: bool) -> Result<()> {
        if step.mode == Mode::NoTransaction {
            return self.alone(session, place, step, begun).await;
        }
        if let Some(batches) = &step.batches {
            return self.batches(session, place, (step, batches), begun).await;
        }
        let texts = step.statements.iter().map(|statement| statement.text.clone());
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
async fn read_dependents(session: &Session, tables: &[Rebuilt]) -> Result<Dependents> {
    let transaction = session.begin().await?;
    let dependents = Dependents::read(&transaction, tables).await;
    transaction.rollback().await?;
    dependents
}
