//! The values that checks allow, for all columns that a check ties together at once.
//!
//! What a check means is not read from its text: the database says for which of the known values it is true. First each column's values are
//! tried alone, then those that are left with each other, up to a number of combinations.

use std::collections::{BTreeMap, BTreeSet};

use piccolo_runtime::Error;
use piccolo_runtime::schema::{Default, Text};
use piccolo_runtime::sql::{Dialect, column_type, identifier, of_subquery};
use piccolo_runtime::{RowRef, Statement};

use super::insert::{Cell, Insert};
use super::line::Line;
use crate::plan::assume::ROW;
use crate::plan::mentions;

/// How many combinations of values are tried for one set of columns.
const COMBINATIONS: usize = 20_000;

/// The most columns whose values are combined.
const COLUMNS: u32 = 6;

/// How many of the combinations that are allowed are used.
const USED: usize = 64;

/// Values that are allowed together, each list for columns of its own.
#[derive(Default)]
pub(super) struct Found(Vec<Allowed>);

/// Some columns, by position, and rows of values for them.
struct Allowed {
    columns: Vec<usize>,
    rows: Vec<Vec<Default>>,
}

impl Found {
    /// The values of one row, by the position of their column.
    pub(super) fn choose(&self, chance: usize) -> BTreeMap<usize, &Default> {
        let chosen = self.0.iter().filter_map(|allowed| {
            let row = allowed.rows.get(chance.checked_rem(allowed.rows.len())?)?;
            Some(allowed.columns.iter().copied().zip(row))
        });
        chosen.flatten().collect()
    }
}

/// Something that has to be true of a row.
struct Rule<'a> {
    sql: &'a str,
    /// Whether it calls the row [`ROW`], and not by the table's name.
    of_row: bool,
    /// The columns that decide it, by position.
    about: BTreeSet<usize>,
}

/// Looks for values that the table's checks allow.
pub(super) async fn search(line: &Line<'_>, insert: &Insert<'_>, pools: &[Vec<Default>]) -> Found {
    let rules = rules(insert);
    let mut pools = pools.to_vec();
    let mut found = Found::default();
    for set in sets(&rules) {
        for column in &set {
            let alone: Vec<&Rule<'_>> =
                rules.iter().filter(|rule| rule.about.len() == 1 && rule.about.contains(column)).collect();
            let searching = Searching { insert, pools: &pools, columns: &[*column], rules: &alone };
            if let Some(kept) = searching.rows(line).await
                && let Some(pool) = pools.get_mut(*column)
            {
                *pool = kept.into_iter().flatten().collect();
            }
        }
        let columns: Vec<usize> = set.into_iter().collect();
        let all: Vec<&Rule<'_>> =
            rules.iter().filter(|rule| rule.about.iter().any(|column| columns.contains(column))).collect();
        let searching = Searching { insert, pools: &pools, columns: &columns, rules: &all };
        if let Some(rows) = searching.rows(line).await {
            found.0.push(Allowed { columns, rows });
        }
    }
    found
}

/// The checks of the table, and what a migration takes for granted.
fn rules<'a>(insert: &'a Insert<'_>) -> Vec<Rule<'a>> {
    let columns = &insert.table.columns;
    let positions = |is_about: &dyn Fn(&Text) -> bool| {
        let positions = columns.iter().enumerate().filter(|(_, column)| is_about(&column.sql_name));
        positions.map(|(position, _)| position).collect()
    };
    let checks =
        insert.checks().map(|sql| Rule { sql, of_row: false, about: positions(&|column| mentions(sql, column)) });
    let conditions = insert.assumed.conditions.iter().map(|condition| Rule {
        sql: &condition.sql,
        of_row: true,
        about: positions(&|column| condition.about.contains(column)),
    });
    checks.chain(conditions).filter(|rule| !rule.about.is_empty()).collect()
}

