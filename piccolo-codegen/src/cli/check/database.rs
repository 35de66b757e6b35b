//! A live database. It is only read.

use piccolo_runtime::Engine;
use piccolo_runtime::introspect::{self, Shape};
use piccolo_runtime::migrate::{Migration, Migrations, Problem, State};
use piccolo_runtime::schema::Schema;

use super::Check;
use super::code::{Code, Level};
use super::finding::{Finding, Place};
use crate::adopt;
use crate::cli::exit::Failure;
use crate::cli::proof::scratch_url;
use crate::cli::{database, replayed};
use crate::migration::{MANIFEST_FILE, script_name};
use crate::plan::Direction;
use crate::proof::Grounds;

/// Lists where the database stands, what was changed by hand, where it is not what the snapshot says, and what the schema language cannot say.
pub(super) fn check(
    check: &mut Check<'_>,
    migrations: Vec<Migration>,
    snapshot: Option<&Schema>,
    url: &str,
) -> Result<(), Failure> {
    let migrations = Migrations::loaded(migrations);
    let shown = database::without_password(url);
    let looked = database::block_on(async {
        // A database that is not there is a mistake in the url, and not to be created.
        let engine = Engine::builder(url).create_if_missing(false).connect().await?;
        let verification = migrations.verify(&engine).await;
        let shape = introspect::read(&engine, &introspect::Options::new()).await;
        let dialect = engine.dialect();
        engine.close().await;
        Ok((verification?, shape?, dialect))
    });
    let (verification, shape, dialect) = looked.map_err(|failure| failure.about(&shown))?;
    for problem in &verification.status.problems {
        let id = problem.id().map(|id| format!("{id} ")).unwrap_or_default();
        let mut found = Finding::new(Code::Problem, format!("{id}{problem}\non {shown}"));
        if let Some(folder) = check.folder.migrations.iter().find(|folder| problem.id() == Some(folder.id.as_str())) {
            let file = folder.path.join(script_name(Direction::Up, dialect));
            let line = if let Problem::Edited { line: Some(line), .. } = problem { *line } else { 1 };
            found = found.at(Place::line(&file, line));
        }
        check.found(found);
    }
    for (id, state) in &verification.status.migrations {
        let (code, words) = match state {
            State::Pending => (Code::Pending, "is pending"),
            State::HalfApplied(_) => (Code::Problem, "is half applied"),
            State::HalfUndone(_) => (Code::Problem, "is half undone"),
            State::Applied { .. } => continue,
        };
        let mut found = Finding::new(code, format!("{id} {words} on {shown}"));
        if let Some(folder) = check.folder.migrations.iter().find(|folder| folder.id == *id) {
            found = found.at(Place::of(&folder.path.join(MANIFEST_FILE)));
        }
        check.found(found);
    }
    for difference in verification.drift.iter().flatten() {
        check.found(Finding::new(Code::Drift, format!("{difference}\non {shown}")));
    }
    let states = &verification.status.migrations;
    let is_current = verification.status.problems.is_empty()
        && !states.is_empty()
        && states.iter().all(|(_, state)| matches!(state, State::Applied { .. }));
    if let (Some(snapshot), true) = (snapshot, is_current) {
        against_snapshot(check, &shape, snapshot, &shown)?;
    }
    for note in adopt::objects(&shape) {
        check.found(Finding::new(Code::Unsaid, format!("{note}, on {shown}")).help(note.way_out));
    }
    Ok(())
}

/// Lists where the database, which has run everything, is not what the snapshot gives: the journal does not know whether what it says was done.
fn against_snapshot(check: &mut Check<'_>, shape: &Shape, snapshot: &Schema, shown: &str) -> Result<(), Failure> {
    let (dialect, url) = (shape.dialect, scratch_url(check.settings));
    let compared = database::block_on(async {
        let grounds = Grounds::open(&[dialect], url.as_deref()).await;
        let compared = replayed::against(&grounds, dialect, shape, snapshot).await;
        grounds.close().await;
        Ok(compared)
    })?;
    match compared {
        Ok(differences) => {
            for difference in differences {
                let message = format!("{}\non {shown}", difference.describe("the database", "the snapshot"));
                check.found(Finding::new(Code::OffSnapshot, message));
            }
        }
        Err(refutation) => {
            let message = format!("{shown} was not compared with the snapshot: {refutation}");
            let found = Finding::new(Code::OffSnapshot, message).level(Level::Note);
            check.found(found.help(
                "install PostgreSQL's programs, or name a server with `scratch_url` under `[database]` in piccolo.toml",
            ));
        }
    }
    Ok(())
}
