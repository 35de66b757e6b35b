//! A user without privileges, for when this process runs as root.
//!
//! Postgres refuses to run as root, and no permission of a file stops root, so some processes must run as somebody
//! else.

use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

/// A user who is not root.
#[derive(Debug, Clone, Copy)]
pub enum Unprivileged {
    /// Whoever runs this process.
    Same,
    /// An unprivileged user, because this process runs as root.
    Other {
        /// The user.
        uid: u32,
        /// The user's group.
        gid: u32,
    },
}

impl Unprivileged {
    /// Decides by the owner of `folder`, which this process has just created.
    ///
    /// # Errors
    ///
    /// When this process runs as root and knows nobody else.
    pub fn for_owner_of(folder: &Path) -> Result<Self, String> {
        let owner = std::fs::metadata(folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
        if owner.uid() != 0 {
            return Ok(Self::Same);
        }
        let accounts = std::fs::read_to_string("/etc/passwd").unwrap_or_default();
        ["postgres", "nobody"].iter().find_map(|name| account(&accounts, name)).ok_or_else(|| {
            "PostgreSQL does not run as root, and neither a user `postgres` nor a user `nobody` exists here: \
             create one, or run this as another user."
                .to_owned()
        })
    }

    /// Gives `folder` to this user.
    ///
    /// # Errors
    ///
    /// What the file system says.
    pub fn take(self, folder: &Path) -> std::io::Result<()> {
        match self {
            Self::Same => Ok(()),
            Self::Other { uid, gid } => std::os::unix::fs::chown(folder, Some(uid), Some(gid)),
        }
    }

    /// Lets `command` run as this user; a root's supplementary groups go as well.
    pub fn run(self, command: &mut Command) -> &mut Command {
        match self {
            Self::Same => command,
            Self::Other { uid, gid } => command.uid(uid).gid(gid),
        }
    }
}

fn account(accounts: &str, name: &str) -> Option<Unprivileged> {
    let line = accounts.lines().find(|line| line.split(':').next() == Some(name))?;
    let mut fields = line.split(':').skip(2).map(str::parse);
    match (fields.next(), fields.next()) {
        (Some(Ok(uid)), Some(Ok(gid))) => Some(Unprivileged::Other { uid, gid }),
        _ => None,
    }
}
