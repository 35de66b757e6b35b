//! The proof of one migration: forwards, backwards and forwards again, with rows.

use std::collections::BTreeMap;

use piccolo_runtime::Error;
use piccolo_runtime::introspect::{Shape, differences};
use piccolo_runtime::migrate::{Migration, Scripts};
use piccolo_runtime::schema::{QualifiedName, Schema};
use piccolo_runtime::sql::Dialect;

use super::contents::{Rows, column_names, counter, dangling, everything};
use super::foretold::is_foretold;
use super::replay::same;
use super::rows::{Filling, Reach, fill};
use super::{Grounds, Moment, Refutation, Scratch, blame};
use crate::change::{Changes, Conversion, Decisions, EnumChange, TableChange};
use crate::diff::{Diff, diff};
use crate::migration::File;
use crate::plan::assume::assumed;
use crate::plan::expect::{Expected, expected, pairs};
use crate::plan::{Answers, Authored, Direction, answers};

/// A migration that is to be proven.
#[derive(Clone, Copy, Debug)]
pub struct Proof<'a> {
    /// Its id.
    pub id: &'a str,
    /// The schema before it.
    pub old: &'a Schema,
    /// The schema after it.
    pub new: &'a Schema,
    /// What was decided.
    pub decisions: &'a Decisions,
    /// Its plans.
    pub authored: &'a Authored,
    /// Its files.
    pub files: &'a [File],
    /// Statements that hang on the old database what the schema language cannot say: triggers, views.
    pub beside: &'a [String],
}

/// What a proof that succeeded has to say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proven {
    /// The tables of the old schema for which no rows were found that its checks allow.
    pub without_rows: Vec<String>,
    /// Why rows at the edges of their types were left out: an expression of the migration fails for them.
    pub without_edges: Option<String>,
    /// Why the way back was proven without rows: it fails for some that have lost what they pointed to, as the files say.
    pub without_return: Option<String>,
}

impl Proof<'_> {
    /// Proves the migration on one engine: the old schema is created and filled with rows; forwards must give what a fresh create of the
    /// new schema gives, with the values that were decided and all other rows as they were; backwards the old schema, with the old values
    /// where nothing was lost; and forwards again.
    ///
    /// # Errors
    ///
    /// What is wrong, with the statements that did it.
    pub async fn on(&self, grounds: &Grounds, dialect: Dialect) -> Result<Proven, Refutation> {
        let forwards = diff(self.old, self.new, &self.decisions.renames);
        let engines: Vec<Dialect> = self.authored.engines.iter().map(|plans| plans.dialect).collect();
        let answers = answers(&forwards, self.decisions, Direction::Up, &engines).answers;
        let course = Course::new(self, &forwards, &answers, dialect);
        let edges = course.run(grounds, Reach::Edges).await;
        match edges {
            Err(Refutation::Step { moment: Moment::Up, ref message, .. }) if course.computes() => {
                let message = message.lines().next().unwrap_or_default().to_owned();
                match course.run(grounds, Reach::Middle).await {
                    Ok(proven) => Ok(Proven { without_edges: Some(message), ..proven }),
                    // The first report is about the same.
                    Err(_) => course.without_rows(grounds, edges).await,
                }
            }
            Err(Refutation::Step { moment, ref message, cause: Some(ref cause), .. })
                if self.foretells(moment, cause, dialect) =>
            {
                let message = message.lines().next().unwrap_or_default().to_owned();
                let proven = course.run(grounds, Reach::Nowhere).await?;
                Ok(Proven { without_rows: Vec::new(), without_return: Some(message), ..proven })
            }
            edges => edges,
        }
    }

    /// Whether a migration that loses something says itself that rows which came back may fail so: by a key that points to no row, or by a value
    /// that its enum did not have before.
    fn foretells(&self, moment: Moment, error: &Error, dialect: Dialect) -> bool {
        let (risks, schema) = match moment {
            Moment::Up => return false,
            Moment::Down => (&self.authored.risks_of_undoing, self.new),
            Moment::UpAgain => (&self.authored.risks, self.old),
        };
        !self.authored.losses.is_empty() && is_foretold(risks, error, schema, dialect)
    }
}

