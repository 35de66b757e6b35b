//! A row that does not exist yet: `NewBand`, its constructor and its setters.

use proc_macro2::Ident;
use syn::{Expr, FnArg, Generics, ImplItem, ImplItemFn, Index, Item, ItemImpl, Stmt, parse_quote};

use super::nodes::{
    argument_of, body, call, doc, field, generic_path, implementing, member, method, name, number, path, structure, ty,
    word,
};
use super::table::{ColumnCode, TableCode};

/// How many required values a constructor takes by position; beyond that they have names.
const POSITIONAL: usize = 4;

/// The struct, its conversions, its setters, and the struct of required values where there is one.
pub(super) fn items(code: TableCode<'_>) -> Vec<Item> {
    let mut items = vec![definition(code)];
    items.extend(conversions(code));
    items.extend(setters(code));
    items.extend(required(code));
    items
}

/// `pub struct NewBand(rt::NewRow<Band>);`
fn definition(code: TableCode<'_>) -> Item {
    let (row, new_row) = (code.names.row.ident(), code.names.new_row.ident());
    let title = code.names.row.text();
    let about = doc(&format!("A row of [`struct@{title}`] that does not exist yet."));
    parse_quote! {
        #(#about)*
        #[derive(Clone, Debug, PartialEq)]
        pub struct #new_row(rt::NewRow<#row>);
    }
}

/// The ways in and out of the runtime's own type.
fn conversions(code: TableCode<'_>) -> [Item; 2] {
    let (row, new_row) = (code.names.row.ident(), code.names.new_row.ident());
    let from = code.types.std("From");
    [
        parse_quote! {
            impl #from<rt::NewRow<#row>> for #new_row {
                fn from(row: rt::NewRow<#row>) -> Self {
                    Self(row)
                }
            }
        },
        parse_quote! {
            impl rt::RowOf<#row> for #new_row {
                fn into_new_row(self) -> rt::NewRow<#row> {
                    self.0
                }
            }
        },
    ]
}

/// The setters: one for every column but those that the database counts up.
fn setters(code: TableCode<'_>) -> Option<Item> {
    let template: ImplItemFn = parse_quote! {
        pub fn setter(self, value: ()) -> Self {
            Self(self.0.set(0, value.into_input()))
        }
    };
    let setters: Vec<ImplItem> = code
        .columns()
        .filter(|column| !column.column.ty.is_serial())
        .map(|column| ImplItem::Fn(setter(code, column, template.clone())))
        .collect();
    if setters.is_empty() {
        return None;
    }
    let new_row = code.names.new_row.ident();
    let odd = code.allow_odd_names();
    let mut item: ItemImpl = parse_quote! {
        #odd
        #[allow(clippy::should_implement_trait, clippy::wrong_self_convention, reason = "setters go by the names of columns")]
        impl #new_row {}
    };
    item.items = setters;
    Some(Item::Impl(item))
}

/// `pub fn popularity(self, value: impl rt::Input<i32>) -> Self`.
fn setter(code: TableCode<'_>, column: ColumnCode<'_>, mut setter: ImplItemFn) -> ImplItemFn {
    let field = column.names.field.ident();
    setter.attrs = doc(&format!("Sets `{}`{}.", column.column.name, otherwise(column)));
    setter.sig.ident = field.clone();
    if let Some(last) = setter.sig.inputs.last_mut() {
        *last = argument(code, column, word("value"));
    }
    let set = set(member(name(path("self")), Index::from(0)), column, name(path("value")), "into_input");
    setter.block = body(call(path("Self"), [set]));
    setter
}

/// What a row gets that never calls the setter, as the end of a sentence.
fn otherwise(column: ColumnCode<'_>) -> &'static str {
    match (&column.column.default, column.column.null) {
        (Some(_), _) => ", which has a default",
        (None, true) => ", which is null otherwise",
        (None, false) => "",
    }
}

/// `cells.set(3, value.into_input())`, where `conversion` is what makes a database's value of it.
fn set(cells: Expr, column: ColumnCode<'_>, value: Expr, conversion: &str) -> Expr {
    method(cells, "set", [number(column.index), method(value, conversion, [])])
}

/// `value: impl rt::Input<i32>`, or with the key where a row of its target will do as well.
fn argument(code: TableCode<'_>, column: ColumnCode<'_>, value: Ident) -> FnArg {
    let key = column.names.key.as_ref().map(|key| ty(key.ident().into()));
    let bound = generic_path(path("rt::Input"), [code.types.of(column.column)].into_iter().chain(key));
    argument_of(value, implementing(bound))
}

/// `pub fn new(…) -> NewBand`, from the columns that the row cannot do without.
pub(super) fn constructor(code: TableCode<'_>) -> ImplItemFn {
    let new_row = code.names.new_row.ident();
    let required: Vec<ColumnCode<'_>> = code.required().collect();
    let named = required.len() > POSITIONAL;
    let mut cells = call(path("rt::NewRow::new"), []);
    // The hint is here and not on the type, because nobody must use the row that `remove` gives back.
    let hint = format!("a new row is inserted with `{}::insert`", code.names.row.text());
    let mut function: ImplItemFn = parse_quote! {
        /// A new row, from the columns that it cannot do without.
        #[must_use = #hint]
        #[allow(clippy::new_ret_no_self, reason = "a row that exists comes from the database")]
        pub fn new() -> #new_row {}
    };
    if named {
        let required_type = code.names.required.ident();
        function.sig.inputs.push(parse_quote!(required: #required_type));
        function.attrs.push(parse_quote! {
            #[allow(clippy::needless_pass_by_value, reason = "the values belong to the new row")]
        });
        for column in &required {
            cells = set(cells, *column, member(name(path("required")), column.names.field.ident()), "into");
        }
    } else {
        for column in &required {
            let value = column.names.local.ident();
            function.sig.inputs.push(argument(code, *column, value.clone()));
            cells = set(cells, *column, name(value.into()), "into_input");
        }
    }
    function.block.stmts.push(Stmt::Expr(call(new_row.into(), [cells]), None));
    function
}

/// `pub struct Required { … }`, for a row with more required values than a reader can tell apart by position.
fn required(code: TableCode<'_>) -> Option<Item> {
    let required: Vec<ColumnCode<'_>> = code.required().collect();
    if required.len() <= POSITIONAL {
        return None;
    }
    let title = code.names.row.text();
    let mut attrs = doc(&format!("The values that a new row of [`struct@{title}`] cannot do without."));
    attrs.push(match required.iter().any(|column| column.column.secret) {
        false => parse_quote!(#[derive(Clone, Debug, PartialEq)]),
        true => parse_quote!(#[derive(Clone, PartialEq)]),
    });
    attrs.extend(code.allow_odd_names());
    let fields = required
        .iter()
        .map(|column| field(doc(&column.doc()), column.names.field.ident(), code.types.of(column.column)));
    Some(structure(attrs, code.names.required.ident(), Generics::default(), fields))
}
