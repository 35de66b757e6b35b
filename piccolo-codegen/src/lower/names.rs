//! Names that a database or Rust would refuse, and names that would meet in a database.

use std::borrow::Cow;
use std::collections::HashMap;

use piccolo_runtime::schema::{QualifiedName, Table, naming};
use piccolo_runtime::sql::Dialect;

use super::context::Context;
use super::tables::TableDraft;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::Ident;

/// The columns that Postgres gives every table.
const SYSTEM_COLUMNS: [&str; 6] = ["tableoid", "xmin", "cmin", "xmax", "cmax", "ctid"];

/// Types that Postgres finds before those of a schema, so that an enum of the name could never be meant.
const POSTGRES_TYPES: [&str; 60] = [
    "aclitem",
    "any",
    "anyarray",
    "anyelement",
    "anyenum",
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cid",
    "cidr",
    "circle",
    "cstring",
    "date",
    "daterange",
    "float4",
    "float8",
    "inet",
    "int2",
    "int4",
    "int4range",
    "int8",
    "int8range",
    "internal",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "numrange",
    "oid",
    "path",
    "point",
    "polygon",
    "record",
    "regclass",
    "regtype",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsquery",
    "tsrange",
    "tsvector",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xml",
];

/// The name as SQLite compares it, which does not tell upper from lower case. Most names are lower case already.
pub(super) fn lowercase(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) { name.to_ascii_lowercase().into() } else { name.into() }
}

/// Whether a name begins so, whatever its case.
fn begins(name: &str, prefix: &str) -> bool {
    name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix))
}

/// Checks a name of the schema language that becomes one in Rust.
pub(super) fn identifier(context: &mut Context<'_>, name: &Ident) {
    if name.text.chars().all(|character| character == '_') {
        context.error(Code::UnusableName, name.span, "a name has at least one letter or digit", "");
    }
}

/// Checks a name that the author gave to something in a database.
pub(super) fn length(context: &mut Context<'_>, name: &str, span: Span, what: &str) {
    if name.is_empty() {
        context.error(Code::UnusableName, span, format!("{what} cannot be empty"), "");
    } else if name.len() > naming::MAX_BYTES {
        let message = format!("{what} has at most {} bytes, and this has {}", naming::MAX_BYTES, name.len());
        context.error(Code::NameTooLong, span, message, "Postgres would cut it silently; choose a shorter one");
    }
}

/// Checks the database name of a table.
pub(super) fn table_name(context: &mut Context<'_>, name: &str, span: Span) {
    length(context, name, span, "the name of a table");
    relation(context, name, span, "tablename");
    if begins(name, "piccolo_migration") {
        context.error(
            Code::ReservedName,
            span,
            format!("`{name}` belongs to the migrations, which keep their history in such tables"),
            "choose another name",
        );
    }
}

/// Checks the database name of a table or an index against what the engines keep for themselves.
fn relation(context: &mut Context<'_>, name: &str, span: Span, argument: &str) {
    // The indexes of a table `sqlite` would be called `sqlite_…`.
    let owner = if begins(name, "sqlite_") || name.eq_ignore_ascii_case("sqlite") {
        "SQLite"
    } else if begins(name, "pg_") {
        "Postgres"
    } else {
        return;
    };
    let message = format!("names like `{name}` belong to {owner}");
    context.error(Code::ReservedName, span, message, format!("choose another with `{argument} = \"…\"`"));
}

/// Whether Postgres would take a name for a type of its own.
pub(crate) fn is_postgres_type(name: &str) -> bool {
    POSTGRES_TYPES.contains(&name.to_ascii_lowercase().as_str())
}

/// Checks the database name of an enum.
pub(super) fn type_name(context: &mut Context<'_>, name: &str, span: Span) {
    length(context, name, span, "the name of an enum");
    let lower = name.to_ascii_lowercase();
    if is_postgres_type(name) || lower.starts_with("pg_") {
        let message = format!("Postgres has a type `{lower}` of its own");
        context.error(Code::ReservedName, span, message, "choose another name, or give one with `typename = \"…\"`");
    }
}

/// Checks the name of a Postgres schema and gives it.
pub(super) fn schema_name(context: &mut Context<'_>, name: &str, span: Span) -> String {
    length(context, name, span, "the name of a schema");
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("pg_") || lower == "information_schema" {
        let message = format!("the schema `{name}` belongs to Postgres");
        context.error(Code::ReservedName, span, message, "choose another name");
    }
    name.to_owned()
}

/// Checks the database name of a column.
pub(super) fn column_name(context: &mut Context<'_>, name: &str, span: Span) {
    length(context, name, span, "the name of a column");
    if SYSTEM_COLUMNS.iter().any(|system| system.eq_ignore_ascii_case(name)) {
        context.error(
            Code::ReservedName,
            span,
            format!("Postgres gives every table a system column `{}`", name.to_ascii_lowercase()),
            "choose another name, or one in the database alone with `column = \"…\"`",
        );
    }
}

/// The collations of SQLite, which are none of Postgres'.
const SQLITE_COLLATIONS: [&str; 3] = ["BINARY", "NOCASE", "RTRIM"];

/// Checks the name of a collation against those of the engines, which have none in common.
pub(super) fn collation(context: &mut Context<'_>, name: &str, span: Span) {
    length(context, name, span, "the name of a collation");
    let of_sqlite = SQLITE_COLLATIONS.iter().any(|known| known.eq_ignore_ascii_case(name));
    let lacking = if of_sqlite { Dialect::Postgres } else { Dialect::Sqlite };
    let help = "text sorts by code point on both engines; any other order is for a schema of one engine";
    context.not_on(lacking, span, &format!("collation `{name}`"), help);
}

