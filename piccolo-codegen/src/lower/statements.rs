//! Constraints and indexes: a draft becomes a table of the model.

use std::collections::HashMap;

use piccolo_runtime::schema::{
    Check, Column, ForeignKey, ForeignKeyRole, Index, IndexKey, IndexKeyKind, IndexMethod, PrimaryKey, Table, Text,
    Unique, naming,
};
use piccolo_runtime::sql::Dialect;

use super::arguments::{Read, Spec, read};
use super::columns::{self, ColumnDraft, DraftType};
use super::context::Context;
use super::tables::TableDraft;
use super::{defaults, keys, names};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, nearest};
use crate::source::Span;
use crate::syntax::ast::{Argument, Statement, Value, ValueKind};

/// The statements of the language.
const STATEMENTS: [&str; 5] = ["index", "unique", "check", "primary_key", "foreign_key"];
/// The most columns that Postgres allows in a key or an index.
const MAX_KEYS: usize = 32;

/// The index methods by their names in the language. The B-tree is what an index is without one.
const METHODS: [(&str, Option<IndexMethod>); 6] = [
    ("btree", None),
    ("hash", Some(IndexMethod::Hash)),
    ("gin", Some(IndexMethod::Gin)),
    ("gist", Some(IndexMethod::Gist)),
    ("spgist", Some(IndexMethod::SpGist)),
    ("brin", Some(IndexMethod::Brin)),
];

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
        names: HashMap::new(),
        spans: HashMap::new(),
        uniques: Vec::new(),
        checks: Vec::new(),
        indexes: Vec::new(),
        keys: Vec::new(),
    };
    let table = builder.table();
    let spans = builder.spans;
    if let Some(draft) = drafts.get_mut(position) {
        draft.name_spans.extend(spans);
    }
    Some(table)
}

