//! Schema values to DDL statements, per dialect.
