//! Eight processes at once: the command line, and applications that hold their migrations.

use std::process::{Command, Stdio};

use piccolo_runtime::sql::Dialect;
use piccolo_tests::{TestDb, block_on, on_both};

use super::kills::application::{AFTER, FIRST, ROWS, command_line, embedded};

/// How many times everything is done; 25 is what a release is tried with.
fn rounds() -> u32 {
    std::env::var("PICCOLO_ROUNDS").ok().and_then(|rounds| rounds.parse().ok()).unwrap_or(2)
}

/// Eight processes on a new database of each engine, again and again: every one succeeds, and everything is done once. The second
/// migration builds indexes concurrently on Postgres, and fills a column in batches.
fn eight(command: impl Fn(&str, &[&str]) -> Command) {
    for _ in 0..rounds() {
        on_both(async |db| {
            at_once(|| command(db.url(), &["forwards", FIRST]));
            assert_eq!(db.text("SELECT count(*) FROM piccolo_migration").await, "1");
            db.execute(ROWS).await;
            at_once(|| command(db.url(), &["forwards"]));
            assert_eq!(db.text("SELECT count(*) FROM piccolo_migration").await, "2");
            assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step WHERE NOT done").await, "0");
            assert_eq!(db.text(AFTER).await, "3 4 3");
            at_once(|| command(db.url(), &["backwards", "all"]));
            assert_eq!(db.text("SELECT count(*) FROM piccolo_migration_step").await, "0");
        });
    }
}

/// Starts eight and waits for all to succeed.
fn at_once(command: impl Fn() -> Command) {
    let children: Vec<_> = (0..8).map(|_| command().stderr(Stdio::piped()).spawn().unwrap()).collect();
    for child in children {
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

/// E25
#[test]
fn eight_processes_of_the_command_line_at_once_do_everything_once() {
    eight(command_line);
}

/// E25
#[test]
fn eight_applications_at_once_do_everything_once() {
    eight(embedded);
}

#[test]
fn migrations_in_a_program_and_in_a_folder_leave_the_same() {
    for dialect in Dialect::ALL {
        let journal = |command: &dyn Fn(&str, &[&str]) -> Command| {
            let db = TestDb::new(dialect);
            let run = |arguments: &[&str]| assert!(command(db.url(), arguments).status().unwrap().success());
            run(&["forwards", "1"]);
            block_on(db.execute(ROWS));
            run(&["forwards"]);
            block_on(async {
                let migrations = db.rows("SELECT id, checksum, faked, shape FROM piccolo_migration ORDER BY id").await;
                let steps = "SELECT migration, direction, number, checksum, sql, done, batch_cursor, batch_end, batch_rows \
                             FROM piccolo_migration_step ORDER BY 1, 2, 3";
                let steps = db.rows(steps).await;
                let said = embedded(db.url(), &["verify"]).stdout(Stdio::piped()).output();
                let said = String::from_utf8(said.unwrap().stdout).unwrap();
                (migrations, steps, said)
            })
        };
        let held = journal(&embedded);
        assert_eq!(held, journal(&command_line));
        assert_eq!(held.2, "the database is as this program expects it\n");
    }
}
