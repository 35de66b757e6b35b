//! Rows to point to, in tables that are new.

use piccolo_runtime::ddl::conversion_expression;
use piccolo_runtime::schema::{Column, ColumnType, ForeignKey, QualifiedName, Schema, Table, Text, naming};
use piccolo_runtime::sql::{Dialect, column_type, identifier, literal, of_subquery, qualified};

use super::keys::key_of;
use super::{Place, distinct_value, expression, is_numbered, key_must_differ, must_differ, room};
use crate::change::{Alteration, Changes, Conversion, ModifyTable, TableChange};
use crate::plan::Answers;
use crate::plan::answers::Backfill;
use crate::plan::postgres::count_on;

/// What numbers rows, and the rows that it numbers.
const NUMBER: &str = "_piccolo_row";
const ROWS: &str = "_piccolo_rows";

/// The statements that give rows to new tables to which a refilled column has to point: one for all rows, or one for each where
/// they have to differ. `changing` are the tables that stay and change.
pub(in crate::plan) fn targets(
    schema: &Schema,
    changes: &Changes<'_>,
    changing: &[ModifyTable<'_>],
    answers: &Answers,
    dialect: Dialect,
) -> Vec<(String, String)> {
    let added = changes.tables.iter().filter_map(TableChange::added).collect();
    let mut giving = Giving { schema, added, changing, answers, dialect, statements: Vec::new(), filled: Vec::new() };
    // A table gets its rows once: first for keys by which rows have to differ, which want a row for each.
    for each in [true, false] {
        for change in changes.tables.iter().filter_map(TableChange::modified) {
            for key in change.to.foreign_keys.iter().filter(|key| key_must_differ(change.to, key) == each) {
                giving.refilled(change, key);
            }
        }
    }
    if answers.makes_up() {
        for change in changes.tables.iter().filter_map(TableChange::modified) {
            for alteration in &change.alterations {
                if let Alteration::AddForeignKey(key) = alteration {
                    giving.pointed_to(change, key);
                }
            }
        }
    }
    giving.statements
}

/// The statements in the making.
struct Giving<'g> {
    schema: &'g Schema,
    added: Vec<&'g Table>,
    changing: &'g [ModifyTable<'g>],
    answers: &'g Answers,
    dialect: Dialect,
    statements: Vec<(String, String)>,
    /// The tables that have rows by now.
    filled: Vec<&'g QualifiedName>,
}

