//! A database with a thousand applied migrations: what it costs to ask where it stands, and to find nothing to do.

use std::borrow::Cow;
use std::time::Duration;

use piccolo_runtime::Engine;
use piccolo_runtime::migrate::{Migration, Migrations, Scripts};
use piccolo_runtime::sql::Dialect;
use piccolo_tests::Scratch;

use crate::{measure, report};

const MIGRATIONS: usize = 1000;
const GOAL: Duration = Duration::from_millis(50);

/// Measures both engines. Only this process's time counts, not the server's.
pub fn run() {
    report::heading("1000 applied migrations, processor time");
    for dialect in Dialect::ALL {
        let scratch = Scratch::new(dialect);
        let db = Engine::connect_sync(scratch.url()).expect("a scratch database");
        let migrations = Migrations::loaded(list());
        migrations.fake_sync(&db, "all").expect("an empty journal");
        let status = || migrations.status_sync(&db).expect("the journal can be read");
        assert!(status().is_current());
        report::goal(&format!("status, {dialect}"), measure::cpu(10, status), GOAL);
        let forwards = || migrations.forwards_sync(&db).expect("nothing to do");
        assert!(forwards().migrations.is_empty());
        report::goal(&format!("an empty forwards, {dialect}"), measure::cpu(10, forwards), GOAL);
    }
}

/// A chain of migrations, each with a few statements.
fn list() -> Vec<Migration> {
    let id = |at: usize| format!("2026-01-{:02}T{:02}-{:02}-00_change_{at}", 1 + at / 1440, at / 60 % 24, at % 60);
    (0..MIGRATIONS)
        .map(|at| {
            let up = format!(
                "-- {}: up.\n-- piccolo: lossless\n-- - add column\n\n-- piccolo: step\n-- Change the tables.\n\n-- Add column band.a{at}.\n\
                 -- Lock: ACCESS EXCLUSIVE on band; no rewrite, no scan.\nALTER TABLE \"band\" ADD COLUMN \"a{at}\" integer NOT NULL DEFAULT 4;\n\n\
                 -- Create table t{at}.\nCREATE TABLE \"t{at}\" (\n    \"id\" bigint NOT NULL,\n    \"name\" text NOT NULL,\n    CONSTRAINT \"t{at}_pkey\" PRIMARY KEY (\"id\")\n);\n",
                id(at)
            );
            let down = format!("-- piccolo: step\nDROP TABLE \"t{at}\";\nALTER TABLE \"band\" DROP COLUMN \"a{at}\";\n");
            let scripts = Scripts { up: up.into(), down: down.into() };
            let parents: Vec<Cow<'static, str>> = at.checked_sub(1).map(|before| id(before).into()).into_iter().collect();
            Migration { id: id(at).into(), parents: parents.into(), sqlite: Some(scripts.clone()), postgres: Some(scripts) }
        })
        .collect()
}
