//! The tables of the acceptance list, those of the engines' own tests, and those of the application with migrations.

use piccolo_codegen::Config;

fn main() -> piccolo_codegen::Result {
    Config::new().schema("schema/acceptance.piccolo").without_migrations().generate()?;
    Config::new().schema("schema/engines.piccolo").without_migrations().module("engines").generate()?;
    let embedded = Config::new().schema("schema/embedded/schema.piccolo").migrations("schema/embedded/migrations");
    embedded.module("embedded").generate()
}
