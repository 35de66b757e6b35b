//! What can go wrong, in the same words on both engines.

/// The result of everything that talks to a database.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What SQLite is made to say of a sub-query with several rows, as an error in a JSON path: it has no function that fails with words.
pub(crate) const SEVERAL_ROWS: &str = "more than one row returned by a sub-query used as a value";

/// What SQLite is made to say in the same way of a number that its type does not hold.
pub(crate) const OUT_OF_RANGE: &str = "the number is out of range";

/// What is named where a value has no column: it was computed, or it is a parameter.
pub(crate) const COMPUTED: &str = "a value of the statement";

/// What is added to either engine's word that there is no such table, which most who meet it have not made yet.
pub(crate) const NO_TABLE: &str =
    "has it been made? `forwards` runs the migrations, and `create_table()` makes a table without them";

/// What went wrong. Which variant it is does not depend on the engine.
///
/// `Debug`, which a `main` that gives a [`Result`] prints, is the kind and the text of `Display`, with its lines as they are.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// A row with the same values in unique columns exists already.
    UniqueViolation {
        /// The table, where the engine tells.
        table: Option<String>,
        /// The constraint or index, where the engine tells.
        constraint: Option<String>,
        /// The columns, by their names in the database.
        columns: Vec<String>,
    },
    /// A foreign key points to nothing, or a row is still pointed to.
    ForeignKeyViolation {
        /// The table with the key, where the engine tells; on SQLite the table that was written to.
        table: Option<String>,
        /// The constraint, where the engine tells (SQLite does not).
        constraint: Option<String>,
        /// The table of the row that was to be deleted and that others still point to, where a delete is what failed; or the table that was
        /// to be dropped.
        pointed_to: Option<String>,
        /// Whether that table itself was to be dropped, and not a row of it deleted.
        dropped: bool,
    },
    /// A column that is not null got a null.
    NotNullViolation {
        /// The table, where the engine tells.
        table: Option<String>,
        /// The column's name in the database.
        column: String,
    },
    /// A check of the schema refused a row.
    CheckViolation {
        /// The table, where the engine tells.
        table: Option<String>,
        /// The constraint.
        constraint: Option<String>,
    },
    /// A value does not fit its column: too long, out of range, not a variant, with a NUL, not a number.
    InvalidValue {
        /// `table.column`, or what else the value was for.
        target: String,
        /// Why it does not fit, and what would.
        reason: String,
    },
    /// A row that must exist does not.
    NotFound {
        /// The table.
        table: String,
        /// What was looked for.
        key: String,
    },
    /// A delete or update without a condition and without `force`.
    Deletion {
        /// `delete` or `update`.
        operation: &'static str,
        /// The table.
        table: String,
    },
    /// A name in the string syntax is no column.
    UnknownColumn {
        /// The name as given.
        name: String,
        /// The table it was looked for in.
        table: String,
        /// The names that come closest, best first.
        nearest: Vec<String>,
    },
    /// A value in the database does not have the type that the schema says.
    Decode {
        /// The table; empty for a computed value.
        table: String,
        /// The column or the position.
        column: String,
        /// What was expected and what was found.
        reason: String,
    },
    /// A call that makes no sense as built, found before any SQL was sent.
    Usage {
        /// What is wrong and what to do instead.
        message: String,
    },
    /// An engine lacks the feature; found before any SQL was sent.
    Unsupported {
        /// The engine.
        engine: &'static str,
        /// The feature, and the way out where there is one.
        feature: String,
    },
    /// The configuration cannot be found or read.
    Config {
        /// What is wrong, where it was looked for, and the way out.
        message: String,
    },
    /// The database cannot be reached, refused us, or hung up.
    Connection {
        /// The reason, without passwords.
        message: String,
    },
    /// Waiting took longer than allowed.
    Timeout {
        /// What was waited for, and how long.
        message: String,
    },
    /// The transaction lost a race (serialization failure, dead-lock, busy) and may be tried again.
    Serialization {
        /// The engine's message.
        message: String,
    },
    /// The transaction is over: committed, rolled back, or aborted by an earlier error.
    TransactionOver {
        /// What ended it.
        message: String,
    },
    /// A migration cannot be run; see [`crate::migrate`] for what each message means.
    Migration {
        /// The migration's id, where it is about one.
        id: Option<String>,
        /// What is wrong and the way out.
        message: String,
        /// The error of the statement that failed, or of the rows that a step would have left, where that is what is wrong. The message has it
        /// in words.
        cause: Option<Box<Self>>,
    },
    /// Any other error of the database.
    Database {
        /// The engine's code: SQLSTATE on Postgres, the extended result code on SQLite.
        code: Option<String>,
        /// The engine's message.
        message: String,
    },
}

impl Error {
    /// The same error, which says in which table a value could not be read, if it does not yet.
    pub(crate) fn in_table(self, name: &str) -> Self {
        let mut error = self;
        if let Self::Decode { table, .. } = &mut error
            && table.is_empty()
        {
            name.clone_into(table);
        }
        error
    }

