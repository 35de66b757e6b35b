//! A script run as a person would paste it into the engine's own shell: statement after statement, until one fails.

use std::io::Write;
use std::process::{Command, Stdio};

use piccolo_runtime::sql::Dialect;

use crate::scratch::{Scratch, fail};
use crate::test_db::TestDb;

impl Scratch {
    /// Runs a script: on Postgres through `psql`, which sends each statement on its own, on SQLite as its shell does.
    ///
    /// # Errors
    ///
    /// What the database said.
    pub fn try_script(&self, sql: &str) -> Result<(), String> {
        match self.dialect() {
            Dialect::Sqlite => self.open_sqlite()?.execute_batch(sql).map_err(|error| error.to_string()),
            Dialect::Postgres => psql(self.url(), sql),
        }
    }
}

impl TestDb {
    /// Runs a script as the engine's own shell would, and fails the test if that fails.
    pub fn script(&self, sql: &str) {
        self.try_script(sql).unwrap_or_else(|error| fail(&format!("{error}\nin: {sql}")));
    }
}

fn psql(url: &str, sql: &str) -> Result<(), String> {
    let mut child = Command::new("psql")
        .args(["--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--dbname", url])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot run psql, the shell of PostgreSQL: {error}; put its folder into PATH"))?;
    // The script is smaller than a pipe, or psql reads it while it is written; what it says is short.
    let written = child.stdin.take().map(|mut stdin| stdin.write_all(sql.as_bytes()));
    let output = child.wait_with_output().map_err(|error| error.to_string())?;
    match (output.status.success(), written) {
        (true, Some(Ok(()))) => Ok(()),
        (true, Some(Err(error))) => Err(error.to_string()),
        _ => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
