//! The tables of the acceptance list.

fn main() -> piccolo_codegen::Result {
    piccolo_codegen::Config::new().schema("schema/acceptance.piccolo").without_migrations().generate()
}
