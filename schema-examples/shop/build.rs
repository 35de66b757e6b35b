//! Generates the modules of the tables.

fn main() -> piccolo_codegen::Result {
    piccolo_codegen::Config::new().generate()
}
