//! Values for rows whose own are lost: what stands in a column that a migration dropped, once the migration is undone.
//!
//! | Module | Does |
//! |---|---|
//! | `keys` | values of foreign keys, which point to rows that are there |
//! | `order` | tables in an order in which those rows have their keys |
//! | `targets` | rows to point to, in new tables |

mod keys;
mod order;
mod targets;

use piccolo_runtime::ddl::{Enums, default_expression};
use piccolo_runtime::schema::{Column, ColumnType, Default, ForeignKey, IndexKeyKind, Schema, Table, Text};
use piccolo_runtime::sql::{Dialect, column_type};

pub(super) use self::keys::{Place, is_pointed_to_by_own_row, key_of};
pub(super) use self::order::targets_first;
pub(super) use self::targets::targets;
use super::mentions;

/// An expression for any value that the column takes. Where the values have to differ, `row` is an expression for the number of the row,
/// from 1.
pub(super) fn expression(place: &Place<'_>, table: &Table, column: &Column, row: Option<&str>) -> String {
    place.key(table, column, row).unwrap_or_else(|| plain(place.schema, column, row, place.dialect))
}

/// A value by the number of the row, whatever the column's default is.
pub(super) fn distinct_value(schema: &Schema, column: &Column, row: &str, dialect: Dialect) -> String {
    distinct(schema, column, row, dialect).unwrap_or_else(|| zero(schema, &column.ty, dialect))
}

/// A value of a column that points nowhere.
fn plain(schema: &Schema, column: &Column, row: Option<&str>, dialect: Dialect) -> String {
    match (&column.default, row) {
        (Some(default), None) => default_expression(default, &column.ty, dialect).unwrap_or_else(|_| "NULL".to_owned()),
        (_, Some(row)) => distinct_value(schema, column, row, dialect),
        (None, None) => zero(schema, &column.ty, dialect),
    }
}

/// Whether the values of this column have to differ from row to row.
pub(super) fn must_differ(table: &Table, column: &Column) -> bool {
    unique_sets(table).iter().any(|set| set.contains(&&column.sql_name))
}

/// Whether the value of this column goes by the number of its row: it has to differ, or another one of its key has to, and both point to one row.
pub(super) fn is_numbered(table: &Table, column: &Column) -> bool {
    must_differ(table, column) || key_of(table, column).is_some_and(|key| key_must_differ(table, key))
}

/// Whether the values of a key have to differ from row to row.
fn key_must_differ(table: &Table, key: &ForeignKey) -> bool {
    key.columns.iter().filter_map(|name| table.column(name)).any(|column| must_differ(table, column))
}

/// Whether no two rows may have the same value in this column, whatever else they have.
pub(super) fn is_unique(table: &Table, column: &Column) -> bool {
    unique_sets(table).iter().any(|set| **set == [&column.sql_name])
}

/// The columns of all that is unique in a table: its keys, and its unique indexes with what their expressions are about.
pub(super) fn unique_sets(table: &Table) -> Vec<Vec<&Text>> {
    let indexes = table.indexes.iter().filter(|index| index.unique);
    let indexes = indexes.map(|index| index.keys.iter().flat_map(|key| read_by(table, &key.kind)).collect());
    table.unique_keys().map(|key| key.iter().collect()).chain(indexes).collect()
}

/// The columns that a key of an index is about.
fn read_by<'t>(table: &'t Table, key: &'t IndexKeyKind) -> Vec<&'t Text> {
    match key {
        IndexKeyKind::Column(name) => vec![name],
        IndexKeyKind::Sql(text) => {
            table.columns.iter().map(|column| &column.sql_name).filter(|name| mentions(text, name)).collect()
        }
    }
}

/// The zero of a type, as an expression.
fn zero(schema: &Schema, ty: &ColumnType, dialect: Dialect) -> String {
    default_expression(&zero_value(schema, ty), ty, dialect).unwrap_or_else(|_| "NULL".to_owned())
}

