//! Every type and every default of the schema language. The generated modules are checked in: `piccolo-codegen generate` writes
//! them to `src/tables`, and `piccolo-codegen generate --check` says whether they are current.
#![deny(warnings, missing_docs, clippy::pedantic)]

/// The tables of the schema.
#[rustfmt::skip]
pub mod tables;
