//! The columns as values: `Band.name` and `Band.manager.name`.

use syn::{Item, Type};

use super::names::ReverseNames;
use super::nodes::{call, doc, field, generic, number, path, path_of, record, reference, structure, ty, word};
use super::table::{ColumnCode, TableCode};
use super::templates::{fill, implementation};

/// The struct of columns, its constants, and the keys as types, in the order in which a reader wants them.
pub(super) fn items(code: TableCode<'_>) -> Vec<Item> {
    let mut items = vec![definition(code), constant(code), column_set(code)];
    for column in code.columns() {
        items.extend(key(code, column));
    }
    items
}

/// `pub struct Columns<R, P> { … }`.
fn definition(code: TableCode<'_>) -> Item {
    let row = code.names.row.text();
    let mut attrs = doc(&format!("The columns of [`struct@{row}`], seen from the table `R` along the path `P`."));
    attrs.extend(code.allow_odd_names());
    let fields =
        code.columns().map(|column| field(doc(&column.doc()), column.names.field.ident(), handle(code, column)));
    let reverses = code.names.reverses.iter().map(way_back);
    structure(attrs, code.names.columns.ident(), code.templates.root_and_path.clone(), fields.chain(reverses))
}

/// The field of the way back along a key that points here.
fn way_back(names: &ReverseNames) -> syn::Field {
    let about =
        format!("The way back: the rows of `{}` whose `{}` points here, for `prefetch`.", names.from, names.column);
    let key = match &names.module {
        Some(module) => path_of([word("super"), module.ident(), names.key.ident()]),
        None => path_of([names.key.ident()]),
    };
    let [r, p] = ["R", "P"].map(|parameter| ty(path(parameter)));
    field(doc(&about), names.field.ident(), generic(path("rt::Reverse"), [r, p, ty(key)]))
}

/// The type of a field: a column, or a foreign key.
fn handle(code: TableCode<'_>, column: ColumnCode<'_>) -> Type {
    let [r, p] = ["R", "P"].map(|parameter| ty(path(parameter)));
    match &column.names.key {
        Some(key) => generic(path("rt::ForeignKey"), [r, p, ty(key.ident().into())]),
        None => generic(path("rt::Column"), [r, p, code.types.of(column.column)]),
    }
}

/// `pub const Band: Columns<Band, rt::Root> = …;`.
fn constant(code: TableCode<'_>) -> Item {
    let row = code.names.row.ident();
    let mut item = code.templates.columns.clone();
    let about = match code.columns().next() {
        Some(first) => format!("The columns of the table: `{}.{}`.", code.names.row.text(), first.names.field.text()),
        None => "The columns of the table.".to_owned(),
    };
    item.attrs.splice(..0, doc(&about));
    item.ident = row.clone();
    *item.ty = generic(code.names.columns.ident().into(), [ty(row.into()), ty(path("rt::Root"))]);
    Item::Const(item)
}

/// `impl rt::ColumnSet for Columns<R, P> { … }`.
fn column_set(code: TableCode<'_>) -> Item {
    let fields = code.columns().map(|column| {
        let value = match column.names.key {
            Some(_) => call(path("rt::ForeignKey::new"), []),
            None => call(path("rt::Column::at"), [number(column.index)]),
        };
        (column.names.field.ident(), value)
    });
    let reverses = code.names.reverses.iter().map(|names| (names.field.ident(), call(path("rt::Reverse::new"), [])));
    let value = reference(record(path("Self"), fields.chain(reverses)));
    let mut item = code.templates.column_set.clone();
    *item.self_ty = seen_from_anywhere(code);
    fill(&mut item, [], [value]);
    Item::Impl(item)
}

/// `Columns<R, P>`.
pub(super) fn seen_from_anywhere(code: TableCode<'_>) -> Type {
    generic(code.names.columns.ident().into(), ["R", "P"].map(|parameter| ty(path(parameter))))
}

/// A foreign key as a type, and what the runtime knows of it.
fn key(code: TableCode<'_>, column: ColumnCode<'_>) -> Vec<Item> {
    let (Some(name), Some(target)) = (&column.names.key, column.key.and_then(|key| code.target(key))) else {
        return Vec::new();
    };
    let mut item = code.templates.key.clone();
    item.attrs = doc(&format!("The foreign key `{}`.", column.column.name));
    item.ident = name.ident();
    let mut known = implementation(&code.templates.key_impl, name.ident());
    let types = [ty(code.names.row.ident().into()), ty(target.row()), code.types.of(column.column)];
    fill(&mut known, types, [number(column.index)]);
    vec![Item::Enum(item), Item::Impl(known)]
}
