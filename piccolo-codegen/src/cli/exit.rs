//! How a command ends: the exit status and the message that explains it.

use std::process::ExitCode;

use crate::diagnostic::Diagnostics;

/// The exit statuses of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Status {
    /// 0: all is well.
    Fine,
    /// 1: something failed, or a check found something.
    Finding,
    /// 2: the command was used wrongly, or its input is broken.
    BadInput,
    /// 3: a decision is needed; the report holds the flags that give it.
    DecisionNeeded,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Fine => 0,
            Status::Finding => 1,
            Status::BadInput => 2,
            Status::DecisionNeeded => 3,
        })
    }
}

/// Why a command ended early.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Failure {
    /// What the process exits with.
    pub(super) status: Status,
    /// What is wrong.
    pub(super) reason: Reason,
}

/// What is wrong, as far as it decides how it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    /// One thing, and the way out.
    Message(String),
    /// The schema; every mistake has its place.
    Schema(Diagnostics),
}

/// What a command gives: a status where it ended as such, a [`Failure`] where it could not do its work.
pub(super) type Outcome = Result<Status, Failure>;

impl Failure {
    /// The same failure, which also says what it is about, unless it does so already.
    pub(super) fn about(mut self, thing: &str) -> Self {
        if let (Status::Finding, Reason::Message(message)) = (self.status, &mut self.reason)
            && !message.contains(thing)
        {
            message.push_str("\n  on ");
            message.push_str(thing);
        }
        self
    }

    /// Something went wrong while doing what was asked: status 1.
    pub(super) fn new(message: impl std::fmt::Display) -> Self {
        Self { status: Status::Finding, reason: Reason::Message(message.to_string()) }
    }

    /// What was given is broken: status 2.
    pub(super) fn bad_input(message: impl std::fmt::Display) -> Self {
        Self { status: Status::BadInput, reason: Reason::Message(message.to_string()) }
    }

    /// Somebody has to decide, and nobody is there to ask: status 3. The message holds the flag that decides.
    pub(super) fn decision(message: impl std::fmt::Display) -> Self {
        Self { status: Status::DecisionNeeded, reason: Reason::Message(message.to_string()) }
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.reason {
            Reason::Message(message) => f.write_str(message),
            Reason::Schema(diagnostics) => write!(f, "{diagnostics}"),
        }
    }
}

impl From<crate::Error> for Failure {
    /// A wrong schema, configuration or layout is broken input; a disk that refuses is a failure.
    fn from(error: crate::Error) -> Self {
        match error {
            crate::Error::Schema(diagnostics) => Self { status: Status::BadInput, reason: Reason::Schema(diagnostics) },
            crate::Error::Config { .. } | crate::Error::Layout { .. } => Self::bad_input(error),
            crate::Error::File { .. } => Self::new(error),
        }
    }
}

impl From<Diagnostics> for Failure {
    fn from(diagnostics: Diagnostics) -> Self {
        crate::Error::from(diagnostics).into()
    }
}

impl From<piccolo_runtime::Error> for Failure {
    fn from(error: piccolo_runtime::Error) -> Self {
        if matches!(error, piccolo_runtime::Error::Config { .. }) { Self::bad_input(error) } else { Self::new(error) }
    }
}
