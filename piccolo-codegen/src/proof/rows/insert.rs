//! The statement that inserts the rows of one table.
//!
//! The rows stand in it as candidates; conditions and conflicts leave out those that a constraint refuses, so that the database itself says
//! which rows the schema allows.

use std::collections::BTreeMap;

use piccolo_runtime::ddl::default_expression;
use piccolo_runtime::schema::{Column, Default, ForeignKey, Schema, Table, Text};
use piccolo_runtime::sql::{Dialect, column_type, identifier, of_subquery, qualified};

use super::fit::{Typed, fitting};
use super::sample::{Reach, samples};
use super::search::Found;
use super::written::Written;
use crate::plan::assume::{Assumed, Condition, ROW};
use crate::plan::mentions;

/// How many candidates the first round has, and how many each later one.
const CANDIDATES: (usize, usize) = (6, 16);

/// One table to be filled.
pub(super) struct Insert<'a> {
    pub(super) old: &'a Schema,
    pub(super) new: &'a Schema,
    pub(super) table: &'a Table,
    pub(super) assumed: &'a Assumed,
    /// Whether what rows become can be compared before the migration: it may be of a type that only comes with it.
    pub(super) compares: bool,
    /// Keys whose rows come later, or are of this same table: filled afterwards.
    pub(super) later: Vec<&'a ForeignKey>,
    pub(super) reach: Reach,
    pub(super) dialect: Dialect,
}

