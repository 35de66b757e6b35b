//! The same mistake is the same kind of error on both engines.
