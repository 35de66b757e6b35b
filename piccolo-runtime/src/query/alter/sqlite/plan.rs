//! What SQLite does in place, what it needs a rebuild for, and in which order.

use super::SQLITE;
use super::remake::Remake;
use crate::ask::{all, first};
use crate::ddl::{CreateTable, Unsupported, can_add_in_place, check_clause, create_table_statement, is_row_number};
use crate::introspect::sqlite::clause::{Clause, ClauseKind, expression_mentions};
use crate::introspect::sqlite::table_text::TableText;
use crate::introspect::{IndexShape, Sorted};
use crate::query::alter::change::{Change, Constraint};
use crate::query::alter::live::{live_shape, no_such_table};
use crate::query::alter::state::State;
use crate::query::alter::step::{Dropped, Step};
use crate::schema::QualifiedName;
use crate::sql::{identifier, literal};
use crate::table::TableMeta;
use crate::{Error, Exec, Result};

/// What is done at once.
#[derive(Clone, Debug)]
pub(super) enum Unit {
    InPlace(Vec<Statement>),
    Rebuild { table: String, helper: String, statements: Vec<String> },
}

/// A statement, and what it means when SQLite says no more than that a constraint failed.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) sql: String,
    pub(super) refusal: Option<Error>,
}

/// The version of SQLite: `(3, 54, 0)`.
pub(super) type Version = (u32, u32, u32);

/// The live table and what is to be known of its surroundings.
#[derive(Clone, Debug)]
pub(super) struct Live {
    pub(super) state: State,
    pub(super) text: TableText,
    pub(super) version: Version,
}

impl Live {
    /// Reads the table and its surroundings.
    pub(super) async fn read(exec: Exec<'_>, meta: &'static TableMeta, name: &QualifiedName) -> Result<Self> {
        let state = State::of(meta, name, live_shape(exec).await?).ok_or_else(|| no_such_table(name))?;
        let table = &state.name.name;
        let query = format!("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND name = {}", literal(table));
        let rows = all(exec, query, |row| row.get::<String>(0)).await?;
        let text = rows.first().and_then(|sql| TableText::parse(sql)).ok_or_else(|| cannot_read(table))?;
        let version = first(exec, "SELECT sqlite_version()", |row| row.get::<String>(0)).await?.unwrap_or_default();
        Ok(Self { state, text, version: parse_version(&version) })
    }

    /// All units, planned one after the other without a database.
    pub(super) fn units(mut self, changes: &[Change]) -> Result<Vec<Unit>> {
        let (mut units, mut rest) = (Vec::new(), changes);
        while !rest.is_empty() {
            let (unit, done) = self.next_unit(rest)?;
            units.extend(unit);
            rest = rest.get(done..).unwrap_or_default();
        }
        Ok(units)
    }

    /// The next unit, if there is anything to be done, and how many changes it takes.
    pub(super) fn next_unit(&mut self, changes: &[Change]) -> Result<(Option<Unit>, usize)> {
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
            Step::AddColumn(column) if can_add_in_place(column, false) => {
                alter(format!("ADD COLUMN {}", self.definition(column)?))
            }
            Step::DropColumn(name) if is_row_number(name) => None,
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
    pub(super) fn dropped_indexes(&self, column: &str) -> Vec<String> {
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

/// The statements for a database that is as the state says, with those that a rebuild needs around it.
pub(in crate::query::alter) fn shown(state: State, changes: &[Change]) -> Result<Vec<String>> {
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

/// The user's texts in an index.
fn texts(index: &IndexShape) -> impl Iterator<Item = &str> {
    let expressions = index.keys.iter().filter_map(|key| match &key.sorted {
        Sorted::Expression(expression) => Some(expression.as_str()),
        Sorted::Column(_) => None,
    });
    // What could not be read is kept whole, as options.
    expressions.chain(index.predicate.as_deref()).chain(index.options.as_deref())
}

pub(super) fn drop_index(name: &str) -> String {
    crate::ddl::drop_index(&QualifiedName::plain(""), name, SQLITE)
}

/// `3.54.0` in numbers; what is none counts as 0, so that an unknown version is taken for an old one.
fn parse_version(text: &str) -> Version {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or_default());
    let mut part = || parts.next().unwrap_or_default();
    (part(), part(), part())
}

pub(super) fn cannot_read(table: &str) -> Error {
    Error::Unsupported {
        engine: SQLITE.name(),
        feature: format!(
            "the definition of `{table}` in the database has words that are not known, so it cannot be altered"
        ),
    }
}

#[cfg(test)]
mod tests;
