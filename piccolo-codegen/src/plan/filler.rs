//! Values for rows whose own are lost: what stands in a column that a migration dropped, once the migration is undone.

use piccolo_runtime::ddl::{Enums, conversion_expression, default_expression};
use piccolo_runtime::schema::{Column, ColumnType, Default, ForeignKey, QualifiedName, Schema, Table, Text, naming};
use piccolo_runtime::sql::{Dialect, column_type, identifier, literal, qualified};

use super::Answers;
use super::answers::Backfill;
use crate::change::{Alteration, Changes, Conversion, ModifyTable, TableChange};

/// An expression for any value that the column takes. Where the values have to differ, `row` is an expression for the number of the row,
/// from 1.
pub(super) fn expression(
    schema: &Schema,
    table: &Table,
    column: &Column,
    row: Option<&str>,
    dialect: Dialect,
) -> String {
    if let Some(key) = table.foreign_keys.iter().find(|key| *key.columns == [column.sql_name.clone()]) {
        let target = qualified(&key.target, dialect);
        let target_column = key.target_columns.first().map(|name| identifier(name)).unwrap_or_default();
        // The first key, or the one at the row's own place among the keys.
        return match row {
            None => format!("(SELECT t.{target_column} FROM {target} t ORDER BY t.{target_column} LIMIT 1)"),
            Some(row) => format!(
                "(SELECT t.{target_column} FROM {target} t WHERE (SELECT count(*) FROM {target} u \
                 WHERE u.{target_column} <= t.{target_column}) = {row})"
            ),
        };
    }
    match (&column.default, row) {
        (Some(default), None) => default_expression(default, &column.ty, dialect).unwrap_or_else(|_| "NULL".to_owned()),
        (_, Some(row)) => distinct(&column.ty, row, dialect).unwrap_or_else(|| zero(schema, &column.ty, dialect)),
        (None, None) => zero(schema, &column.ty, dialect),
    }
}

/// The statements that give rows to new tables to which a refilled column has to point: one for all rows, or one for each where
/// they have to differ.
pub(super) fn targets(
    schema: &Schema,
    changes: &Changes<'_>,
    answers: &Answers,
    dialect: Dialect,
) -> Vec<(String, String)> {
    let added: Vec<&Table> = changes.tables.iter().filter_map(TableChange::added).collect();
    let mut statements = Vec::new();
    for change in changes.tables.iter().filter_map(TableChange::modified) {
        for column in change.alterations.iter().filter_map(Alteration::added_column) {
            let key = change.to.foreign_keys.iter().find(|key| *key.columns == [column.sql_name.clone()]);
            let target = key.and_then(|key| added.iter().find(|table| table.sql_name == key.target));
            if let Some(target) = target
                && answers.backfill(change.to, column) == Some(&Backfill::Filler)
            {
                let each = must_differ(change.to, column);
                rows(schema, &added, target, &change.to.sql_name, each, dialect, &mut statements);
            }
        }
    }
    if answers.makes_up() {
        for change in changes.tables.iter().filter_map(TableChange::modified) {
            for alteration in &change.alterations {
                if let Alteration::AddForeignKey(key) = alteration
                    && let Some(target) = added.iter().find(|table| table.sql_name == key.target)
                {
                    statements.extend(pointed_to(schema, change, key, target, dialect));
                }
            }
        }
    }
    statements
}

/// The statements that give a new table the rows to which columns that stay point; none where those columns are new or become something else.
fn pointed_to(
    schema: &Schema,
    change: &ModifyTable<'_>,
    key: &ForeignKey,
    target: &Table,
    dialect: Dialect,
) -> Vec<(String, String)> {
    let quoted = |columns: &[Text]| columns.iter().map(|column| identifier(column)).collect::<Vec<_>>();
    let (mut names, keys) = (quoted(&key.target_columns), quoted(&key.columns));
    let mut values = Vec::with_capacity(keys.len());
    for (name, quoted) in key.columns.iter().zip(&keys) {
        let Some((from, to)) = change.to.column(name).and_then(|to| Some((change.old_column(to)?, to))) else {
            return Vec::new();
        };
        // An enum that is created anew has its old type here.
        let value = match (dialect, &to.ty) {
            (Dialect::Postgres, ColumnType::Enum(_)) => format!("k.{quoted}::text::{}", column_type(&to.ty, dialect)),
            _ => format!("k.{quoted}"),
        };
        let said = format!("{}.{name}", change.to.sql_name);
        values.push(match Conversion::between(&from.ty, &to.ty) {
            _ if !change.difference(to).ty => value,
            // What cannot be converted gets a value of its own.
            Conversion::Unknown => return Vec::new(),
            Conversion::Widening | Conversion::Refusing => {
                conversion_expression(&from.ty, &to.ty, &value, &said, dialect).unwrap_or(value)
            }
        });
    }
    // A default is one value, which does not do for several rows where they have to differ.
    let has_value = |column: &&Column| match &column.default {
        _ if column.ty.is_serial() => true,
        Some(_) => !must_differ(target, column),
        None => column.null,
    };
    let needed = target.columns.iter().filter(|column| !has_value(column));
    let needed = needed.filter(|column| !key.target_columns.contains(&column.sql_name)).collect();
    fill(schema, target, needed, true, dialect, (&mut names, &mut values));
    let not_null: Vec<String> = keys.iter().map(|column| format!("{column} IS NOT NULL")).collect();
    let (table, source) = (qualified(&target.sql_name, dialect), qualified(&change.to.sql_name, dialect));
    let mut statements = vec![(
        format!("Give {} the rows that {} points to.", target.sql_name, change.to.sql_name),
        format!(
            "INSERT INTO {table} ({}) SELECT {} FROM (SELECT DISTINCT {} FROM {source} WHERE {}) AS k WHERE true ON CONFLICT DO NOTHING",
            names.join(", "),
            values.join(", "),
            keys.join(", "),
            not_null.join(" AND ")
        ),
    )];
    let counted =
        target.columns.iter().find(|column| column.ty.is_serial() && key.target_columns.contains(&column.sql_name));
    if let (Some(column), Dialect::Postgres) = (counted, dialect) {
        let sequence = naming::sequence(&target.sql_name.name, &column.sql_name);
        let sequence = QualifiedName { schema: target.sql_name.schema.clone(), name: sequence.into() };
        let (sequence, column) = (literal(&qualified(&sequence, dialect)), identifier(&column.sql_name));
        let next = format!("SELECT setval({sequence}, coalesce((SELECT max({column}) FROM {table}), 0) + 1, false)");
        statements.push((String::new(), next));
    }
    statements
}

