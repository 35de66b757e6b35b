//! The script that a run would send.

use std::collections::HashSet;

use super::batches::{self, Walk};
use super::concurrently::{self, Left};
use super::failure;
use super::report::Preview;
use super::session::Session;
use super::step_sql::{Place, begin, settings, steps};
use crate::ddl::Rebuilt;
use crate::migrate::file::{Batches, Mode, Step};
use crate::migrate::history::Entry;
use crate::migrate::journal;
use crate::migrate::pending::Direction;
use crate::rebuild::{self, Dependents, Work};
use crate::sql::{Dialect, Token, Tokens};
use crate::{Exec, Result};

/// Writes the script for these migrations, in this order.
pub(super) async fn preview(session: &Session, entries: &[&Entry], direction: Direction) -> Result<Preview> {
    let dialect = session.dialect();
    let mut script = Script { dialect, lines: Vec::new(), mentioned: HashSet::new(), replaced: HashSet::new() };
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
            script.mention(step);
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
    /// The names in the steps before, in lower case: what is called so may not be as it is now when its turn comes.
    mentioned: HashSet<String>,
    /// Those of them in statements that create, drop or rename tables: a table among them may be another one by then.
    replaced: HashSet<String>,
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

    /// Notes the names in a step.
    fn mention(&mut self, step: &Step) {
        for statement in &step.statements {
            let names: Vec<String> = Tokens::of(&statement.text, self.dialect)
                .filter_map(|token| match token {
                    Token::Word(name) | Token::Quoted(name) => Some(rebuild::unquoted(name).to_ascii_lowercase()),
                    Token::Space(_) | Token::Comment(_) | Token::Unclosed(_) | Token::Semicolon | Token::Other(_) => {
                        None
                    }
                })
                .collect();
            let words: Vec<&str> = names.iter().map(String::as_str).collect();
            let replaces = match words.as_slice() {
                ["create" | "drop", "table", ..] => true,
                ["alter", "table", rest @ ..] => rest.windows(2).any(|pair| pair == ["rename", "to"]),
                _ => false,
            };
            if replaces {
                self.replaced.extend(names.iter().cloned());
            }
            self.mentioned.extend(names);
        }
    }

    /// What a step is known to do, with everything that may have changed by then taken for known.
    fn work(&self, place: &Place<'_>, step: &Step) -> Work {
        let mut work = place.work(step);
        work.tables.retain(|rebuilt| !self.replaced.contains(&rebuilt.table.to_ascii_lowercase()));
        let mut altered = false;
        // Nothing is known of a table without columns, and nothing is refused there.
        for rebuilt in work.tables.iter_mut().filter(|rebuilt| !rebuilt.columns.is_empty()) {
            if self.mentioned.contains(&rebuilt.table.to_ascii_lowercase()) {
                rebuilt.columns.extend(self.mentioned.iter().cloned());
                altered = true;
            }
        }
        if altered && let Some(known) = &mut work.constraints {
            known.add_names(&self.mentioned);
        }
        work
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
            true => {
                let (unknown, dependents) = look(session, &step.rebuilds, &self.work(place, step)).await?;
                if let Some(message) = unknown {
                    return Err(failure::of_step(place, &message, None));
                }
                Some(dependents)
            }
            false => None,
        };
        let mut statements = settings(self.dialect);
        statements.extend(dependents.iter().flat_map(Dependents::take_away));
        statements.extend(texts);
        statements.extend(dependents.iter().flat_map(|dependents| dependents.bring_back(&place.work(step))));
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

/// What hangs on some tables now, and what is said of that which the work does not know and would drop.
async fn look(session: &Session, tables: &[Rebuilt], work: &Work) -> Result<(Option<String>, Dependents)> {
    let transaction = session.begin().await?;
    let found =
        async { Ok((rebuild::unknown(&transaction, work).await?, Dependents::read(&transaction, tables).await?)) };
    let found = found.await;
    transaction.rollback().await?;
    found
}
