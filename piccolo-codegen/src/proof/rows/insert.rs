//! The statement that inserts the rows of one table.
//!
//! The rows stand in it as candidates; conditions and conflicts leave out those that a constraint refuses, so that the database itself says
//! which rows the schema allows.

use std::collections::BTreeMap;

use piccolo_runtime::ddl::default_expression;
use piccolo_runtime::schema::{Column, ColumnType, Default, ForeignKey, Schema, Table, Text};
use piccolo_runtime::sql::{Dialect, column_type, identifier, qualified};

use super::fit::{Typed, fitting};
use super::sample::{Reach, samples};
use crate::plan::assume::{Assumed, ROW};

/// How many candidates the first round has, and how many each later one.
const CANDIDATES: (usize, usize) = (6, 16);

/// One table to be filled.
pub(super) struct Insert<'a> {
    pub(super) old: &'a Schema,
    pub(super) new: &'a Schema,
    pub(super) table: &'a Table,
    pub(super) assumed: &'a Assumed,
    /// Keys whose rows come later, or are of this same table: filled afterwards.
    pub(super) later: Vec<&'a ForeignKey>,
    pub(super) reach: Reach,
    pub(super) dialect: Dialect,
}

/// A value of a candidate.
enum Cell<'a> {
    Null,
    Literal(Default),
    /// The column of a row that a key points to, and which row.
    Parent {
        key: &'a ForeignKey,
        column: &'a str,
        number: usize,
    },
}

impl<'a> Insert<'a> {
    /// The candidates of a round, as statements that each may leave out what is refused: all in one, or one for each.
    pub(super) fn statements(&self, round: usize, each: bool) -> Vec<String> {
        let pools = self.pools(round);
        if pools.iter().any(Option::is_none) {
            return Vec::new();
        }
        let pools: Vec<Vec<Default>> = pools.into_iter().flatten().collect();
        let count = match round {
            _ if self.assumed.one_row => 1,
            0 => CANDIDATES.0,
            _ => CANDIDATES.1,
        };
        let rows: Vec<String> = (0..count).map(|row| self.candidate(&pools, round, row)).collect();
        if each { rows.chunks(1).map(|row| self.insert(row)).collect() } else { vec![self.insert(&rows)] }
    }

    /// The statement that lets rows point to rows that came later; `None` where the key takes no part.
    pub(super) fn point(&self, key: &ForeignKey) -> String {
        let own = qualified(&self.table.sql_name, self.dialect);
        let target = qualified(&key.target, self.dialect);
        let first = self.table.primary_key.columns.first().map(|column| identifier(column)).unwrap_or_default();
        let listed = |alias: &str, columns: &[Text]| {
            let columns: Vec<String> = columns.iter().map(|column| format!("{alias}.{}", identifier(column))).collect();
            columns.join(", ")
        };
        let rank = format!("(SELECT count(*) FROM {own} _u WHERE _u.{first} < {own}.{first})");
        let count = format!("(SELECT nullif(count(*), 0) FROM {target})");
        let place = format!(
            "(SELECT count(*) FROM {target} _q WHERE ({}) < ({})) = {rank} % {count}",
            listed("_q", &key.target_columns),
            listed("_p", &key.target_columns)
        );
        let set: Vec<String> = key
            .columns
            .iter()
            .zip(key.target_columns.iter())
            .filter(|(column, _)| self.is_free(column, key))
            .map(|(column, target_column)| {
                let value = format!("(SELECT _p.{} FROM {target} _p WHERE {place} LIMIT 1)", identifier(target_column));
                format!("{} = {value}", identifier(column))
            })
            .collect();
        // Some rows keep their null.
        let some = if self.takes_null(key) { format!(" WHERE {rank} % 3 < 2") } else { String::new() };
        let or = if self.dialect == Dialect::Sqlite { " OR IGNORE" } else { "" };
        format!("UPDATE{or} {own} SET {}{some}", set.join(", "))
    }

