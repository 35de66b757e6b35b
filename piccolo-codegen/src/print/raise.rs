//! A schema raised to the tree that its author could have written.

use std::collections::HashMap;

use piccolo_runtime::schema::{
    Check, Column, ColumnType, Default, ElementType, Enum, ForeignKey, ForeignKeyRole, Index, IndexKeyKind,
    IndexMethod, QualifiedName, Schema, Table, Text, Unique, naming,
};

use super::build::{argument, call, flag, ident, list, named, number, text, word};
use crate::lower::{action_word, show_interval};
use crate::source::Span;
use crate::syntax::ast::{
    Argument, Body, Column as ColumnAst, Declaration, Doc, Item, ItemKind, Record, Statement, Trivia, Value, ValueKind,
    Variant,
};

/// What names in a schema refer to.
pub(super) struct Raiser<'a> {
    tables: HashMap<&'a QualifiedName, &'a Table>,
    enums: HashMap<&'a QualifiedName, &'a Enum>,
}

fn enumeration(each: &Enum) -> Declaration {
    let variants = each.values.iter().map(|value| Variant {
        trivia: Trivia::default(),
        doc: doc(&value.doc),
        name: ident(&value.name),
        text: (value.text != value.name).then(|| text(&value.text)),
        arguments: Vec::new(),
        span: Span::default(),
    });
    let arguments = header(&each.name, &each.sql_name, "typename");
    declaration(&each.name, &each.doc, arguments, Body::Enum(variants.collect()))
}

/// The arguments that say how a table or an enum is called in the database.
fn header(name: &str, sql_name: &QualifiedName, argument: &'static str) -> Vec<Argument> {
    let mut arguments = Vec::new();
    if sql_name.name != naming::snake_case(name) {
        arguments.push(named(argument, text(&sql_name.name)));
    }
    arguments.extend(sql_name.schema.as_ref().map(|schema| named("schema", text(schema))));
    arguments
}

fn declaration(name: &str, doc_text: &str, arguments: Vec<Argument>, body: Body) -> Declaration {
    Declaration {
        trivia: Trivia::default(),
        doc: doc(doc_text),
        name: ident(name),
        arguments,
        body,
        open: 0,
        open_comment: None,
        dangling: Vec::new(),
        damaged: false,
        span: Span::default(),
    }
}

fn doc(text: &str) -> Doc {
    if text.is_empty() { Doc::new() } else { text.split('\n').map(str::to_owned).collect() }
}

fn item(doc_text: &str, kind: ItemKind) -> Item {
    Item { trivia: Trivia::default(), doc: doc(doc_text), kind, span: Span::default() }
}

fn statement(keyword: &str, arguments: Vec<Argument>) -> Item {
    let statement = Statement { keyword: ident(keyword), arguments, target: None, span: Span::default() };
    item("", ItemKind::Statement(statement))
}

/// The unique constraint that a column says itself.
fn says_unique(table: &Table, unique: &Unique) -> bool {
    matches!(unique.columns.as_ref(), [only] if unique.name == naming::unique(&table.sql_name.name, &[only]))
}

/// Whether the primary key is said by its column.
fn says_primary(table: &Table) -> bool {
    let key = &table.primary_key;
    key.columns.len() == 1 && key.name == naming::primary_key(&table.sql_name.name)
}

/// What a column is called in the language.
fn column_word(table: &Table, sql_name: &Text) -> Value {
    word(table.column(sql_name).map_or(sql_name.as_ref(), |column| column.name.as_ref()))
}

fn column_words(table: &Table, columns: &[Text]) -> Vec<Argument> {
    columns.iter().map(|column| argument(column_word(table, column))).collect()
}

/// `name = "…"`, where the name is not the one that nobody has to write.
fn explicit_name(name: &str, default: &str) -> Option<Argument> {
    (name != default).then(|| named("name", text(name)))
}

impl<'a> Raiser<'a> {
    pub(super) fn new(schema: &'a Schema) -> Self {
        Self {
            tables: schema.tables.iter().map(|table| (&table.sql_name, table)).collect(),
            enums: schema.enums.iter().map(|each| (&each.sql_name, each)).collect(),
        }
    }

    /// The declarations of the schema, enums first.
    pub(super) fn declarations(&self, schema: &'a Schema) -> impl Iterator<Item = Declaration> {
        schema.enums.iter().map(enumeration).chain(schema.tables.iter().map(|table| self.table(table)))
    }

