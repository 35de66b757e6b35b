//! The command line on a terminal.

use std::io::Write;
use std::process::{Command, Stdio};

use piccolo_tests::Project;

/// Runs the command line on a terminal, for the database with this url, types `input`, and gives what stands there. (`script` is a part of util-linux, which every Linux
/// has.)
pub(super) fn on_a_terminal(project: &Project, url: Option<&str>, arguments: &str, input: &str) -> String {
    let mut command = Command::new("script");
    command.args(["--quiet", "--return", "--command"]);
    command.arg(format!("{} {arguments}", piccolo_tests::program().display()));
    command.arg("/dev/null").current_dir(project.path()).env("NO_COLOR", "1");
    for name in ["CI", "PICCOLO_CONF", "DATABASE_URL"] {
        command.env_remove(name);
    }
    command.envs(url.map(|url| ("DATABASE_URL", url)));
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().expect("the program `script` of util-linux");
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap()
}
