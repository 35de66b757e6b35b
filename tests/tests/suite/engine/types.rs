//! Every type of value goes in and comes out the same on both engines.
