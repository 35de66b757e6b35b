//! The values that rows get by decision: one statement for a table, so that every expression sees the row as it was.

use piccolo_runtime::ddl::{Unsupported, default_expression};
use piccolo_runtime::schema::{Column, ColumnType, Text, naming};
use piccolo_runtime::sql::{Dialect, column_type, identifier};

use super::Altered;
use super::retype::Retype;
use crate::change::ModifyTable;
use crate::plan::answers::Backfill;
use crate::plan::effect::{Effect, Lock, Work as Rows};
use crate::plan::filler::Place;
use crate::plan::postgres::Work;
use crate::plan::postgres::script::Script;
use crate::plan::step::in_a_sentence;
use crate::plan::{Batches, filler, mentions};

/// How many rows are filled in one transaction: few enough that nobody waits long for one of them.
const BATCH: u32 = 1000;

/// What the rows of a table get.
pub(super) struct Filling<'c, 'a> {
    work: &'c Work<'a>,
    change: &'c ModifyTable<'a>,
    fills: Vec<Fill<'c, 'a>>,
    /// Whether the table is written anew anyway, so that nothing is won by filling it a little at a time.
    is_rewritten: bool,
}

/// What the rows get in one column.
struct Fill<'c, 'a> {
    column: &'c Altered<'c, 'a>,
    /// The value, an expression.
    value: String,
    /// Whether only rows without a value get it.
    to_nulls: bool,
    /// Whether the expression needs the number of the row.
    numbered: bool,
    /// Whether the value is made up, so that it matters to nobody what else the row has by then, and it waits until columns have their
    /// types.
    made_up: bool,
    /// The type that the column gets with it.
    spelled: Option<&'c str>,
}

impl<'c, 'a> Filling<'c, 'a> {
    /// What was decided for these columns of a table.
    pub(super) fn of(
        work: &'c Work<'a>,
        change: &'c ModifyTable<'a>,
        columns: &'c [Altered<'c, 'a>],
    ) -> Result<Self, Unsupported> {
        let mut fills = Vec::new();
        for column in columns {
            if let Some(backfill) = column.backfill() {
                fills.push(Fill::of(column, backfill)?);
            }
        }
        let is_rewritten =
            columns.iter().any(|column| matches!(column.retype, Retype::Convert { .. } | Retype::Decide { .. }));
        Ok(Self { work, change, fills, is_rewritten })
    }

    /// Gives rows their values, and columns whose values are decided their types.
    pub(super) fn fill(&self, script: &mut Script) {
        self.give(self.fills.iter().filter(|fill| !fill.made_up).collect(), script);
    }

    fn give(&self, all: Vec<&Fill<'_, '_>>, script: &mut Script) {
        let deciding: Vec<&Fill<'_, '_>> = all.iter().copied().filter(|fill| fill.spelled.is_some()).collect();
        if deciding.is_empty() {
            self.keep_out(&all, script);
            self.update(&all, "", script);
        } else if deciding.len() == all.len() && deciding.iter().all(|fill| fill.can_convert()) {
            self.convert(&deciding, |fill| fill.value.clone(), script);
        } else {
            self.convert_aside(&all, &deciding, script);
        }
    }

    /// Whether there are values that are made up.
    pub(super) fn makes_up(&self) -> bool {
        self.fills.iter().any(|fill| fill.made_up)
    }

    /// Gives rows the values that are made up, once everything that they may point to has its type.
    pub(super) fn make_up(&self, script: &mut Script) {
        self.give(self.fills.iter().filter(|fill| fill.made_up).collect(), script);
    }

    /// Gives their values to rows that came while the table was being filled, in these columns.
    pub(super) fn fill_again(&self, closing: &[&Altered<'_, '_>], script: &mut Script) {
        let is_closing = |fill: &&Fill<'_, '_>| {
            fill.spelled.is_none() && closing.iter().any(|column| column.column.sql_name == fill.column.column.sql_name)
        };
        let fills: Vec<&Fill<'_, '_>> = self.fills.iter().filter(is_closing).collect();
        if !self.is_rewritten {
            self.update(&fills, " in rows that came since", script);
        }
    }