    /// The name of the variant, such as `UniqueViolation`: what a report calls the kind of error.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::UniqueViolation { .. } => "UniqueViolation",
            Self::ForeignKeyViolation { .. } => "ForeignKeyViolation",
            Self::NotNullViolation { .. } => "NotNullViolation",
            Self::CheckViolation { .. } => "CheckViolation",
            Self::InvalidValue { .. } => "InvalidValue",
            Self::NotFound { .. } => "NotFound",
            Self::Deletion { .. } => "Deletion",
            Self::UnknownColumn { .. } => "UnknownColumn",
            Self::Decode { .. } => "Decode",
            Self::Usage { .. } => "Usage",
            Self::Unsupported { .. } => "Unsupported",
            Self::Config { .. } => "Config",
            Self::Connection { .. } => "Connection",
            Self::Timeout { .. } => "Timeout",
            Self::Serialization { .. } => "Serialization",
            Self::TransactionOver { .. } => "TransactionOver",
            Self::Migration { .. } => "Migration",
            Self::Database { .. } => "Database",
        }
    }
}

impl std::error::Error for Error {}

impl From<crate::config::ConfigError> for Error {
    fn from(error: crate::config::ConfigError) -> Self {
        Self::Config { message: error.0 }
    }
}

impl From<crate::ddl::Unsupported> for Error {
    fn from(error: crate::ddl::Unsupported) -> Self {
        Self::Unsupported { engine: error.dialect.name(), feature: error.feature }
    }
}

impl std::fmt::Debug for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {self}", self.kind())
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        /// ` of table "x"`, or nothing.
        fn of(table: Option<&String>) -> String {
            table.map_or_else(String::new, |table| format!(" in table `{table}`"))
        }
        /// ` (constraint x)`, or nothing.
        fn by(constraint: Option<&String>) -> String {
            constraint.map_or_else(String::new, |constraint| format!(" (constraint `{constraint}`)"))
        }
        match self {
            Self::UniqueViolation { table, constraint, columns } => write!(
                f,
                "a row with the same {} exists already{}{}",
                if columns.is_empty() { "unique values".to_owned() } else { columns.join(", ") },
                of(table.as_ref()),
                by(constraint.as_ref())
            ),
            Self::ForeignKeyViolation { table, constraint, pointed_to: Some(pointed_to), dropped: true } => write!(
                f,
                "a foreign key{} still points to the table `{pointed_to}`, which was to be dropped{}; drop the key first \
                 (`alter().drop_constraint(..)`), or both tables at once (`drop_tables`)",
                of(table.as_ref()),
                by(constraint.as_ref())
            ),
            Self::ForeignKeyViolation { table, constraint, pointed_to: Some(pointed_to), dropped: false } => write!(
                f,
                "other rows{} still point to a row of `{pointed_to}` that was to be deleted{}; delete them first, or let `on_delete` of their key in \
                 the schema say what becomes of them",
                of(table.as_ref()),
                by(constraint.as_ref())
            ),
            Self::ForeignKeyViolation { table, constraint, pointed_to: None, .. } => write!(
                f,
                "a foreign key would point to a row that does not exist{}{}",
                of(table.as_ref()),
                by(constraint.as_ref())
            ),
            Self::NotNullViolation { table, column } => {
                write!(f, "column `{column}` takes no null{}", of(table.as_ref()))
            }
            Self::CheckViolation { table, constraint } => {
                write!(f, "a check refused the row{}{}", of(table.as_ref()), by(constraint.as_ref()))
            }
            Self::InvalidValue { target, reason } => write!(f, "invalid value for {target}: {reason}"),
            Self::NotFound { table, key } => write!(f, "no row of `{table}` with {key} exists"),
            Self::Deletion { operation, table } => write!(
                f,
                "this {operation} has no condition and would touch every row of `{table}`; add `where_`, or `force()` if that is meant"
            ),
            Self::UnknownColumn { name, table, nearest } => {
                write!(f, "`{name}` is not a column of `{table}`")?;
                match nearest.as_slice() {
                    [] => Ok(()),
                    names => write!(f, "; did you mean `{}`?", names.join("` or `")),
                }
            }
            Self::Decode { table, column, reason } => {
                write!(f, "cannot read column `{column}`")?;
                if !table.is_empty() {
                    write!(f, " of `{table}`")?;
                }
                write!(f, ": {reason}")
            }
            Self::Unsupported { engine, feature } => write!(f, "not supported on {engine}: {feature}"),
            Self::Serialization { message } => {
                write!(f, "the transaction lost a race and may be tried again: {message}")
            }
            Self::TransactionOver { message } => write!(f, "the transaction is over: {message}"),
            Self::Migration { id: Some(id), message, .. } => write!(f, "migration {id}: {message}"),
            Self::Migration { id: None, message, .. }
            | Self::Usage { message }
            | Self::Config { message }
            | Self::Connection { message }
            | Self::Timeout { message } => f.write_str(message),
            Self::Database { code: Some(code), message } => write!(f, "{message} (code {code})"),
            Self::Database { code: None, message } => f.write_str(message),
        }
    }
}
