//! The file of one enum.

use piccolo_runtime::schema::Enum;
use syn::{Item, parse_quote};

use super::model;
use super::names::EnumNames;
use super::nodes::doc;

/// The enum, its description, and the ways between its values and texts.
pub(super) fn items(item: &Enum, names: &EnumNames) -> Vec<Item> {
    let ty = names.ty.ident();
    let about = doc(&match item.doc.as_ref() {
        "" => format!("The enum `{}`.", item.sql_name),
        text => text.to_owned(),
    });
    let variants: Vec<_> = names.variants.iter().map(super::case::Name::ident).collect();
    let docs = item.values.iter().map(|value| {
        doc(&match value.doc.as_ref() {
            "" => format!("The value `{}`.", value.text),
            text => text.to_owned(),
        })
    });
    let texts: Vec<&str> = item.values.iter().map(|value| value.text.as_ref()).collect();
    let count = syn::Index::from(variants.len());
    let description = model::enumeration(item);
    vec![
        parse_quote! {
            #(#about)*
            #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
            pub enum #ty {
                #(#(#docs)* #variants,)*
            }
        },
        parse_quote! {
            /// The enum as the schema describes it.
            pub static ENUM: rt::schema::Enum = #description;
        },
        parse_quote! {
            impl #ty {
                /// All values, in declared order.
                pub const ALL: [Self; #count] = [#(Self::#variants),*];

                /// The text that stands for this value in the database.
                #[must_use]
                pub const fn as_str(self) -> &'static str {
                    match self {
                        #(Self::#variants => #texts,)*
                    }
                }
            }
        },
        parse_quote! {
            impl rt::Enum for #ty {
                const ENUM: &'static rt::schema::Enum = &ENUM;

                fn as_str(self) -> &'static str {
                    self.as_str()
                }

                fn from_text(text: &str) -> ::core::option::Option<Self> {
                    match text {
                        #(#texts => Some(Self::#variants),)*
                        _ => None,
                    }
                }
            }
        },
        parse_quote! {
            impl ::core::fmt::Display for #ty {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    f.write_str(self.as_str())
                }
            }
        },
        parse_quote! {
            impl ::core::str::FromStr for #ty {
                type Err = rt::Error;

                fn from_str(text: &str) -> rt::Result<Self> {
                    rt::enum_from_str(text)
                }
            }
        },
        parse_quote!(rt::serializable_enum!(#ty);),
    ]
}