/// A table in the making.
struct Builder<'c, 'a, 'd> {
    context: &'c mut Context<'a>,
    drafts: &'d [TableDraft<'a>],
    draft: &'d TableDraft<'a>,
    position: usize,
    /// The names of constraints and indexes that are taken.
    names: HashMap<String, Span>,
    spans: HashMap<String, Span>,
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
        let span = draft.name_spans.get(&draft.primary_name).copied().unwrap_or(draft.declaration.name.span);
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
            sql_name: column.sql_name.clone().into(),
            doc: column.doc.clone().into(),
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
        for (position, column) in draft.columns.iter().enumerate() {
            let columns = vec![sql_name(column)];
            if let Some(span) = column.unique {
                if draft.primary == [position] {
                    let message = format!("`{}` is the primary key and so unique already", column.name);
                    self.context.error(Code::RedundantUnique, span, message, "remove `unique`");
                }
                let name = naming::unique(table, &columns);
                if self.take(&name, span) {
                    self.uniques.push(Unique { name: name.into(), columns: columns.clone().into() });
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
        let table = self.draft.name;
        if let Some(first) = self.names.get(&name.to_ascii_lowercase()) {
            let diagnostic = Diagnostic::new(
                Code::DuplicateConstraint,
                format!("the table `{table}` has a constraint or index `{name}` already"),
            )
            .label(span, "")
            .label(*first, "first here")
            .help("remove one, or give it another name with `name = \"…\"`");
            self.context.report(diagnostic);
            return false;
        }
        self.names.insert(name.to_ascii_lowercase(), span);
        self.spans.insert(name.to_owned(), span);
        true
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
        let primary: Vec<Text> =
            self.draft.primary.iter().filter_map(|position| self.draft.columns.get(*position)).map(sql_name).collect();
        if columns == primary {
            self.context.error(
                Code::RedundantUnique,
                statement.span,
                "this is the primary key and so unique already",
                "remove it",
            );
        }
        let explicit = explicit_name(self.context, &read);
        let (name, span) = self.name(explicit, statement, || naming::unique(&self.draft.sql_name.name, &columns));
        if self.take(&name, span) {
            self.uniques.push(Unique { name: name.into(), columns: columns.into() });
        }
    }

    fn check(&mut self, statement: &Statement) {
        let spec =
            Spec { owner: "`check`", parameters: &["condition"], flags: &[], named: &["sqlite", "postgres", "name"] };
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

    fn index(&mut self, statement: &Statement, unique: bool) {
        let (positional, read) = split(self.context, statement, &["where", "method", "name"]);
        let explicit = explicit_name(self.context, &read);
        let predicate = expression(self.context, &read, "where");
        let method = read.value("method").and_then(|value| self.method(value, unique));
        let mut parts: Vec<String> = Vec::new();
        let mut keys = Vec::new();
        for argument in positional {
            let Some((kind, part)) = self.index_key(argument) else { continue };
            let descending = argument.direction.as_ref().is_some_and(|direction| direction.text == "desc");
            parts.push(part);
            keys.push(IndexKey { kind, descending });
        }
        if !check_count(self.context, statement, keys.len()) {
            return;
        }
        let table = self.draft.sql_name.name.as_ref();
        let default = || if unique { naming::unique(table, &parts) } else { naming::index(table, &parts) };
        let (name, span) = self.name(explicit, statement, default);
        if self.take(&name, span) {
            let predicate = predicate.map(Into::into);
            self.indexes.push(Index { name: name.into(), unique, keys: keys.into(), method, predicate });
        }
    }

    /// One key of an index and its part of the default name.
    fn index_key(&mut self, argument: &Argument) -> Option<(IndexKeyKind, String)> {
        match &argument.value.kind {
            ValueKind::Word(name) => match self.draft.column(name) {
                Some(column) => Some((IndexKeyKind::Column(sql_name(column)), column.sql_name.clone())),
                None => {
                    if !self.draft.damaged {
                        keys::unknown_column(self.context, self.draft, name, argument.value.span);
                    }
                    None
                }
            },
            ValueKind::Call(call) if call.name.text == "sql" => {
                let text = defaults::sql(self.context, call)?;
                let part = naming::expression_part(&text);
                Some((IndexKeyKind::Sql(text.into()), part))
            }
            ValueKind::Text(text) => {
                let help = if self.draft.by_name.contains_key(text.as_str()) {
                    format!("a column stands without quotes: `{text}`")
                } else {
                    "an expression is written `sql(\"…\")`".to_owned()
                };
                self.context.error(
                    Code::WrongArgument,
                    argument.value.span,
                    "an index sorts by columns and expressions",
                    help,
                );
                None
            }
            ValueKind::Call(_) | ValueKind::Number(_) | ValueKind::List(_) => {
                let help = "an expression is written `sql(\"…\")`";
                self.context.error(
                    Code::WrongArgument,
                    argument.value.span,
                    "an index sorts by columns and expressions",
                    help,
                );
                None
            }
        }
    }

    fn method(&mut self, value: &Value, unique: bool) -> Option<IndexMethod> {
        let word = value.word().unwrap_or_default();
        let Some((_, method)) = METHODS.iter().find(|(name, _)| *name == word) else {
            let words = METHODS.iter().map(|(name, _)| *name);
            let help = match nearest(word, words.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => {
                    format!("the methods are {}", words.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "))
                }
            };
            self.context.error(Code::WrongArgument, value.span, "this is no index method", help);
            return None;
        };
        if method.is_some() {
            self.context.not_on(
                Dialect::Sqlite,
                value.span,
                &format!("`{word}` indexes"),
                "remove `method`: what is left is a B-tree",
            );
            if unique {
                self.context.error(Code::WrongArgument, value.span, "only a B-tree can be unique", "remove `method`");
            }
        }
        *method
    }

    fn foreign_key(&mut self, statement: &Statement) {
        let (positional, read) = split(self.context, statement, &["on_delete", "on_update", "name"]);
        let explicit = explicit_name(self.context, &read);
        let Some(call) = &statement.target else {
            let help = "say what it points to: `foreign_key(a, b) = Table(x, y)`";
            self.context.error(Code::MissingArgument, statement.span, "this key points to nothing", help);
            return;
        };
        let columns = column_names(self.context, self.draft, statement, &positional);
        let on_delete = columns::action(self.context, &read, "on_delete", statement.span);
        let on_update = columns::action(self.context, &read, "on_update", statement.span);
        let Some(target) = keys::target_table(self.context, self.position, &call.name.text, call.name.span) else {
            return;
        };
        let Some(target) = self.drafts.get(target) else { return };
        for argument in &call.arguments {
            if let Some(name) = &argument.name {
                let help = format!("`{}` stands on the left: `foreign_key(…, {} = …) = …`", name.text, name.text);
                self.context.error(Code::UnknownArgument, argument.span, "a target takes only columns", help);
            }
        }
        let written: Vec<&Argument> = call.arguments.iter().filter(|argument| argument.name.is_none()).collect();
        let targets = names_in(self.context, target, &written);
        if columns.len() < positional.len() || targets.len() < written.len() || columns.is_empty() {
            return;
        }
        let columns: Vec<&ColumnDraft<'_>> = columns.iter().filter_map(|name| self.draft.column(name)).collect();
        let targets: Vec<&ColumnDraft<'_>> = targets.iter().filter_map(|name| target.column(name)).collect();
        if !matches(self.context, statement, call.span, (&columns, self.draft.name), (&targets, target)) {
            return;
        }
        for (action, span) in [on_delete, on_update] {
            let null = columns.iter().all(|column| column.null.is_some());
            let default = columns.iter().all(|column| column.null.is_some() || column.default.is_some());
            keys::possible(self.context, action, span, null, default);
        }
        let columns: Vec<Text> = columns.into_iter().map(sql_name).collect();
        let (name, span) = self.name(explicit, statement, || naming::foreign_key(&self.draft.sql_name.name, &columns));
        if self.take(&name, span) {
            self.keys.push(ForeignKey {
                name: name.into(),
                columns: columns.into(),
                target: target.sql_name.clone(),
                target_columns: targets.into_iter().map(sql_name).collect(),
                on_delete: on_delete.0,
                on_update: on_update.0,
                role: ForeignKeyRole::Constraint,
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

/// Splits a statement's arguments into those without a name and the named ones.
fn split<'a>(
    context: &mut Context<'_>,
    statement: &'a Statement,
    named: &'static [&'static str],
) -> (Vec<&'a Argument>, Read<'a>) {
    let positional = statement.arguments.iter().filter(|argument| argument.name.is_none()).collect();
    let owner = format!("`{}`", statement.keyword.text);
    let spec = Spec { owner: &owner, parameters: &[], flags: &[], named };
    if let Some(target) = statement.target.as_ref().filter(|_| statement.keyword.text != "foreign_key") {
        context.error(
            Code::WrongArgument,
            target.span,
            format!("{owner} points to nothing"),
            "only `foreign_key(…)` has a target",
        );
    }
    let read = read(context, statement.arguments.iter().filter(|argument| argument.name.is_some()), spec);
    (positional, read)
}

/// The columns that a statement names, each once, and at least one; mistakes are reported and left out.
fn column_names<'a>(
    context: &mut Context<'_>,
    draft: &TableDraft<'_>,
    statement: &Statement,
    positional: &[&'a Argument],
) -> Vec<&'a str> {
    for direction in positional.iter().filter_map(|argument| argument.direction.as_ref()) {
        context.error(Code::WrongArgument, direction.span, "only the keys of an index have a direction", "remove it");
    }
    check_count(context, statement, positional.len());
    names_in(context, draft, positional)
}

/// The columns of a table that arguments name.
fn names_in<'a>(context: &mut Context<'_>, draft: &TableDraft<'_>, positional: &[&'a Argument]) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for argument in positional {
        match argument.value.word() {
            Some(name) if draft.column(name).is_none() => {
                if !draft.damaged {
                    keys::unknown_column(context, draft, name, argument.value.span);
                }
            }
            Some(name) if names.contains(&name) => {
                context.error(
                    Code::DuplicateArgument,
                    argument.value.span,
                    format!("`{name}` is named twice"),
                    "remove one",
                );
            }
            Some(name) => names.push(name),
            None => context.error(
                Code::WrongArgument,
                argument.value.span,
                "the name of a column stands here",
                "columns are written without quotes",
            ),
        }
    }
    names
}

/// Refuses a statement without columns, or with more than an engine takes.
fn check_count(context: &mut Context<'_>, statement: &Statement, count: usize) -> bool {
    let keyword = statement.keyword.text.as_str();
    if count == 0 && !statement.arguments.iter().any(|argument| argument.name.is_none()) {
        let help = format!("name its columns: `{keyword}(a, b)`");
        context.error(Code::MissingArgument, statement.span, format!("`{keyword}` needs a column"), help);
    }
    if count > MAX_KEYS {
        let message = format!("`{keyword}` takes at most {MAX_KEYS} columns");
        context.error(Code::TooMany, statement.span, message, "");
    }
    (1..=MAX_KEYS).contains(&count)
}

/// Whether the two sides of a key of several columns fit; if not it is reported.
fn matches(
    context: &mut Context<'_>,
    statement: &Statement,
    target_span: Span,
    (columns, table): (&[&ColumnDraft<'_>], &str),
    (targets, target): (&[&ColumnDraft<'_>], &TableDraft<'_>),
) -> bool {
    if columns.len() != targets.len() {
        let message = format!(
            "{} of `{table}` cannot point to {} of `{}`",
            counted(columns.len()),
            counted(targets.len()),
            target.name
        );
        let help = "name as many columns on the right as on the left";
        context.report(Diagnostic::new(Code::KeyMismatch, message).label(statement.span, "").help(help));
        return false;
    }
    for (column, other) in columns.iter().zip(targets) {
        if let (Some(left), Some(right)) = (&column.resolved, &other.resolved)
            && left.referenced() != right.referenced()
        {
            let message = format!("`{}` and `{}.{}` differ in type", column.name, target.name, other.name);
            let diagnostic = Diagnostic::new(Code::KeyMismatch, message)
                .label(column.type_span, "")
                .label(other.type_span, "it would have to be this type");
            context.report(diagnostic);
            return false;
        }
    }
    let mut wanted: Vec<&str> = targets.iter().map(|column| column.name).collect();
    wanted.sort_unstable();
    let sorted = |mut names: Vec<&str>| {
        names.sort_unstable();
        names == wanted
    };
    let primary =
        target.primary.iter().filter_map(|position| target.columns.get(*position)).map(|column| column.name).collect();
    let unique = target.statements.iter().filter_map(|statement| plain_unique(statement)).any(sorted);
    let single = matches!(targets, [only] if only.unique.is_some());
    if sorted(primary) || unique || single || target.damaged {
        return true;
    }
    let message = format!("these columns of `{}` are neither its primary key nor unique", target.name);
    context.error(
        Code::NotUniqueTarget,
        target_span,
        message,
        format!("add `unique({})` to `{}`", wanted.join(", "), target.name),
    );
    false
}

/// `1 column`, `2 columns`.
fn counted(number: usize) -> String {
    format!("{number} column{}", if number == 1 { "" } else { "s" })
}

/// The name that the author gave.
fn explicit_name<'a>(context: &mut Context<'_>, read: &Read<'a>) -> Option<(&'a str, Span)> {
    let (name, span) = read.text(context, "name")?;
    names::constraint_name(context, name, span);
    Some((name, span))
}

/// The text of an SQL expression, which is never empty.
fn expression(context: &mut Context<'_>, read: &Read<'_>, name: &str) -> Option<String> {
    let (text, span) = read.text(context, name)?;
    defaults::not_empty(context, text, span)
}

/// The column's name in the database.
fn sql_name(column: &ColumnDraft<'_>) -> Text {
    column.sql_name.clone().into()
}
