//! Steps on SQLite: in place where it can, by a rebuild of the table where not.
//!
//! The changes are done in *units*: a change that SQLite makes in place is one, and consecutive others are one rebuild. The live table is
//! read anew before each unit, because SQLite itself carries a rename into every text that mentions the name.

use std::collections::HashMap;

use super::change::{Change, Constraint};
use super::live::{live_shape, no_such_table};
use super::run::about;
use super::state::State;
use super::step::{Dropped, SetType, Step};
use crate::ask::{all, first, run as run_statement};
use crate::ddl::{
    CopyRows, CreateTable, ImpliedCheck, Rebuild, Unsupported, check_clause, column_definition, conversion_expression,
    create_table_statement, foreign_key_clause, unique_clause,
};
use crate::introspect::sqlite::table_text::{Clause, ClauseKind, ColumnText, TableText, expression_mentions};
use crate::introspect::{IndexShape, Sorted};
use crate::rebuild::{self, Trouble, Work};
use crate::schema::{Column, Default, QualifiedName, Table};
use crate::sql::{Dialect, identifier, literal};
use crate::table::TableMeta;
use crate::transaction::Transaction;
use crate::{Error, Exec, Result};

const SQLITE: Dialect = Dialect::Sqlite;

/// What is done at once.
#[derive(Clone, Debug)]
enum Unit {
    InPlace(Vec<Statement>),
    Rebuild { table: String, helper: String, statements: Vec<String> },
}

/// A statement, and what it means when SQLite says no more than that a constraint failed.
#[derive(Clone, Debug)]
struct Statement {
    sql: String,
    refusal: Option<Error>,
}

/// The version of SQLite: `(3, 54, 0)`.
type Version = (u32, u32, u32);

/// The live table and what is to be known of its surroundings.
#[derive(Clone, Debug)]
struct Live {
    state: State,
    text: TableText,
    version: Version,
}

/// Does the changes, all of them or none.
pub(super) async fn run(exec: Exec<'_>, meta: &'static TableMeta, changes: &[Change]) -> Result<()> {
    let table = &meta.table().sql_name;
    // Planned as a whole first: what cannot be done is refused before anything is, and foreign keys have to be suspended before a transaction
    // begins.
    let live = Box::pin(Live::read(exec, meta, table)).await?;
    let units = live.clone().units(changes)?;
    let rebuilds = units.iter().any(|unit| matches!(unit, Unit::Rebuild { .. }));
    match exec {
        Exec::Transaction(outer) => {
            if rebuilds {
                Box::pin(refuse_lost_rows(exec, &live.state)).await?;
            }
            let transaction = outer.begin().await?;
            Box::pin(finish(transaction, meta, table, changes, true)).await
        }
        Exec::Engine(engine) if !rebuilds => {
            let transaction = engine.begin().await?;
            Box::pin(finish(transaction, meta, table, changes, false)).await
        }
        Exec::Connection(connection) if !rebuilds => {
            let transaction = connection.begin().await?;
            Box::pin(finish(transaction, meta, table, changes, false)).await
        }
        Exec::Engine(engine) => {
            let connection = engine.dedicated().await?;
            let work = async || Box::pin(finish(connection.begin().await?, meta, table, changes, true)).await;
            Box::pin(rebuild::suspended(&connection, work)).await
        }
        Exec::Connection(connection) => {
            let work = async || Box::pin(finish(connection.begin().await?, meta, table, changes, true)).await;
            Box::pin(rebuild::suspended(connection, work)).await
        }
    }
}

