//! x

pub mod change;
pub mod diff;