    /// Converts columns by their expressions. Postgres computes all of them over the old row.
    fn convert(&self, fills: &[&Fill<'_, '_>], value: impl Fn(&Fill<'_, '_>) -> String, script: &mut Script) {
        let Some(first) = fills.first() else { return };
        let clause =
            |fill: &&Fill<'_, '_>| fill.column.type_clause(fill.spelled.unwrap_or_default(), Some(&value(fill)));
        let clauses: Vec<String> = fills.iter().map(clause).collect();
        let words = if fills.len() == 1 { "the type" } else { "the types" };
        let mut effect = Effect::on(&self.change.to.sql_name, Lock::AccessExclusive, Rows::Rewrite);
        for fill in fills {
            effect = fill.column.and_tied(effect);
        }
        let sql = format!("ALTER TABLE {} {}", first.column.table, clauses.join(", "));
        script.push(format!("Change {words} of {}.", names(fills)), sql, effect);
    }

    /// Computes everything in one update, the values of columns that change their type in columns beside them: where an expression cannot
    /// stand in a change of type, or where other columns get values as well. Nobody else writes to the table until it is done.
    fn convert_aside(&self, all: &[&Fill<'_, '_>], deciding: &[&Fill<'_, '_>], script: &mut Script) {
        for fill in deciding {
            let words =
                format!("ADD COLUMN {} {}", fill.aside(), column_type(&fill.column.column.ty, Dialect::Postgres));
            let comment = format!("Make room for the new values of {}.", fill.column.plain_name());
            fill.column.say(comment, words, Rows::Nothing, script);
        }
        let sql = self.statement(all, "");
        script.push(format!("Fill {}.", names(all)), sql, self.effect());
        self.convert(deciding, |fill| fill.aside(), script);
        for fill in deciding {
            fill.column.say(String::new(), format!("DROP COLUMN {}", fill.aside()), Rows::Nothing, script);
        }
    }

    /// Updates the rows; online in batches, as long as the table stays in use. `which` tells a reader.
    fn update(&self, fills: &[&Fill<'_, '_>], which: &str, script: &mut Script) {
        if fills.is_empty() {
            return;
        }
        let comment = format!("Fill {}{which}.", names(fills));
        if self.work.online && !self.is_rewritten {
            match self.batches(fills) {
                Some(batches) => {
                    let range = format!("{} BETWEEN :first AND :last", identifier(&batches.column));
                    script.in_batches(comment, self.statement(fills, &range), self.effect(), batches);
                }
                None => script.apart(comment, self.statement(fills, ""), self.effect()),
            }
            return;
        }
        script.push(comment, self.statement(fills, ""), self.effect());
    }

    /// Keeps others from writing, online and where a change of type follows: what they wrote before it would stay without a value.
    fn keep_out(&self, fills: &[&Fill<'_, '_>], script: &mut Script) {
        if let Some(first) = fills.first()
            && self.work.online
            && self.is_rewritten
        {
            let table = &self.change.to.sql_name;
            script.push(
                format!("Let nobody write to {table} meanwhile."),
                format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", first.column.table),
                Effect::on(table, Lock::AccessExclusive, Rows::Nothing),
            );
        }
    }