/// The sets of columns that rules tie together.
fn sets(rules: &[Rule<'_>]) -> Vec<BTreeSet<usize>> {
    let mut sets: Vec<BTreeSet<usize>> = Vec::new();
    for rule in rules {
        let mut joined = rule.about.clone();
        sets.retain(|set| {
            let apart = set.is_disjoint(&joined);
            if !apart {
                joined.extend(set);
            }
            apart
        });
        sets.push(joined);
    }
    sets
}

/// One question to the database.
struct Searching<'s, 'a> {
    insert: &'s Insert<'a>,
    pools: &'s [Vec<Default>],
    columns: &'s [usize],
    rules: &'s [&'s Rule<'s>],
}

impl Searching<'_, '_> {
    /// The allowed rows of values; `None` where none is found, or the database cannot say.
    async fn rows(&self, line: &Line<'_>) -> Option<Vec<Vec<Default>>> {
        let count = u32::try_from(self.columns.len()).unwrap_or(u32::MAX);
        if self.rules.is_empty() || count > COLUMNS {
            return None;
        }
        let most = (1..=COMBINATIONS).take_while(|size| size.saturating_pow(count) <= COMBINATIONS).last()?.min(400);
        let pools: Option<Vec<&[Default]>> = self
            .columns
            .iter()
            .map(|column| self.pools.get(*column).and_then(|pool| pool.get(..pool.len().min(most))))
            .collect();
        let pools = pools.filter(|pools| pools.iter().all(|pool| !pool.is_empty()))?;
        let rows = match self.ask(line, &pools).await {
            Ok(rows) => rows,
            // A check may fail for a value, which says nothing about the others.
            Err(_) => self.one_by_one(line, pools.first().filter(|_| count == 1)?).await,
        };
        (!rows.is_empty()).then_some(rows)
    }

    async fn one_by_one(&self, line: &Line<'_>, pool: &[Default]) -> Vec<Vec<Default>> {
        let mut rows = Vec::new();
        for value in pool.chunks(1) {
            rows.extend(self.ask(line, &[value]).await.unwrap_or_default());
        }
        rows
    }

    async fn ask(&self, line: &Line<'_>, pools: &[&[Default]]) -> Result<Vec<Vec<Default>>, Error> {
        let width = pools.len();
        let decode = move |row: &RowRef<'_>| (0..width).map(|place| row.get::<i64>(place)).collect();
        let query = Statement::from(self.query(pools));
        let places: Vec<Vec<i64>> = line.exec().fetch_all(query, decode).await?;
        let value = |(pool, place): (&&[Default], &i64)| pool.get(usize::try_from(*place).ok()?).cloned();
        Ok(places.iter().filter_map(|places| pools.iter().zip(places).map(value).collect()).collect())
    }

    /// The query for the places of the values in their pools.
    fn query(&self, pools: &[&[Default]]) -> String {
        let Insert { table, dialect, .. } = *self.insert;
        let mut sources = Vec::with_capacity(pools.len());
        for (number, (column, pool)) in self.columns.iter().zip(pools).enumerate() {
            let Some(column) = table.columns.get(*column) else { continue };
            let values: Vec<String> = pool
                .iter()
                .enumerate()
                .map(|(place, value)| {
                    format!("({place}, {})", self.insert.spelled(&Cell::Literal(value.clone()), column))
                })
                .collect();
            sources.push(format!("(VALUES {}) AS _p{number}", values.join(", ")));
        }
        let places: Vec<String> =
            (0..pools.len()).map(|number| format!("_p{number}.column1 AS _place{number}")).collect();
        let values: Vec<String> = table
            .columns
            .iter()
            .enumerate()
            .map(|(position, column)| {
                let name = identifier(&column.sql_name);
                match self.columns.iter().position(|searched| *searched == position) {
                    Some(number) => format!("_p{number}.column2 AS {name}"),
                    None => format!("CAST(NULL AS {}) AS {name}", column_type(&column.ty, dialect)),
                }
            })
            .collect();
        let rule = |of_row: bool| {
            let rules = self.rules.iter().filter(move |rule| rule.of_row == of_row);
            let rules: Vec<String> = rules.map(|rule| truth(rule.sql, dialect)).collect();
            if rules.is_empty() { "1 = 1".to_owned() } else { rules.join(" AND ") }
        };
        let numbers = || 0..pools.len();
        let listed: Vec<String> = numbers().map(|number| format!("CAST(_place{number} AS BIGINT)")).collect();
        // Not in the order of the first column's values: rows differ in all of them.
        let order: Vec<String> = numbers().map(|number| format!("_place{number} * {}", 7919 + 96 * number)).collect();
        let row = identifier(ROW);
        let sql = format!(
            "SELECT {} FROM (SELECT * FROM (SELECT {}, {} FROM {}) AS {row} WHERE {}) AS {} WHERE {} ORDER BY ({}) % 1009, 1 LIMIT {USED}",
            listed.join(", "),
            places.join(", "),
            values.join(", "),
            sources.join(", "),
            rule(true),
            identifier(&table.sql_name.name),
            rule(false),
            order.join(" + ")
        );
        of_subquery(&sql, &[ROW, table.sql_name.name.as_ref()], dialect).into_owned()
    }
}

/// A condition whose unknown truth is true, as in a check.
fn truth(sql: &str, dialect: Dialect) -> String {
    match dialect {
        Dialect::Sqlite => format!("coalesce(({sql}), 1)"),
        Dialect::Postgres => format!("coalesce(({sql}), true)"),
    }
}
