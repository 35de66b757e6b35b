//! The functions of a row's type: `Band::new`, `Band::select`, … They are thin: all behaviour is in the runtime.

use syn::{ImplItem, Item, ItemImpl, parse_quote};

use super::new_row;
use super::table::TableCode;

/// The functions that are the same for every table, because they say `Self`. They are parsed once.
pub(super) struct Functions {
    items: Vec<ImplItem>,
}

impl Functions {
    /// Parses them.
    pub(super) fn new() -> Self {
        let all: ItemImpl = parse_quote! {
            impl Row {
                /// Selects columns: one, a tuple of them, or `..` for all.
                pub fn select<S: rt::Selection<Self>>(selection: S) -> rt::Select<Self, S::Output> {
                    rt::Select::new(selection)
                }
            }
        };
        Self { items: all.items }
    }

    /// `impl Band { … }`.
    pub(super) fn of(&self, code: TableCode<'_>) -> Item {
        let row = code.names.row.ident();
        let mut item: ItemImpl = parse_quote!(impl #row {});
        item.items.push(ImplItem::Fn(new_row::constructor(code)));
        item.items.extend_from_slice(&self.items);
        Item::Impl(item)
    }
}
