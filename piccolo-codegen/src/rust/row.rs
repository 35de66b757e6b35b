//! The row: a plain struct, and how it is read from the database and taken apart again.

use quote::quote;
use syn::{Expr, Generics, ImplItem, Item, Pat, ReturnType, Stmt, Type, parse_quote};

use piccolo_runtime::schema::ColumnType;

use super::columns::seen_from_anywhere;
use super::model;
use super::nodes::{
    array, assign, call, doc, field, generic, member, method, name, number, path, path_of, record, reference,
    structure, sum, try_, tuple, tuple_pattern, tuple_type, ty, variable, word,
};
use super::table::{ColumnCode, TableCode};
use super::templates::{fill, implementation};

/// `pub struct Band { … }`, with the usual derives. A row with secrets writes its `Debug` by hand.
pub(super) fn definition(code: TableCode<'_>) -> Item {
    let about = format!(
        "{}\n\nThis is a row that exists in the database; one that does not is a [`{}`].",
        code.doc(),
        code.names.new_row.text()
    );
    let mut attrs = doc(&about);
    attrs.push(code.derives(secrets(code)));
    attrs.extend(code.allow_odd_names());
    let fields = code
        .columns()
        .map(|column| field(doc(&column.doc()), column.names.field.ident(), code.types.of(column.column)));
    structure(attrs, code.names.row.ident(), Generics::default(), fields)
}

/// `impl Debug for User { … }` that leaves the secrets out.
pub(super) fn debug(code: TableCode<'_>) -> Option<Item> {
    if !secrets(code) {
        return None;
    }
    let row = code.names.row.ident();
    let title = code.names.row.text();
    let mut shown: Expr = parse_quote!(f.debug_struct(#title));
    for column in code.columns().filter(|column| !column.column.secret) {
        let (title, field) = (column.names.field.text(), column.names.field.ident());
        shown = parse_quote!(#shown.field(#title, &self.#field));
    }
    Some(parse_quote! {
        impl ::core::fmt::Debug for #row {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                #shown.finish_non_exhaustive()
            }
        }
    })
}

/// `TABLE`, the table as the schema describes it, and `META`, which knows its neighbours as well.
pub(super) fn description(code: TableCode<'_>) -> [Item; 2] {
    let keys = array(code.columns().filter_map(|column| {
        let key = column.key?;
        let target = code.target(key)?;
        let fields = [
            (word("column"), number(column.index)),
            (word("target"), reference(name(target.meta()))),
            (word("target_column"), number(target.position)),
        ];
        Some(record(path("rt::KeyMeta"), fields))
    }));
    let enums =
        array(code.enums().map(|names| reference(name(path_of([word("super"), names.module.ident(), word("ENUM")])))));
    let mut of_table = code.templates.description.clone();
    *of_table.expr = model::table(code.table);
    let mut with_neighbours = code.templates.neighbours.clone();
    *with_neighbours.expr =
        call(path("rt::TableMeta::new"), [reference(name(path("TABLE"))), reference(keys), reference(enums)]);
    [Item::Static(of_table), Item::Static(with_neighbours)]
}

/// `impl rt::Table for Band { … }`.
pub(super) fn table_impl(code: TableCode<'_>) -> Item {
    let key_type = key_type(code);
    let vec = generic(code.types.std("Vec"), [ty(path("rt::Value"))]);
    let mut item = implementation(&code.templates.table_impl, code.names.row.ident());
    fill(&mut item, [ty(code.names.new_row.ident().into()), key_type.clone(), seen_from_anywhere(code)], []);
    let mut functions = [
        (None, decode(code)),
        (Some(key_type), vec![Stmt::Expr(key(code), None)]),
        (Some(vec), vec![Stmt::Expr(values(code), None)]),
    ]
    .into_iter();
    for item in &mut item.items {
        let ImplItem::Fn(function) = item else { continue };
        let Some((output, body)) = functions.next() else { continue };
        function.block.stmts = body;
        if let (ReturnType::Type(_, ty), Some(output)) = (&mut function.sig.output, output) {
            **ty = output;
        }
    }
    Item::Impl(item)
}

/// `rt::table_impls!(Band, NewBand, Columns);`: the impls that are the same for every table.
pub(super) fn plain_impls(code: TableCode<'_>) -> Item {
    let (row, new_row, columns) = (code.names.row.ident(), code.names.new_row.ident(), code.names.columns.ident());
    let mut item = code.templates.plain_impls.clone();
    item.mac.tokens = quote!(#row, #new_row, #columns);
    Item::Macro(item)
}

/// The type of the primary key: plain for one column, a tuple for several.
pub(super) fn key_type(code: TableCode<'_>) -> Type {
    let mut types: Vec<Type> = code.key_columns().map(|column| code.types.of(column.column)).collect();
    match types.len() {
        1 => types.remove(0),
        _ => tuple_type(types),
    }
}

/// Its value.
fn key(code: TableCode<'_>) -> Expr {
    let mut values: Vec<Expr> = code.key_columns().map(cloned).collect();
    match values.len() {
        1 => values.remove(0),
        _ => tuple(values),
    }
}

/// How many columns are read at once.
const READ: usize = 16;

/// `let (id, name, …) = rt::read(row, start)?;` and the row that is made of them. One call that can fail costs the compiler less than
/// one for each column.
fn decode(code: TableCode<'_>) -> Vec<Stmt> {
    let locals: Vec<Pat> = code.columns().map(|column| variable(column.names.local.ident())).collect();
    let mut patterns = Vec::new();
    let mut reads = Vec::new();
    for (at, chunk) in locals.chunks(READ).enumerate() {
        let start = name(path("start"));
        let start = if at == 0 { start } else { sum(start, number(at * READ)) };
        patterns.push(tuple_pattern(chunk.iter().cloned()));
        reads.push(try_(call(path("rt::read"), [name(path("row")), start])));
    }
    let (pattern, read) = match (patterns.pop(), reads.pop()) {
        (Some(pattern), Some(read)) if patterns.is_empty() => (pattern, read),
        (pattern, read) => (tuple_pattern(patterns.into_iter().chain(pattern)), tuple(reads.into_iter().chain(read))),
    };
    let fields = code.columns().map(|column| {
        let value = name(column.names.local.ident().into());
        // A decimal that SQLite gives back has lost the zeros at its end.
        let value = if let ColumnType::Numeric { scale, .. } = &column.column.ty {
            call(path("rt::scaled"), [value, number(*scale)])
        } else {
            value
        };
        (column.names.field.ident(), value)
    });
    vec![assign(pattern, read), Stmt::Expr(call(path("Ok"), [record(path("Self"), fields)]), None)]
}

/// `Vec::from([self.id.into(), …])`.
fn values(code: TableCode<'_>) -> Expr {
    let values = code.columns().map(|column| method(cloned(column), "into", []));
    let mut from = code.types.std("Vec");
    from.segments.push(word("from").into());
    call(from, [array(values)])
}

/// `self.name.clone()`, or `self.id` where copying does.
fn cloned(column: ColumnCode<'_>) -> Expr {
    let value = member(name(path("self")), column.names.field.ident());
    if column.is_copy() { value } else { method(value, "clone", []) }
}

fn secrets(code: TableCode<'_>) -> bool {
    code.table.columns.iter().any(|column| column.secret)
}
