//! The functions of a row's type: `Band::new`, `Band::select`, … They are thin: all behaviour is in the runtime.

use syn::{FnArg, ImplItem, ImplItemFn, ItemImpl, Type, parse_quote};

use super::new_row;
use super::nodes::{generic_path, implementing, path};
use super::print::{self, Part, Printed};
use super::row;
use super::table::TableCode;
use super::templates::implementation;

/// The functions that say only `Self`. They are the same for every table, and printed once.
pub(super) struct Functions {
    shared: Printed,
}

impl Functions {
    /// Prints them.
    pub(super) fn new() -> Self {
        let shared: ItemImpl = parse_quote! {
            impl Row {
                /// Inserts a row, or any number of them.
                pub fn insert(rows: impl rt::NewRows<Self>) -> rt::Insert<Self> {
                    rt::Insert::new(rows)
                }

                /// Inserts rows with keys that the database would count up by itself, which goes on counting after the largest.
                pub fn insert_with_keys(
                    rows: impl ::core::iter::IntoIterator<
                        Item = (<Self as rt::Table>::Key, <Self as rt::Table>::New),
                    >,
                ) -> rt::Insert<Self> {
                    rt::Insert::with_keys(rows)
                }

                /// Selects columns: one, a tuple of them, or `..` for all.
                pub fn select<S: rt::Selection<Self>>(selection: S) -> rt::Select<Self, S::Output> {
                    rt::Select::new(selection)
                }

                /// Selects whole rows.
                pub fn objects() -> rt::Objects<Self> {
                    rt::Objects::new()
                }

                /// Changes rows.
                pub fn update() -> rt::Update<Self> {
                    rt::Update::new()
                }

                /// Deletes rows.
                pub fn delete() -> rt::Delete<Self> {
                    rt::Delete::new()
                }

                /// Counts rows.
                pub fn count() -> rt::Count<Self> {
                    rt::Count::new()
                }

                /// Asks whether there are rows.
                pub fn exists() -> rt::Exists<Self> {
                    rt::Exists::new()
                }

                /// Creates the table.
                pub fn create_table() -> rt::CreateTables {
                    rt::CreateTables::one(&META)
                }

                /// Creates the table with nothing but its primary key.
                pub fn create_table_without_columns() -> rt::CreateTables {
                    rt::CreateTables::key_alone(&META)
                }

                /// Drops the table.
                pub fn drop_table() -> rt::DropTables {
                    rt::DropTables::one(&META)
                }

                /// Alters the table.
                pub fn alter() -> rt::Alter<Self> {
                    rt::Alter::new()
                }

                /// Creates an index by columns of the table.
                pub fn create_index(keys: impl rt::IndexKeys<Self>) -> rt::CreateIndex {
                    rt::CreateIndex::new::<Self>(keys)
                }

                /// Drops an index of the table, by its name or its columns.
                pub fn drop_index(index: impl rt::IndexTarget<Self>) -> rt::DropIndex {
                    rt::DropIndex::new::<Self>(index)
                }

                /// Lists the indexes of the table.
                pub fn indexes() -> rt::Indexes {
                    rt::Indexes::of(&META)
                }

                /// Reads the row for which a condition holds, or inserts it.
                pub fn get_or_create<C: rt::Condition<Self>>(condition: C) -> rt::GetOrCreate<Self> {
                    rt::GetOrCreate::new(condition)
                }

                /// Runs SQL, in which `{}` is a bound parameter.
                pub fn raw(sql: &str, parameters: impl rt::Parameters) -> rt::Raw {
                    rt::Raw::new(sql, parameters)
                }

                /// Writes the row back.
                pub fn save(&self) -> rt::Save<Self> {
                    rt::Save::new(self)
                }

                /// Deletes the row, and gives it back as one that does not exist.
                pub fn remove(self) -> rt::Remove<Self> {
                    rt::Remove::new(self)
                }

                /// Reads the row anew.
                pub fn refresh(&self) -> rt::Refresh<Self> {
                    rt::Refresh::new(rt::Table::key(self))
                }

                /// Changes the row by expressions of what is in the database.
                pub fn update_self(&self) -> rt::UpdateSelf<Self> {
                    rt::UpdateSelf::new(self)
                }

                /// Reads the row that a foreign key points to, one or several keys away.
                pub fn get_related<P: rt::Path, K: rt::Key>(
                    &self,
                    key: rt::ForeignKey<Self, P, K>,
                ) -> rt::GetRelated<Self, rt::Related<P, K>> {
                    rt::GetRelated::new(self, key)
                }
            }
        };
        Self { shared: print::functions(shared.items) }
    }

    /// `impl Band { … }`.
    pub(super) fn of(&self, code: TableCode<'_>) -> Part {
        let mut item = implementation(&code.templates.functions, code.names.row.ident());
        item.items.extend([new_row::constructor(code), get(code)].map(ImplItem::Fn));
        Part::Impl(item, self.shared.clone())
    }
}

/// `pub fn get(key: impl rt::Input<i64>)`, or a tuple as it is.
fn get(code: TableCode<'_>) -> ImplItemFn {
    let key = row::key_type(code);
    if matches!(key, Type::Tuple(_)) {
        return with_argument(&code.templates.get_by_tuple, key);
    }
    with_argument(&code.templates.get, implementing(generic_path(path("rt::Input"), [key])))
}

/// A function whose one argument has this type.
fn with_argument(function: &ImplItemFn, ty: Type) -> ImplItemFn {
    let mut function = function.clone();
    if let Some(FnArg::Typed(argument)) = function.sig.inputs.first_mut() {
        *argument.ty = ty;
    }
    function
}
