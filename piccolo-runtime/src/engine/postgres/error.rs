//! Postgres' errors as ours.

use std::io::ErrorKind;

use sqlx::postgres::{PgDatabaseError, PgSeverity};

use crate::Error;
use crate::engine::fault::{Fault, Origin};
use crate::error::{COMPUTED, NO_TABLE};

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        if let sqlx::Error::Encode(error) = error {
            return Error::InvalidValue { target: "a parameter".to_owned(), reason: error.to_string() }.into();
        }
        if let Some(error) = error.as_database_error().and_then(|error| error.try_downcast_ref::<PgDatabaseError>()) {
            return refused(error);
        }
        // Nobody listens any more, so nothing of the statement was read.
        let unsent = matches!(&error, sqlx::Error::Io(error)
            if matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::NotConnected));
        let error = Error::Connection { message: format!("the connection to PostgreSQL broke: {error}") };
        Self::new(error, if unsent { Origin::Unsent } else { Origin::Broken })
    }
}

/// What the server says about a statement.
fn refused(error: &PgDatabaseError) -> Fault {
    let origin = match error.code() {
        // The server ends: it had not begun with the statement, or has undone it.
        "57P01" | "57P02" | "57P03" => Origin::Unsent,
        // The message is in the server's language, the routine is not.
        "0A000" if error.routine() == Some("RevalidateCachedQuery") => Origin::Stale,
        // Whoever says so hangs up: the server, or a pooler that has lost it.
        _ if matches!(error.severity(), PgSeverity::Fatal | PgSeverity::Panic) || is_poolers(error) => Origin::Broken,
        _ => Origin::Database,
    };
    Fault { error: translate(error), origin, code: Some(error.code().to_owned()) }
}

/// Whether a pooler says so and not the server, which names the routine that found the error. PgBouncer has one code for all that it
/// has to say.
fn is_poolers(error: &PgDatabaseError) -> bool {
    error.code() == "08P01" && error.routine().is_none()
}

/// The error in our words.
fn translate(error: &PgDatabaseError) -> Error {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let message = || error.message().to_owned();
    match error.code() {
        "23505" => Error::UniqueViolation {
            table: owned(error.table()),
            constraint: owned(error.constraint()),
            columns: error.detail().map(columns).unwrap_or_default(),
        },
        "23503" | "23001" => Error::ForeignKeyViolation {
            table: owned(error.table()),
            constraint: owned(error.constraint()),
            pointed_to: None,
            dropped: false,
        },
        "23502" => Error::NotNullViolation {
            table: owned(error.table()),
            column: error.column().unwrap_or_default().to_owned(),
        },
        "23514" => Error::CheckViolation { table: owned(error.table()), constraint: owned(error.constraint()) },
        "22P02" if unfit(error.message()).is_some() => {
            let (target, value) = unfit(error.message()).unwrap_or_default();
            Error::InvalidValue {
                target: target.to_owned(),
                reason: format!("a row holds `{value}`, which does not fit the column's new type"),
            }
        }
        // Data exceptions that a value brings about: too long, out of range, badly written, not a variant, NUL.
        "22001" | "22003" | "22007" | "22008" | "22P02" | "22P03" | "22P05" | "22021" | "22015" => {
            Error::InvalidValue {
                target: error.column().or_else(|| error.data_type()).unwrap_or(COMPUTED).to_owned(),
                reason: message(),
            }
        }
        // A statement with other parameters than it was given values for.
        "08P01" if !is_poolers(error) => Error::Usage { message: message() },
        "40001" | "40P01" | "55P03" => Error::Serialization { message: message() },
        "25P02" | "25P01" => Error::TransactionOver { message: message() },
        "57014" => Error::Timeout { message: message() },
        code if code.starts_with("08")
            || code.starts_with("28")
            || code.starts_with("57P")
            || code == "3D000"
            || code == "53300" =>
        {
            Error::Connection { message: message() }
        }
        // What depends on a thing is named in the detail. The hint is to drop that as well, which would be a loss without a word.
        code @ ("2BP01" | "0A000") => Error::Database {
            code: Some(code.to_owned()),
            message: match error.detail() {
                Some(detail) => format!("{}: {}", error.message(), detail.lines().collect::<Vec<_>>().join("; ")),
                None => message(),
            },
        },
        // A name that the statement itself should explain has the same code.
        code @ "42P01" if error.routine() != Some("errorMissingRTE") => {
            Error::Database { code: Some(code.to_owned()), message: format!("{} ({NO_TABLE})", error.message()) }
        }
        code => Error::Database {
            code: Some(code.to_owned()),
            message: match error.hint() {
                Some(hint) => format!("{} ({hint})", error.message()),
                None => message(),
            },
        },
    }
}

/// The column and the value in the sentence by which a conversion refuses a value (see `ddl::convert`), which the server quotes in a message of
/// its own language: `… "does not fit place.city: b_c%"`.
fn unfit(message: &str) -> Option<(&str, &str)> {
    let (_, sentence) = message.split_once("does not fit ")?;
    sentence.strip_suffix('"').unwrap_or(sentence).split_once(": ")
}

/// The columns in `Key (name, lower(title))=(x, y) already exists.`
fn columns(detail: &str) -> Vec<String> {
    let key = detail.split_once('(').and_then(|(_, rest)| rest.split_once(")=(")).map_or("", |(key, _)| key);
    key.split(", ").filter(|column| !column.is_empty()).map(|column| column.trim_matches('"').to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_conversion_that_refuses_names_the_column_and_the_value() {
        let message = "invalid input syntax for type integer: \"does not fit place.city: b: c%\"";
        assert_eq!(unfit(message), Some(("place.city", "b: c%")));
        assert_eq!(unfit("invalid input syntax for type integer: \"x\""), None);
    }

    #[test]
    fn the_detail_of_a_unique_violation_names_the_columns() {
        assert_eq!(columns("Key (name)=(Guido) already exists."), ["name"]);
        assert_eq!(columns("Key (\"Name\", p)=(a, 1) already exists."), ["Name", "p"]);
        assert_eq!(columns("something else"), [""; 0]);
    }
}
