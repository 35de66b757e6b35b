//! What of a database is read.

use super::Shape;
use crate::schema::QualifiedName;

/// The tables of the journal of migrations.
pub(crate) const JOURNAL: [&str; 2] = ["piccolo_migration", "piccolo_migration_step"];

/// What of a database is read: by default everything of the application's, in all Postgres schemas, but not the tables in which
/// Piccolo keeps its journal of migrations.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Options {
    namespaces: Option<Vec<String>>,
    journal: bool,
}

impl Options {
    /// Everything but the journal.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Only the connection's own Postgres schema, and these. It has no effect on SQLite.
    #[must_use]
    pub fn namespaces<T: Into<String>>(mut self, names: impl IntoIterator<Item = T>) -> Self {
        self.namespaces = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The journal's tables as well.
    #[must_use]
    pub fn with_journal(mut self) -> Self {
        self.journal = true;
        self
    }

    /// The condition on a row `n` of `pg_namespace`.
    #[cfg(feature = "postgres")]
    pub(super) fn condition(&self) -> String {
        match &self.namespaces {
            // What begins with `pg_` is the server's own, temporary tables among it.
            None => "n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'".to_owned(),
            Some(names) => {
                let names = names.iter().map(|name| crate::sql::literal(name));
                let names: Vec<String> = std::iter::once("current_schema()".to_owned()).chain(names).collect();
                format!("n.nspname IN ({})", names.join(", "))
            }
        }
    }

    /// Takes the journal out, unless it is wanted.
    pub(super) fn restrict(&self, shape: &mut Shape) {
        if self.journal {
            return;
        }
        let is_journal = |name: &QualifiedName| JOURNAL.contains(&name.name.as_ref());
        shape.tables.retain(|table| !is_journal(&table.name));
    }
}
