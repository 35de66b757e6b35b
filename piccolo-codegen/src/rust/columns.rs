//! The columns as values: `Band.name` and `Band.manager.name`.

use syn::{Generics, ImplItem, Item, ItemImpl, Type, parse_quote};

use super::names::ReverseNames;
use super::nodes::{call, doc, field, generic, number, path, path_of, record, reference, structure, ty, word};
use super::table::{ColumnCode, TableCode};

/// The struct of columns, its constants, and the keys as types, in the order in which a reader wants them.
pub(super) fn items(code: TableCode<'_>) -> Vec<Item> {
    let mut items = vec![definition(code), constant(code), column_set(code)];
    items.extend(copy(code));
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
    let generics: Generics = parse_quote!(<R, P>);
    let fields =
        code.columns().map(|column| field(doc(&column.doc()), column.names.field.ident(), handle(code, column)));
    let reverses = code.names.reverses.iter().map(way_back);
    structure(attrs, code.names.columns.ident(), generics, fields.chain(reverses))
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
    let (row, columns) = (code.names.row.ident(), code.names.columns.ident());
    let about = doc(&match code.columns().next() {
        Some(first) => format!("The columns of the table: `{}.{}`.", code.names.row.text(), first.names.field.text()),
        None => "The columns of the table.".to_owned(),
    });
    parse_quote! {
        #(#about)*
        #[allow(non_upper_case_globals, reason = "the columns go by the name of their table")]
        pub const #row: #columns<#row, rt::Root> = *<_ as rt::ColumnSet>::COLUMNS;
    }
}

/// `impl rt::ColumnSet for Columns<R, P> { … }`.
fn column_set(code: TableCode<'_>) -> Item {
    let columns = code.names.columns.ident();
    let fields = code.columns().map(|column| {
        let value = match column.names.key {
            Some(_) => call(path("rt::ForeignKey::new"), []),
            None => call(path("rt::Column::at"), [number(column.index)]),
        };
        (column.names.field.ident(), value)
    });
    let reverses = code.names.reverses.iter().map(|names| (names.field.ident(), call(path("rt::Reverse::new"), [])));
    let value = reference(record(path("Self"), fields.chain(reverses)));
    let mut item: ItemImpl = parse_quote! {
        impl<R: 'static, P: 'static> rt::ColumnSet for #columns<R, P> {
            const COLUMNS: &'static Self = &Self {};
        }
    };
    if let Some(ImplItem::Const(constant)) = item.items.first_mut() {
        constant.expr = value;
    }
    Item::Impl(item)
}

/// `Clone` and `Copy`, by hand because a derive would ask the same of `R` and `P`.
fn copy(code: TableCode<'_>) -> [Item; 2] {
    let columns = code.names.columns.ident();
    let [clone, copy] = ["Clone", "Copy"].map(|name| code.types.std(name));
    [
        parse_quote! {
            impl<R, P> #clone for #columns<R, P> {
                fn clone(&self) -> Self {
                    *self
                }
            }
        },
        parse_quote! {
            impl<R, P> #copy for #columns<R, P> {}
        },
    ]
}

/// A foreign key as a type, and what the runtime knows of it.
fn key(code: TableCode<'_>, column: ColumnCode<'_>) -> Vec<Item> {
    let (Some(name), Some(target)) = (&column.names.key, column.key.and_then(|key| code.target(key))) else {
        return Vec::new();
    };
    let (row, name, to) = (code.names.row.ident(), name.ident(), target.row());
    let value = code.types.of(column.column);
    let index = number(column.index);
    let about = doc(&format!("The foreign key `{}`.", column.column.name));
    vec![
        parse_quote! {
            #(#about)*
            pub enum #name {}
        },
        parse_quote! {
            impl rt::Key for #name {
                type From = #row;
                type To = #to;
                type Value = #value;
                const INDEX: u16 = #index;
            }
        },
    ]
}