/// The zero of a type.
fn zero_value(schema: &Schema, ty: &ColumnType) -> Default {
    let date_time = |text: &str| Default::DateTime(text.to_owned().into());
    match ty {
        ColumnType::Varchar { .. } | ColumnType::Text => Default::Text("".into()),
        ColumnType::SmallInt
        | ColumnType::Integer
        | ColumnType::BigInt
        | ColumnType::Serial
        | ColumnType::BigSerial
        | ColumnType::Real
        | ColumnType::DoublePrecision
        | ColumnType::Numeric { .. } => Default::Integer(0),
        ColumnType::Boolean => Default::Boolean(false),
        ColumnType::Date => date_time("1970-01-01"),
        ColumnType::Time => date_time("00:00:00"),
        ColumnType::Timestamp | ColumnType::Timestamptz => date_time("1970-01-01 00:00:00"),
        ColumnType::Interval => Default::Interval(0),
        ColumnType::Uuid => Default::Uuid("00000000-0000-0000-0000-000000000000".into()),
        ColumnType::Json => Default::Json("null".into()),
        ColumnType::Bytea => Default::Bytes(Vec::new().into()),
        ColumnType::Enum(name) => {
            let first = schema.find(name).and_then(|found| found.values.first());
            first.map_or_else(|| Default::Text("".into()), |value| Default::Variant(value.text.clone()))
        }
        ColumnType::Array(_) => Default::Array(Vec::new().into()),
    }
}

/// A value that differs from row to row; `None` where the type has too few.
fn distinct(schema: &Schema, column: &Column, row: &str, dialect: Dialect) -> Option<String> {
    let ty = &column.ty;
    Some(match (ty, dialect) {
        (ColumnType::Numeric { precision, scale }, _) if *scale > 0 && precision.saturating_sub(*scale) < WHOLE => {
            format!("({row} / 1{}.0)", "0".repeat(usize::from(*scale)))
        }
        (
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Serial
            | ColumnType::BigSerial
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Numeric { .. },
            _,
        )
        | (ColumnType::Interval, Dialect::Sqlite) => row.to_owned(),
        (ColumnType::Interval, Dialect::Postgres) => format!("({row} * interval '1 microsecond')"),
        (ColumnType::Varchar { length }, _) if *length < DIGITS => short_text(row, *length),
        (ColumnType::Varchar { .. } | ColumnType::Text, _) => format!("CAST({row} AS TEXT)"),
        (ColumnType::Date, Dialect::Sqlite) => format!("date('1970-01-01', {row} || ' days')"),
        (ColumnType::Date, Dialect::Postgres) => format!("(date '1970-01-01' + {row}::integer)"),
        (ColumnType::Timestamp | ColumnType::Timestamptz, Dialect::Sqlite) => {
            format!("datetime('1970-01-01', {row} || ' seconds') || '.000000'")
        }
        (ColumnType::Timestamp | ColumnType::Timestamptz, Dialect::Postgres) => {
            format!("(timestamp '1970-01-01' + {row} * interval '1 second')")
        }
        (ColumnType::Time, Dialect::Sqlite) => format!("time({row}, 'unixepoch') || '.000000'"),
        (ColumnType::Time, Dialect::Postgres) => format!("(time '00:00:00' + {row} * interval '1 second')"),
        (ColumnType::Uuid, Dialect::Sqlite) => format!("unhex(printf('%032x', {row}))"),
        (ColumnType::Uuid, Dialect::Postgres) => format!("lpad(to_hex({row}), 32, '0')::uuid"),
        (ColumnType::Bytea, Dialect::Sqlite) => format!("unhex(printf('%016x', {row}))"),
        (ColumnType::Bytea, Dialect::Postgres) => format!("int8send({row})"),
        (ColumnType::Json, Dialect::Sqlite) => format!("CAST({row} AS TEXT)"),
        (ColumnType::Json, Dialect::Postgres) => format!("to_jsonb({row})"),
        (ColumnType::Boolean, _) => one_of([false, true].map(Default::Boolean), column, row, dialect),
        (ColumnType::Enum(name), _) => {
            let values = schema.find(name)?.values.iter().map(|value| Default::Variant(value.text.clone()));
            one_of(values, column, row, dialect)
        }
        // Lists of that many zeros.
        (ColumnType::Array(element), Dialect::Sqlite) => {
            let one = Default::Array(vec![zero_value(schema, &element.column_type())].into());
            let one = default_expression(&one, ty, dialect).ok()?;
            let item = one.strip_prefix("'[")?.strip_suffix("]'")?;
            format!("'[' || substr(replace(printf('%.*c', {row}, ','), ',', ',{item}'), 2) || ']'")
        }
        (ColumnType::Array(element), Dialect::Postgres) => {
            let element = element.column_type();
            let item = format!("CAST({} AS {})", zero(schema, &element, dialect), column_type(&element, dialect));
            format!("array_fill({item}, ARRAY[({row})::integer])")
        }
    })
}