/// Whether the database has one code for both.
fn same_code(one: &Error, other: &Error) -> bool {
    match (one, other) {
        (Error::Database { code: Some(one), .. }, Error::Database { code: Some(other), .. }) => one == other,
        _ => false,
    }
}

/// Everything that a run over one database needs.
struct Course<'a> {
    proof: &'a Proof<'a>,
    changes: &'a Changes<'a>,
    answers: &'a Answers,
    expected: Vec<Expected<'a>>,
    migration: Migration,
    dialect: Dialect,
}

impl<'a> Course<'a> {
    fn new(proof: &'a Proof<'a>, diff: &'a Diff<'a>, answers: &'a Answers, dialect: Dialect) -> Self {
        let changes = &diff.changes;
        let expected =
            pairs(proof.old, proof.new, changes).iter().map(|pair| expected(pair, changes, answers, dialect)).collect();
        let text = |direction: Direction| {
            let name = crate::migration::script_name(direction, dialect);
            proof.files.iter().find(|file| file.name == name).map(|file| file.text.clone()).unwrap_or_default()
        };
        let scripts = Some(Scripts { up: text(Direction::Up).into(), down: text(Direction::Down).into() });
        let (sqlite, postgres) = match dialect {
            Dialect::Sqlite => (scripts, None),
            Dialect::Postgres => (None, scripts),
        };
        let migration = Migration { id: proof.id.to_owned().into(), parents: Vec::new().into(), sqlite, postgres };
        Self { proof, changes, answers, expected, migration, dialect }
    }

    async fn run(&self, grounds: &Grounds, reach: Reach) -> Result<Proven, Refutation> {
        let scratch = grounds.scratch(self.dialect).await?;
        let result = self.run_on(&scratch, reach).await;
        scratch.close().await;
        result
    }

    /// The refutation, which says whether it is the same without any rows. SQLite has one code for what it cannot read and for a function that
    /// fails on a value.
    async fn without_rows(&self, grounds: &Grounds, refuted: Result<Proven, Refutation>) -> Result<Proven, Refutation> {
        let Err(Refutation::Step { dialect: Dialect::Sqlite, id, moment, message, cause: Some(cause), .. }) = refuted
        else {
            return refuted;
        };
        let empty = self.run(grounds, Reach::Nowhere).await;
        let whatever_rows = matches!(empty, Err(Refutation::Step { moment: Moment::Up, cause: Some(other), .. }) if same_code(&other, &cause));
        Err(Refutation::Step { dialect: self.dialect, id, moment, message, cause: Some(cause), whatever_rows })
    }

    async fn run_on(&self, scratch: &Scratch<'_>, reach: Reach) -> Result<Proven, Refutation> {
        let Proof { old, new, .. } = *self.proof;
        let fresh = scratch.shape_of(new).await?;
        let assumed = assumed(old, new, self.changes, self.answers, &self.expected, self.dialect);
        if reach == Reach::Nowhere {
            scratch.create(old).await?;
        } else {
            fill(scratch, Filling { old, new, assumed: &assumed, reach }).await?;
        }
        for statement in self.proof.beside {
            scratch.run(vec![statement.clone()]).await?;
        }
        let shape = scratch.shape().await?;
        let rows = everything(scratch, old).await?;
        self.forwards(scratch, Moment::Up, &rows, (&shape, &fresh)).await?;
        scratch.down(&self.migration).await?;
        same(scratch, &self.migration, Moment::Down, &shape).await?;
        self.dangling(scratch, Moment::Down).await?;
        self.returned(scratch, &rows).await?;
        let again = everything(scratch, old).await?;
        self.forwards(scratch, Moment::UpAgain, &again, (&shape, &fresh)).await?;
        let empty = rows.iter().filter(|(_, rows)| rows.rows.is_empty());
        Ok(Proven { without_rows: empty.map(|(name, _)| name.to_string()).collect(), ..Proven::default() })
    }

