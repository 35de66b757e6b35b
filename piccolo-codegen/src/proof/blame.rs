//! Which statements of a migration touch a table: what a report points to.

use piccolo_runtime::migrate::Migration;
use piccolo_runtime::migrate::file::Script;
use piccolo_runtime::sql::Dialect;

use super::Moment;
use crate::plan::mentions;

/// How many statements a report names.
const NAMED: usize = 8;

/// The statements that mention one of these tables, each with its file, line and step; the tables are called by their bare names.
pub(super) fn statements(migration: &Migration, dialect: Dialect, moment: Moment, tables: &[&str]) -> Vec<String> {
    let Some(scripts) = migration.scripts(dialect) else { return Vec::new() };
    let (text, way) = match moment {
        Moment::Up | Moment::UpAgain => (&scripts.up, "up"),
        Moment::Down => (&scripts.down, "down"),
    };
    let Ok(script) = Script::parse(text, dialect) else { return Vec::new() };
    let touches = |sql: &str| tables.iter().any(|table| mentions(sql, bare(table)));
    let mut found = Vec::new();
    for step in &script.steps {
        for statement in step.statements.iter().filter(|statement| touches(&statement.normal)) {
            found.push(format!(
                "line {} of {way}.{dialect}.sql, step {}: {}",
                statement.line,
                step.number,
                shortened(&statement.normal)
            ));
        }
    }
    if found.len() > NAMED {
        let more = found.len() - NAMED;
        found.truncate(NAMED);
        found.push(format!("and {more} more"));
    }
    found
}

/// The name without its schema.
fn bare(name: &str) -> &str {
    name.rsplit_once('.').map_or(name, |(_, name)| name)
}

/// A statement in a length that a report bears.
fn shortened(sql: &str) -> String {
    match sql.char_indices().nth(160) {
        Some((end, _)) => format!("{} …", sql.get(..end).unwrap_or_default()),
        None => sql.to_owned(),
    }
}
