//! What a Postgres statement does to a live system: the locks it takes, and whether it reads or writes a whole table.

use piccolo_runtime::schema::QualifiedName;

/// The locks and the work of one statement.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Effect {
    /// The strongest lock on each table that existed before the migration, in the order in which they matter.
    pub locks: Vec<(QualifiedName, Lock)>,
    /// What it does to the rows.
    pub work: Work,
}

/// What a statement does to the rows of the first table that it locks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Work {
    /// It only changes the catalogue.
    #[default]
    Nothing,
    /// It reads them all, or builds an index over them.
    Scan,
    /// It updates them one by one.
    Update,
    /// It writes the whole table anew.
    Rewrite,
    /// It writes the whole table anew if the user's default is not the same for all rows.
    PerhapsRewrite,
}

/// A lock on a table, by its name in Postgres' manual, chapter 13.3. Only those that a migration takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Lock {
    /// What every read takes; it disturbs nobody.
    AccessShare,
    /// What a foreign key's check takes; it disturbs no reader and no writer.
    RowShare,
    /// What every write takes.
    RowExclusive,
    /// Lets readers and writers go on.
    ShareUpdateExclusive,
    /// Stops writers.
    Share,
    /// Stops writers.
    ShareRowExclusive,
    /// Stops readers and writers.
    AccessExclusive,
}

impl Effect {
    /// A lock on one table.
    pub(super) fn on(table: &QualifiedName, lock: Lock, work: Work) -> Self {
        Self { locks: vec![(table.clone(), lock)], work }
    }

    /// The same with a lock on another table, unless that is the same table.
    pub(super) fn and(mut self, table: &QualifiedName, lock: Lock) -> Self {
        if !self.locks.iter().any(|(locked, _)| locked == table) {
            self.locks.push((table.clone(), lock));
        }
        self
    }
}

impl Lock {
    /// The name of the lock in SQL.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }
}

impl std::fmt::Display for Effect {
    /// `ACCESS EXCLUSIVE on band; scans the table`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { locks, work } = self;
        if locks.is_empty() {
            return f.write_str("none on a table that exists");
        }
        for (position, (table, lock)) in locks.iter().enumerate() {
            let comma = if position == 0 { "" } else { ", " };
            write!(f, "{comma}{} on {table}", lock.name())?;
        }
        f.write_str(match work {
            Work::Nothing => "; no rewrite, no scan",
            Work::Scan => "; scans the table",
            Work::Update => "; updates its rows",
            Work::Rewrite => "; rewrites the table",
            Work::PerhapsRewrite => "; rewrites the table unless the default is the same for all rows",
        })
    }
}
