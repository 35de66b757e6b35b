//! Constraints and indexes: a draft becomes a table of the model.

mod index;
mod key;
mod read;

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use piccolo_runtime::schema::{
    Check, Column, ForeignKey, ForeignKeyRole, Index, IndexKey, IndexKeyKind, PrimaryKey, Table, Text, Unique, naming,
};

use self::read::{column_names, explicit_name, expression, split, sql_name};
use super::arguments::{Owner, Spec, read};
use super::columns::{ColumnDraft, DraftType};
use super::context::Context;
use super::defaults;
use super::names::lowercase;
use super::tables::TableDraft;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;
use crate::syntax::ast::Statement;

/// The statements of the language.
const STATEMENTS: [&str; 5] = ["index", "unique", "check", "primary_key", "foreign_key"];
/// `primary_key(a, b)`, its columns by name.
pub(super) struct KeyStatement<'a> {
    pub(super) columns: Vec<&'a str>,
    pub(super) name: Option<(&'a str, Span)>,
}

/// Reads a `primary_key(…)`.
pub(super) fn primary_key<'a>(
    context: &mut Context<'_>,
    draft: &TableDraft<'_>,
    statement: &'a Statement,
) -> KeyStatement<'a> {
    let (positional, read) = split(context, statement, &["name"]);
    let columns = column_names(context, draft, statement, &positional);
    KeyStatement { columns, name: explicit_name(context, &read) }
}

/// Whether one column alone is unique by a constraint.
pub(super) fn is_unique(draft: &TableDraft<'_>, column: usize) -> bool {
    draft.columns.get(column).is_some_and(|column| {
        column.unique.is_some()
            || draft
                .statements
                .iter()
                .any(|statement| plain_unique(statement).is_some_and(|names| names == [column.name]))
    })
}

/// The columns of a `unique(…)` that is a constraint: no expression, no direction, no condition.
fn plain_unique(statement: &Statement) -> Option<Vec<&str>> {
    if statement.keyword.text != "unique" {
        return None;
    }
    let conditional =
        statement.arguments.iter().filter_map(|argument| argument.name.as_ref()).any(|name| name.text != "name");
    let positional = statement.arguments.iter().filter(|argument| argument.name.is_none());
    let names = positional
        .map(|argument| argument.value.word().filter(|_| argument.direction.is_none()))
        .collect::<Option<_>>()?;
    (!conditional).then_some(names)
}

/// Makes the table.
pub(super) fn finish<'a>(context: &mut Context<'a>, drafts: &mut [TableDraft<'a>], position: usize) -> Option<Table> {
    let draft = drafts.get(position)?;
    let mut builder = Builder {
        context,
        drafts,
        draft,
        position,
        names: HashMap::with_capacity(draft.columns.len()),
        uniques: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        keys: Vec::new(),
    };
    let table = builder.table();
    let names = builder.names;
    if let Some(draft) = drafts.get_mut(position) {
        draft.name_spans = names;
    }
    Some(table)
}

/// A table in the making.
struct Builder<'c, 'a, 'd> {
    context: &'c mut Context<'a>,
    drafts: &'d [TableDraft<'a>],
    draft: &'d TableDraft<'a>,
    position: usize,
    /// The names of constraints and indexes that are taken, in lower case.
    names: HashMap<String, Span>,
    uniques: Vec<Unique>,
    checks: Vec<Check>,
    indexes: Vec<Index>,
    keys: Vec<ForeignKey>,
}