/// Adds values for these columns of a new row, which differ from row to row where they must and there are several.
fn fill(
    schema: &Schema,
    table: &Table,
    columns: Vec<&Column>,
    several: bool,
    dialect: Dialect,
    (names, values): (&mut Vec<String>, &mut Vec<String>),
) {
    let own = |column: &Column| {
        let leads_back = |key: &&ForeignKey| *key.columns == [column.sql_name.clone()] && key.target == table.sql_name;
        table.foreign_keys.iter().find(leads_back).and_then(|key| key.target_columns.first())
    };
    // A row that has to point to one of its own table points to itself, so what it points to comes first.
    let (last, first): (Vec<&Column>, Vec<&Column>) = columns.into_iter().partition(|column| own(column).is_some());
    for column in first.into_iter().chain(last) {
        let row = (several && must_differ(table, column)).then_some("row_number() OVER ()");
        let place = own(column).and_then(|target| names.iter().position(|name| *name == identifier(target)));
        let value = place.and_then(|place| values.get(place).cloned());
        names.push(identifier(&column.sql_name));
        values.push(value.unwrap_or_else(|| expression(schema, table, column, row, dialect)));
    }
}

/// Rows for a new table, as many as `source` has or one of them, after rows for the new tables that it has to point to.
fn rows(
    schema: &Schema,
    added: &[&Table],
    table: &Table,
    source: &QualifiedName,
    each: bool,
    dialect: Dialect,
    statements: &mut Vec<(String, String)>,
) {
    let comment = format!("Give {} rows to point to.", table.sql_name);
    // A ring of keys that take no nulls cannot be filled at all; it ends here.
    if statements.iter().any(|(said, _)| *said == comment) {
        return;
    }
    let needed: Vec<&Column> = table
        .columns
        .iter()
        .filter(|column| !column.null && column.default.is_none() && !column.ty.is_serial())
        .collect();
    let position = statements.len();
    statements.push((comment, String::new()));
    for key in
        table.foreign_keys.iter().filter(|key| needed.iter().any(|column| key.columns.contains(&column.sql_name)))
    {
        if let Some(target) = added.iter().find(|other| other.sql_name == key.target && key.target != table.sql_name) {
            rows(schema, added, target, source, each, dialect, statements);
        }
    }
    let (mut names, mut values) = (Vec::new(), Vec::new());
    fill(schema, table, needed, each, dialect, (&mut names, &mut values));
    let name = qualified(&table.sql_name, dialect);
    let sql = if names.is_empty() {
        format!("INSERT INTO {name} DEFAULT VALUES")
    } else {
        let end = if each { "" } else { " LIMIT 1" };
        let source = qualified(source, dialect);
        format!("INSERT INTO {name} ({}) SELECT {} FROM {source}{end}", names.join(", "), values.join(", "))
    };
    let (comment, _) = statements.remove(position);
    statements.push((comment, sql));
}

/// Whether the values of this column have to differ from row to row.
pub(super) fn must_differ(table: &Table, column: &Column) -> bool {
    let keys = table.uniques.iter().map(|unique| &unique.columns).chain([&table.primary_key.columns]);
    keys.into_iter().any(|key| key.contains(&column.sql_name))
}

/// The zero of a type.
fn zero(schema: &Schema, ty: &ColumnType, dialect: Dialect) -> String {
    let date_time = |text: &str| Default::DateTime(text.to_owned().into());
    let value = match ty {
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
    };
    default_expression(&value, ty, dialect).unwrap_or_else(|_| "NULL".to_owned())
}

/// A value that differs from row to row; `None` where the type has too few.
fn distinct(ty: &ColumnType, row: &str, dialect: Dialect) -> Option<String> {
    Some(match (ty, dialect) {
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
        (ColumnType::Boolean | ColumnType::Enum(_) | ColumnType::Array(_), _) => return None,
    })
}