    fn table(&self, table: &Table) -> Declaration {
        let says_primary = says_primary(table);
        let (said, uniques): (Vec<&Unique>, Vec<&Unique>) =
            table.uniques.iter().partition(|unique| says_unique(table, unique));
        let said: Vec<&Text> = said.into_iter().filter_map(|unique| unique.columns.first()).collect();
        let mut items = Vec::with_capacity(table.columns.len() + table.indexes.len() + table.checks.len());
        items.extend(table.columns.iter().map(|column| {
            let primary = says_primary && table.is_primary_key(&column.sql_name);
            self.column(table, column, primary, said.contains(&&column.sql_name))
        }));
        if !says_primary {
            let mut arguments = column_words(table, &table.primary_key.columns);
            arguments.extend(explicit_name(&table.primary_key.name, &naming::primary_key(&table.sql_name.name)));
            items.push(statement("primary_key", arguments));
        }
        for unique in uniques {
            let mut arguments = column_words(table, &unique.columns);
            arguments.extend(explicit_name(&unique.name, &naming::unique(&table.sql_name.name, &unique.columns)));
            items.push(statement("unique", arguments));
        }
        items.extend(table.indexes.iter().map(|each| index(table, each)));
        items.extend(table.checks.iter().map(|each| check(table, each)));
        let keys = table.foreign_keys.iter().filter(|key| key.role == ForeignKeyRole::Constraint);
        items.extend(keys.map(|key| self.foreign_key(table, key)));
        let arguments = header(&table.name, &table.sql_name, "tablename");
        declaration(&table.name, &table.doc, arguments, Body::Table(Record { mixins: Vec::new(), items }))
    }

    /// A column, which may say that it is the primary key or unique.
    fn column(&self, table: &Table, column: &Column, primary: bool, unique: bool) -> Item {
        let key = table.path_key(&column.sql_name);
        let (name, mut arguments) = match key {
            Some(key) => ("ForeignKey", vec![argument(self.target(table, &key.target))]),
            None => self.column_type(&column.ty),
        };
        if primary {
            arguments.push(flag("primary_key"));
        }
        if column.null {
            arguments.push(flag("null"));
        }
        if unique {
            arguments.push(flag("unique"));
        }
        arguments.extend(key.into_iter().flat_map(|key| self.key_arguments(table, key)));
        arguments.extend(column.default.as_ref().map(|default| named("default", self.default(default, &column.ty))));
        if column.sql_name != column.name {
            arguments.push(named("column", text(&column.sql_name)));
        }
        arguments.extend(column.collation.as_ref().map(|collation| named("collate", text(collation))));
        if column.secret {
            arguments.push(flag("secret"));
        }
        item(&column.doc, ItemKind::Column(ColumnAst { name: ident(&column.name), ty: call(name, arguments) }))
    }

    /// The table that a key points to, as its own table names it.
    fn target(&self, table: &Table, target: &QualifiedName) -> Value {
        if *target == table.sql_name {
            return word("self");
        }
        word(self.tables.get(target).map_or(target.name.as_ref(), |table| table.name.as_ref()))
    }

    fn key_arguments(&self, table: &Table, key: &ForeignKey) -> Vec<Argument> {
        let mut arguments = actions(key);
        if let Some(target) = self.tables.get(&key.target)
            && let [column] = key.target_columns.as_ref()
            && !target.is_primary_key(column)
        {
            arguments.push(named("to", column_word(target, column)));
        }
        if let ForeignKeyRole::Path { reverse: Some(reverse) } = &key.role {
            arguments.push(named("reverse", text(reverse)));
        }
        arguments.extend(explicit_name(&key.name, &naming::foreign_key(&table.sql_name.name, &key.columns)));
        arguments
    }

    fn foreign_key(&self, table: &Table, key: &ForeignKey) -> Item {
        let mut arguments = column_words(table, &key.columns);
        arguments.extend(actions(key));
        arguments.extend(explicit_name(&key.name, &naming::foreign_key(&table.sql_name.name, &key.columns)));
        let targets = match self.tables.get(&key.target) {
            Some(target) => column_words(target, &key.target_columns),
            None => key.target_columns.iter().map(|column| argument(word(column))).collect(),
        };
        let target = self.target(table, &key.target);
        let statement = Statement {
            keyword: ident("foreign_key"),
            arguments,
            target: Some(call(target.word().unwrap_or_default(), targets)),
            span: Span::default(),
        };
        item("", ItemKind::Statement(statement))
    }

