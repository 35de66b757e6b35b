//! The one type matrix: which SQL type a column type is in each dialect.

use super::{Dialect, qualified};
use crate::schema::{ColumnType, ElementType};

/// The SQL type of a column type.
///
/// SQLite has only five storage classes in a `STRICT` table; what they lack (lengths, ranges, formats) is
/// added by the checks of [`crate::ddl::ImpliedCheck`]. The Postgres column is the spelling that `format_type` gives back, so that
/// a live database compares equal to the schema as text.
#[must_use]
pub fn column_type(ty: &ColumnType, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => sqlite(ty).to_owned(),
        Dialect::Postgres => postgres(ty),
    }
}

/// The storage class on SQLite.
fn sqlite(ty: &ColumnType) -> &'static str {
    match ty {
        // 0 and 1; an interval is its microseconds.
        ColumnType::Boolean | ColumnType::Interval => "INTEGER",
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial => "INTEGER",
        // A decimal of at most 15 digits is exact as a double that is rounded to its scale.
        ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. } => "REAL",
        // Fixed-width texts, so that they sort as what they mean.
        ColumnType::Date | ColumnType::Time | ColumnType::Timestamp | ColumnType::Timestamptz => "TEXT",
        // An array is the text of a JSON array.
        ColumnType::Varchar { .. }
        | ColumnType::Text
        | ColumnType::Json
        | ColumnType::Enum(_)
        | ColumnType::Array(_) => "TEXT",
        // A UUID is its 16 bytes.
        ColumnType::Uuid | ColumnType::Bytea => "BLOB",
    }
}

/// The type on Postgres.
fn postgres(ty: &ColumnType) -> String {
    let name = match ty {
        ColumnType::Varchar { length } => return format!("character varying({length})"),
        ColumnType::Text => "text",
        ColumnType::SmallInt => "smallint",
        // A serial is an identity column; its type is the integer below it.
        ColumnType::Integer | ColumnType::Serial => "integer",
        ColumnType::BigInt | ColumnType::BigSerial => "bigint",
        ColumnType::Real => "real",
        ColumnType::DoublePrecision => "double precision",
        ColumnType::Numeric { precision, scale } => return format!("numeric({precision},{scale})"),
        ColumnType::Boolean => "boolean",
        ColumnType::Date => "date",
        ColumnType::Time => "time without time zone",
        ColumnType::Timestamp => "timestamp without time zone",
        ColumnType::Timestamptz => "timestamp with time zone",
        ColumnType::Interval => "interval",
        ColumnType::Uuid => "uuid",
        ColumnType::Json => "jsonb",
        ColumnType::Bytea => "bytea",
        ColumnType::Enum(name) => return qualified(name, Dialect::Postgres),
        ColumnType::Array(element) => return format!("{}[]", postgres(&ElementType::column_type(element))),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::column_type;
    use crate::schema::{ColumnType, ElementType, QualifiedName};
    use crate::sql::Dialect;

    #[test]
    fn each_type_has_a_spelling_in_both_dialects() {
        for (ty, sqlite, postgres) in [
            (ColumnType::Varchar { length: 100 }, "TEXT", "character varying(100)"),
            (ColumnType::Text, "TEXT", "text"),
            (ColumnType::SmallInt, "INTEGER", "smallint"),
            (ColumnType::Integer, "INTEGER", "integer"),
            (ColumnType::BigInt, "INTEGER", "bigint"),
            (ColumnType::Serial, "INTEGER", "integer"),
            (ColumnType::BigSerial, "INTEGER", "bigint"),
            (ColumnType::Real, "REAL", "real"),
            (ColumnType::DoublePrecision, "REAL", "double precision"),
            (ColumnType::Numeric { precision: 5, scale: 2 }, "REAL", "numeric(5,2)"),
            (ColumnType::Boolean, "INTEGER", "boolean"),
            (ColumnType::Date, "TEXT", "date"),
            (ColumnType::Time, "TEXT", "time without time zone"),
            (ColumnType::Timestamp, "TEXT", "timestamp without time zone"),
            (ColumnType::Timestamptz, "TEXT", "timestamp with time zone"),
            (ColumnType::Interval, "INTEGER", "interval"),
            (ColumnType::Uuid, "BLOB", "uuid"),
            (ColumnType::Json, "TEXT", "jsonb"),
            (ColumnType::Bytea, "BLOB", "bytea"),
            (ColumnType::Enum(QualifiedName::plain("genre")), "TEXT", "\"genre\""),
            (ColumnType::Array(ElementType::Numeric { precision: 5, scale: 2 }), "TEXT", "numeric(5,2)[]"),
            (ColumnType::Array(ElementType::Enum(QualifiedName::plain("genre"))), "TEXT", "\"genre\"[]"),
        ] {
            assert_eq!(column_type(&ty, Dialect::Sqlite), sqlite, "{ty:?}");
            assert_eq!(column_type(&ty, Dialect::Postgres), postgres, "{ty:?}");
        }
    }
}
