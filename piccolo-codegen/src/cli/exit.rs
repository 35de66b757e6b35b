//! How a command ends: the exit status and the message that explains it.

use std::process::ExitCode;

/// The exit statuses of the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
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

/// Why a command ended early. The message goes to stderr as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What the process exits with.
    pub status: Status,
    /// What is wrong and the way out.
    pub message: String,
}

/// What a command gives: a status where it ended as such, a [`Failure`] where it could not do its work.
pub type Outcome = Result<Status, Failure>;

impl Failure {
    /// Something went wrong while doing what was asked: status 1.
    pub fn new(message: impl std::fmt::Display) -> Self {
        Self { status: Status::Finding, message: message.to_string() }
    }

    /// What was given is broken: status 2.
    pub fn bad_input(message: impl std::fmt::Display) -> Self {
        Self { status: Status::BadInput, message: message.to_string() }
    }

    /// Somebody has to decide, and nobody is there to ask: status 3. The message holds the flag that decides.
    pub fn decision(message: impl std::fmt::Display) -> Self {
        Self { status: Status::DecisionNeeded, message: message.to_string() }
    }
}

impl From<crate::Error> for Failure {
    /// A wrong schema, configuration or layout is broken input; a disk that refuses is a failure.
    fn from(error: crate::Error) -> Self {
        match error {
            crate::Error::Schema(_) | crate::Error::Config { .. } | crate::Error::Layout { .. } => Self::bad_input(error),
            crate::Error::File { .. } => Self::new(error),
        }
    }
}

impl From<piccolo_runtime::Error> for Failure {
    fn from(error: piccolo_runtime::Error) -> Self {
        match error {
            piccolo_runtime::Error::Config { .. } => Self::bad_input(error),
            other => Self::new(other),
        }
    }
}