/// From how many digits before the point there are enough whole numbers for the rows of a table.
const WHOLE: u8 = 6;

/// How many characters a text has to have for the rows of a table to be numbered in it in the usual way.
const DIGITS: u32 = 4;

/// The characters of a short text, and how many they are.
const CHARACTERS: &str = "0123456789abcdefghijklmnopqrstuvwxyz";
const EACH: u64 = 36;

/// The number of a row as a text of so many characters, in digits and letters.
fn short_text(row: &str, length: u32) -> String {
    let digit = |place: u32| {
        let above = match place {
            0 => String::new(),
            _ => format!(" / {}", EACH.saturating_pow(place)),
        };
        format!("substr('{CHARACTERS}', CAST({row}{above} % {} AS integer) + 1, 1)", EACH)
    };
    let digits: Vec<String> = (0..length).rev().map(digit).collect();
    format!("({})", digits.join(" || "))
}

/// How many rows can be told apart by their numbers in these columns of a table; `None` where there is no end to them.
fn room(schema: &Schema, table: &Table, columns: &[&Column]) -> Option<u64> {
    let named = |name: &Text| columns.iter().copied().find(|column| column.sql_name == *name);
    // Values that begin again are as good as their combinations.
    let combined = unique_sets(table).into_iter().filter_map(|set| {
        set.into_iter()
            .try_fold(1, |all, name| named(name).and_then(|column| period(schema, column)).map(|one| lcm(all, one)))
    });
    let greatest = columns.iter().filter_map(|column| greatest(&column.ty));
    combined.chain(greatest).min()
}

/// After how many rows the values of a column begin again.
fn period(schema: &Schema, column: &Column) -> Option<u64> {
    if column.null {
        None
    } else if let ColumnType::Enum(name) = &column.ty {
        u64::try_from(schema.find(name)?.values.len()).ok()
    } else if let ColumnType::Varchar { length } = column.ty {
        EACH.checked_pow(length).filter(|_| length < DIGITS)
    } else {
        (column.ty == ColumnType::Boolean).then_some(2)
    }
}

/// The number of the last row for which a type has a value, where that is small.
fn greatest(ty: &ColumnType) -> Option<u64> {
    if let ColumnType::Numeric { precision, scale } = ty {
        let last = 10_u64.saturating_pow(u32::from(*precision)).saturating_sub(1);
        Some(last).filter(|_| precision.saturating_sub(*scale) < WHOLE)
    } else {
        (*ty == ColumnType::SmallInt).then_some(i16::MAX.unsigned_abs().into())
    }
}

/// The least common multiple of two numbers.
fn lcm(one: u64, other: u64) -> u64 {
    let (mut a, mut b) = (one, other);
    while b != 0 {
        (a, b) = (b, a.checked_rem(b).unwrap_or_default());
    }
    one.checked_div(a).unwrap_or_default().saturating_mul(other)
}

/// One of a few values. Where there are more rows they have none, or the values begin again.
fn one_of(values: impl IntoIterator<Item = Default>, column: &Column, row: &str, dialect: Dialect) -> String {
    let values: Vec<String> =
        values.into_iter().filter_map(|value| default_expression(&value, &column.ty, dialect).ok()).collect();
    let cases = values.iter().enumerate().map(|(place, value)| format!(" WHEN {place} THEN {value}"));
    let again = if column.null { String::new() } else { format!(" % {}", values.len()) };
    let cases = format!("CASE ({row} - 1){again}{} END", cases.collect::<String>());
    match dialect {
        Dialect::Sqlite => cases,
        Dialect::Postgres => format!("CAST({cases} AS {})", column_type(&column.ty, dialect)),
    }
}