    /// The statement that removes rows which still point to nothing.
    pub(super) fn clear(&self, key: &ForeignKey) -> String {
        format!(
            "DELETE FROM {own} WHERE NOT ({})",
            self.points(key, &qualified(&self.table.sql_name, self.dialect)),
            own = qualified(&self.table.sql_name, self.dialect)
        )
    }

    /// Whether the column of a key is no part of another one that says its value.
    fn is_free(&self, column: &str, key: &ForeignKey) -> bool {
        !self.keys().any(|other| {
            other.name != key.name && other.columns.iter().any(|name| name == column) && !self.is_later(other)
        })
    }

    /// Whether the key may be null.
    pub(super) fn takes_null(&self, key: &ForeignKey) -> bool {
        key.columns
            .iter()
            .all(|name| self.table.column(name).is_some_and(|column| column.null) && !self.assumed.full.contains(name))
    }

    /// All keys: those of the schema, then those that come with the migration.
    fn keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.table.foreign_keys.iter().chain(&self.assumed.keys)
    }

    fn is_later(&self, key: &ForeignKey) -> bool {
        self.later.iter().any(|later| later.name == key.name)
    }

    /// The values that each column takes; `None` for one that takes none at all.
    fn pools(&self, round: usize) -> Vec<Option<Vec<Default>>> {
        let written = if round == 0 { Written::default() } else { Written::of(self.table, self.dialect) };
        self.table.columns.iter().map(|column| self.pool(column, &written)).collect()
    }

    fn pool(&self, column: &Column, written: &Written) -> Option<Vec<Default>> {
        let mut values = match self.assumed.fits.get(&column.sql_name) {
            Some(to) => {
                fitting(Typed { ty: &column.ty, schema: self.old }, Typed { ty: to, schema: self.new }, self.reach)
            }
            None => {
                let mut values = written.values(&column.ty);
                values.extend(samples(&column.ty, self.old, self.reach));
                values
            }
        };
        if let Some(without) = self.assumed.without.get(&column.sql_name) {
            values.retain(|value| !matches!(value, Default::Variant(text) if without.contains(text)));
        }
        let may_be_null = column.null && !self.assumed.full.contains(&column.sql_name);
        (!values.is_empty() || may_be_null).then_some(values)
    }

    /// One candidate as a `SELECT`.
    fn candidate(&self, pools: &[Vec<Default>], round: usize, row: usize) -> String {
        let mut cells: BTreeMap<&str, Cell<'_>> = BTreeMap::new();
        for key in self.table.foreign_keys.iter().chain(&self.assumed.keys).filter(|key| !self.is_later(key)) {
            let nulls = self.takes_null(key) && row % 6 == 3;
            for (column, target) in key.columns.iter().zip(key.target_columns.iter()) {
                let cell = if nulls { Cell::Null } else { Cell::Parent { key, column: target, number: row } };
                cells.entry(column.as_ref()).or_insert(cell);
            }
        }
        let mut values = Vec::with_capacity(self.table.columns.len());
        for (position, (column, pool)) in self.table.columns.iter().zip(pools).enumerate() {
            let cell = match cells.remove(column.sql_name.as_ref()) {
                Some(_) if self.assumed.empty.contains(&column.sql_name) => Cell::Null,
                Some(cell) => cell,
                None => self.cell(column, pool, round, row, position),
            };
            values.push(format!("{} AS {}", self.spelled(&cell, column), identifier(&column.sql_name)));
        }
        format!("SELECT {}", values.join(", "))
    }

    fn cell(&self, column: &Column, pool: &[Default], round: usize, row: usize, position: usize) -> Cell<'a> {
        let name = &column.sql_name;
        let may_be_null = column.null && !self.assumed.full.contains(name);
        let waits = self.later.iter().any(|key| key.columns.contains(name));
        if self.assumed.empty.contains(name) || pool.is_empty() || (waits && may_be_null) {
            return Cell::Null;
        }
        // The fourth row is all nulls; later rounds mix.
        let chosen = if round == 0 { row } else { mixed(round, row, position) };
        if may_be_null && (if round == 0 { row % 6 == 3 } else { chosen % 5 == 3 }) {
            return Cell::Null;
        }
        // A row that has to point to one of its own table points to itself.
        let own = self.later.iter().find(|key| key.columns.contains(name) && key.target == self.table.sql_name);
        if let Some(key) = own
            && let Some(at) = key.columns.iter().position(|column| column == name)
            && let Some(target) = key.target_columns.get(at).and_then(|target| self.table.column(target))
            && target.sql_name != *name
            && let Some(there) = self.table.position(&target.sql_name)
            && let Some(Some(values)) = self.pools(round).get(there)
        {
            return self.cell(target, values, round, row, there);
        }
        pool.get(chosen % pool.len()).cloned().map_or(Cell::Null, Cell::Literal)
    }

    fn spelled(&self, cell: &Cell<'_>, column: &Column) -> String {
        let ty = column_type(&column.ty, self.dialect);
        let value = match cell {
            Cell::Null => "NULL".to_owned(),
            Cell::Literal(value) => {
                default_expression(value, &column.ty, self.dialect).unwrap_or_else(|_| "NULL".to_owned())
            }
            Cell::Parent { key, column, number } => {
                let target = qualified(&key.target, self.dialect);
                let order: Vec<String> = key.target_columns.iter().map(|column| identifier(column)).collect();
                let count = format!("(SELECT count(*) + CASE count(*) WHEN 0 THEN 1 ELSE 0 END FROM {target})");
                format!(
                    "(SELECT {} FROM {target} ORDER BY {} LIMIT 1 OFFSET {number} % {count})",
                    identifier(column),
                    order.join(", ")
                )
            }
        };
        match self.dialect {
            // A literal has its storage class already.
            Dialect::Sqlite => value,
            Dialect::Postgres => format!("CAST({value} AS {ty})"),
        }
    }

    /// The statement that inserts what of the candidates is allowed.
    fn insert(&self, candidates: &[String]) -> String {
        let table = qualified(&self.table.sql_name, self.dialect);
        let columns: Vec<String> = self.table.columns.iter().map(|column| identifier(&column.sql_name)).collect();
        let row = identifier(ROW);
        let mut conditions = self.assumed.conditions.clone();
        for column in
            self.table.columns.iter().filter(|column| !column.null || self.assumed.full.contains(&column.sql_name))
        {
            conditions.push(format!("{row}.{} IS NOT NULL", identifier(&column.sql_name)));
        }
        conditions.extend(self.keys().filter(|key| !self.is_later(key)).map(|key| self.points(key, &row)));
        let select = format!("SELECT {} FROM ({}) AS {row}", listed(&row, &columns), candidates.join(" UNION ALL "));
        let all = format!(
            "{select} WHERE {}",
            if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") }
        );
        match self.dialect {
            Dialect::Sqlite => format!("INSERT OR IGNORE INTO {table} ({}) {all}", columns.join(", ")),
            Dialect::Postgres => {
                // What SQLite leaves out by itself: rows that a check refuses.
                let own = identifier(&self.table.sql_name.name);
                let checks = self.table.checks.iter().filter_map(|check| check.postgres.as_ref());
                let checks: Vec<String> = checks.map(|check| format!("coalesce(({check}), true)")).collect();
                let checked = if checks.is_empty() {
                    all
                } else {
                    format!("SELECT * FROM ({all}) AS {own} WHERE {}", checks.join(" AND "))
                };
                format!("INSERT INTO {table} ({}) {checked} ON CONFLICT DO NOTHING", columns.join(", "))
            }
        }
    }

    /// The condition that a row points to a row that is there, or has a null in the key.
    fn points(&self, key: &ForeignKey, row: &str) -> String {
        let pairs = key.columns.iter().zip(key.target_columns.iter());
        let equal: Vec<String> =
            pairs.map(|(column, target)| format!("_t.{} = {row}.{}", identifier(target), identifier(column))).collect();
        let null: Vec<String> =
            key.columns.iter().map(|column| format!("{row}.{} IS NULL", identifier(column))).collect();
        format!(
            "({} OR EXISTS (SELECT 1 FROM {} _t WHERE {}))",
            null.join(" OR "),
            qualified(&key.target, self.dialect),
            equal.join(" AND ")
        )
    }
}

