//! The schema model as static data: the expressions of `TABLE` and `ENUM`.
//!
//! Only what differs from an empty table or a plain column is written; the rest comes from the constants of the runtime. Every struct of
//! the model is taken apart without `..`, so that a new field cannot be forgotten here.

use piccolo_runtime::schema::{
    Check, Column, ColumnType, Default, ElementType, Enum, EnumValue, ForeignKey, ForeignKeyAction, ForeignKeyRole,
    Index, IndexKey, IndexKeyKind, IndexMethod, PrimaryKey, QualifiedName, Table, Text, Unique,
};
use syn::{Expr, Path};

use super::nodes::{
    boolean, borrowed_list, bytes, call, method, name, number, path, path_of, record, record_with, text, word,
};

/// The fields of a struct literal, without those that say nothing.
type Fields = Vec<(proc_macro2::Ident, Expr)>;

/// A table.
pub(super) fn table(table: &Table) -> Expr {
    let Table { name, sql_name, doc, columns, primary_key, uniques, checks, indexes, foreign_keys } = table;
    let mut fields = vec![(word("name"), borrowed(name)), (word("sql_name"), qualified(sql_name))];
    push_text(&mut fields, "doc", doc);
    fields.push((word("columns"), borrowed_list(columns, column)));
    fields.push((word("primary_key"), self::primary_key(primary_key)));
    push_list(&mut fields, "uniques", uniques, unique);
    push_list(&mut fields, "checks", checks, check);
    push_list(&mut fields, "indexes", indexes, index);
    push_list(&mut fields, "foreign_keys", foreign_keys, foreign_key);
    based_on("TABLE", path("rt::schema::Table"), fields)
}

/// An enum.
pub(super) fn enumeration(item: &Enum) -> Expr {
    let Enum { name, sql_name, doc, values } = item;
    let fields = [
        (word("name"), borrowed(name)),
        (word("sql_name"), qualified(sql_name)),
        (word("doc"), borrowed(doc)),
        (word("values"), borrowed_list(values, enum_value)),
    ];
    record(path("rt::schema::Enum"), fields)
}

fn enum_value(value: &EnumValue) -> Expr {
    let EnumValue { name, text, doc } = value;
    let fields = [(word("name"), borrowed(name)), (word("text"), borrowed(text)), (word("doc"), borrowed(doc))];
    record(path("rt::schema::EnumValue"), fields)
}

/// `rt::column("popularity", …).default(…)`: what is plain goes without saying.
fn column(column: &Column) -> Expr {
    let Column { name, sql_name, doc, ty, null, default, secret, collation } = column;
    let mut said = call(path("rt::column"), [text(name), column_type(ty)]);
    if sql_name != name {
        said = method(said, "sql_name", [text(sql_name)]);
    }
    if !doc.is_empty() {
        said = method(said, "doc", [text(doc)]);
    }
    if *null {
        said = method(said, "null", []);
    }
    if let Some(default) = default {
        said = method(said, "default", [self::default(default)]);
    }
    if *secret {
        said = method(said, "secret", []);
    }
    if let Some(collation) = collation {
        said = method(said, "collation", [text(collation)]);
    }
    said
}

fn column_type(column_type: &ColumnType) -> Expr {
    let variant = |variant: &str| path(&format!("rt::ColumnType::{variant}"));
    let plain = |name: &str| self::name(variant(name));
    match column_type {
        ColumnType::Varchar { length } => call(path("rt::varchar"), [number(length)]),
        ColumnType::Text => plain("Text"),
        ColumnType::SmallInt => plain("SmallInt"),
        ColumnType::Integer => plain("Integer"),
        ColumnType::BigInt => plain("BigInt"),
        ColumnType::Serial => plain("Serial"),
        ColumnType::BigSerial => plain("BigSerial"),
        ColumnType::Real => plain("Real"),
        ColumnType::DoublePrecision => plain("DoublePrecision"),
        ColumnType::Numeric { precision, scale } => call(path("rt::numeric"), [number(precision), number(scale)]),
        ColumnType::Boolean => plain("Boolean"),
        ColumnType::Date => plain("Date"),
        ColumnType::Time => plain("Time"),
        ColumnType::Timestamp => plain("Timestamp"),
        ColumnType::Timestamptz => plain("Timestamptz"),
        ColumnType::Interval => plain("Interval"),
        ColumnType::Uuid => plain("Uuid"),
        ColumnType::Json => plain("Json"),
        ColumnType::Bytea => plain("Bytea"),
        ColumnType::Enum(name) => call(variant("Enum"), [qualified(name)]),
        ColumnType::Array(element) => call(variant("Array"), [element_type(element)]),
    }
}