impl Builder<'_, '_, '_> {
    fn table(&mut self) -> Table {
        let draft = self.draft;
        let primary_key = PrimaryKey {
            name: draft.primary_name.clone().into(),
            columns: draft.primary.iter().filter_map(|position| draft.columns.get(*position)).map(sql_name).collect(),
        };
        let span = draft.span_of(&draft.primary_name).unwrap_or(draft.declaration.name.span);
        self.take(&draft.primary_name, span);
        let columns: Vec<Column> = draft.columns.iter().map(|column| self.column(column)).collect();
        self.column_constraints();
        for statement in draft.statements.iter().copied() {
            match statement.keyword.text.as_str() {
                "index" => self.index(statement, false),
                "unique" => self.unique(statement),
                "check" => self.check(statement),
                "foreign_key" => self.foreign_key(statement),
                "primary_key" => {}
                other => {
                    let help = did_you_mean(other, STATEMENTS);
                    let help = if help.is_empty() { format!("a column is written `{other}: Type(…)`") } else { help };
                    let message = format!("there is no statement `{other}`");
                    self.context.error(Code::UnknownStatement, statement.keyword.span, message, help);
                }
            }
        }
        self.order_uniques();
        Table {
            name: draft.name.to_owned().into(),
            sql_name: draft.sql_name.clone(),
            doc: super::context::doc(&draft.declaration.doc).into(),
            columns: columns.into(),
            primary_key,
            uniques: std::mem::take(&mut self.uniques).into(),
            checks: std::mem::take(&mut self.checks).into(),
            indexes: std::mem::take(&mut self.indexes).into(),
            foreign_keys: std::mem::take(&mut self.keys).into(),
        }
    }

    fn column(&mut self, column: &ColumnDraft<'_>) -> Column {
        let ty = column.resolved.clone();
        let default = match (column.default, &ty) {
            (Some(value), Some(ty)) => defaults::lower(self.context, value, ty, column.null.is_some()),
            _ => None,
        };
        Column {
            name: column.name.to_owned().into(),
            sql_name: sql_name(column),
            doc: super::context::doc(column.doc).into(),
            // What has no type was reported; the schema that it stands in is not used.
            ty: ty.unwrap_or(piccolo_runtime::schema::ColumnType::Text),
            null: column.null.is_some(),
            default,
            secret: column.secret,
            collation: column.collation.clone().map(Into::into),
        }
    }

    /// The constraints that are written on columns.
    fn column_constraints(&mut self) {
        let draft = self.draft;
        let table = draft.sql_name.name.as_ref();
        for column in &draft.columns {
            let columns = vec![sql_name(column)];
            if let Some(span) = column.unique {
                let name = naming::unique(table, &columns);
                if self.take(&name, span) {
                    self.add_unique(name, columns.clone(), span);
                }
            }
            if let Some(span) = column.index {
                let name = naming::index(table, &columns);
                if self.take(&name, span) {
                    let key = IndexKey { kind: IndexKeyKind::Column(sql_name(column)), descending: false };
                    self.indexes.push(Index {
                        name: name.into(),
                        unique: false,
                        keys: vec![key].into(),
                        method: None,
                        predicate: None,
                    });
                }
            }
            if let DraftType::Key(key) = &column.ty {
                let name = key.name.map_or_else(|| naming::foreign_key(table, &columns), |(name, _)| name.to_owned());
                let span = key.name.map_or(column.type_span, |(_, span)| span);
                let target = column.target.and_then(|(table, column)| {
                    let draft = self.drafts.get(table)?;
                    Some((draft, draft.columns.get(column)?))
                });
                let taken = self.take(&name, span);
                if let (true, Some((target, target_column))) = (taken, target) {
                    self.keys.push(ForeignKey {
                        name: name.into(),
                        columns: columns.into(),
                        target: target.sql_name.clone(),
                        target_columns: vec![sql_name(target_column)].into(),
                        on_delete: key.on_delete.0,
                        on_update: key.on_update.0,
                        role: ForeignKeyRole::Path { reverse: key.reverse.map(|(name, _)| name.to_owned().into()) },
                    });
                }
            }
        }
    }

    /// Takes a name for a constraint or an index; one that is taken is reported.
    fn take(&mut self, name: &str, span: Span) -> bool {
        match self.names.entry(name.to_ascii_lowercase()) {
            Entry::Occupied(first) => {
                let table = self.draft.name;
                let diagnostic = Diagnostic::new(
                    Code::DuplicateConstraint,
                    format!("the table `{table}` has a constraint or index `{name}` already"),
                )
                .label(span, "")
                .label(*first.get(), "first here")
                .help("remove one, or give it another name with `name = \"…\"`");
                self.context.report(diagnostic);
                false
            }
            Entry::Vacant(free) => {
                free.insert(span);
                true
            }
        }
    }

    fn unique(&mut self, statement: &Statement) {
        let Some(names) = plain_unique(statement) else {
            self.index(statement, true);
            return;
        };
        let (positional, read) = split(self.context, statement, &["name", "where", "method"]);
        let columns = column_names(self.context, self.draft, statement, &positional);
        if columns.len() < names.len() || columns.is_empty() {
            return;
        }
        let columns: Vec<Text> = columns.iter().filter_map(|name| self.draft.column(name)).map(sql_name).collect();
        let explicit = explicit_name(self.context, &read);
        let (name, span) = self.name(explicit, statement, || naming::unique(&self.draft.sql_name.name, &columns));
        if self.take(&name, span) {
            self.add_unique(name, columns, statement.span);
        }
    }

    /// Adds a unique constraint, unless its columns are unique by another one or as the primary key.
    fn add_unique(&mut self, name: String, columns: Vec<Text>, span: Span) {
        let draft = self.draft;
        let primary = draft.primary.iter().filter_map(|position| draft.columns.get(*position));
        let is_primary = primary.map(|column| column.sql_name).eq(columns.iter().map(AsRef::as_ref));
        let first = self.uniques.iter().find(|unique| *unique.columns == columns).map(|unique| unique.name.clone());
        let (other, place) = match (&first, is_primary) {
            (_, true) => ("the primary key".to_owned(), Some(draft.primary_span)),
            (Some(first), false) => (format!("`{first}`"), self.names.get(lowercase(first).as_ref()).copied()),
            (None, false) => {
                self.uniques.push(Unique { name: name.into(), columns: columns.into() });
                return;
            }
        };
        let listed: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
        let verb = if listed.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} unique by {other} already, and `{name}` says so again", listed.join(", "));
        let mut diagnostic = Diagnostic::new(Code::RedundantUnique, message).label(span, "");
        if let Some(place) = place {
            diagnostic = diagnostic.label(place, "first here");
        }
        self.context.report(diagnostic.help("remove one of the two"));
    }

    fn check(&mut self, statement: &Statement) {
        let spec = Spec {
            owner: Owner::Named("check"),
            parameters: &["condition"],
            flags: &[],
            named: &["sqlite", "postgres", "name"],
        };
        let read = read(self.context, &statement.arguments, spec);
        let explicit = explicit_name(self.context, &read);
        let both = expression(self.context, &read, "condition");
        let sqlite = expression(self.context, &read, "sqlite");
        let postgres = expression(self.context, &read, "postgres");
        let engines = read.has("sqlite") || read.has("postgres");
        if read.has("condition") == engines {
            let help = "write `check(\"…\")`, or a text for each engine: `check(sqlite = \"…\", postgres = \"…\")`";
            let message = if engines {
                "a check has one condition for all engines or one for each"
            } else {
                "a check needs a condition"
            };
            let code = if engines { Code::WrongArgument } else { Code::MissingArgument };
            self.context.error(code, statement.span, message, help);
            return;
        }
        if both.is_none() && sqlite.is_none() && postgres.is_none() {
            return;
        }
        let (sqlite, postgres) = (sqlite.or_else(|| both.clone()), postgres.or(both));
        let default = || naming::check(&self.draft.sql_name.name, sqlite.as_deref(), postgres.as_deref());
        let (name, span) = self.name(explicit, statement, default);
        if self.take(&name, span) {
            self.checks.push(Check {
                name: name.into(),
                sqlite: sqlite.map(Into::into),
                postgres: postgres.map(Into::into),
            });
        }
    }

    /// The name of a constraint and the place to point at when it clashes.
    fn name(
        &self,
        explicit: Option<(&str, Span)>,
        statement: &Statement,
        default: impl FnOnce() -> String,
    ) -> (String, Span) {
        explicit.map_or_else(|| (default(), statement.span), |(name, span)| (name.to_owned(), span))
    }

    /// Brings uniques into normal order: those that a column can say first, in the order of the columns.
    fn order_uniques(&mut self) {
        let draft = self.draft;
        self.uniques.sort_by_key(|unique| match unique.columns.as_ref() {
            [only] if unique.name == naming::unique(&draft.sql_name.name, &[only]) => {
                draft.columns.iter().position(|column| column.sql_name == *only).unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        });
    }
}
