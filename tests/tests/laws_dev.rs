#![cfg(test)]
#[path = "suite/laws.rs"]
mod laws;
#[path = "suite/plans.rs"]
mod plans;
#[path = "suite/proof.rs"]
mod proof;
