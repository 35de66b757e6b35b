//! Where the programs of Postgres are on this machine.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What is said when there is no Postgres here.
const MISSING: &str = "PostgreSQL's programs `initdb` and `postgres` were not found. \
     Install them with `apt-get install postgresql` (Debian, Ubuntu), `dnf install postgresql-server` (Fedora), \
     `apk add postgresql` (Alpine), `pacman -S postgresql` (Arch) or `brew install postgresql` (macOS), or put \
     their folder into PATH. No running server is needed: a throw-away one is started and removed.";

/// The programs that a throw-away cluster needs and the shell that talks to it, from one installation.
#[derive(Debug)]
pub(super) struct Binaries {
    pub(super) initdb: PathBuf,
    pub(super) postgres: PathBuf,
    pub(super) psql: PathBuf,
}

impl Binaries {
    /// Finds an installation: the one in `PATH`, the one `pg_config` names, then the usual folders.
    pub(super) fn find() -> Result<Self, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::env::split_paths(&path)
            .chain(folder_of_pg_config())
            .chain(newest_first("/usr/lib/postgresql", "bin"))
            .chain(newest_first("/usr/libexec/postgresql", ""))
            .chain(["/usr/libexec/postgresql", "/usr/local/pgsql/bin", "/usr/pgsql/bin"].map(PathBuf::from))
            .chain(["/opt/homebrew/opt", "/usr/local/opt"].iter().flat_map(|cellar| newest_first(cellar, "bin")));
        Self::first_of(folders)
    }

    fn first_of(folders: impl IntoIterator<Item = PathBuf>) -> Result<Self, String> {
        folders.into_iter().find_map(|folder| Self::inside(&folder)).ok_or_else(|| MISSING.to_owned())
    }

    fn inside(folder: &Path) -> Option<Self> {
        // A link such as /usr/local/bin/initdb is followed, because initdb looks for postgres beside itself.
        let initdb = folder.join("initdb").canonicalize().ok()?;
        let postgres = initdb.with_file_name("postgres");
        // Some distributions put the clients apart from the server.
        let beside = initdb.with_file_name("psql");
        let psql = if beside.is_file() { beside } else { PathBuf::from("psql") };
        (initdb.is_file() && postgres.is_file()).then_some(Self { initdb, postgres, psql })
    }
}

fn folder_of_pg_config() -> Option<PathBuf> {
    let output = Command::new("pg_config").arg("--bindir").output().ok()?;
    let folder = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(folder.trim()))
}

/// The `inner` folders of `parent`'s entries whose name holds a version, the highest version first.
fn newest_first(parent: &str, inner: &str) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(parent) else { return Vec::new() };
    let mut found: Vec<(u32, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| Some((version(entry.file_name().to_str()?)?, entry.path().join(inner))))
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The version in a folder's name: 15 in `15`, 16 in `postgresql@16`, and 0 in a bare `postgresql`.
fn version(name: &str) -> Option<u32> {
    let digits = name.trim_start_matches("postgresql").trim_start_matches('@');
    if digits.is_empty() { Some(0) } else { digits.parse().ok() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_of_an_installation_is_read_from_its_folder() {
        assert_eq!(version("15"), Some(15));
        assert_eq!(version("postgresql@17"), Some(17));
        assert_eq!(version("postgresql"), Some(0));
        assert_eq!(version("openssl@3"), None);
    }

    #[test]
    fn a_machine_without_postgres_is_told_what_to_install() {
        let refusal = Binaries::first_of([PathBuf::from("/nowhere")]).unwrap_err();
        assert!(refusal.contains("apt-get install postgresql"), "{refusal}");
    }

    #[test]
    fn a_folder_without_both_programs_is_no_installation() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("initdb"), "").unwrap();
        assert!(Binaries::inside(folder.path()).is_none());
        std::fs::write(folder.path().join("postgres"), "").unwrap();
        assert!(Binaries::inside(folder.path()).is_some());
    }
}
