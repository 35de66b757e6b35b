//! SQL past the product: what another program would see or write in a test's database.

use piccolo_runtime::sql::Dialect;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection, Row};

use crate::scratch::Scratch;

/// A row as text, a null as `None`.
pub type TextRow = Vec<Option<String>>;

impl Scratch {
    /// Runs statements, separated by `;`, on a connection of their own.
    ///
    /// # Errors
    ///
    /// What the database said.
    pub async fn try_execute(&self, sql: &str) -> Result<(), String> {
        match self.dialect() {
            Dialect::Sqlite => self.open_sqlite()?.execute_batch(sql).map_err(|error| error.to_string()),
            Dialect::Postgres => {
                let mut connection = self.open_postgres().await?;
                connection.execute(AssertSqlSafe(sql.to_owned())).await.map_err(|error| error.to_string())?;
                connection.close().await.map_err(|error| error.to_string())
            }
        }
    }

    /// The rows of one query, each value in the database's own text.
    ///
    /// # Errors
    ///
    /// What the database said.
    pub async fn try_rows(&self, sql: &str) -> Result<Vec<TextRow>, String> {
        match self.dialect() {
            Dialect::Sqlite => sqlite_rows(&self.open_sqlite()?, sql).map_err(|error| error.to_string()),
            Dialect::Postgres => {
                let mut connection = self.open_postgres().await?;
                let query = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
                let rows = connection.fetch_all(query).await.map_err(|error| error.to_string())?;
                connection.close().await.map_err(|error| error.to_string())?;
                rows.iter().map(postgres_row).collect::<Result<_, _>>().map_err(|error| error.to_string())
            }
        }
    }

    /// The path of a SQLite database's file.
    ///
    /// # Errors
    ///
    /// When this is a Postgres database.
    pub fn sqlite_file(&self) -> Result<&str, String> {
        self.url().strip_prefix("sqlite://").ok_or_else(|| format!("{} is not a file", self.url()))
    }

    /// A connection of SQLite's own, as another program would open it: nothing is set on it.
    ///
    /// # Errors
    ///
    /// What SQLite said.
    pub fn open_sqlite(&self) -> Result<rusqlite::Connection, String> {
        let connection = rusqlite::Connection::open(self.sqlite_file()?).map_err(|error| error.to_string())?;
        connection.busy_timeout(std::time::Duration::from_secs(10)).map_err(|error| error.to_string())?;
        Ok(connection)
    }

    /// A connection of sqlx, as another program would open it: nothing is set on it.
    ///
    /// # Errors
    ///
    /// What the server said, or that this is a SQLite database.
    pub async fn open_postgres(&self) -> Result<PgConnection, String> {
        let options: PgConnectOptions = self.url().parse().map_err(|error: sqlx::Error| error.to_string())?;
        options.connect().await.map_err(|error| error.to_string())
    }
}

fn sqlite_rows(connection: &rusqlite::Connection, sql: &str) -> rusqlite::Result<Vec<TextRow>> {
    let mut statement = connection.prepare(sql)?;
    let width = statement.column_count();
    statement.query_map([], |row| (0..width).map(|index| Ok(sqlite_text(row.get_ref(index)?))).collect())?.collect()
}

fn sqlite_text(value: rusqlite::types::ValueRef<'_>) -> Option<String> {
    use rusqlite::types::ValueRef;
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(bytes) => Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect()),
    }
}

/// A raw query speaks the simple protocol, which sends every value as text.
fn postgres_row(row: &sqlx::postgres::PgRow) -> sqlx::Result<TextRow> {
    use sqlx::ValueRef;
    (0..row.len())
        .map(|index| {
            let value = row.try_get_raw(index)?;
            if value.is_null() {
                return Ok(None);
            }
            Ok(Some(value.as_str().map_err(sqlx::Error::Decode)?.to_owned()))
        })
        .collect()
}