    /// The name of a type and its own arguments.
    fn column_type<'t>(&'t self, ty: &'t ColumnType) -> (&'t str, Vec<Argument>) {
        let name = match ty {
            ColumnType::Varchar { length } => return ("Varchar", vec![named("length", number(length.to_string()))]),
            ColumnType::Numeric { precision, scale } => {
                let precision = named("precision", number(precision.to_string()));
                return ("Numeric", vec![precision, named("scale", number(scale.to_string()))]);
            }
            ColumnType::Array(element) => return ("Array", vec![argument(self.element(element))]),
            ColumnType::Text => "Text",
            ColumnType::SmallInt => "SmallInt",
            ColumnType::Integer => "Integer",
            ColumnType::BigInt => "BigInt",
            ColumnType::Serial => "Serial",
            ColumnType::BigSerial => "BigSerial",
            ColumnType::Real => "Real",
            ColumnType::DoublePrecision => "DoublePrecision",
            ColumnType::Boolean => "Boolean",
            ColumnType::Date => "Date",
            ColumnType::Time => "Time",
            ColumnType::Timestamp => "Timestamp",
            ColumnType::Timestamptz => "Timestamptz",
            ColumnType::Interval => "Interval",
            ColumnType::Uuid => "UUID",
            ColumnType::Json => "JSON",
            ColumnType::Bytea => "Bytea",
            ColumnType::Enum(name) => self.enums.get(name).map_or(name.name.as_ref(), |each| each.name.as_ref()),
        };
        (name, Vec::new())
    }

    fn element(&self, element: &ElementType) -> Value {
        let ty = element.column_type();
        let (name, arguments) = self.column_type(&ty);
        if arguments.is_empty() {
            word(name)
        } else {
            Value { kind: ValueKind::Call(Box::new(call(name, arguments))), span: Span::default() }
        }
    }

    fn default(&self, default: &Default, ty: &ColumnType) -> Value {
        match default {
            Default::Boolean(value) => word(if *value { "true" } else { "false" }),
            Default::Integer(value) => number(value.to_string()),
            Default::Decimal(value) => number(value.to_string()),
            Default::Text(value) | Default::Uuid(value) | Default::Json(value) => text(value),
            // The normal form is in UTC, which an instant has to say.
            Default::DateTime(value) if *ty == ColumnType::Timestamptz => text(&format!("{value}Z")),
            Default::DateTime(value) => text(value),
            Default::Interval(value) => text(&show_interval(*value)),
            Default::Bytes(bytes) => {
                let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
                function("hex", vec![argument(text(&digits))])
            }
            Default::Variant(value) => {
                let each = if let ColumnType::Enum(name) = ty { self.enums.get(name) } else { None };
                let values = each.map(|each| each.values.as_ref());
                let variant = values.and_then(|values| values.iter().find(|variant| variant.text == *value));
                word(variant.map_or(value.as_ref(), |variant| variant.name.as_ref()))
            }
            Default::Array(values) => {
                let element = if let ColumnType::Array(element) = ty { element.column_type() } else { ty.clone() };
                list(values.iter().map(|value| self.default(value, &element)).collect())
            }
            Default::Now => function("now", Vec::new()),
            Default::Today => function("today", Vec::new()),
            Default::Uuid4 => function("uuid4", Vec::new()),
            Default::Uuid7 => function("uuid7", Vec::new()),
            Default::Sql(expression) => function("sql", vec![argument(text(expression))]),
        }
    }
}

fn function(name: &str, arguments: Vec<Argument>) -> Value {
    Value { kind: ValueKind::Call(Box::new(call(name, arguments))), span: Span::default() }
}

fn actions(key: &ForeignKey) -> Vec<Argument> {
    vec![named("on_delete", word(action_word(key.on_delete))), named("on_update", word(action_word(key.on_update)))]
}

fn check(table: &Table, check: &Check) -> Item {
    let mut arguments = match (&check.sqlite, &check.postgres) {
        (Some(sqlite), Some(postgres)) if sqlite == postgres => vec![argument(text(sqlite))],
        (sqlite, postgres) => {
            let sqlite = sqlite.as_ref().map(|condition| named("sqlite", text(condition)));
            let postgres = postgres.as_ref().map(|condition| named("postgres", text(condition)));
            sqlite.into_iter().chain(postgres).collect()
        }
    };
    let default = naming::check(&table.sql_name.name, check.sqlite.as_deref(), check.postgres.as_deref());
    arguments.extend(explicit_name(&check.name, &default));
    statement("check", arguments)
}

fn index(table: &Table, index: &Index) -> Item {
    let mut parts = Vec::new();
    let mut arguments = Vec::new();
    for key in index.keys.iter() {
        let value = match &key.kind {
            IndexKeyKind::Column(column) => {
                parts.push(column.to_string());
                column_word(table, column)
            }
            IndexKeyKind::Sql(expression) => {
                parts.push(naming::expression_part(expression));
                function("sql", vec![argument(text(expression))])
            }
        };
        arguments.push(Argument { direction: key.descending.then(|| ident("desc")), ..argument(value) });
    }
    arguments.extend(index.predicate.as_ref().map(|predicate| named("where", text(predicate))));
    arguments.extend(index.method.and_then(method_word).map(|method| named("method", word(method))));
    let table_name = table.sql_name.name.as_ref();
    let default = if index.unique { naming::unique(table_name, &parts) } else { naming::index(table_name, &parts) };
    arguments.extend(explicit_name(&index.name, &default));
    statement(if index.unique { "unique" } else { "index" }, arguments)
}

/// The method's name in the language; the B-tree goes without saying.
fn method_word(method: IndexMethod) -> Option<&'static str> {
    match method {
        IndexMethod::Btree => None,
        IndexMethod::Hash => Some("hash"),
        IndexMethod::Gin => Some("gin"),
        IndexMethod::Gist => Some("gist"),
        IndexMethod::SpGist => Some("spgist"),
        IndexMethod::Brin => Some("brin"),
    }
}
