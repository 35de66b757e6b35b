//! SQLite: killed at every write to its files, or told that the disk is full or broken.

use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::{Command, Output};

use piccolo_runtime::introspect::Shape;
use piccolo_runtime::sql::Dialect;
use piccolo_tests::TestDb;

use super::application::{check, command_line, prepare, shapes};

/// The files that SQLite writes: what it may lose, what it works in, what it coordinates with. One thread writes each.
pub(super) const FILES: [&str; 3] = ["-wal", "", "-shm"];

/// Runs of the command line over copies of one database, each with a fault.
pub(super) struct Trial {
    template: TestDb,
    shapes: Vec<Shape>,
}

impl Trial {
    pub(super) fn new() -> Self {
        let template = TestDb::new(Dialect::Sqlite);
        prepare(&template);
        Self { template, shapes: shapes(Dialect::Sqlite) }
    }

    /// Runs the migration while strace injects `fault` into this system call on this one of the database's files. What it leaves
    /// is checked, and what the program said is given.
    pub(super) fn run(&self, call: &str, file: &str, fault: &str) -> Output {
        let db = TestDb::new(Dialect::Sqlite);
        let path = db.sqlite_file().unwrap();
        std::fs::copy(self.template.sqlite_file().unwrap(), path).unwrap();
        let plain = command_line(db.url(), &["forwards"]);
        let mut strace = Command::new("strace");
        strace
            .args(["-f", "-q", "-o", "/dev/null", "-e", &format!("trace={call}"), "-P"])
            .arg(format!("{path}{file}"))
            .args(["-e", &format!("inject={call}:{fault}")])
            .arg(plain.get_program())
            .args(plain.get_args());
        strace.current_dir(plain.get_current_dir().unwrap_or(Path::new(".")));
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => strace.env(name, value),
                None => strace.env_remove(name),
            };
        }
        let output = strace.output().unwrap_or_else(|error| {
            panic!("strace, which these tests inject faults with, does not run: {error}; install it, for instance with `apt-get install strace`")
        });
        assert!(
            !String::from_utf8_lossy(&output.stderr).contains("ptrace"),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let place = format!("{call} of {}{file}, {fault}", "test.sqlite");
        let integrity = piccolo_tests::block_on(db.text("PRAGMA integrity_check"));
        assert_eq!(integrity, "ok", "{place}");
        check(&db, &self.shapes, &place);
        output
    }
}

#[test]
fn killed_at_any_write_a_sqlite_migration_loses_nothing() {
    let trial = Trial::new();
    let mut kills = 0;
    for file in FILES {
        for write in 1.. {
            let output = trial.run("pwrite64", file, &format!("signal=KILL:when={write}"));
            if output.status.success() {
                break;
            }
            assert_eq!(output.status.signal().or(output.status.code().map(|code| code - 128)), Some(9), "{output:?}");
            kills += 1;
        }
    }
    // A run without writes would have told nothing.
    assert!(kills > 20, "{kills} kills");
    println!("killed at {kills} writes");
}
