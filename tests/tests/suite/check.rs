//! `check`: each finding is made by breaking a project that passes, and is gone when that is mended.

mod files;
mod findings;
mod proofs;
pub(crate) mod support;
