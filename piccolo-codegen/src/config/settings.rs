//! The settings of an application, with every default filled in.

use std::path::PathBuf;

use piccolo_runtime::config::{EngineSettings, File, Found};
use piccolo_runtime::sql::Dialect;

/// Where the parts of an application are and which engines it is for. Paths are complete: they have the folder of
/// `piccolo.toml` in front, or the working folder where there is no such file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// The configuration file that was read, if there is one.
    pub file: Option<PathBuf>,
    /// The schema: a `.piccolo` file or a folder of them.
    pub schema: PathBuf,
    /// The folder of migrations; `None` where the application has none by its own choice.
    pub migrations: Option<PathBuf>,
    /// What migrations are written for; never empty.
    pub engines: Vec<Dialect>,
    /// Whether migrations for Postgres are planned so that they do not stop a live system; otherwise so that they succeed or fail as a
    /// whole.
    pub online: bool,
    /// The database, where the file names one. `DATABASE_URL` wins over it.
    pub database_url: Option<String>,
    /// Where proofs may run, where the file says so.
    pub scratch_url: Option<String>,
    /// How the database is opened, as far as the file says.
    pub engine: EngineSettings,
    /// The folder that the search for the file began in.
    pub from: PathBuf,
}

impl Settings {
    /// What the file says, with defaults for the rest. Relative paths start from its folder.
    pub(super) fn of(found: Found) -> Self {
        let (folder, database_url) = (found.folder().to_owned(), found.database_url());
        let Found { path, file: File { schema, migrations, engines, online, database }, from } = found;
        Self {
            file: path,
            schema: folder.join(schema.unwrap_or_else(|| "schema.piccolo".into())),
            migrations: Some(folder.join(migrations.unwrap_or_else(|| "migrations".into()))),
            engines: engines.unwrap_or_else(|| Dialect::ALL.to_vec()),
            online: online.unwrap_or_default(),
            database_url,
            scratch_url: database.scratch_url,
            engine: database.engine,
            from,
        }
    }

    /// The snapshot: the schema after the newest migration.
    #[must_use]
    pub fn snapshot(&self) -> Option<PathBuf> {
        self.migrations.as_ref().map(|folder| folder.join("schema.piccolo"))
    }
}
