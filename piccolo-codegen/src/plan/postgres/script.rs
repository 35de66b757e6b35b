//! A plan in the making.

use crate::plan::{Batches, Effect, Mode, Statement, Step};

/// Steps that are filled one after the other.
pub(super) struct Script {
    done: Vec<Step>,
    open: Step,
}

impl Script {
    /// A script whose first step has this title.
    pub(super) fn new(title: &str) -> Self {
        Self { done: Vec::new(), open: Step::new(title) }
    }

    /// Adds a statement to the open step.
    pub(super) fn push(&mut self, comment: impl Into<String>, sql: impl Into<String>, effect: Effect) {
        self.open.statements.push(Statement { comment: comment.into(), sql: sql.into(), effect: Some(effect) });
    }

    /// Begins another step: what comes now succeeds or fails apart from what came before.
    pub(super) fn cut(&mut self, title: &str) {
        let before = std::mem::replace(&mut self.open, Step::new(title));
        if !before.statements.is_empty() {
            self.done.push(before);
        }
    }

    /// Adds a statement as a step of its own, so that its locks are not held for longer than it takes.
    pub(super) fn apart(&mut self, comment: impl Into<String>, sql: impl Into<String>, effect: Effect) {
        let title = self.open.title.clone();
        let comment = comment.into();
        self.cut(comment.trim_end_matches('.'));
        self.push(comment, sql, effect);
        self.cut(&title);
    }

    /// Adds a statement that runs in batches, as a step of its own.
    pub(super) fn in_batches(
        &mut self,
        comment: impl Into<String>,
        sql: impl Into<String>,
        effect: Effect,
        batches: Batches,
    ) {
        let title = self.open.title.clone();
        let comment = comment.into();
        self.cut(comment.trim_end_matches('.'));
        self.open.batches = Some(batches);
        self.push(comment, sql, effect);
        self.cut(&title);
    }

    /// Adds a statement that cannot run in a transaction, as a step of its own.
    pub(super) fn alone(&mut self, comment: impl Into<String>, sql: impl Into<String>, effect: Effect) {
        let title = self.open.title.clone();
        let comment = comment.into();
        self.cut(comment.trim_end_matches('.'));
        self.open.mode = Mode::NoTransaction;
        self.push(comment, sql, effect);
        self.cut(&title);
    }

    /// The steps.
    pub(super) fn finish(mut self) -> Vec<Step> {
        self.cut("");
        self.done
    }
}
