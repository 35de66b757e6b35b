//! What a new user does: the README's ten minutes, as printed, in an application outside the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use piccolo_tests::{Outcome, Project, Scratch, program};

const README: &str = include_str!("../../../README.md");

/// The heading of the walk in the README.
const WALK: &str = "## Ten minutes";

/// A step of the walk.
#[derive(Debug)]
enum Step {
    /// A file to write, named in the words above its text.
    File(&'static str, String),
    /// Commands to type.
    Shell(String),
}

/// The steps, in the README's order.
fn steps() -> Vec<Step> {
    let (_, walk) = README.split_once(WALK).expect("the README has a walk");
    let walk = walk.split("\n## ").next().unwrap();
    let mut steps = Vec::new();
    let mut words = "";
    let mut lines = walk.lines();
    while let Some(line) = lines.next() {
        let Some(kind) = line.strip_prefix("```") else {
            words = if line.is_empty() { words } else { line };
            continue;
        };
        let text: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = text.join("\n") + "\n";
        steps.push(match (kind, file_named_in(words)) {
            ("sh", _) => Step::Shell(text),
            (_, Some(file)) => Step::File(file, text),
            (kind, None) => panic!("nothing says which file this {kind} is:\n{text}"),
        });
    }
    steps
}

/// The last name in backticks of a line such as "**2. The build script**, `build.rs`:".
fn file_named_in(words: &'static str) -> Option<&'static str> {
    words.strip_suffix("`:")?.rsplit('`').next()
}

/// Before the first release the crates come from this working tree, as the README says itself, and the program of the
/// command line is the one that this test was built with.
fn from_this_checkout(commands: &str) -> String {
    let root = root();
    let root = root.display();
    commands
        .replace("cargo add piccolo-runtime", &format!("cargo add --path '{root}/piccolo-runtime'"))
        .replace("cargo add --build piccolo-codegen", &format!("cargo add --build --path '{root}/piccolo-codegen'"))
        .lines()
        .filter(|line| !line.starts_with("cargo install piccolo-codegen"))
        .map(|line| format!("{line}\n"))
        .collect()
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// A user's machine: an empty folder, the command line in `PATH`, and the build folder of this workspace, so that most of
/// the dependencies are built.
struct Walk {
    project: Project,
    application: PathBuf,
}

impl Walk {
    fn start() -> Self {
        let project = Project::empty();
        std::fs::create_dir(project.file("bin")).unwrap();
        std::os::unix::fs::symlink(program(), project.file("bin/piccolo-codegen")).unwrap();
        let application = project.path().to_owned();
        Self { project, application }
    }

    /// Runs commands in the application's folder, and stops at the first that fails.
    fn shell(&self, commands: &str) -> Outcome {
        let test = std::env::current_exe().unwrap();
        let target = test.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file()).unwrap();
        let path = std::env::var_os("PATH").unwrap_or_default();
        let cargo = Path::new(env!("CARGO")).parent().unwrap().to_owned();
        let folders = [self.project.file("bin"), cargo].into_iter().chain(std::env::split_paths(&path));
        let mut shell = Command::new("sh");
        shell.args(["-euc", commands]).current_dir(&self.application);
        // What the cargo that runs this test says about this package is not true of the application.
        for (name, _) in std::env::vars_os() {
            let inherited = name.to_string_lossy();
            if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| inherited.starts_with(prefix)) {
                shell.env_remove(&name);
            }
        }
        shell.env_remove("DATABASE_URL").env_remove("PICCOLO_CONF").stdin(std::process::Stdio::null());
        shell.env("PATH", std::env::join_paths(folders).unwrap());
        shell.env("CARGO_TARGET_DIR", target).env("CARGO_NET_OFFLINE", "true");
        Outcome::of(&mut shell)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.application.join(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.application.join(name)).unwrap()
    }

    /// The versions that this workspace has locked, and its settings of the bundled C library: both save building again.
    fn settle(&self) {
        self.write("Cargo.lock", &std::fs::read_to_string(root().join("Cargo.lock")).unwrap());
        let manifest = self.read("Cargo.toml");
        let profile = "\n[profile.dev]\ndebug = \"line-tables-only\"\n\n[profile.dev.package.libsqlite3-sys]\nopt-level = 1\ndebug = false\n";
        self.write("Cargo.toml", &(manifest + profile));
    }
}

#[test]
fn the_readmes_ten_minutes_work_as_printed() {
    let mut walk = Walk::start();
    let mut output = String::new();
    for step in steps() {
        match step {
            Step::File(name, text) => {
                walk.write(name, &text);
                if name == "src/main.rs" {
                    let run = walk.shell("cargo run --quiet").exits(0);
                    assert!(
                        README.contains(&format!("`{}`", run.stdout.trim())),
                        "the README promises other rows\n{run}"
                    );
                    assert!(!run.stderr.contains("warning"), "{run}");
                    output = run.stdout;
                }
            }
            Step::Shell(commands) => {
                if commands.contains("add_members") {
                    walk.write("schema.piccolo", &with_the_line_that_the_readme_adds(&walk.read("schema.piccolo")));
                    let ahead = walk.shell("cargo build").exits(0);
                    assert!(
                        ahead.stderr.contains("piccolo-codegen diff"),
                        "no warning while the schema is ahead\n{ahead}"
                    );
                }
                walk.shell(&from_this_checkout(&commands)).exits(0);
                if commands.starts_with("cargo new") {
                    walk.application = walk.project.file("bands-app");
                    walk.settle();
                }
            }
        }
    }
    assert!(!output.is_empty(), "the README has no program");

    // The same program on Postgres gives the same rows.
    let scratch = Scratch::postgres();
    let program = walk.read("src/main.rs").replace("sqlite://bands.sqlite", scratch.url()) + &the_sample_at_the_top();
    walk.write("src/main.rs", &program);
    let manifest =
        walk.read("Cargo.toml").replace("piccolo-runtime\" }", "piccolo-runtime\", features = [\"postgres\"] }");
    walk.write("Cargo.toml", &manifest);
    let run = walk.shell("cargo run --quiet").exits(0);
    assert_eq!(run.stdout, output);

    // A build that finds nothing changed does nothing, so that an editor which builds at every save stays quiet.
    let again = walk.shell("cargo build").exits(0);
    assert!(!again.stderr.contains("Compiling"), "{again}");

    // A mistake in the schema is shown by the build, with the words underlined.
    walk.write("schema.piccolo", &walk.read("schema.piccolo").replace("Integer(default = 0)", "Intger"));
    walk.shell("cargo check").exits(101).says("Intger").says("schema.piccolo:").says("^^^^^^");

    // And no build writes into the source tree.
    let mut names: Vec<String> = walk
        .project
        .files()
        .into_keys()
        .filter_map(|name| name.strip_prefix("bands-app/").map(str::to_owned))
        .collect();
    names.retain(|name| !name.starts_with("migrations/") && !name.starts_with(".git"));
    assert_eq!(names, ["Cargo.lock", "Cargo.toml", "bands.sqlite", "build.rs", "schema.piccolo", "src/main.rs"]);
}

/// The query at the top of the README, as a function that nobody calls: it has to compile.
fn the_sample_at_the_top() -> String {
    let (top, _) = README.split_once(WALK).unwrap();
    let sample =
        top.split_once("```rust\n").and_then(|(_, rest)| rest.split_once("```")).expect("a query stands at the top").0;
    format!(
        "\n#[allow(dead_code)]\nasync fn sample(db: Engine) -> piccolo_runtime::Result<Vec<(String, Option<String>)>> {{\n\
         {sample}Ok(rows)\n}}\n"
    )
}

/// The schema with the line of "Add a line to `Band`, such as `…`".
fn with_the_line_that_the_readme_adds(schema: &str) -> String {
    let (_, words) = README.split_once("Add a line to `Band`, such as `").expect("the README changes the schema");
    let line = words.split('`').next().unwrap();
    schema.replacen("    popularity", &format!("    {line}\n    popularity"), 1)
}