/// Checks the name that the author gave to a constraint or an index.
pub(super) fn constraint_name(context: &mut Context<'_>, name: &str, span: Span) {
    length(context, name, span, "the name of a constraint");
    relation(context, name, span, "name");
}

/// Checks an old name against the present ones.
pub(super) fn was(context: &mut Context<'_>, was: &str, span: Span, now: &[&str]) {
    if now.contains(&was) {
        context.error(Code::RedundantWas, span, format!("`{was}` is its name now"), "remove `was`");
    }
}

/// What holds a name in a database.
#[derive(Clone, Copy)]
struct Holder<'a> {
    what: &'static str,
    draft: &'a TableDraft<'a>,
    span: Span,
}

/// Reports names that would meet in a database: tables, indexes and sequences have one space of names, tables and enums
/// another. SQLite does not tell names apart by case and has no schemas.
pub(super) fn check(context: &mut Context<'_>, drafts: &[TableDraft<'_>], tables: &[Table]) {
    // A table, its primary key, and an index or two.
    let mut relations: HashMap<(Option<&str>, Cow<'_, str>), Holder<'_>> = HashMap::with_capacity(4 * drafts.len());
    let by_schema = !context.targets(Dialect::Sqlite);
    // Tables first, so that a clash is reported where it can be mended: at the index.
    let mut clashing: Vec<&str> = Vec::new();
    for draft in drafts {
        let holder = Holder { what: "table", draft, span: draft.name_span };
        if let Some(first) = relations.get(&relation_key(by_schema, &draft.sql_name, &draft.sql_name.name)) {
            let message = format!("two tables are `{}` in the database", draft.sql_name.name);
            let diagnostic = Diagnostic::new(Code::DuplicateDatabaseName, message)
                .label(draft.name_span, "")
                .label(first.span, format!("the table `{}` has the name already", first.draft.name))
                .help("give one of them another name with `tablename = \"…\"`");
            context.report(diagnostic);
            clashing.push(draft.name);
        } else {
            relations.insert(relation_key(by_schema, &draft.sql_name, &draft.sql_name.name), holder);
        }
    }
    // The default names of two tables of one name meet as well, which is one mistake and not many.
    for (draft, table) in drafts.iter().zip(tables).filter(|(draft, _)| !clashing.contains(&draft.name)) {
        let keys = std::iter::once(("primary key", &table.primary_key.name));
        let uniques = table.uniques.iter().map(|unique| ("unique constraint", &unique.name));
        let indexes = table.indexes.iter().map(|index| ("index", &index.name));
        for (what, name) in keys.chain(uniques).chain(indexes) {
            let key = relation_key(by_schema, &table.sql_name, name);
            match relations.get(&key) {
                // What meets inside one table is reported with its constraints.
                Some(first) if std::ptr::eq(first.draft, draft) && first.what != "table" => {}
                Some(first) => {
                    let span = draft.span_of(name).unwrap_or(draft.name_span);
                    let message = format!("the {what} `{name}` has the name of a {}", first.what);
                    let diagnostic = Diagnostic::new(Code::DuplicateDatabaseName, message)
                        .label(span, "")
                        .label(first.span, format!("the {} is here", first.what))
                        .help("give it another with `name = \"…\"`");
                    context.report(diagnostic);
                }
                None => {
                    relations.insert(key, Holder { what, draft, span: draft.span_of(name).unwrap_or(draft.name_span) });
                }
            }
        }
    }
    enums(context, drafts);
}

/// What tells a relation from others: its name, and its schema where no engine is a target that has none.
fn relation_key<'n>(by_schema: bool, table: &'n QualifiedName, name: &'n str) -> (Option<&'n str>, Cow<'n, str>) {
    (table.schema.as_deref().filter(|_| by_schema), lowercase(name))
}

/// Reports enums that Postgres could not tell from a table or from each other: a table brings a type of its name.
fn enums(context: &mut Context<'_>, drafts: &[TableDraft<'_>]) {
    let lower = |name: &QualifiedName| (name.schema.as_ref().map(ToString::to_string), name.name.to_ascii_lowercase());
    let mut types: HashMap<(Option<String>, String), (Span, String)> = HashMap::new();
    for draft in drafts {
        types.insert(lower(&draft.sql_name), (draft.name_span, format!("the table `{}`", draft.name)));
    }
    let declarations: Vec<_> = context.symbols.enums().collect();
    for declaration in declarations {
        let name = declaration.name.text.as_str();
        let Some(info) = context.enums.get(name) else { continue };
        let sql_name = info.sql_name.clone();
        match types.get(&lower(&sql_name)) {
            Some((span, other)) => {
                let message = format!("the enum `{name}` and {other} are both `{}` in Postgres", sql_name.name);
                let diagnostic = Diagnostic::new(Code::DuplicateDatabaseName, message)
                    .label(declaration.name.span, "")
                    .label(*span, format!("{other} is here"))
                    .help("give one of them another name with `typename = \"…\"` or `tablename = \"…\"`");
                context.report(diagnostic);
            }
            None => {
                types.insert(lower(&sql_name), (declaration.name.span, format!("the enum `{name}`")));
            }
        }
    }
}
