//! Tables before their keys are known: headers, and the columns once mixins are taken in.

use std::borrow::Cow;
use std::collections::HashMap;

use piccolo_runtime::schema::{ColumnType, QualifiedName, naming};

use super::arguments::{Owner, Spec, read};
use super::columns::{self, ColumnDraft};
use super::context::Context;
use super::names::lowercase;
use super::{mixins, names};
use crate::change::Rename;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Body, Declaration, ItemKind, Record, Statement};

/// The most columns that Postgres allows.
const MAX_COLUMNS: usize = 1600;

/// A table whose columns are read and whose keys are not yet resolved.
pub(super) struct TableDraft<'a> {
    /// Its declaration.
    pub(super) declaration: &'a Declaration,
    /// Its name in the schema language.
    pub(super) name: &'a str,
    /// Its name in the database.
    pub(super) sql_name: QualifiedName,
    /// Where the name stands that decides its name in the database.
    pub(super) name_span: Span,
    /// Its columns, those of mixins first.
    pub(super) columns: Vec<ColumnDraft<'a>>,
    /// The positions of the columns, by name.
    pub(super) by_name: HashMap<&'a str, usize>,
    /// Its statements, those of mixins first.
    pub(super) statements: Vec<&'a Statement>,
    /// Whether a part of it or of a mixin could not be read.
    pub(super) damaged: bool,
    /// Whether it extends `BaseUser`.
    pub(super) user: bool,
    /// The positions of its primary key's columns; set with the keys.
    pub(super) primary: Vec<usize>,
    /// Where its primary key is said; its name where nobody said one.
    pub(super) primary_span: Span,
    /// The name of its primary key.
    pub(super) primary_name: String,
    /// Where the names of constraints and indexes come from, for messages; the names in lower case.
    pub(super) name_spans: HashMap<String, Span>,
}

impl TableDraft<'_> {
    /// The column that the schema language calls `name`.
    pub(super) fn column(&self, name: &str) -> Option<&ColumnDraft<'_>> {
        self.columns.get(*self.by_name.get(name)?)
    }

    /// Where the name of a constraint or an index comes from.
    pub(super) fn span_of(&self, constraint: &str) -> Option<Span> {
        self.name_spans.get(lowercase(constraint).as_ref()).copied()
    }
}

const HEADER: Spec =
    Spec { owner: Owner::Words("a table"), parameters: &[], flags: &[], named: &["tablename", "schema", "was"] };
const MIXIN_HEADER: Spec = Spec { owner: Owner::Words("a mixin"), parameters: &[], flags: &[], named: &[] };

/// Reads all tables.
pub(super) fn draft<'a>(context: &mut Context<'a>) -> Vec<TableDraft<'a>> {
    let mixins: Vec<&'a Declaration> = context.symbols.mixins().collect();
    for mixin in mixins {
        read(context, &mixin.arguments, MIXIN_HEADER);
    }
    let tables: Vec<&'a Declaration> = context.symbols.tables().collect();
    tables
        .into_iter()
        .filter_map(|declaration| match &declaration.body {
            Body::Table(record) => Some(one(context, declaration, record)),
            Body::Mixin(_) | Body::Enum(_) => None,
        })
        .collect()
}

fn one<'a>(context: &mut Context<'a>, declaration: &'a Declaration, record: &'a Record) -> TableDraft<'a> {
    let mut draft = header(context, declaration);
    let mixins = mixins::linearize(context, record);
    draft.damaged = declaration.damaged || mixins.iter().any(|mixin| mixin.damaged);
    draft.user = mixins.iter().any(|mixin| mixin.name.text == mixins::BASE_USER);
    let records = mixins.iter().filter_map(|mixin| match &mixin.body {
        Body::Mixin(record) => Some(record),
        Body::Table(_) | Body::Enum(_) => None,
    });
    let mut by_sql_name: HashMap<Cow<'a, str>, Span> = HashMap::with_capacity(record.items.len());
    for item in records.chain([record]).flat_map(|record| &record.items) {
        match &item.kind {
            ItemKind::Statement(statement) => draft.statements.push(statement),
            ItemKind::Column(column) => {
                let column = columns::draft(context, &draft.sql_name, column, &item.doc);
                add(context, &mut draft, column, &mut by_sql_name);
            }
        }
    }
    if draft.columns.len() > MAX_COLUMNS {
        let message = format!("a table has at most {MAX_COLUMNS} columns");
        context.error(Code::TooMany, declaration.name.span, message, "split it into several");
    }
    if draft.columns.is_empty() && !draft.damaged {
        context.error(
            Code::EmptyTable,
            declaration.name.span,
            format!("the table `{}` has no columns", draft.name),
            "write one as `name: Varchar(length = 100)`",
        );
    }
    draft
}