/// A value of a candidate.
pub(super) enum Cell<'a> {
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
    /// The candidates of a round, as statements that each may leave out what is refused: all in one, or one for each, as it has to be where a
    /// row is compared with those that are there. Values that were found to be allowed are preferred.
    pub(super) fn statements(&self, round: usize, each: bool, found: &Found) -> Vec<String> {
        let Some(pools) = self.pools(round) else { return Vec::new() };
        let count = match round {
            _ if self.assumed.one_row || !(self.compares || self.assumed.apart.is_empty()) => 1,
            0 => CANDIDATES.0,
            _ => CANDIDATES.1,
        };
        let rows: Vec<String> = (0..count).map(|row| self.candidate(&pools, round, row, found)).collect();
        if each || !self.assumed.apart.is_empty() {
            rows.chunks(1).map(|row| self.insert(row)).collect()
        } else {
            vec![self.insert(&rows)]
        }
    }

    /// Queries that fail where what becomes of rows cannot be compared.
    pub(super) fn comparisons(table: &Table, assumed: &Assumed, dialect: Dialect) -> Vec<String> {
        let source = format!("{} AS {}", qualified(&table.sql_name, dialect), identifier(ROW));
        assumed.apart.iter().map(|apart| format!("SELECT 1 FROM {source} WHERE {apart}")).collect()
    }

    /// The statement that lets rows point to rows that came later.
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

    /// The statements that remove rows of which something is not true that is taken for granted.
    pub(super) fn unmet(&self) -> impl Iterator<Item = String> {
        let (own, row) = (qualified(&self.table.sql_name, self.dialect), identifier(ROW));
        let conditions = self.assumed.conditions.iter();
        conditions.map(move |condition| format!("DELETE FROM {own} AS {row} WHERE ({}) IS NOT TRUE", condition.sql))
    }

    /// The statements that take back what rows point to where it is gone, or where it makes something untrue that is taken for granted.
    pub(super) fn let_go(&self, key: &ForeignKey) -> Vec<String> {
        let (own, row) = (qualified(&self.table.sql_name, self.dialect), identifier(ROW));
        let free = key.columns.iter().filter(|column| self.is_free(column, key));
        let set = free.map(|column| format!("{} = NULL", identifier(column))).collect::<Vec<_>>().join(", ");
        let or = if self.dialect == Dialect::Sqlite { " OR IGNORE" } else { "" };
        let is_about = |condition: &&Condition| key.columns.iter().any(|column| condition.about.contains(column));
        let unmet = self.assumed.conditions.iter().filter(is_about);
        let unmet = unmet.map(|condition| format!("{own} AS {row} SET {set} WHERE ({}) IS NOT TRUE", condition.sql));
        let gone = format!("{own} SET {set} WHERE NOT ({})", self.points(key, &own));
        [gone].into_iter().chain(unmet).map(|update| format!("UPDATE{or} {update}")).collect()
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

    /// Whether the key stays null whatever there is to point to.
    pub(super) fn stays_null(&self, key: &ForeignKey) -> bool {
        key.columns.iter().any(|column| self.assumed.empty.contains(column))
    }

    /// All keys: those of the schema, then those that come with the migration.
    fn keys(&self) -> impl Iterator<Item = &ForeignKey> {
        self.table.foreign_keys.iter().chain(&self.assumed.keys)
    }

    /// Whether the rows that the key points to come later.
    pub(super) fn is_later(&self, key: &ForeignKey) -> bool {
        self.later.iter().any(|later| later.name == key.name)
    }

    /// The texts of the table's checks on this engine.
    pub(super) fn checks(&self) -> impl Iterator<Item = &str> {
        self.table.checks.iter().filter_map(|check| match self.dialect {
            Dialect::Sqlite => check.sqlite.as_deref(),
            Dialect::Postgres => check.postgres.as_deref(),
        })
    }

    /// The values that each column takes; `None` where one takes none at all.
    pub(super) fn pools(&self, round: usize) -> Option<Vec<Vec<Default>>> {
        self.table.columns.iter().map(|column| self.pool(column, round)).collect()
    }

    fn pool(&self, column: &Column, round: usize) -> Option<Vec<Default>> {
        let mut values = match self.assumed.fits.get(&column.sql_name) {
            Some(types) => {
                let from = Typed { ty: &column.ty, schema: self.old };
                let fitting = |ty| fitting(from, Typed { ty, schema: self.new }, self.reach);
                let all = types.iter().map(fitting);
                all.reduce(|these, those| these.into_iter().filter(|value| those.contains(value)).collect())
                    .unwrap_or_default()
            }
            None => {
                let mut values = if round == 0 { Vec::new() } else { self.written(column).values(&column.ty) };
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

    /// The literals in what is said about a column.
    fn written(&self, column: &Column) -> Written {
        let checks = self.checks().filter(|check| mentions(check, &column.sql_name));
        let conditions = self.assumed.conditions.iter().filter(|condition| condition.about.contains(&column.sql_name));
        Written::of(checks.chain(conditions.map(|condition| condition.said.as_str())))
    }

    /// One candidate as a `SELECT`.
    fn candidate(&self, pools: &[Vec<Default>], round: usize, row: usize, found: &Found) -> String {
        let found = found.choose(row.wrapping_add(round.wrapping_mul(CANDIDATES.1)));
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
                None => {
                    let own = found.get(&position).or_else(|| found.get(&self.pointing_here(column)?));
                    self.cell(column, pool, (round, row), own.copied(), &[])
                }
            };
            values.push(format!("{} AS {}", self.spelled(&cell, column), self.of_row(&identifier(&column.sql_name))));
        }
        format!("SELECT {}", values.join(", "))
    }

    /// The position of the column by which rows have to point to this one of their own table: a row that points to itself has the same value in both.
    fn pointing_here(&self, column: &Column) -> Option<usize> {
        let own = self.later.iter().filter(|key| key.target == self.table.sql_name && !self.takes_null(key));
        let mut pairs = own.flat_map(|key| key.columns.iter().zip(key.target_columns.iter()));
        pairs.find_map(|(from, to)| (*to == column.sql_name).then(|| self.table.position(from))?)
    }

    /// The value of a candidate in a column: the one that was found to be allowed, or one of its pool. `trail` are the positions of the columns
    /// that have to have the same one.
    fn cell(
        &self,
        column: &Column,
        pool: &[Default],
        (round, row): (usize, usize),
        found: Option<&Default>,
        trail: &[usize],
    ) -> Cell<'a> {
        let name = &column.sql_name;
        let may_be_null = column.null && !self.assumed.full.contains(name);
        let waits = self.later.iter().any(|key| key.columns.contains(name));
        if self.assumed.empty.contains(name) || pool.is_empty() || (waits && may_be_null) {
            return Cell::Null;
        }
        if let Some(value) = found {
            return Cell::Literal(value.clone());
        }
        let position = self.table.position(name).unwrap_or_default();
        // The fourth row is all nulls; later rounds mix.
        let chosen = |position| if round == 0 { row } else { mixed(round, row, position) };
        if may_be_null && (if round == 0 { row % 6 == 3 } else { chosen(position) % 5 == 3 }) {
            return Cell::Null;
        }
        let one_of = |pool: &[Default], position| {
            let place = chosen(position).checked_rem(pool.len());
            place.and_then(|place| pool.get(place)).cloned().map_or(Cell::Null, Cell::Literal)
        };
        // A row that has to point to one of its own table points to itself.
        let Some(there) = self.own_target(column) else { return one_of(pool, position) };
        let trail = [trail, &[position]].concat();
        let ring = trail.iter().position(|passed| *passed == there);
        // Columns that point to each other in a ring have the value of the first of them.
        let last = ring.and_then(|begin| trail.get(begin..)?.iter().min()).copied();
        let target = self.table.columns.get(last.unwrap_or(there));
        match target.and_then(|target| Some((target, self.pool(target, round)?))) {
            Some((_, values)) if last.is_some() => one_of(&values, last.unwrap_or(there)),
            Some((target, values)) => self.cell(target, &values, (round, row), None, &trail),
            None => one_of(pool, position),
        }
    }

    /// The position of the other column of the table itself to which this one has to point.
    fn own_target(&self, column: &Column) -> Option<usize> {
        let name = &column.sql_name;
        let key = self.later.iter().find(|key| key.columns.contains(name) && key.target == self.table.sql_name)?;
        let target = key.target_columns.get(key.columns.iter().position(|column| column == name)?)?;
        self.table.position(target).filter(|_| target != name)
    }

    pub(super) fn spelled(&self, cell: &Cell<'_>, column: &Column) -> String {
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
        let assumed = self.assumed.conditions.iter().map(|condition| &condition.sql);
        let apart = self.assumed.apart.iter().filter(|_| self.compares);
        let mut conditions: Vec<String> = assumed.chain(apart).cloned().collect();
        for column in
            self.table.columns.iter().filter(|column| !column.null || self.assumed.full.contains(&column.sql_name))
        {
            conditions.push(self.of_row(&format!("{row}.{} IS NOT NULL", identifier(&column.sql_name))));
        }
        conditions.extend(self.keys().filter(|key| !self.is_later(key)).map(|key| self.points(key, &row)));
        let values = self.of_row(&listed(&row, &columns));
        let select = format!("SELECT {values} FROM ({}) AS {row}", candidates.join(" UNION ALL "));
        let all = format!(
            "{select} WHERE {}",
            if conditions.is_empty() { "1 = 1".to_owned() } else { conditions.join(" AND ") }
        );
        match self.dialect {
            Dialect::Sqlite => format!("INSERT OR IGNORE INTO {table} ({}) {all}", columns.join(", ")),
            Dialect::Postgres => {
                // What SQLite leaves out by itself: rows that a check refuses.
                let own = identifier(&self.table.sql_name.name);
                let checks: Vec<String> = self.checks().map(|check| format!("coalesce(({check}), true)")).collect();
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
        let target = qualified(&key.target, self.dialect);
        self.of_row(&format!(
            "({} OR EXISTS (SELECT 1 FROM {target} _t WHERE {}))",
            null.join(" OR "),
            equal.join(" AND ")
        ))
    }

    /// The text as it speaks of the columns of a candidate.
    fn of_row(&self, sql: &str) -> String {
        of_subquery(sql, &[ROW], self.dialect).into_owned()
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