impl<'g> Giving<'g> {
    fn added(&self, name: &QualifiedName) -> Option<&'g Table> {
        self.added.iter().copied().find(|table| table.sql_name == *name)
    }

    fn is_made_up(&self, table: &Table, name: &Text) -> bool {
        table.column(name).is_some_and(|column| self.answers.backfill(table, column) == Some(&Backfill::Filler))
    }

    /// Rows for a key of which every column is made up.
    fn refilled(&mut self, change: &ModifyTable<'_>, key: &ForeignKey) {
        let table = change.to;
        if let Some(target) = self.added(&key.target)
            && key.columns.iter().all(|name| self.is_made_up(table, name))
        {
            self.rows(target, &table.sql_name, key_must_differ(table, key), &key.target_columns);
        }
    }

    /// Gives a new table the rows to which columns that stay point; none where those columns are new or become something else.
    fn pointed_to(&mut self, change: &ModifyTable<'_>, key: &ForeignKey) {
        let Some(target) = self.added(&key.target) else { return };
        let dialect = self.dialect;
        let (mut names, mut keys, mut values, mut kept) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for (name, target_name) in key.columns.iter().zip(key.target_columns.iter()) {
            // What is made up points to whatever the row has that the rest of the key points to.
            if self.is_made_up(change.to, name) {
                continue;
            }
            let Some((from, to)) = change.to.column(name).and_then(|to| Some((change.old_column(to)?, to))) else {
                return;
            };
            let quoted = identifier(name);
            // An enum that is created anew has its old type here.
            let value = match (dialect, &to.ty) {
                (Dialect::Postgres, ColumnType::Enum(_)) => {
                    format!("k.{quoted}::text::{}", column_type(&to.ty, dialect))
                }
                _ => format!("k.{quoted}"),
            };
            let said = format!("{}.{name}", change.to.sql_name);
            values.push(match Conversion::between(&from.ty, &to.ty) {
                _ if !change.difference(to).ty => value,
                // What cannot be converted gets a value of its own.
                Conversion::Unknown => return,
                Conversion::Widening | Conversion::Refusing => {
                    conversion_expression(&from.ty, &to.ty, &value, &said, dialect).unwrap_or(value)
                }
            });
            names.push(identifier(target_name));
            keys.push(quoted);
            kept.push(target_name.clone());
        }
        if keys.is_empty() {
            return;
        }
        let there: Vec<String> = names.iter().zip(&values).map(|(name, value)| format!("t.{name} = {value}")).collect();
        let pointed_to = pointed_to(target, &key.target_columns);
        let needed: Vec<&Column> = self.needed(target, true, &pointed_to);
        let needed: Vec<&Column> = needed.into_iter().filter(|column| !kept.contains(&column.sql_name)).collect();
        self.targets_of(target, &needed, &change.to.sql_name, |column| must_differ(target, column));
        let numbered = needed.iter().any(|column| must_differ(target, column));
        self.fill(target, needed, numbered.then_some(NUMBER), &pointed_to, (&mut names, &mut values));
        let not_null: Vec<String> = keys.iter().map(|column| format!("{column} IS NOT NULL")).collect();
        let (table, source) = (qualified(&target.sql_name, dialect), qualified(&change.to.sql_name, dialect));
        let shown = |name: &String| of_subquery(name, &[], dialect).into_owned();
        let read: Vec<String> = keys
            .iter()
            .map(|name| if shown(name) == *name { name.clone() } else { format!("{name} AS {}", shown(name)) })
            .collect();
        // Numbers go on where those of the rows end that another key has brought, and a row that is there needs none.
        let goes_on = numbered && self.filled.contains(&&target.sql_name);
        let (mut called, mut conditions) = (source.clone(), not_null);
        if goes_on {
            called = format!("{source} AS k");
            conditions.push(format!("NOT EXISTS (SELECT 1 FROM {table} t WHERE {})", there.join(" AND ")));
        }
        let mut rows = format!("SELECT DISTINCT {} FROM {called} WHERE {}", read.join(", "), conditions.join(" AND "));
        if numbered {
            let keys: Vec<String> = keys.iter().map(shown).collect();
            let on = if goes_on { format!(" + (SELECT count(*) FROM {table})") } else { String::new() };
            rows = format!("SELECT {}, row_number() OVER (){on} AS {NUMBER} FROM ({rows}) AS {ROWS}", keys.join(", "));
        }
        self.filled.push(&target.sql_name);
        let values: Vec<String> = values.iter().map(|value| of_subquery(value, &["k"], dialect).into_owned()).collect();
        self.statements.push((
            format!("Give {} the rows that {} points to.", target.sql_name, change.to.sql_name),
            format!(
                "INSERT INTO {table} ({}) SELECT {} FROM ({rows}) AS k WHERE true ON CONFLICT DO NOTHING",
                names.join(", "),
                values.join(", ")
            ),
        ));
        self.count_on(target, &names);
    }

    /// Lets the database count on from numbers that rows were given.
    fn count_on(&mut self, table: &Table, names: &[String]) {
        let is_given = |column: &&Column| column.ty.is_serial() && names.contains(&identifier(&column.sql_name));
        if let (Some(column), Dialect::Postgres) = (table.columns.iter().find(is_given), self.dialect) {
            self.statements.push((String::new(), count_on(&table.sql_name, &column.sql_name)));
        }
    }

    /// The columns of a new row that have to be given a value, above all those that something points to.
    fn needed(&self, table: &'g Table, several: bool, pointed_to: &[Text]) -> Vec<&'g Column> {
        let own = own_targets(table, pointed_to);
        let has_value = |column: &&Column| match &column.default {
            // What the row itself points to has to be known.
            _ if own.contains(&&column.sql_name) => false,
            _ if column.ty.is_serial() => true,
            // A default is one that nobody may have a row for.
            Some(_) if key_of(table, column).is_some() => false,
            // A default is one value, which does not do for several rows where they have to differ.
            Some(_) => !(several && must_differ(table, column)),
            None => column.null && !pointed_to.contains(&column.sql_name),
        };
        table.columns.iter().filter(|column| !has_value(column)).collect()
    }

    /// Adds values for these columns of a new row, which differ from row to row where they must and there is a number to tell them apart.
    fn fill(
        &self,
        table: &Table,
        columns: Vec<&Column>,
        number: Option<&str>,
        pointed_to: &[Text],
        (names, values): (&mut Vec<String>, &mut Vec<String>),
    ) {
        let bound = own_targets(table, pointed_to);
        // A row that has to point to one of its own table points to itself, so what it points to comes first.
        let leads_to = |column: &Column, other: &Column| {
            let key = key_of(table, column).filter(|key| key.target == table.sql_name);
            column.sql_name != other.sql_name && key.is_some_and(|key| key.target_columns.contains(&other.sql_name))
        };
        let leads_back = |column: &&Column| key_of(table, column).is_some_and(|key| key.target == table.sql_name);
        let (last, mut waiting): (Vec<&Column>, Vec<&Column>) = columns.into_iter().partition(leads_back);
        waiting.extend(last);
        while !waiting.is_empty() {
            let is_free = |column: &&Column| !waiting.iter().any(|other| leads_to(column, other));
            let column = waiting.remove(waiting.iter().position(is_free).unwrap_or_default());
            let row = number.filter(|_| is_numbered(table, column));
            let own = |other: &Column| {
                let name = identifier(&other.sql_name);
                let place = names.iter().position(|given| *given == name)?;
                values.get(place).cloned()
            };
            let place = Place {
                schema: self.schema,
                answers: self.answers,
                dialect: self.dialect,
                waiting: self.changing.iter().collect(),
                retyped: false,
                own: &own,
            };
            let value = match &column.default {
                // As many rows as there may be differ by nothing.
                Some(_) if column.null && !pointed_to.contains(&column.sql_name) => "NULL".to_owned(),
                // What would be another value each time that it is asked for.
                default
                    if bound.contains(&&column.sql_name)
                        && (column.ty.is_serial() || default.as_ref().is_some_and(|default| !default.is_literal())) =>
                {
                    distinct_value(self.schema, column, row.unwrap_or("1"), self.dialect)
                }
                _ => expression(&place, table, column, row),
            };
            names.push(identifier(&column.sql_name));
            values.push(value);
        }
    }

    /// A column that counts and the expression for its next value: what a row is made of that needs no value at all.
    fn next(&self, table: &Table) -> Option<(String, String)> {
        let column = table.columns.iter().find(|column| column.ty.is_serial())?;
        let value = match self.dialect {
            Dialect::Sqlite => "NULL".to_owned(),
            Dialect::Postgres => {
                let sequence = naming::sequence(&table.sql_name.name, &column.sql_name);
                let sequence = QualifiedName { schema: table.sql_name.schema.clone(), name: sequence.into() };
                format!("nextval({})", literal(&qualified(&sequence, self.dialect)))
            }
        };
        Some((identifier(&column.sql_name), value))
    }

    /// Gives rows to the new tables without any to which rows of this new one have to point.
    fn targets_of(
        &mut self,
        table: &'g Table,
        needed: &[&Column],
        source: &QualifiedName,
        each: impl Fn(&Column) -> bool,
    ) {
        for key in table.foreign_keys.iter().filter(|key| key.target != table.sql_name) {
            let columns: Vec<&&Column> =
                needed.iter().filter(|column| key.columns.contains(&column.sql_name)).collect();
            if let Some(target) = self.added(&key.target)
                && !columns.is_empty()
                && !self.filled.contains(&&target.sql_name)
            {
                self.rows(target, source, columns.into_iter().any(|column| each(column)), &key.target_columns);
            }
        }
    }

    /// Rows for a new table, as many as `source` has or one of them, after rows for the new tables that it has to point to.
    fn rows(&mut self, table: &'g Table, source: &QualifiedName, each: bool, pointed_to: &[Text]) {
        let comment = format!("Give {} rows to point to.", table.sql_name);
        // A ring of keys that take no nulls cannot be filled at all; it ends here.
        if self.statements.iter().any(|(said, _)| *said == comment) {
            return;
        }
        self.filled.push(&table.sql_name);
        let pointed_to = &self::pointed_to(table, pointed_to);
        let needed = self.needed(table, each, pointed_to);
        let position = self.statements.len();
        self.statements.push((comment, String::new()));
        self.targets_of(table, &needed, source, |_| each);
        let (mut names, mut values) = (Vec::new(), Vec::new());
        let differing: Vec<&Column> = needed.iter().copied().filter(|column| must_differ(table, column)).collect();
        let numbered = each && !differing.is_empty();
        // There cannot be more rows than values, and those that point to them share them.
        let room = room(self.schema, table, &differing).map(|rows| format!(" LIMIT {rows}")).unwrap_or_default();
        self.fill(table, needed, numbered.then_some(NUMBER), pointed_to, (&mut names, &mut values));
        let name = qualified(&table.sql_name, self.dialect);
        let given = names.clone();
        if names.is_empty()
            && each
            && let Some((column, next)) = self.next(table)
        {
            names.push(column);
            values.push(next);
        }
        let sql = if names.is_empty() {
            format!("INSERT INTO {name} DEFAULT VALUES")
        } else {
            let source = qualified(source, self.dialect);
            let from = match (numbered, each) {
                (true, _) => format!("(SELECT row_number() OVER () AS {NUMBER} FROM {source}{room}) AS {ROWS}"),
                (false, true) => source,
                (false, false) => format!("{source} LIMIT 1"),
            };
            format!("INSERT INTO {name} ({}) SELECT {} FROM {from}", names.join(", "), values.join(", "))
        };
        let (comment, _) = self.statements.remove(position);
        self.statements.push((comment, sql));
        self.count_on(table, &given);
    }
}

/// The columns that a row needs values in because something points to them: these, and those to which the row itself has to point.
fn pointed_to(table: &Table, by_others: &[Text]) -> Vec<Text> {
    let mut all = by_others.to_vec();
    while let Some(next) = own_targets(table, &all).into_iter().find(|name| !all.contains(name)) {
        all.push(next.clone());
    }
    all
}

/// The columns to which a row of the table itself has to point, because its keys take no nulls; nor do columns that something points to.
fn own_targets<'t>(table: &'t Table, pointed_to: &[Text]) -> Vec<&'t Text> {
    let takes_null = |name: &Text| table.column(name).is_some_and(|column| column.null) && !pointed_to.contains(name);
    let own = table.foreign_keys.iter().filter(|key| key.target == table.sql_name);
    own.filter(|key| !key.columns.iter().any(takes_null)).flat_map(|key| key.target_columns.iter()).collect()
}
