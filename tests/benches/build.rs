//! Generates the table that the queries are measured with.

fn main() -> piccolo_codegen::Result {
    piccolo_codegen::Config::new().without_migrations().generate()
}
