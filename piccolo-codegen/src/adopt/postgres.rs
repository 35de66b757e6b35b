//! The type of a column of Postgres.

use piccolo_runtime::schema::{ColumnType, Enum};
use piccolo_runtime::sql::{Dialect, column_type};

use super::sqlite::Typed;

/// The type that the language has for this one; `None` where it has none.
pub(super) fn typed(ty: &str, counts: bool, enums: &[Enum]) -> Option<Typed> {
    let exact = |ty: ColumnType| Some(Typed { ty, assumed: None });
    let like = |ty: ColumnType, what: &str| Some(Typed { ty, assumed: Some(what.to_owned()) });
    if let Some(element) = ty.strip_suffix("[]") {
        let Typed { ty, assumed } = typed(element, false, enums)?;
        return Some(Typed { ty: ColumnType::Array(ty.element()?), assumed });
    }
    if let Some(each) = enums.iter().find(|each| {
        let spelled = column_type(&ColumnType::Enum(each.sql_name.clone()), Dialect::Postgres);
        // The server quotes only where it has to.
        spelled == ty || spelled.replace('"', "") == ty.replace('"', "")
    }) {
        return exact(ColumnType::Enum(each.sql_name.clone()));
    }
    let (name, numbers) = numbers(ty);
    match (name.as_str(), numbers.as_slice()) {
        ("character varying", [length]) => exact(ColumnType::Varchar { length: *length }),
        ("character varying", []) => like(ColumnType::Text, "`character varying` without a length is taken for Text"),
        ("character" | "bpchar", [length]) => {
            like(ColumnType::Varchar { length: *length }, "`character`, which pads with blanks, is taken for Varchar")
        }
        ("text", []) => exact(ColumnType::Text),
        ("smallint", []) => exact(ColumnType::SmallInt),
        ("integer", []) => exact(if counts { ColumnType::Serial } else { ColumnType::Integer }),
        ("bigint", []) => exact(if counts { ColumnType::BigSerial } else { ColumnType::BigInt }),
        ("real", []) => exact(ColumnType::Real),
        ("double precision", []) => exact(ColumnType::DoublePrecision),
        ("numeric", [precision, scale]) => exact(ColumnType::Numeric {
            precision: u8::try_from(*precision).ok().filter(|precision| *precision <= 28)?,
            scale: u8::try_from(*scale).ok()?,
        }),
        ("boolean", []) => exact(ColumnType::Boolean),
        ("date", []) => exact(ColumnType::Date),
        ("time without time zone", []) => exact(ColumnType::Time),
        ("timestamp without time zone", []) => exact(ColumnType::Timestamp),
        ("timestamp with time zone", []) => exact(ColumnType::Timestamptz),
        ("time without time zone", [_]) => like(ColumnType::Time, "a precision of seconds is taken for that of Time"),
        ("timestamp without time zone", [_]) => {
            like(ColumnType::Timestamp, "a precision of seconds is taken for that of Timestamp")
        }
        ("timestamp with time zone", [_]) => {
            like(ColumnType::Timestamptz, "a precision of seconds is taken for that of Timestamptz")
        }
        ("interval", []) => exact(ColumnType::Interval),
        ("uuid", []) => exact(ColumnType::Uuid),
        ("jsonb", []) => exact(ColumnType::Json),
        ("json", []) => like(ColumnType::Json, "`json` is taken for JSON, which is `jsonb`"),
        ("bytea", []) => exact(ColumnType::Bytea),
        _ => None,
    }
}

/// A type's name and the numbers in its brackets: `timestamp(3) without time zone`.
fn numbers(ty: &str) -> (String, Vec<u32>) {
    let Some((before, rest)) = ty.split_once('(') else { return (ty.to_owned(), Vec::new()) };
    let Some((inside, after)) = rest.split_once(')') else { return (ty.to_owned(), Vec::new()) };
    let numbers: Vec<u32> = inside.split(',').filter_map(|number| number.trim().parse().ok()).collect();
    (format!("{}{after}", before.trim_end()), numbers)
}

#[cfg(test)]
mod tests {
    use piccolo_runtime::schema::ColumnType;

    use super::typed;

    #[test]
    fn what_the_language_has_is_recognised_and_the_rest_is_not() {
        for (ty, expected) in [
            ("numeric(5,2)", Some(ColumnType::Numeric { precision: 5, scale: 2 })),
            ("character varying(30)", Some(ColumnType::Varchar { length: 30 })),
            ("timestamp(3) with time zone", Some(ColumnType::Timestamptz)),
            ("bigint[]", ColumnType::BigInt.element().map(ColumnType::Array)),
            ("numeric", None),
            ("numeric(40,2)", None),
            ("inet", None),
            ("int4range[]", None),
        ] {
            assert_eq!(typed(ty, false, &[]).map(|typed| typed.ty), expected, "{ty}");
        }
        assert_eq!(typed("integer", true, &[]).map(|typed| typed.ty), Some(ColumnType::Serial));
    }
}
