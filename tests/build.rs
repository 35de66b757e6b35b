//! The tables of the acceptance list, and those of the engines' own tests.

fn main() -> piccolo_codegen::Result {
    piccolo_codegen::Config::new().schema("schema/acceptance.piccolo").without_migrations().generate()?;
    piccolo_codegen::Config::new().schema("schema/engines.piccolo").without_migrations().module("engines").generate()
}