    /// Runs forwards and looks at what came of it. `rows` are those before, and `shape` is what the database is before.
    async fn forwards(
        &self,
        scratch: &Scratch<'_>,
        moment: Moment,
        rows: &BTreeMap<QualifiedName, Rows>,
        (shape, fresh): (&Shape, &Shape),
    ) -> Result<(), Refutation> {
        let mut wanted = Vec::with_capacity(self.expected.len());
        for expected in &self.expected {
            wanted.push(self.wanted(scratch, expected, rows).await?);
        }
        scratch.up(&self.migration, moment).await?;
        self.fresh(scratch, moment, objects(shape), fresh).await?;
        self.dangling(scratch, moment).await?;
        for (expected, Wanted { rows, decided, counter: mark }) in self.expected.iter().zip(wanted) {
            let table = expected.change.to;
            let found = Rows::of(scratch, expected.after(decided), rows.columns.clone()).await;
            let found = found.map_err(|error| scratch.failed(error))?;
            let mut lines = found.differences(&rows);
            if let (Some(before), Some(after)) = (mark, counter(scratch, table).await?)
                && after < before
            {
                lines.push(format!(
                    "keys were counted up to {before} and are now to {after}: deleted ones would be given away again"
                ));
            }
            self.equal(moment, &table.sql_name, lines)?;
        }
        Ok(())
    }

    /// Makes sure that the database is what a fresh one would be, with the objects that it had.
    async fn fresh(
        &self,
        scratch: &Scratch<'_>,
        moment: Moment,
        objects: Vec<String>,
        fresh: &Shape,
    ) -> Result<(), Refutation> {
        let shape = scratch.shape().await?;
        let kept = self::objects(&shape);
        let lost: Vec<String> = objects.into_iter().filter(|object| !kept.contains(object)).collect();
        if !lost.is_empty() {
            return Err(self.rows_differ(moment, &lost.join(", "), vec!["it is gone".to_owned()]));
        }
        let found = differences(&shape.without_objects(), fresh);
        if found.is_empty() {
            return Ok(());
        }
        let tables: Vec<&str> = found.iter().filter_map(|difference| difference.table()).collect();
        let suspects = blame::statements(&self.migration, self.dialect, moment, &tables);
        let id = self.migration.id.to_string();
        Err(Refutation::Shape { dialect: self.dialect, id, moment, differences: found, suspects })
    }

    /// What the rows of a table have to be afterwards.
    async fn wanted(
        &self,
        scratch: &Scratch<'_>,
        expected: &Expected<'_>,
        rows: &BTreeMap<QualifiedName, Rows>,
    ) -> Result<Wanted, Refutation> {
        let change = &expected.change;
        let counts_on = change.kept_columns().any(|(from, to)| from.ty.is_serial() && to.ty.is_serial());
        let counter =
            if counts_on && !change.alterations.is_empty() { counter(scratch, change.from).await? } else { None };
        let is_same = change.alterations.is_empty()
            && change.from.columns.iter().all(|column| column.ty.enumeration().is_none())
            && column_names(change.from) == column_names(change.to);
        if is_same && let Some(rows) = rows.get(&change.from.sql_name) {
            return Ok(Wanted { rows: rows.clone(), decided: true, counter });
        }
        // An expression may be about what only the migration brings: then its values are taken as they come.
        match Rows::of(scratch, expected.before(true), expected.columns(true)).await {
            Ok(rows) => Ok(Wanted { rows, decided: true, counter }),
            Err(_) => {
                let rows = Rows::of(scratch, expected.before(false), expected.columns(false)).await;
                Ok(Wanted { rows: rows.map_err(|error| scratch.failed(error))?, decided: false, counter })
            }
        }
    }

