//! A build script, for the suites: it keeps a draft where it is called with `--draft`.

fn main() -> piccolo_codegen::Result {
    let draft = std::env::args().any(|argument| argument == "--draft");
    piccolo_codegen::Config::new().draft_migrations(draft).generate()
}
