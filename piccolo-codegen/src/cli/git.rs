//! What git knows of a folder. git is a program that may be missing, and a folder may be in no repository: then nothing is known.

use std::path::Path;
use std::process::Command;

/// A folder in a repository.
#[derive(Debug)]
pub(super) struct Git<'a> {
    folder: &'a Path,
}

/// How a file differs from a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It has another text.
    Modified,
    /// It is gone.
    Deleted,
}

impl<'a> Git<'a> {
    /// The folder, if it is in a repository that has a commit.
    pub(super) fn at(folder: &'a Path) -> Option<Self> {
        let git = Self { folder };
        git.revision("HEAD").map(|_| git)
    }

    /// The commit that a revision names.
    pub(super) fn revision(&self, revision: &str) -> Option<String> {
        let commit = format!("{revision}^{{commit}}");
        self.output(&["rev-parse", "--verify", "--quiet", &commit]).map(|text| text.trim().to_owned())
    }

    /// The newest commit that both have.
    pub(super) fn merge_base(&self, one: &str, other: &str) -> Option<String> {
        self.output(&["merge-base", one, other]).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// The files below the folder that a commit has, by their paths from there.
    pub(super) fn files(&self, revision: &str) -> Vec<String> {
        let listed = self.output(&["ls-tree", "-r", "-z", "--name-only", revision, "."]);
        listed.unwrap_or_default().split('\0').filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    /// The files below the folder that a commit has and that are not so any more, by their paths from there.
    pub(super) fn changes_since(&self, revision: &str) -> Vec<(Change, String)> {
        let listed = self.output(&["diff", "--relative", "--no-renames", "-z", "--name-status", revision, "--", "."]);
        let listed = listed.unwrap_or_default();
        let mut words = listed.split('\0');
        let mut changes = Vec::new();
        while let (Some(status), Some(path)) = (words.next(), words.next()) {
            match status {
                "M" | "T" => changes.push((Change::Modified, path.to_owned())),
                "D" => changes.push((Change::Deleted, path.to_owned())),
                _ => {}
            }
        }
        changes
    }

    /// The text of a file in a commit; the path goes from the folder.
    pub(super) fn show(&self, revision: &str, path: &str) -> Option<String> {
        self.output(&["show", &format!("{revision}:./{path}")])
    }

    /// All texts that a file had in the commits of this branch and of the one that is being merged, the newest first.
    pub(super) fn versions(&self, path: &str) -> Vec<String> {
        let mut texts = Vec::new();
        for tip in ["MERGE_HEAD", "HEAD", "ORIG_HEAD", "origin/HEAD"] {
            let commits = self.output(&["log", "--format=%H", "--max-count=100", tip, "--", path]).unwrap_or_default();
            for commit in commits.lines() {
                let text = self.show(commit, path);
                texts.extend(text.filter(|text| !texts.contains(text)));
            }
        }
        texts
    }

    fn output(&self, arguments: &[&str]) -> Option<String> {
        let output = Command::new("git").arg("-C").arg(self.folder).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }
}
