//! Items and functions that every table has, parsed once for a whole schema.
//!
//! A table's module takes copies and fills in what is its own: copying a tree costs a fraction of parsing it anew.

use proc_macro2::Ident;
use syn::{
    Attribute, Expr, Generics, ImplItem, ImplItemFn, ItemConst, ItemEnum, ItemImpl, ItemMacro, ItemStatic, ItemStruct,
    Type, parse_quote,
};

use super::nodes::ty;

/// The trees to copy. What is `Row`, `NewRow` or `()` in them is to be filled in.
pub(super) struct Templates {
    /// The derives of a struct that holds values of the database.
    pub(super) derives: Attribute,
    /// The same for one whose `Debug` would tell secrets.
    pub(super) derives_with_secrets: Attribute,
    /// For structs and setters with names that rustc would spell otherwise.
    pub(super) odd_names: Attribute,
    /// `struct NewBand`.
    pub(super) new_row: ItemStruct,
    /// `impl NewBand`, without its setters.
    pub(super) setters: ItemImpl,
    /// One of them.
    pub(super) setter: ImplItemFn,
    /// `Band::new`.
    pub(super) constructor: ImplItemFn,
    /// For a constructor that takes its values by name.
    pub(super) by_value: Attribute,
    /// `impl Band`, without its functions.
    pub(super) functions: ItemImpl,
    /// `Band::get` by a key of one column.
    pub(super) get: ImplItemFn,
    /// `Band::get` by a key of several.
    pub(super) get_by_tuple: ImplItemFn,
    /// `<R, P>`.
    pub(super) root_and_path: Generics,
    /// `const Band`.
    pub(super) columns: ItemConst,
    /// `impl rt::ColumnSet for Columns<R, P>`.
    pub(super) column_set: ItemImpl,
    /// `enum ManagerKey`.
    pub(super) key: ItemEnum,
    /// `impl rt::Key for ManagerKey`.
    pub(super) key_impl: ItemImpl,
    /// `static TABLE`.
    pub(super) description: ItemStatic,
    /// `static META`.
    pub(super) neighbours: ItemStatic,
    /// `impl rt::Table for Band`.
    pub(super) table_impl: ItemImpl,
    /// What the runtime implements.
    pub(super) plain_impls: ItemMacro,
}

impl Templates {
    /// Parses them.
    pub(super) fn new() -> Self {
        Self {
            derives: parse_quote!(#[derive(Clone, Debug, PartialEq)]),
            derives_with_secrets: parse_quote!(#[derive(Clone, PartialEq)]),
            odd_names: parse_quote!(#[allow(non_snake_case, reason = "fields are spelled like their columns")]),
            new_row: parse_quote! {
                #[derive(Clone, Debug, PartialEq)]
                pub struct NewRow(rt::NewRow<()>);
            },
            setters: parse_quote! {
                #[allow(clippy::should_implement_trait, clippy::wrong_self_convention, reason = "setters go by the names of columns")]
                impl NewRow {}
            },
            setter: parse_quote! {
                pub fn setter(self, value: ()) -> Self {}
            },
            constructor: parse_quote! {
                #[allow(clippy::new_ret_no_self, reason = "a row that exists comes from the database")]
                pub fn new() -> NewRow {}
            },
            by_value: parse_quote! {
                #[allow(clippy::needless_pass_by_value, reason = "the values belong to the new row")]
            },
            functions: parse_quote!(impl Row {}),
            get: parse_quote! {
                /// The row with this key.
                pub fn get(key: ()) -> rt::Get<Self> {
                    rt::Get::by(key)
                }
            },
            get_by_tuple: parse_quote! {
                /// The row with this key.
                pub fn get(key: ()) -> rt::Get<Self> {
                    rt::Get::new(key)
                }
            },
            root_and_path: parse_quote!(<R, P>),
            columns: parse_quote! {
                #[allow(non_upper_case_globals, reason = "the columns go by the name of their table")]
                pub const Row: () = *<_ as rt::ColumnSet>::COLUMNS;
            },
            column_set: parse_quote! {
                impl<R: 'static, P: 'static> rt::ColumnSet for () {
                    const COLUMNS: &'static Self = ();
                }
            },
            key: parse_quote!(
                pub enum Key {}
            ),
            key_impl: parse_quote! {
                impl rt::Key for Key {
                    type From = ();
                    type To = ();
                    type Value = ();
                    const INDEX: u16 = ();
                }
            },
            description: parse_quote! {
                /// The table as the schema describes it.
                pub static TABLE: rt::schema::Table = ();
            },
            neighbours: parse_quote! {
                /// The table and its neighbours.
                pub static META: rt::TableMeta = ();
            },
            table_impl: parse_quote! {
                impl rt::Table for Row {
                    type New = ();
                    type Key = ();
                    type Columns<R: 'static, P: 'static> = ();
                    const META: &'static rt::TableMeta = &META;
                    fn decode(row: &rt::RowRef<'_>, start: usize) -> rt::Result<Self> {}
                    fn key(&self) -> () {}
                    fn values(&self) -> () {}
                }
            },
            plain_impls: parse_quote!(rt::table_impls!();),
        }
    }
}

/// A copy of an `impl` for another type.
pub(super) fn implementation(template: &ItemImpl, ident: Ident) -> ItemImpl {
    let mut item = template.clone();
    *item.self_ty = ty(ident.into());
    item
}

/// Fills in the types and constants of an `impl` in their order, as far as there are any.
pub(super) fn fill(
    item: &mut ItemImpl,
    types: impl IntoIterator<Item = Type>,
    constants: impl IntoIterator<Item = Expr>,
) {
    let (mut types, mut constants) = (types.into_iter(), constants.into_iter());
    for item in &mut item.items {
        if let ImplItem::Type(item) = item {
            item.ty = types.next().unwrap_or_else(|| item.ty.clone());
        } else if let ImplItem::Const(item) = item {
            item.expr = constants.next().unwrap_or_else(|| item.expr.clone());
        }
    }
}