    /// Makes sure that the old rows are back, as far as nothing was lost.
    async fn returned(&self, scratch: &Scratch<'_>, before: &BTreeMap<QualifiedName, Rows>) -> Result<(), Refutation> {
        let lossless = self.proof.authored.losses.is_empty();
        let dropped: Vec<&QualifiedName> =
            self.changes.tables.iter().filter_map(TableChange::dropped).map(|table| &table.sql_name).collect();
        for table in self.proof.old.tables.iter().filter(|table| !dropped.contains(&&table.sql_name)) {
            let columns = if lossless { column_names(table) } else { self.safe_columns(&table.sql_name) };
            let found = Rows::in_table(scratch, table, columns.clone()).await?;
            let Some(all) = before.get(&table.sql_name) else { continue };
            self.equal(Moment::Down, &table.sql_name, found.differences(&all.only(columns)))?;
        }
        Ok(())
    }

    /// The columns of an old table whose values come back whatever else is lost.
    fn safe_columns(&self, old: &QualifiedName) -> Vec<String> {
        let Some(expected) = self.expected.iter().find(|expected| expected.change.from.sql_name == *old) else {
            return Vec::new();
        };
        let change = &expected.change;
        let is_safe = |from: &piccolo_runtime::schema::Column, to: &piccolo_runtime::schema::Column| {
            let loses_values = to.ty.enumeration().is_some_and(|name| {
                self.changes
                    .enums
                    .iter()
                    .filter_map(EnumChange::modified)
                    .any(|modified| modified.to.sql_name == *name && !modified.dropped.is_empty())
            });
            self.answers.backfill(change.to, to).is_none()
                && !loses_values
                && (!change.difference(to).ty || Conversion::between(&from.ty, &to.ty) != Conversion::Unknown)
        };
        change
            .kept_columns()
            .filter(|(from, to)| is_safe(from, to))
            .map(|(from, _)| from.sql_name.to_string())
            .collect()
    }

    async fn dangling(&self, scratch: &Scratch<'_>, moment: Moment) -> Result<(), Refutation> {
        let lines = dangling(scratch).await?;
        if lines.is_empty() { Ok(()) } else { Err(self.rows_differ(moment, &lines.join(", "), lines.clone())) }
    }

    fn equal(&self, moment: Moment, table: &QualifiedName, lines: Vec<String>) -> Result<(), Refutation> {
        if lines.is_empty() { Ok(()) } else { Err(self.rows_differ(moment, &table.to_string(), lines)) }
    }

    fn rows_differ(&self, moment: Moment, table: &str, differences: Vec<String>) -> Refutation {
        // Rows of a table go when one that it points to is dropped and made anew.
        let targets = self.proof.old.tables.iter().chain(self.proof.new.tables.iter());
        let targets = targets.filter(|candidate| candidate.sql_name.to_string() == table);
        let targets: Vec<String> =
            targets.flat_map(|found| found.foreign_keys.iter()).map(|key| key.target.to_string()).collect();
        let tables: Vec<&str> = [table].into_iter().chain(targets.iter().map(String::as_str)).collect();
        Refutation::Rows {
            dialect: self.dialect,
            id: self.migration.id.to_string(),
            moment,
            table: table.to_owned(),
            differences,
            suspects: blame::statements(&self.migration, self.dialect, moment, &tables),
        }
    }

    /// Whether the migration computes something that a user wrote, which may fail for values at the edges of their types.
    fn computes(&self) -> bool {
        !self.proof.decisions.backfills.is_empty()
            || self.proof.new.tables.iter().any(|table| {
                !table.checks.is_empty()
                    || table.indexes.iter().any(|index| {
                        index.predicate.is_some()
                            || index
                                .keys
                                .iter()
                                .any(|key| matches!(key.kind, piccolo_runtime::schema::IndexKeyKind::Sql(_)))
                    })
            })
    }
}

/// What the schema language cannot say, by kind and name: a rename may change the rest.
fn objects(shape: &Shape) -> Vec<String> {
    shape.objects.iter().map(|object| format!("{:?} {}", object.kind, object.name).to_lowercase()).collect()
}

/// What has to be in a table after the migration.
struct Wanted {
    rows: Rows,
    /// Whether the values of the user's expressions are among them.
    decided: bool,
    /// How far keys were counted up.
    counter: Option<i64>,
}