    /// The update of these columns, in rows that meet the condition.
    fn statement(&self, fills: &[&Fill<'_, '_>], condition: &str) -> String {
        let alone = fills.len() == 1;
        let sets: Vec<String> = fills.iter().map(|fill| fill.set(alone)).collect();
        let table = fills.first().map(|fill| fill.column.table.as_str()).unwrap_or_default();
        let numbers = if fills.iter().any(|fill| fill.numbered) {
            format!(" FROM (SELECT ctid AS {PLACE}, row_number() OVER () AS {NUMBER} FROM {table}) {ROWS}")
        } else {
            String::new()
        };
        let place = if numbers.is_empty() { String::new() } else { format!("{table}.ctid = {ROWS}.{PLACE}") };
        let nulls: Vec<String> = fills.iter().filter(|fill| fill.to_nulls).map(|fill| fill.column.is_null()).collect();
        let missing = match nulls.as_slice() {
            [only] if alone => only.clone(),
            several if several.len() == fills.len() => format!("({})", several.join(" OR ")),
            _ => String::new(),
        };
        let conditions: Vec<&str> =
            [condition, &place, &missing].into_iter().filter(|condition| !condition.is_empty()).collect();
        let place = if conditions.is_empty() { "" } else { " WHERE " };
        format!("UPDATE {table} SET {}{numbers}{place}{}", sets.join(", "), conditions.join(" AND "))
    }

    fn effect(&self) -> Effect {
        Effect::on(&self.change.to.sql_name, Lock::RowExclusive, Rows::Update)
    }

    /// How the table is walked along the first column of its key, if its values have an order and a text from which they can be read again
    /// whatever the session's settings are, and are there before this migration fills them.
    fn batches(&self, fills: &[&Fill<'_, '_>]) -> Option<Batches> {
        let key: &Text = self.change.to.primary_key.columns.first()?;
        let column = self.change.to.column(key)?;
        let is_plain = match column.ty.referenced() {
            ColumnType::Varchar { .. }
            | ColumnType::Text
            | ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Serial
            | ColumnType::BigSerial
            | ColumnType::Numeric { .. }
            | ColumnType::Boolean
            | ColumnType::Uuid
            | ColumnType::Enum(_) => true,
            ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Timestamptz
            | ColumnType::Interval
            | ColumnType::Json
            | ColumnType::Bytea
            | ColumnType::Array(_) => false,
        };
        let is_old = self.change.old_column(column).is_some_and(|old| !old.null);
        // An expression that happens to hold what stands for a bound would not mean it; the number of a row is known among all of them.
        let is_free =
            |fill: &&Fill<'_, '_>| !fill.numbered && !fill.value.contains(":first") && !fill.value.contains(":last");
        (is_plain && is_old && fills.iter().all(is_free)).then(|| Batches {
            size: BATCH,
            table: self.change.to.sql_name.clone(),
            column: key.clone(),
        })
    }
}

/// How many keys of one row are followed from one to the other.
const DEEPEST: u8 = 8;

/// What the numbered rows are called, the number of each, and its place in the table.
const ROWS: &str = "_piccolo_rows";
const NUMBER: &str = "_piccolo_number";
const PLACE: &str = "_piccolo_place";

impl<'c, 'a> Fill<'c, 'a> {
    fn of(column: &'c Altered<'c, 'a>, backfill: &Backfill) -> Result<Self, Unsupported> {
        let table = column.change.to;
        let numbered = *backfill == Backfill::Filler && filler::is_numbered(table, column.column);
        let row = numbered.then(|| format!("{ROWS}.{NUMBER}"));
        let mut value = column.value(backfill, row.as_deref())?;
        let spelled = if let Retype::Decide { spelled } = &column.retype { Some(spelled.as_str()) } else { None };
        if spelled.is_some()
            && column.work.answers.keeps(table, column.column)
            && let Some(from) = column.from
        {
            let kept = column.converted(from).unwrap_or_else(|| column.name.clone());
            value = column.unless_null(&kept, &value);
        }
        let is_kept = column.from.is_some() || column.work.online;
        let to_nulls = spelled.is_none() && is_kept && !numbered;
        Ok(Self { column, value, to_nulls, numbered, made_up: *backfill == Backfill::Filler, spelled })
    }

    /// Whether the expression may stand in a change of type, which takes no subquery.
    fn can_convert(&self) -> bool {
        !self.numbered && !mentions(&self.value, "select")
    }