/// The statements for a database that is as the state says, with those that a rebuild needs around it.
pub(super) fn shown(state: State, changes: &[Change]) -> Result<Vec<String>> {
    let table = state.meta.table();
    let options = CreateTable { name: &table.sql_name, deferred: &[], if_not_exists: false };
    let sql = create_table_statement(table, state.meta.enums(), options, SQLITE)?;
    let text = TableText::parse(&sql).ok_or_else(|| cannot_read(&table.sql_name.name))?;
    // That of the newest driver that we are built with.
    let live = Live { state, text, version: (3, 54, 0) };
    let units = live.units(changes)?;
    let rebuilds = units.iter().any(|unit| matches!(unit, Unit::Rebuild { .. }));
    let mut out = Vec::new();
    for unit in units {
        match unit {
            Unit::InPlace(statements) => out.extend(statements.into_iter().map(|statement| statement.sql)),
            Unit::Rebuild { table: name, statements, .. } => {
                let dropped = |name: &str| statements.iter().any(|statement| *statement == drop_index(name));
                let kept = table.indexes.iter().filter(|index| !dropped(&index.name));
                let renamed = QualifiedName::plain(name);
                let made = kept.map(|index| crate::ddl::create_index(&renamed, index, SQLITE));
                let made = made.collect::<Result<Vec<String>, Unsupported>>()?;
                out.extend(statements.into_iter().chain(made));
            }
        }
    }
    if rebuilds {
        out.insert(0, "BEGIN IMMEDIATE".to_owned());
        out.insert(0, "PRAGMA foreign_keys = OFF".to_owned());
        out.extend(["PRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys = ON"].map(str::to_owned));
    }
    Ok(out)
}

