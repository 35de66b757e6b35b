//! Generates the modules of the tables. There is no application behind these names, and so there are no migrations.

fn main() -> piccolo_codegen::Result {
    piccolo_codegen::Config::new().without_migrations().generate()
}
