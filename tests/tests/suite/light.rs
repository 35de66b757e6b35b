//! What a `build.rs` compiles stays light: no driver, no async runtime, no command line.

/// What may not be in the graph of a library that a `build.rs` links.
const HEAVY: [&str; 10] = [
    "sqlx",
    "sqlx-core",
    "sqlx-postgres",
    "rusqlite",
    "libsqlite3-sys",
    "tokio",
    "clap",
    "chrono",
    "rustls",
    "tracing",
];

/// The names of a package's dependencies, of all depths, as cargo resolves them for that package alone.
fn graph(arguments: &[&str]) -> Vec<String> {
    let output = std::process::Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{p}"])
        .args(arguments)
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

fn heavy(graph: &[String]) -> Vec<&String> {
    graph.iter().filter(|name| HEAVY.contains(&name.as_str())).collect()
}

#[test]
fn the_generator_as_a_library_holds_no_driver_and_no_async_runtime() {
    let graph = graph(&["--package", "piccolo-codegen"]);
    assert!(graph.iter().any(|name| name == "pest"), "{graph:?}");
    assert!(heavy(&graph).is_empty(), "{:?}", heavy(&graph));
}

#[test]
fn the_runtime_without_features_is_the_model_alone() {
    let graph = graph(&["--package", "piccolo-runtime", "--no-default-features"]);
    assert!(heavy(&graph).is_empty(), "{:?}", heavy(&graph));
}

#[test]
fn the_default_runtime_holds_rusqlite_and_not_sqlx() {
    let graph = graph(&["--package", "piccolo-runtime"]);
    assert!(graph.iter().any(|name| name == "rusqlite"), "{graph:?}");
    assert!(!graph.iter().any(|name| name.starts_with("sqlx")), "{graph:?}");
}

#[test]
fn the_runtime_for_postgres_alone_does_not_build_sqlite() {
    let graph = graph(&["--package", "piccolo-runtime", "--no-default-features", "--features", "postgres"]);
    assert!(graph.iter().any(|name| name == "sqlx"), "{graph:?}");
    assert!(!graph.iter().any(|name| name == "libsqlite3-sys"), "{graph:?}");
}
