#![cfg(test)]
#[path = "suite/laws.rs"]
mod laws;
