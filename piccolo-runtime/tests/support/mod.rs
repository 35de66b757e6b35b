//! What the tests of the query layer share.

#![allow(dead_code, unused_imports, unreachable_pub, reason = "each test uses a part of it")]

pub mod bands;
