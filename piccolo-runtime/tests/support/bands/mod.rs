//! The tables of the manual, as the generator writes them.

// Not by `#[path]`, along which rustfmt would go.
include!("../../../../schema-examples/bands/generated/mod.rs");
