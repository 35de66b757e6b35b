//! The command line, for the suites: cargo tells a test only where the programs of its own package are.

fn main() -> std::process::ExitCode {
    piccolo_codegen::cli::main()
}
