//! A row that does not exist yet: `NewBand`, its constructor and its setters.

use proc_macro2::Ident;
use syn::{Expr, FnArg, Generics, ImplItem, ImplItemFn, Index, Item, ReturnType, Stmt};

use super::nodes::{
    argument_of, body, call, doc, field, generic, generic_path, implementing, member, method, must_use, name, number,
    path, structure, ty, word,
};
use super::table::{ColumnCode, TableCode};
use super::templates::implementation;

/// How many required values a constructor takes by position; beyond that they have names.
const POSITIONAL: usize = 4;

/// The struct, its setters, and the struct of required values where there is one.
pub(super) fn items(code: TableCode<'_>) -> Vec<Item> {
    let mut items = vec![definition(code)];
    items.extend(setters(code));
    items.extend(required(code));
    items
}

/// `pub struct NewBand(rt::NewRow<Band>);`
fn definition(code: TableCode<'_>) -> Item {
    let mut item = code.templates.new_row.clone();
    let about = format!("A row of [`struct@{}`] that does not exist yet.", code.names.row.text());
    item.attrs.splice(..0, doc(&about));
    item.ident = code.names.new_row.ident();
    for field in &mut item.fields {
        field.ty = generic(path("rt::NewRow"), [ty(code.names.row.ident().into())]);
    }
    Item::Struct(item)
}

/// The setters: one for every column but those that the database counts up.
fn setters(code: TableCode<'_>) -> Option<Item> {
    let columns = code.columns().filter(|column| !column.column.ty.is_serial());
    let setters: Vec<ImplItem> = columns.map(|column| ImplItem::Fn(setter(code, column))).collect();
    if setters.is_empty() {
        return None;
    }
    let mut item = implementation(&code.templates.setters, code.names.new_row.ident());
    item.attrs.splice(..0, code.allow_odd_names());
    item.items = setters;
    Some(Item::Impl(item))
}

/// `pub fn popularity(self, value: impl rt::Input<i32>) -> Self`.
fn setter(code: TableCode<'_>, column: ColumnCode<'_>) -> ImplItemFn {
    let mut setter = code.templates.setter.clone();
    setter.attrs = doc(&format!("Sets `{}`{}.", column.column.name, otherwise(column)));
    setter.sig.ident = column.names.field.ident();
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
    let mut function = code.templates.constructor.clone();
    let mut attrs = doc("A new row, from the columns that it cannot do without.");
    // The hint is here and not on the type, because nobody must use the row that `remove` gives back.
    attrs.push(must_use(&format!("a new row is inserted with `{}::insert`", code.names.row.text())));
    function.attrs.splice(..0, attrs);
    if let ReturnType::Type(_, output) = &mut function.sig.output {
        **output = ty(new_row.clone().into());
    }
    if named {
        function.sig.inputs.push(argument_of(word("required"), ty(code.names.required.ident().into())));
        function.attrs.push(code.templates.by_value.clone());
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
    attrs.push(code.derives(required.iter().any(|column| column.column.secret)));
    attrs.extend(code.allow_odd_names());
    let fields = required
        .iter()
        .map(|column| field(doc(&column.doc()), column.names.field.ident(), code.types.of(column.column)));
    Some(structure(attrs, code.names.required.ident(), Generics::default(), fields))
}
