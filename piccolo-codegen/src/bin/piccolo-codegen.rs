//! The command line of Piccolo for Rust.

use std::process::ExitCode;

fn main() -> ExitCode {
    piccolo_codegen::cli::main()
}
