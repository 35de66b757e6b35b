//! Showing what a query will send.

use super::render::Renderer;
use crate::Result;
use crate::sql::Dialect;
use crate::statement::Statement;

/// What a builder can be written as.
pub(super) trait Render {
    /// Adds the statement.
    fn render(&self, renderer: &mut Renderer) -> Result<()>;

    /// The statement as it will be run.
    fn statement(&self, dialect: Dialect) -> Result<Statement> {
        let mut renderer = Renderer::new(dialect);
        self.render(&mut renderer)?;
        Ok(renderer.finish())
    }

    /// The statement with its values as literals; or why there is none.
    fn shown(&self, dialect: Dialect) -> String {
        let mut renderer = Renderer::shown(dialect);
        match self.render(&mut renderer) {
            Ok(()) => renderer.finish().sql.into_owned(),
            Err(error) => format!("-- {error}"),
        }
    }
}

/// The dialect that `Display` writes: SQLite's, unless only Postgres is compiled in.
pub(super) const DISPLAYED: Dialect =
    if cfg!(all(feature = "postgres", not(feature = "sqlite"))) { Dialect::Postgres } else { Dialect::Sqlite };

/// Writes the methods and the `Display` of a builder that implements [`Render`].
macro_rules! shows_sql {
    ([$($generics:tt)*] $builder:ty) => {
        impl<$($generics)*> $builder {
            /// The statement in a dialect: its text and, apart from it, the values of its parameters.
            ///
            /// # Errors
            ///
            /// Whatever is wrong with the query as built, such as [`crate::Error::UnknownColumn`].
            pub fn sql(&self, dialect: $crate::sql::Dialect) -> $crate::Result<$crate::Statement> {
                $crate::query::show::Render::statement(self, dialect)
            }

            /// The statement in a dialect with its values as literals, as it can be pasted into the engine's shell.
            #[must_use]
            pub fn display(&self, dialect: $crate::sql::Dialect) -> String {
                $crate::query::show::Render::shown(self, dialect)
            }
        }

        impl<$($generics)*> std::fmt::Display for $builder {
            /// The SQL with its values as literals, in the dialect of SQLite (of Postgres, if that is the only engine compiled in).
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.display($crate::query::show::DISPLAYED))
            }
        }
    };
}
pub(super) use shows_sql;
