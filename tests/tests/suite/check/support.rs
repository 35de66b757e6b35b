//! A project that passes its check, and what the check says of it.

use piccolo_tests::{Outcome, Project};

/// Two tables, one of which points to the other.
pub(crate) const SCHEMA: &str = "\
table Manager {
    name: Varchar(length = 50)
}

table Band {
    name: Varchar(length = 50)
    manager: ForeignKey(Manager, null)
}
";

/// What `check` found.
#[derive(Debug)]
pub(crate) struct Findings {
    pub(crate) status: i32,
    list: Vec<serde_json::Value>,
    pub(crate) proven: Vec<String>,
}

impl Findings {
    /// Runs `check` with these arguments.
    pub(crate) fn of(project: &Project, arguments: &[&str]) -> Self {
        Self::from(Outcome::of(project.command().args(["--format", "json", "check"]).args(arguments)))
    }

    /// Runs `check` as a CI system does.
    pub(crate) fn in_ci(project: &Project, arguments: &[&str]) -> Self {
        let mut command = project.command();
        Self::from(Outcome::of(command.env("CI", "true").args(["--format", "json", "check"]).args(arguments)))
    }

    /// The codes at a level, in order.
    pub(crate) fn at(&self, level: &str) -> Vec<&str> {
        let at_level = self.list.iter().filter(|finding| finding["level"] == level);
        at_level.map(|finding| finding["code"].as_str().unwrap()).collect()
    }

    /// The one finding of a code; its place and its message.
    #[track_caller]
    pub(crate) fn one(&self, code: &str) -> (String, String) {
        let found: Vec<_> = self.list.iter().filter(|finding| finding["code"] == code).collect();
        assert_eq!(found.len(), 1, "{code} in {self:#?}");
        let place = &found[0]["place"];
        let place = format!("{}:{}", place["file"].as_str().unwrap_or_default(), place["line"]);
        (place, found[0]["message"].as_str().unwrap().to_owned())
    }

    /// Fails unless nothing is wrong.
    #[track_caller]
    pub(crate) fn pass(self) -> Self {
        assert!(self.status == 0 && self.at("error").is_empty() && self.at("warning").is_empty(), "{self:#?}");
        self
    }
}

impl From<Outcome> for Findings {
    fn from(outcome: Outcome) -> Self {
        let report: serde_json::Value =
            serde_json::from_str(&outcome.stdout).unwrap_or_else(|error| panic!("{error}: {outcome}"));
        let proven = report["proven"].as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned());
        Self { status: outcome.status, proven: proven.collect(), list: report["findings"].as_array().unwrap().clone() }
    }
}

/// A project with this schema for SQLite alone, whose first migration is written.
pub(crate) fn begun(schema: &str) -> Project {
    let project = Project::with_schema(schema);
    project.write("piccolo.toml", "engines = [\"sqlite\"]\n");
    project.run(&["diff", "--name", "first"]).exits(0);
    project
}

/// A project for both engines, whose first migration is written.
pub(crate) fn begun_on_both(schema: &str) -> Project {
    let project = Project::with_schema(schema);
    project.run(&["diff", "--name", "first"]).exits(0);
    project
}

/// The ids of a project's migrations, in order.
pub(crate) fn ids(project: &Project) -> Vec<String> {
    let folders = std::fs::read_dir(project.file("migrations")).unwrap().flatten();
    let names = folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name());
    let mut ids: Vec<String> = names.map(|name| name.to_string_lossy().into_owned()).collect();
    ids.retain(|id| !id.starts_with('.'));
    ids.sort();
    ids
}

/// Replaces a text in a file, which must hold it.
#[track_caller]
pub(crate) fn replace(project: &Project, file: &str, from: &str, to: &str) {
    let text = project.read(file);
    assert!(text.contains(from), "{file} does not hold {from:?}:\n{text}");
    project.write(file, text.replace(from, to));
}
