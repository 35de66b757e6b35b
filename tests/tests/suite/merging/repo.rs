//! An application's folder in a git repository.

use std::process::Command;

use piccolo_tests::{Outcome, Project};

use crate::check::support;

/// A project in a repository whose first commit holds the first migration, on the branch `main`.
pub(crate) struct Repo {
    pub(crate) project: Project,
}

impl Repo {
    /// For SQLite alone.
    pub(crate) fn begun(schema: &str) -> Self {
        Self::of(support::begun(schema))
    }

    /// A repository around a project.
    pub(crate) fn of(project: Project) -> Self {
        let repo = Self { project };
        repo.git(&["init", "-q", "-b", "main"]);
        repo.commit("first");
        repo
    }

    /// Runs git, which must succeed.
    #[track_caller]
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let outcome = self.try_git(arguments);
        assert_eq!(outcome.status, 0, "git {arguments:?}: {outcome}");
        outcome.stdout
    }

    /// Runs git, without anybody's own settings.
    pub(crate) fn try_git(&self, arguments: &[&str]) -> Outcome {
        let mut command = Command::new("git");
        command.current_dir(self.project.path()).env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"] {
            command.env_remove(variable);
        }
        command.args(["-c", "user.name=Somebody", "-c", "user.email=somebody@example.org"]);
        Outcome::of(command.args(arguments))
    }

    /// Commits everything.
    #[track_caller]
    pub(crate) fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "-m", message]);
    }

    /// A branch from `main` on which the schema is this and `diff` has written the migration.
    #[track_caller]
    pub(crate) fn branch(&self, name: &str, schema: &str, flags: &[&str]) {
        self.git(&["checkout", "-q", "-b", name, "main"]);
        self.migration(name, schema, flags);
    }

    /// One more migration on the branch that is checked out.
    #[track_caller]
    pub(crate) fn migration(&self, name: &str, schema: &str, flags: &[&str]) {
        self.project.write("schema.piccolo", schema);
        self.project.run(&[&["diff", "--name", name], flags].concat()).exits(0);
        self.commit(name);
    }

    /// Merges branches into `main`, and gives the files in conflict.
    #[track_caller]
    pub(crate) fn merge(&self, branches: &[&str]) -> Vec<String> {
        self.git(&["checkout", "-q", "main"]);
        for branch in branches {
            let outcome = self.try_git(&["merge", "-q", "--no-ff", "-m", "merged", branch]);
            if outcome.status != 0 {
                let files = self.git(&["diff", "--name-only", "--diff-filter=U"]);
                assert!(!files.is_empty(), "{outcome}");
                return files.lines().map(str::to_owned).collect();
            }
        }
        Vec::new()
    }

    /// Commits a merge that is settled, if git has not done so.
    #[track_caller]
    pub(crate) fn commit_merge(&self) {
        self.git(&["add", "-A"]);
        if self.try_git(&["diff", "--cached", "--quiet"]).status != 0 || self.project.file(".git/MERGE_HEAD").exists() {
            self.git(&["commit", "-q", "-m", "merged"]);
        }
    }

    /// The id of the only migration whose name is this.
    #[track_caller]
    pub(crate) fn id(&self, name: &str) -> String {
        let ids = support::ids(&self.project);
        let found: Vec<&String> = ids.iter().filter(|id| id.ends_with(&format!("_{name}"))).collect();
        assert_eq!(found.len(), 1, "{name} among {ids:?}");
        found[0].clone()
    }
}