fn element_type(element: &ElementType) -> Expr {
    let variant = |variant: &str| path(&format!("rt::ElementType::{variant}"));
    let plain = |name: &str| self::name(variant(name));
    match element {
        ElementType::Varchar { length } => record(variant("Varchar"), [(word("length"), number(length))]),
        ElementType::Text => plain("Text"),
        ElementType::SmallInt => plain("SmallInt"),
        ElementType::Integer => plain("Integer"),
        ElementType::BigInt => plain("BigInt"),
        ElementType::Real => plain("Real"),
        ElementType::DoublePrecision => plain("DoublePrecision"),
        ElementType::Numeric { precision, scale } => {
            record(variant("Numeric"), [(word("precision"), number(precision)), (word("scale"), number(scale))])
        }
        ElementType::Boolean => plain("Boolean"),
        ElementType::Date => plain("Date"),
        ElementType::Time => plain("Time"),
        ElementType::Timestamp => plain("Timestamp"),
        ElementType::Timestamptz => plain("Timestamptz"),
        ElementType::Interval => plain("Interval"),
        ElementType::Uuid => plain("Uuid"),
        ElementType::Json => plain("Json"),
        ElementType::Bytea => plain("Bytea"),
        ElementType::Enum(name) => call(variant("Enum"), [qualified(name)]),
    }
}

fn default(default: &Default) -> Expr {
    let variant = |variant: &str| path(&format!("rt::Default::{variant}"));
    match default {
        Default::Boolean(value) => call(variant("Boolean"), [boolean(*value)]),
        Default::Integer(value) => call(variant("Integer"), [number(value)]),
        Default::Decimal(value) => call(variant("Decimal"), [borrowed(value)]),
        Default::Text(value) => call(variant("Text"), [borrowed(value)]),
        Default::DateTime(value) => call(variant("DateTime"), [borrowed(value)]),
        Default::Interval(value) => call(variant("Interval"), [number(value)]),
        Default::Uuid(value) => call(variant("Uuid"), [borrowed(value)]),
        Default::Json(value) => call(variant("Json"), [borrowed(value)]),
        Default::Bytes(value) => call(variant("Bytes"), [call(path("rt::Borrowed"), [bytes(value)])]),
        Default::Variant(value) => call(variant("Variant"), [borrowed(value)]),
        Default::Array(values) => call(variant("Array"), [borrowed_list(values, self::default)]),
        Default::Now => name(variant("Now")),
        Default::Today => name(variant("Today")),
        Default::Uuid4 => name(variant("Uuid4")),
        Default::Uuid7 => name(variant("Uuid7")),
        Default::Sql(value) => call(variant("Sql"), [borrowed(value)]),
    }
}

fn primary_key(key: &PrimaryKey) -> Expr {
    let PrimaryKey { name, columns } = key;
    let fields = [(word("name"), borrowed(name)), (word("columns"), borrowed_list(columns, borrowed))];
    record(path("rt::schema::PrimaryKey"), fields)
}

fn unique(unique: &Unique) -> Expr {
    let Unique { name, columns } = unique;
    let fields = [(word("name"), borrowed(name)), (word("columns"), borrowed_list(columns, borrowed))];
    record(path("rt::schema::Unique"), fields)
}

/// `rt::check("…", "popularity >= 0")`, or a text for each engine.
fn check(check: &Check) -> Expr {
    let Check { name, sqlite, postgres } = check;
    if let (Some(sqlite), true) = (sqlite, sqlite == postgres) {
        return call(path("rt::check"), [text(name), text(sqlite)]);
    }
    let [sqlite, postgres] = [sqlite, postgres].map(|condition| option(condition.as_ref().map(|said| text(said))));
    call(path("rt::check_by_engine"), [text(name), sqlite, postgres])
}

