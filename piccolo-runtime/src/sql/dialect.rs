//! The dialects of SQL that we write.

/// A dialect of SQL: one per engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dialect {
    /// SQLite, from 3.51.
    Sqlite,
    /// PostgreSQL, from 13.
    Postgres,
}

impl Dialect {
    /// Both dialects, in the order in which files and reports list them.
    pub const ALL: [Self; 2] = [Self::Sqlite, Self::Postgres];

    /// The name used in configuration, in file names and in messages: `sqlite` or `postgres`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl std::fmt::Display for Dialect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}
