//! An application's folder in a temporary place, and the command line run in it as a process.

use std::collections::BTreeMap;
use std::fmt::{Debug, Display, Formatter};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

use crate::scratch::fail;
use piccolo_codegen::proof::cluster::Unprivileged;

/// The command line as this package's tests build it: the product's own entry in a thin program, because cargo
/// tells a test only where the programs of its own package are.
const PROGRAM: &str = "piccolo-under-test";

/// The folder of an application, removed with this value.
pub struct Project {
    folder: TempDir,
}

impl Project {
    /// An empty folder.
    #[must_use]
    pub fn empty() -> Self {
        let folder = tempfile::Builder::new().prefix("piccolo-project-").tempdir();
        Self { folder: folder.unwrap_or_else(|error| fail(&error)) }
    }

    /// A folder with a `schema.piccolo`, and the default settings.
    #[must_use]
    pub fn with_schema(schema: &str) -> Self {
        let project = Self::empty();
        project.write("schema.piccolo", schema);
        project
    }

    /// The folder.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file in the folder.
    #[must_use]
    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// Writes a file, and the folders above it.
    pub fn write(&self, name: &str, contents: impl AsRef<[u8]>) {
        let path = self.file(name);
        let written =
            path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(&path, contents));
        written.unwrap_or_else(|error| fail(&format!("{}: {error}", path.display())));
    }

    /// The text of a file.
    #[must_use]
    pub fn read(&self, name: &str) -> String {
        let path = self.file(name);
        std::fs::read_to_string(&path).unwrap_or_else(|error| fail(&format!("{}: {error}", path.display())))
    }

    /// All files below the folder, so that a test can say that nothing has changed.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.path().to_owned()];
        while let Some(folder) = folders.pop() {
            let entries =
                std::fs::read_dir(&folder).unwrap_or_else(|error| fail(&format!("{}: {error}", folder.display())));
            for path in entries.flatten().map(|entry| entry.path()) {
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(self.path()).unwrap_or(&path).to_string_lossy().into_owned();
                    files.insert(name, std::fs::read(&path).unwrap_or_default());
                }
            }
        }
        files
    }

    /// Runs the command line in the folder, without a terminal and without the developer's own settings.
    #[must_use]
    pub fn run(&self, arguments: &[&str]) -> Outcome {
        Outcome::of(self.command().args(arguments))
    }

    /// The command line in the folder, for a test that adds to it.
    #[must_use]
    pub fn command(&self) -> Command {
        self.program(&program())
    }

    /// Runs the command line as a user whom file permissions stop, which root is not.
    #[must_use]
    pub fn run_unprivileged(&self, arguments: &[&str]) -> Outcome {
        // The program's own folder may be closed to that user.
        let place = tempfile::Builder::new().prefix("piccolo-program-").tempdir().unwrap_or_else(|error| fail(&error));
        let copy = place.path().join(PROGRAM);
        let run = || {
            let user = Unprivileged::for_owner_of(place.path())?;
            std::fs::copy(program(), &copy).map_err(|error| error.to_string())?;
            user.take(place.path()).and_then(|()| user.take(&copy)).map_err(|error| error.to_string())?;
            Ok::<_, String>(Outcome::of(user.run(&mut self.program(&copy)).args(arguments)))
        };
        run().unwrap_or_else(|error| fail(&error))
    }

    /// Gives the folder and all in it to the user of [`run_unprivileged`](Self::run_unprivileged), with these
    /// permissions for folders and files.
    pub fn hand_over(&self, folder_mode: u32, file_mode: u32) {
        let hand_over = || {
            let user = Unprivileged::for_owner_of(self.path())?;
            let mut paths: Vec<PathBuf> = self.files().keys().map(|name| self.file(name)).collect();
            paths.extend(self.folders());
            for path in paths {
                let mode = if path.is_dir() { folder_mode } else { file_mode };
                let permissions = std::os::unix::fs::PermissionsExt::from_mode(mode);
                let done = user.take(&path).and_then(|()| std::fs::set_permissions(&path, permissions));
                done.map_err(|error| format!("{}: {error}", path.display()))?;
            }
            Ok::<_, String>(())
        };
        hand_over().unwrap_or_else(|error| fail(&error));
    }

    /// The folder itself and those below it.
    fn folders(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.path().to_owned()];
        let mut next = 0;
        while let Some(folder) = folders.get(next) {
            let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
            let inner: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(|path| path.is_dir()).collect();
            folders.extend(inner);
            next += 1;
        }
        folders
    }

    fn program(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(self.path()).stdin(std::process::Stdio::null());
        for name in ["DATABASE_URL", "PICCOLO_CONF", "NO_COLOR", "CLICOLOR_FORCE", "COLUMNS", "CI", "RUST_BACKTRACE"] {
            command.env_remove(name);
        }
        // Proofs run on the cluster of the tests instead of starting one for each process.
        command.env("PICCOLO_SCRATCH_URL", crate::scratch_url());
        command
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // A folder that may not be written to could not be removed either.
        for folder in self.folders() {
            let _ = std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755));
        }
    }
}

/// The program of the command line. Cargo puts it beside the folder of the test binaries.
///
/// # Panics
///
/// When it was not built, which cargo does for every test of this package.
#[must_use]
pub fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap_or_else(|error| fail(&error));
    let found = test.ancestors().skip(1).map(|folder| folder.join(PROGRAM)).find(|path| path.is_file());
    found.unwrap_or_else(|| fail(&format!("{PROGRAM} was not built: run `cargo test -p piccolo-tests`")))
}

/// What a run of the command line came to.
pub struct Outcome {
    /// The exit status; a signal is a failure of the test.
    pub status: i32,
    /// What it wrote as data.
    pub stdout: String,
    /// What it wrote for people.
    pub stderr: String,
}

impl Outcome {
    /// Runs a command to its end.
    #[must_use]
    pub fn of(command: &mut Command) -> Self {
        let output = command.output().unwrap_or_else(|error| fail(&format!("{command:?}: {error}")));
        Self::from(output)
    }

    /// Fails the test unless the exit status is this one.
    #[track_caller]
    pub fn exits(self, status: i32) -> Self {
        assert_eq!(self.status, status, "{self}");
        self
    }

    /// Fails the test unless the words for people hold this text.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.stderr.contains(words), "`{words}` was not said\n{self}");
        self
    }
}

impl From<Output> for Outcome {
    fn from(output: Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
        let status = output.status.code().unwrap_or_else(|| fail(&format!("{}\n{stderr}", output.status)));
        Self { status, stdout, stderr }
    }
}

impl Display for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        write!(f, "exit status {}\n--- stdout\n{}\n--- stderr\n{}", self.status, self.stdout, self.stderr)
    }
}

impl Debug for Outcome {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        Display::fmt(self, f)
    }
}