    /// The quoted name of a column that holds the new values for a while.
    fn aside(&self) -> String {
        identifier(&naming::fit("_piccolo_new_", &self.column.column.sql_name))
    }

    /// The assignment. `alone`, the statement's condition says which rows it is for.
    fn set(&self, alone: bool) -> String {
        let name = &self.column.name;
        match self.spelled {
            Some(_) => format!("{} = {}", self.aside(), self.value),
            None if self.to_nulls && !alone => {
                format!("{name} = {}", self.column.unless_null(name, &self.value))
            }
            None => format!("{name} = {}", self.value),
        }
    }
}

impl Altered<'_, '_> {
    /// The first value unless it is null, and the other then. A type without a length is named, so that nothing is cut.
    fn unless_null(&self, first: &str, other: &str) -> String {
        let spelled = column_type(&self.column.ty, Dialect::Postgres);
        let bare = match (spelled.find('('), spelled.find(')')) {
            (Some(open), Some(close)) => {
                [spelled.get(..open), spelled.get(close + 1..)].into_iter().flatten().collect()
            }
            _ => spelled,
        };
        let is_cast = other.starts_with("CAST(") && other.ends_with(&format!(" AS {bare})"));
        if is_cast {
            format!("coalesce({first}, {other})")
        } else {
            format!("coalesce({first}, CAST({other} AS {bare}))")
        }
    }

    /// The expression that a backfill stands for.
    fn value(&self, backfill: &Backfill, row: Option<&str>) -> Result<String, Unsupported> {
        Ok(match backfill {
            Backfill::Expression(expressions) => {
                let expression = expressions.get(&Dialect::Postgres).map_or("NULL", String::as_str);
                // What it reads of an enum that is created anew still has the old type.
                match (self.work.remade_of(self.column), &self.column.ty) {
                    (None, _) => self.guarded(expression),
                    (Some(_), ty) => {
                        let text = if matches!(ty, ColumnType::Array(_)) { "text[]" } else { "text" };
                        format!("CAST(CAST(({expression}) AS {text}) AS {})", column_type(ty, Dialect::Postgres))
                    }
                }
            }
            // What the column has as its default by now; one that differs from row to row is evaluated for each.
            Backfill::Default => {
                let default = self.column.default.as_ref();
                let default = default
                    .map(|default| default_expression(default, &self.column.ty, Dialect::Postgres))
                    .transpose()?;
                default.unwrap_or_else(|| "NULL".to_owned())
            }
            Backfill::Filler => self.made_up(self.column, row, 0),
        })
    }

    /// A value that a column of the table takes. A key may point to its own row, whose other columns may be made up as well; `depth` tells
    /// how many were followed, because two that point to each other would never end.
    fn made_up(&self, column: &Column, row: Option<&str>, depth: u8) -> String {
        let table = self.change.to;
        let own = |other: &Column| {
            if self.work.answers.backfill(table, other) != Some(&Backfill::Filler) {
                return Some(format!("{}.{}", self.table, identifier(&other.sql_name)));
            }
            // Its value is given in the same statement, which numbers the rows for it.
            let row = filler::is_numbered(table, other).then(|| format!("{ROWS}.{NUMBER}"));
            Some(if depth < DEEPEST {
                self.made_up(other, row.as_deref(), depth + 1)
            } else {
                filler::distinct_value(self.work.new, other, row.as_deref().unwrap_or("1"), Dialect::Postgres)
            })
        };
        let place = Place {
            schema: self.work.new,
            answers: self.work.answers,
            dialect: Dialect::Postgres,
            waiting: self.waiting.iter().collect(),
            retyped: true,
            own: &own,
        };
        filler::expression(&place, table, column, row)
    }
}

/// The columns as a reader calls them.
fn names(fills: &[&Fill<'_, '_>]) -> String {
    in_a_sentence(&fills.iter().map(|fill| fill.column.plain_name()).collect::<Vec<_>>())
}
