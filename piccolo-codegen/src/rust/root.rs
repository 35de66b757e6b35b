//! `mod.rs`: the list of modules, and everything in them that applications name, under one roof.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Item, parse_quote};

use super::names::Names;
use super::print;

/// The versions that generator and runtime must share: `0.1` of `0.1.7`.
const VERSION: &str = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));

/// The text of `mod.rs`.
pub(super) fn file(names: &Names<'_>, embeds_migrations: bool) -> String {
    let mut items: Vec<Item> = vec![parse_quote!(::piccolo_runtime::codegen_support::assert_version!(#VERSION);)];
    let mut uses: Vec<TokenStream> = Vec::new();
    for table in &names.tables {
        let (module, row, new_row) = (table.module.ident(), table.row.ident(), table.new_row.ident());
        items.push(parse_quote!(pub mod #module;));
        uses.push(quote!(#module::{#row, #new_row}));
    }
    for item in &names.enums {
        let (module, ty) = (item.module.ident(), item.ty.ident());
        items.push(parse_quote!(pub mod #module;));
        uses.push(quote!(#module::#ty));
    }
    if embeds_migrations {
        let module = names.migrations.ident();
        items.push(parse_quote!(pub mod #module;));
        uses.push(quote!(#module::MIGRATIONS));
    }
    items.push(parse_quote! {
        #[allow(unused_imports, reason = "an application names what it uses")]
        pub use self::{#(#uses),*};
    });
    print::file(&[], items)
}