fn listed(row: &str, columns: &[String]) -> String {
    columns.iter().map(|column| format!("{row}.{column}")).collect::<Vec<_>>().join(", ")
}

/// A number that looks like chance and is the same each time.
fn mixed(round: usize, row: usize, position: usize) -> usize {
    let seed =
        round.wrapping_mul(7919).wrapping_add(row.wrapping_mul(104_729)).wrapping_add(position.wrapping_mul(1_299_709));
    let turned = seed.wrapping_mul(2_654_435_761) ^ (seed >> 7);
    (turned >> 5) % 1009
}

/// The literals that stand in a table's checks and conditions: what satisfies them is often near.
#[derive(Default)]
struct Written {
    numbers: Vec<i64>,
    texts: Vec<String>,
}

impl Written {
    fn of(table: &Table, dialect: Dialect) -> Self {
        let mut written = Self::default();
        for check in table.checks.iter() {
            let text = match dialect {
                Dialect::Sqlite => &check.sqlite,
                Dialect::Postgres => &check.postgres,
            };
            written.read(text.as_deref().unwrap_or_default());
        }
        written
    }

    fn read(&mut self, sql: &str) {
        for (position, part) in sql.split('\'').enumerate() {
            if position % 2 == 1 {
                // A pattern without its wild cards is a text that it takes.
                let plain = part.replace(['%', '^', '$', '*'], "");
                self.texts.extend([part.to_owned(), plain.clone(), format!("a{plain}b"), plain.replace('_', "x")]);
                continue;
            }
            let numbers = part
                .split(|character: char| !character.is_ascii_digit())
                .filter_map(|digits| digits.parse::<i64>().ok());
            for number in numbers {
                self.numbers.extend([
                    number,
                    number.saturating_add(1),
                    number.saturating_sub(1),
                    number.saturating_neg(),
                ]);
                // It may be a length.
                if let Ok(length) = usize::try_from(number)
                    && length <= 64
                {
                    self.texts.extend([length, length.saturating_add(1)].map(|length| "x".repeat(length)));
                }
            }
        }
    }