fn index(index: &Index) -> Expr {
    let Index { name, unique, keys, method, predicate } = index;
    let mut fields = vec![(word("name"), borrowed(name))];
    if *unique {
        fields.push((word("unique"), boolean(true)));
    }
    fields.push((word("keys"), borrowed_list(keys, index_key)));
    if let Some(method) = method {
        fields.push((word("method"), some(index_method(*method))));
    }
    if let Some(predicate) = predicate {
        fields.push((word("predicate"), some(borrowed(predicate))));
    }
    based_on("INDEX", path("rt::schema::Index"), fields)
}

/// `rt::key("popularity").descending()`.
fn index_key(key: &IndexKey) -> Expr {
    let IndexKey { kind, descending } = key;
    let said = match kind {
        IndexKeyKind::Column(column) => call(path("rt::key"), [text(column)]),
        IndexKeyKind::Sql(expression) => call(path("rt::key_sql"), [text(expression)]),
    };
    if *descending { method(said, "descending", []) } else { said }
}

fn index_method(method: IndexMethod) -> Expr {
    name(path(match method {
        IndexMethod::Btree => "rt::IndexMethod::Btree",
        IndexMethod::Hash => "rt::IndexMethod::Hash",
        IndexMethod::Gin => "rt::IndexMethod::Gin",
        IndexMethod::Gist => "rt::IndexMethod::Gist",
        IndexMethod::SpGist => "rt::IndexMethod::SpGist",
        IndexMethod::Brin => "rt::IndexMethod::Brin",
    }))
}

fn foreign_key(key: &ForeignKey) -> Expr {
    let ForeignKey { name, columns, target, target_columns, on_delete, on_update, role } = key;
    let mut fields = vec![
        (word("name"), borrowed(name)),
        (word("columns"), borrowed_list(columns, borrowed)),
        (word("target"), qualified(target)),
        (word("target_columns"), borrowed_list(target_columns, borrowed)),
    ];
    fields.extend(action(*on_delete).map(|action| (word("on_delete"), action)));
    fields.extend(action(*on_update).map(|action| (word("on_update"), action)));
    match role {
        ForeignKeyRole::Path { reverse: None } => {}
        ForeignKeyRole::Path { reverse: Some(reverse) } => {
            fields.push((word("role"), call(path("rt::reverse"), [text(reverse)])));
        }
        ForeignKeyRole::Constraint => fields.push((word("role"), self::name(path("rt::ForeignKeyRole::Constraint")))),
    }
    based_on("FOREIGN_KEY", path("rt::schema::ForeignKey"), fields)
}

/// What a foreign key does, where it is not nothing.
fn action(action: ForeignKeyAction) -> Option<Expr> {
    let variant = match action {
        ForeignKeyAction::NoAction => return None,
        ForeignKeyAction::Restrict => "rt::ForeignKeyAction::Restrict",
        ForeignKeyAction::Cascade => "rt::ForeignKeyAction::Cascade",
        ForeignKeyAction::SetNull => "rt::ForeignKeyAction::SetNull",
        ForeignKeyAction::SetDefault => "rt::ForeignKeyAction::SetDefault",
    };
    Some(name(path(variant)))
}

/// `Path { field: value, ..rt::BASE }`: only what differs from a constant of the runtime.
fn based_on(base: &str, path: Path, fields: Fields) -> Expr {
    Expr::Struct(record_with(path, fields, Some(name(path_of([word("rt"), word(base)])))))
}

/// The name of a table or an enum.
fn qualified(qualified: &QualifiedName) -> Expr {
    let QualifiedName { schema, name } = qualified;
    match schema {
        None => call(path("rt::name"), [text(name)]),
        Some(schema) => call(path("rt::name_in"), [text(schema), text(name)]),
    }
}

fn borrowed(value: &Text) -> Expr {
    call(path("rt::text"), [text(value)])
}

fn some(expr: Expr) -> Expr {
    call(path("Some"), [expr])
}

fn option(expr: Option<Expr>) -> Expr {
    expr.map_or_else(|| name(path("None")), some)
}

fn push_text(fields: &mut Fields, field: &str, value: &Text) {
    if !value.is_empty() {
        fields.push((word(field), borrowed(value)));
    }
}

fn push_list<T>(fields: &mut Fields, field: &str, items: &[T], expr: impl Fn(&T) -> Expr) {
    if !items.is_empty() {
        fields.push((word(field), borrowed_list(items, expr)));
    }
}
