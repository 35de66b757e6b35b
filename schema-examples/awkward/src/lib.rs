//! Tables, columns and enums with names that SQL or Rust has for something else: all of them work.
#![deny(warnings, missing_docs, clippy::pedantic)]

piccolo_runtime::include_tables!(pub mod tables);