    /// Those that a column of this type takes.
    fn values(&self, ty: &ColumnType) -> Vec<Default> {
        let fits = |number: &&i64| {
            (*ty != ColumnType::SmallInt || i16::try_from(**number).is_ok())
                && (*ty != ColumnType::Integer || i32::try_from(**number).is_ok())
        };
        if matches!(ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt) {
            self.numbers.iter().filter(fits).map(|number| Default::Integer(*number)).collect()
        } else if matches!(ty, ColumnType::Real | ColumnType::DoublePrecision) {
            self.numbers.iter().map(|number| Default::Decimal(format!("{number}.0").into())).collect()
        } else if let ColumnType::Numeric { precision, scale } = ty {
            let room = u32::from(precision.saturating_sub(*scale));
            let fits = |number: &&i64| number.unsigned_abs() < 10_u64.saturating_pow(room);
            self.numbers.iter().filter(fits).map(|number| Default::Decimal(number.to_string().into())).collect()
        } else if let ColumnType::Varchar { length } = ty {
            let fits = |text: &&String| text.chars().count() <= usize::try_from(*length).unwrap_or(usize::MAX);
            self.texts.iter().filter(fits).map(|text| Default::Text(text.clone().into())).collect()
        } else if *ty == ColumnType::Text {
            self.texts.iter().map(|text| Default::Text(text.clone().into())).collect()
        } else {
            Vec::new()
        }
    }
}
