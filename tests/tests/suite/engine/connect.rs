//! Opening databases, and what is said where it fails.
