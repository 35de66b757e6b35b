//! A live database. It is only read.

use piccolo_runtime::Engine;
use piccolo_runtime::introspect;
use piccolo_runtime::migrate::{Migration, Migrations, Problem, State};

use super::Check;
use super::code::Code;
use super::finding::{Finding, Place};
use crate::adopt;
use crate::cli::database;
use crate::cli::exit::Failure;
use crate::migration::{MANIFEST_FILE, script_name};
use crate::plan::Direction;

/// Lists where the database stands, what was changed by hand, and what the schema language cannot say.
pub(super) fn check(check: &mut Check<'_>, migrations: Vec<Migration>, url: &str) -> Result<(), Failure> {
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
    for note in adopt::objects(&shape) {
        check.found(Finding::new(Code::Unsaid, format!("{note}, on {shown}")).help(note.way_out));
    }
    Ok(())
}