fn header<'a>(context: &mut Context<'a>, declaration: &'a Declaration) -> TableDraft<'a> {
    let name = declaration.name.text.as_str();
    let header = read(context, &declaration.arguments, HEADER);
    let tablename = header.text(context, "tablename");
    let schema = header.text(context, "schema");
    let sql_name = QualifiedName {
        schema: schema.map(|(schema, span)| names::schema_name(context, schema, span).into()),
        name: tablename.map_or_else(|| naming::snake_case(name), |(name, _)| name.to_owned()).into(),
    };
    let name_span = tablename.map_or(declaration.name.span, |(_, span)| span);
    names::identifier(context, &declaration.name);
    names::table_name(context, &sql_name.name, name_span);
    if name == "self" {
        context.error(
            Code::ReservedName,
            declaration.name.span,
            "`self` means the table itself in `ForeignKey(self)`, so no table can be called so",
            "choose another name; the database can still have it: `tablename = \"self\"`",
        );
    }
    if let Some((was, span)) = header.text(context, "was") {
        names::was(context, was, span, &[name]);
        context.renames.hints.push(Rename::new(was.to_owned(), sql_name.to_string()));
    }
    TableDraft {
        declaration,
        name,
        primary_span: declaration.name.span,
        primary_name: naming::primary_key(&sql_name.name),
        sql_name,
        name_span,
        columns: Vec::new(),
        by_name: HashMap::new(),
        statements: Vec::new(),
        damaged: false,
        user: false,
        primary: Vec::new(),
        name_spans: HashMap::new(),
    }
}

/// Adds a column, unless one of its names is taken.
fn add<'a>(
    context: &mut Context<'a>,
    draft: &mut TableDraft<'a>,
    column: ColumnDraft<'a>,
    by_sql_name: &mut HashMap<Cow<'a, str>, Span>,
) {
    let sql_key = lowercase(column.sql_name);
    if let Some(first) = by_sql_name.get(&sql_key) {
        let other = draft.columns.iter().find(|other| other.sql_name.eq_ignore_ascii_case(column.sql_name));
        let (message, help) = match other {
            Some(other) if other.sql_name != column.sql_name => (
                format!(
                    "the columns `{}` and `{}` of `{}` are one in SQLite",
                    column.sql_name, other.sql_name, draft.name
                ),
                "names of columns must differ in more than their case",
            ),
            _ => (format!("the table `{}` has a column `{}` already", draft.name, column.sql_name), ""),
        };
        let diagnostic = Diagnostic::new(Code::DuplicateColumn, message)
            .label(column.name_span, "")
            .label(*first, "first here")
            .help(help);
        context.report(diagnostic);
        // Whatever names it means one of the two.
        return;
    }
    if let Some(position) = draft.by_name.get(column.name) {
        let first = draft.columns.get(*position).map(|first| first.name_span).unwrap_or_default();
        let message = format!("the table `{}` has a column `{}` already", draft.name, column.name);
        let diagnostic =
            Diagnostic::new(Code::DuplicateColumn, message).label(column.name_span, "").label(first, "first here");
        context.report(diagnostic);
        return;
    }
    by_sql_name.insert(sql_key, column.name_span);
    draft.by_name.insert(column.name, draft.columns.len());
    draft.columns.push(column);
}

/// Puts the primary key that no one wrote in front.
pub(super) fn add_implicit_id(draft: &mut TableDraft<'_>) {
    let id = ColumnDraft::plain("id", ColumnType::BigSerial, draft.declaration.name.span);
    draft.columns.insert(0, id);
    for position in draft.by_name.values_mut() {
        *position += 1;
    }
    draft.by_name.insert("id", 0);
    draft.primary = vec![0];
}