/// Does the changes in this transaction and commits it, or rolls it back.
async fn finish(
    transaction: Transaction,
    meta: &'static TableMeta,
    table: &QualifiedName,
    changes: &[Change],
    may_rebuild: bool,
) -> Result<()> {
    match Box::pin(inside(&transaction, meta, table, changes, may_rebuild)).await {
        Ok(()) => transaction.commit().await,
        Err(error) => {
            // The error itself says more than that of a rollback on a broken connection would.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

async fn inside(
    transaction: &Transaction,
    meta: &'static TableMeta,
    table: &QualifiedName,
    changes: &[Change],
    may_rebuild: bool,
) -> Result<()> {
    let (mut table, mut rest) = (table.clone(), changes);
    while !rest.is_empty() {
        let mut live = Box::pin(Live::read(Exec::from(transaction), meta, &table)).await?;
        let (unit, done) = live.next_unit(rest)?;
        rest = rest.get(done..).unwrap_or_default();
        table = live.state.name.clone();
        match unit {
            None => {}
            Some(Unit::InPlace(statements)) => {
                for Statement { sql, refusal } in statements {
                    run_statement(transaction, sql).await.map_err(|error| named(error, refusal))?;
                }
            }
            Some(Unit::Rebuild { .. }) if !may_rebuild => {
                let message = format!("the definition of `{table}` changed while it was altered");
                return Err(Error::Serialization { message });
            }
            Some(Unit::Rebuild { table, helper, statements }) => {
                Box::pin(rebuild_table(transaction, &live.state, table, &helper, statements)).await?;
            }
        }
    }
    Ok(())
}

/// The error of a statement in place, which names no constraint where rows break the one that it adds.
fn named(error: Error, refusal: Option<Error>) -> Error {
    match (&error, refusal) {
        (Error::Database { message, .. }, Some(refusal)) if message == "constraint failed" => refusal,
        (_, _) => error,
    }
}

/// Makes the table anew, under the guard that migrations have too.
async fn rebuild_table(
    transaction: &Transaction,
    state: &State,
    table: String,
    helper: &str,
    statements: Vec<String>,
) -> Result<()> {
    let work = Work { tables: vec![table.clone()], statements };
    let run = async || -> Result<()> {
        for statement in &work.statements {
            run_statement(transaction, statement.clone()).await?;
        }
        Ok(())
    };
    Box::pin(rebuild::guarded(transaction, &work, run)).await.map_err(|trouble| match trouble {
        Trouble::Statements(error) => about(&table, helper, error),
        Trouble::Database { error, .. } => error,
        Trouble::Refused(message) => Error::Usage { message },
        Trouble::BrokenKeys { table, .. } => {
            let added = state.table.foreign_keys.last().filter(|_| *table == *state.table.name.name);
            let constraint = added.and_then(|key| key.name.clone());
            Error::ForeignKeyViolation { table: Some(table), constraint }
        }
    })
}

/// Refuses a rebuild with foreign keys on where dropping the old table would reach into other tables, or into the new one: where any row
/// points to one of its rows.
async fn refuse_lost_rows(exec: Exec<'_>, state: &State) -> Result<()> {
    for (table, key) in state.referring() {
        let name = identifier(&table.name.name);
        let points: Vec<String> =
            key.columns.iter().map(|column| format!("{} IS NOT NULL", identifier(column))).collect();
        let query = format!("SELECT 1 FROM {name} WHERE {} LIMIT 1", points.join(" AND "));
        if first(exec, query, |row| row.get::<i64>(0)).await?.is_some() {
            return Err(Error::Unsupported {
                engine: SQLITE.name(),
                feature: format!(
                    "this change of `{}` makes the table anew, for which foreign keys have to be suspended outside of any transaction, \
                     because rows of `{}` point to it; run it on the engine instead of in a transaction",
                    state.name, table.name
                ),
            });
        }
    }
    Ok(())
}

impl Live {
    /// Reads the table and its surroundings.
    async fn read(exec: Exec<'_>, meta: &'static TableMeta, name: &QualifiedName) -> Result<Self> {
        let state = State::of(meta, name, live_shape(exec).await?).ok_or_else(|| no_such_table(name))?;
        let table = &state.name.name;
        let query = format!("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = {}", literal(table));
        let rows = all(exec, query, |row| row.get::<String>(0)).await?;
        let text = rows.first().and_then(|sql| TableText::parse(sql)).ok_or_else(|| cannot_read(table))?;
        let version = first(exec, "SELECT sqlite_version()", |row| row.get::<String>(0)).await?.unwrap_or_default();
        Ok(Self { state, text, version: parse_version(&version) })
    }

    /// All units, planned one after the other without a database.
    fn units(mut self, changes: &[Change]) -> Result<Vec<Unit>> {
        let (mut units, mut rest) = (Vec::new(), changes);
        while !rest.is_empty() {
            let (unit, done) = self.next_unit(rest)?;
            units.extend(unit);
            rest = rest.get(done..).unwrap_or_default();
        }
        Ok(units)
    }

    /// The next unit, if there is anything to be done, and how many changes it takes.
    fn next_unit(&mut self, changes: &[Change]) -> Result<(Option<Unit>, usize)> {
        let Some(change) = changes.first() else { return Ok((None, 0)) };
        let steps = self.state.resolve(change)?;
        let in_place: Option<Vec<Vec<Statement>>> =
            steps.iter().map(|step| self.in_place(step)).collect::<Result<_>>()?;
        if let Some(statements) = in_place {
            let statements: Vec<Statement> = statements.into_iter().flatten().collect();
            for step in &steps {
                self.edit(step)?;
                self.state.apply(step);
            }
            return Ok(((!statements.is_empty()).then_some(Unit::InPlace(statements)), 1));
        }
        let mut remake = Remake::of(self);
        let mut done = 0_usize;
        for change in changes {
            if change.is_rename() {
                break;
            }
            for step in self.state.resolve(change)? {
                remake.note(self, &step);
                self.edit(&step)?;
                self.state.apply(&step);
            }
            done = done.saturating_add(1);
        }
        Ok((Some(remake.finish(self)), done))
    }

    /// The statements that do the step in place; `None` where SQLite cannot.
    fn in_place(&self, step: &Step) -> Result<Option<Vec<Statement>>> {
        let plain = self.plainly_in_place(step)?;
        let own = || Some(self.state.name.name.to_string());
        let refusal = if let Step::SetNull { column, null: false } = step {
            Some(Error::NotNullViolation { table: own(), column: column.clone() })
        } else if let Step::AddConstraint(Constraint::Check(check)) = step {
            Some(Error::CheckViolation { table: own(), constraint: Some(check.name.to_string()) })
        } else {
            None
        };
        let statement = |sql| Statement { sql, refusal: refusal.clone() };
        Ok(plain.map(|statements| statements.into_iter().map(statement).collect()))
    }

    fn plainly_in_place(&self, step: &Step) -> Result<Option<Vec<String>>> {
        let table = identifier(&self.state.name.name);
        let alter = |words: String| Some(vec![format!("ALTER TABLE {table} {words}")]);
        // Versions of the changes' own release notes.
        let (alters_checks, drops_keys) = (self.version >= (3, 53, 0), self.version >= (3, 54, 0));
        Ok(match step {
            Step::AddColumn(column) if is_constant(column) => alter(format!("ADD COLUMN {}", self.definition(column)?)),
            Step::DropColumn(name) => self.in_the_way(name, alters_checks).map(|checks| {
                let checks = checks.into_iter().map(|check| format!("DROP CONSTRAINT {}", identifier(check)));
                let words = checks.chain([format!("DROP COLUMN {}", identifier(name))]);
                let altered = words.map(|words| format!("ALTER TABLE {table} {words}"));
                self.dropped_indexes(name).into_iter().chain(altered).collect()
            }),
            Step::RenameColumn { from, to } => {
                alter(format!("RENAME COLUMN {} TO {}", identifier(from), identifier(to)))
            }
            Step::RenameTable(to) => alter(format!("RENAME TO {}", identifier(to))),
            Step::SetNull { column, null } if alters_checks => {
                let verb = if *null { "DROP" } else { "SET" };
                alter(format!("ALTER COLUMN {} {verb} NOT NULL", identifier(column)))
            }
            Step::AddConstraint(Constraint::Check(check)) if alters_checks => {
                check_clause(check, SQLITE).and_then(|clause| alter(format!("ADD {clause}")))
            }
            Step::DropConstraint(Dropped::Check(name)) if alters_checks => {
                alter(format!("DROP CONSTRAINT {}", identifier(name)))
            }
            Step::DropConstraint(Dropped::ForeignKey(name)) if drops_keys => {
                alter(format!("DROP CONSTRAINT {}", identifier(name)))
            }
            Step::RenameTypeCheck { from, to } if alters_checks => {
                let check = self.text.clauses().find(|clause| clause.is_named(from));
                check.map(|check| {
                    let clause = Clause { name: Some(to.clone()), ..check.clone() };
                    vec![
                        format!("ALTER TABLE {table} DROP CONSTRAINT {}", identifier(from)),
                        format!("ALTER TABLE {table} ADD {}", clause.write()),
                    ]
                })
            }
            Step::DropIndex(name) => Some(vec![drop_index(name)]),
            Step::AddColumn(_)
            | Step::SetSchema(_)
            | Step::SetNull { .. }
            | Step::SetDefault { .. }
            | Step::DropDefault(_)
            | Step::SetType(_)
            | Step::AddConstraint(_)
            | Step::DropConstraint(_)
            | Step::RenameTypeCheck { .. } => None,
        })
    }

    /// Changes the words of the table's definition.
    fn edit(&mut self, step: &Step) -> Result<()> {
        let table = self.state.name.name.to_string();
        let unreadable = || cannot_read(&table);
        match step {
            Step::AddColumn(column) => {
                let definition = self.definition(column)?;
                self.text.columns.push(ColumnText::parse(&definition).ok_or_else(unreadable)?);
            }
            Step::DropColumn(name) => {
                self.text.columns.retain(|column| !column.name.eq_ignore_ascii_case(name));
                // As Postgres does, whatever of the constraints mentions the column goes with it.
                self.text.retain(|_, clause| clause.kind == ClauseKind::Generated || !clause.mentions(name));
            }
            Step::RenameColumn { from, to } => self.text.rename_column(from, to),
            Step::SetNull { column, null } => self.with(column, |column| {
                column.clauses.retain(|clause| clause.kind != ClauseKind::Null);
                let clause = (!null).then(|| Clause::new(ClauseKind::NotNull, "NOT NULL"));
                column.replace(ClauseKind::NotNull, clause);
            })?,
            Step::SetDefault { column, expression } => self.with(column, |column| {
                let clause = Clause::new(ClauseKind::Default, format!("DEFAULT {expression}"));
                column.replace(ClauseKind::Default, Some(clause));
            })?,
            Step::DropDefault(column) => self.with(column, |column| column.replace(ClauseKind::Default, None))?,
            Step::SetType(change) => self.retype(change)?,
            Step::AddConstraint(constraint) => {
                let words = match constraint {
                    Constraint::Unique(unique) => Some(unique_clause(unique)),
                    Constraint::Check(check) => check_clause(check, SQLITE),
                    Constraint::ForeignKey(key) => Some(foreign_key_clause(key, SQLITE)),
                };
                if let Some(words) = words {
                    self.text.constraints.push(Clause::parse(&words).ok_or_else(unreadable)?);
                }
            }
            Step::DropConstraint(
                Dropped::Unique(name) | Dropped::Check(name) | Dropped::ForeignKey(name) | Dropped::Other(name),
            ) => self.text.retain(|_, clause| !clause.is_named(name)),
            Step::DropConstraint(Dropped::UnnamedUnique(column)) => self.text.retain(|on, clause| {
                let over = matches!(clause.columns.as_slice(), [only] if only.eq_ignore_ascii_case(column));
                let on = on.is_some_and(|on| on.eq_ignore_ascii_case(column));
                clause.kind != ClauseKind::Unique || clause.name.is_some() || !(over || on)
            }),
            Step::RenameTypeCheck { from, to } => {
                let columns = self.text.columns.iter_mut().flat_map(|column| &mut column.clauses);
                for clause in columns.chain(&mut self.text.constraints).filter(|clause| clause.is_named(from)) {
                    clause.name = Some(to.clone());
                }
            }
            Step::RenameTable(_) | Step::SetSchema(_) | Step::DropIndex(_) => {}
        }
        Ok(())
    }

    fn with(&mut self, name: &str, change: impl FnOnce(&mut ColumnText)) -> Result<()> {
        let table = self.state.name.name.to_string();
        self.text.column(name).map(change).ok_or_else(|| cannot_read(&table))
    }

    /// Gives a column the words of another type: its name and its check.
    fn retype(&mut self, change: &SetType) -> Result<()> {
        let SetType { column: name, from, to, .. } = change;
        let definition = self.definition(&Column::new(name.clone(), to.clone()).null())?;
        let table = self.state.name.name.to_string();
        let new = ColumnText::parse(&definition).ok_or_else(|| cannot_read(&table))?;
        let old_check = from.as_ref().and_then(ImpliedCheck::of).map(|check| check.constraint_name(name));
        let counts = self.state.table.column(name).is_some_and(|column| column.identity.is_some());
        self.text.retain(|_, clause| {
            let implied = clause.name.as_deref().and_then(ImpliedCheck::parse);
            let own = implied.is_some_and(|(_, column)| column.eq_ignore_ascii_case(name));
            !own && !old_check.as_deref().is_some_and(|check| clause.is_named(check))
        });
        self.with(name, |column| {
            // A key that counts itself up is an INTEGER by that name.
            if !counts {
                column.ty = new.ty;
            }
            column.clauses.extend(new.clauses.into_iter().filter(|clause| clause.kind == ClauseKind::Check));
        })
    }

    /// The definition of a column of ours.
    fn definition(&self, column: &Column) -> Result<String, Unsupported> {
        let fragment: Table = self.state.fragment();
        column_definition(&fragment, column, self.state.meta.enums(), SQLITE)
    }

    /// The checks that have to go before SQLite drops this column, which only what stands on it may mention; `None` where something
    /// else does.
    fn in_the_way(&self, name: &str, drops_checks: bool) -> Option<Vec<&str>> {
        let mut checks = Vec::new();
        for column in &self.text.columns {
            let is_own = column.name.eq_ignore_ascii_case(name);
            if is_own && (column.has(ClauseKind::PrimaryKey) || column.has(ClauseKind::Unique)) {
                return None;
            }
            if !is_own {
                checks.extend(column.clauses.iter().filter(|clause| clause.mentions(name)));
            }
        }
        checks.extend(self.text.constraints.iter().filter(|clause| clause.mentions(name)));
        let named = |clause: &&'_ Clause| clause.kind == ClauseKind::Check && drops_checks;
        checks.iter().all(named).then_some(())?;
        checks.into_iter().map(|clause| clause.name.as_deref()).collect()
    }

    /// The statements that drop the indexes which mention a column.
    fn dropped_indexes(&self, column: &str) -> Vec<String> {
        let sorts = |index: &IndexShape| {
            index
                .keys
                .iter()
                .any(|key| matches!(&key.sorted, Sorted::Column(name) if name.eq_ignore_ascii_case(column)))
        };
        let gone = self
            .state
            .table
            .indexes
            .iter()
            .filter(|index| sorts(index) || texts(index).any(|text| expression_mentions(text, column)));
        gone.map(|index| drop_index(&index.name)).collect()
    }
}

/// The rows on their way into the new table.
struct Remake {
    /// The columns that have values to be copied, by the name they have at the end.
    values: HashMap<String, String>,
    table: String,
    had_hidden_rowid: bool,
    /// Statements that come first.
    before: Vec<String>,
}

impl Remake {
    fn of(live: &Live) -> Self {
        let table = live.state.name.name.to_string();
        let value =
            |column: &ColumnText| (column.name.clone(), format!("{}.{}", identifier(&table), identifier(&column.name)));
        let stored = live.text.columns.iter().filter(|column| !column.has(ClauseKind::Generated));
        let values = stored.map(value).collect();
        Self { values, had_hidden_rowid: live.text.has_hidden_rowid(), table, before: Vec::new() }
    }

    /// Takes note of what a step does to values and indexes; the table is still as it was before the step.
    fn note(&mut self, live: &Live, step: &Step) {
        if let Step::DropColumn(name) = step {
            self.values.retain(|column, _| !column.eq_ignore_ascii_case(name));
            self.before.extend(live.dropped_indexes(name));
        } else if let Step::DropIndex(name) = step {
            self.before.push(drop_index(name));
        } else if let Step::SetType(SetType { column, from, to, using }) = step
            && let Some(value) = self.values.get_mut(column)
        {
            let name = format!("{}.{column}", self.table);
            let converted = match (using, from) {
                (Some(expression), _) => Some(format!("({expression})")),
                (None, Some(from)) => conversion_expression(from, to, value, &name, SQLITE),
                (None, None) => None,
            };
            if let Some(converted) = converted {
                *value = converted;
            }
        }
    }

    /// The statements: indexes that go, then the table anew.
    fn finish(self, live: &Live) -> Unit {
        let mut columns: Vec<(String, String)> = live
            .text
            .columns
            .iter()
            .filter_map(|column| Some((identifier(&column.name), self.values.get(&column.name)?.clone())))
            .collect();
        if self.had_hidden_rowid && live.text.has_hidden_rowid() {
            columns.insert(0, ("rowid".to_owned(), format!("{}.rowid", identifier(&self.table))));
        }
        let helper = Rebuild::helper_name(&self.table, |name| live.state.is_taken(name));
        let copy = CopyRows { columns, row_number: None };
        let rebuild = Rebuild { table: &self.table, helper: &helper, create: live.text.write(&helper), copy };
        let statements = self.before.into_iter().chain(rebuild.statements()).collect();
        Unit::Rebuild { table: self.table, helper, statements }
    }
}

/// The user's texts in an index.
fn texts(index: &IndexShape) -> impl Iterator<Item = &str> {
    let expressions = index.keys.iter().filter_map(|key| match &key.sorted {
        Sorted::Expression(expression) => Some(expression.as_str()),
        Sorted::Column(_) => None,
    });
    // What could not be read is kept whole, as options.
    expressions.chain(index.predicate.as_deref()).chain(index.options.as_deref())
}

fn drop_index(name: &str) -> String {
    crate::ddl::drop_index(&QualifiedName::plain(""), name, SQLITE)
}

/// Whether SQLite adds this column to a table that has rows: it wants a constant for them.
fn is_constant(column: &Column) -> bool {
    match &column.default {
        None => column.null,
        Some(default) => match default {
            Default::Boolean(_)
            | Default::Integer(_)
            | Default::Decimal(_)
            | Default::Text(_)
            | Default::DateTime(_)
            | Default::Interval(_)
            | Default::Uuid(_)
            | Default::Json(_)
            | Default::Bytes(_)
            | Default::Variant(_)
            | Default::Array(_) => true,
            Default::Now | Default::Today | Default::Uuid4 | Default::Uuid7 | Default::Sql(_) => false,
        },
    }
}

/// `3.54.0` in numbers; what is none counts as 0, so that an unknown version is taken for an old one.
fn parse_version(text: &str) -> Version {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or_default());
    let mut part = || parts.next().unwrap_or_default();
    (part(), part(), part())
}

fn cannot_read(table: &str) -> Error {
    Error::Unsupported {
        engine: SQLITE.name(),
        feature: format!(
            "the definition of `{table}` in the database has words that are not known, so it cannot be altered"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codegen_support::{Borrowed, column};
    use crate::query::alter::change::ColumnName;
    use crate::query::alter::live::described;
    use crate::schema::{Check, ColumnType, PrimaryKey, Unique};

    static TABLE: Table = Table {
        sql_name: QualifiedName { schema: None, name: Borrowed("band") },
        columns: Borrowed(&[column("id", ColumnType::BigSerial), column("name", ColumnType::Varchar { length: 50 })]),
        primary_key: PrimaryKey { name: Borrowed("band_pkey"), columns: Borrowed(&[Borrowed("id")]) },
        ..crate::codegen_support::TABLE
    };
    static META: TableMeta = TableMeta::new(&TABLE, &[], &[]);

    /// How the change is made by a version: the statements in place, or `rebuild`.
    fn planned(version: Version, changes: &[Change]) -> Vec<String> {
        let state = State::of(&META, &TABLE.sql_name, described(&TABLE, SQLITE)).unwrap();
        let options = CreateTable { name: &TABLE.sql_name, deferred: &[], if_not_exists: false };
        let sql = create_table_statement(&TABLE, META.enums(), options, SQLITE).unwrap();
        let live = Live { state, text: TableText::parse(&sql).unwrap(), version };
        let units = live.units(changes).unwrap();
        let words = units.into_iter().flat_map(|unit| match unit {
            Unit::InPlace(statements) => statements.into_iter().map(|statement| statement.sql).collect(),
            Unit::Rebuild { .. } => vec!["rebuild".to_owned()],
        });
        words.collect()
    }

    #[test]
    fn what_is_done_in_place_depends_on_the_version() {
        let name = || ColumnName::Named("name".to_owned());
        let check = || Change::AddConstraint(Constraint::Check(Check::new("name <> ''").named("named")));
        let drop = || Change::DropConstraint("named".to_owned());
        let null = Change::SetNull { column: name(), null: true };
        let renamed = [
            Change::RenameColumn { column: name(), to: "title".to_owned() },
            Change::RenameTypeCheck { from: name(), to: "title".to_owned() },
        ];
        let unique = Change::AddConstraint(Constraint::Unique(Unique::on(["name"])));
        let (old, new) = ((3, 51, 3), (3, 54, 0));
        assert_eq!(planned(new, &[null.clone()]), ["ALTER TABLE \"band\" ALTER COLUMN \"name\" DROP NOT NULL"]);
        assert_eq!(planned(old, &[null.clone()]), ["rebuild"]);
        assert_eq!(
            planned(new, &[check(), drop()]),
            [
                "ALTER TABLE \"band\" ADD CONSTRAINT \"named\" CHECK (name <> '')",
                "ALTER TABLE \"band\" DROP CONSTRAINT \"named\""
            ]
        );
        let rename = "ALTER TABLE \"band\" RENAME COLUMN \"name\" TO \"title\"";
        assert_eq!(planned(old, &renamed), [rename, "rebuild"]);
        assert_eq!(
            planned(new, &renamed),
            [
                rename,
                "ALTER TABLE \"band\" DROP CONSTRAINT \"piccolo:length:name\"",
                "ALTER TABLE \"band\" ADD CONSTRAINT \"piccolo:length:title\" CHECK (length(\"title\") <= 50)"
            ]
        );
        for version in [old, new] {
            // Consecutive changes are one rebuild, whatever of them could be done in place.
            assert_eq!(planned(version, &[unique.clone(), check(), drop()]), ["rebuild"]);
        }
    }

    #[test]
    fn an_unknown_version_is_taken_for_an_old_one() {
        assert_eq!(parse_version("3.54.1"), (3, 54, 1));
        assert_eq!(parse_version("3.54"), (3, 54, 0));
        assert_eq!(parse_version("new"), (0, 0, 0));
    }
}
