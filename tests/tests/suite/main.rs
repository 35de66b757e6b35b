//! The suites that cross crates, in one binary because linking is what takes long.
//!
//! A module is one area; a test name is a sentence. A test that holds a row of the acceptance list names it in a
//! comment. Use `piccolo_tests::on_both` unless the behaviour belongs to one engine.

#![cfg(test)]
#![allow(clippy::wildcard_enum_match_arm, reason = "a test names the few cases that it is about")]

mod acceptance;
mod adopt;
mod alter;
mod bad_input;
#[allow(dead_code, unused_imports, unreachable_pub, reason = "each test uses a part of it")]
#[path = "../../../piccolo-runtime/tests/support/bands/mod.rs"]
mod bands;
mod check;
mod cli;
mod ddl;
mod differential;
mod display;
mod engine;
mod examples;
mod fixture;
mod guide;
mod harness;
mod hostile;
mod introspect;
mod laws;
mod light;
mod lock_labels;
mod memory;
mod merging;
mod migrate;
mod mistakes;
mod plans;
mod proof;
mod query_read;
mod query_rules;
mod query_write;
mod reports;
mod results;
mod statements;
mod transaction;
mod walk;
