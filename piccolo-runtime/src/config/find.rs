//! Where the file is looked for, and the database that it names.

use std::path::{Path, PathBuf};

use super::{ConfigError, File};

/// The name of the file that is looked for.
pub const FILE_NAME: &str = "piccolo.toml";

/// The environment variable that names another file.
pub const FILE_VARIABLE: &str = "PICCOLO_CONF";

/// The environment variable that wins over the url in the file.
pub const URL_VARIABLE: &str = "DATABASE_URL";

/// What the search came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The file, with its whole path; `None` where there is none.
    pub path: Option<PathBuf>,
    /// What it says.
    pub file: File,
    /// The folder that the search began in.
    pub from: PathBuf,
}

impl Found {
    /// The folder that relative paths in the file start from: its own, or where there is no file the one that the search began in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.path.as_deref().and_then(Path::parent).unwrap_or(&self.from)
    }

    /// The url of the application's database, as the file says. A relative path of a SQLite file starts from the folder of `piccolo.toml`.
    #[must_use]
    pub fn database_url(&self) -> Option<String> {
        self.file.database.url.as_deref().map(|url| anchored(url, self.folder()))
    }
}

/// Finds the file and reads it: the nearest `piccolo.toml`, in `from` (a whole path) or above it.
///
/// `named` is the value of `PICCOLO_CONF`, which names another file: a whole path, or one that is looked for in `from` and above it; `.toml` may be left
/// out.
///
/// # Errors
///
/// A file that is named but not there, one that cannot be read, and all mistakes in it.
pub fn find(from: &Path, named: Option<&Path>) -> Result<Found, ConfigError> {
    let path = match named.filter(|named| !named.as_os_str().is_empty()) {
        None => from.ancestors().map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file()),
        Some(named) => Some(find_named(from, named)?),
    };
    let file = path.as_deref().map(read).transpose()?.unwrap_or_default();
    Ok(Found { path, file, from: from.to_owned() })
}

fn find_named(from: &Path, named: &Path) -> Result<PathBuf, ConfigError> {
    let with_ending = {
        let mut name = named.as_os_str().to_owned();
        name.push(".toml");
        PathBuf::from(name)
    };
    let folders: Vec<&Path> = if named.is_absolute() { vec![from] } else { from.ancestors().collect() };
    let candidates = folders.iter().flat_map(|folder| [folder.join(named), folder.join(&with_ending)]);
    candidates.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let place =
            if named.is_absolute() { String::new() } else { format!(" in {} or a folder above it", from.display()) };
        ConfigError(format!(
            "{FILE_VARIABLE} names {}, but there is neither such a file nor {}{place}",
            named.display(),
            with_ending.display()
        ))
    })
}

/// Reads the file at this path.
///
/// # Errors
///
/// Why it cannot be read, or all mistakes in it.
pub fn read(path: &Path) -> Result<File, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| ConfigError(format!("cannot read {}: {error}", path.display())))?;
    File::parse(&text, path)
}

/// That no database is named, and where it was looked for: in this file, or in this folder and above where there is no file.
#[must_use]
pub fn no_database(file: Option<&Path>, from: &Path) -> ConfigError {
    let searched = match file {
        Some(file) => format!("{} has no `url` under `[database]`", file.display()),
        None => format!("there is no {FILE_NAME} in {} or a folder above it", from.display()),
    };
    ConfigError(format!(
        "no database is named: {URL_VARIABLE} is not set, and {searched}.\n\
         Set {URL_VARIABLE}=sqlite://app.sqlite, or write `url = \"sqlite://app.sqlite\"` under `[database]` in {FILE_NAME}"
    ))
}

/// The url with the folder in front of a relative path of a SQLite file, because an application is started from many folders and has one
/// database.
fn anchored(url: &str, folder: &Path) -> String {
    let Some(rest) = url.strip_prefix("sqlite:") else { return url.to_owned() };
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, folder) = (rest.split('?').next().unwrap_or(rest), folder.to_str());
    match folder {
        Some(folder) if !path.is_empty() && path != ":memory:" && !path.starts_with(['/', '\\', '%']) => {
            // A path in a url is percent-encoded.
            let folder = folder.replace('%', "%25").replace('?', "%3f");
            format!("sqlite://{}/{rest}", folder.trim_end_matches('/'))
        }
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(folder: &Path, name: &str, url: &str) {
        let path = folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, format!("[database]\nurl = \"{url}\"\n")).unwrap();
    }

    #[test]
    fn the_nearest_file_upwards_is_the_one() {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("a/b");
        std::fs::create_dir_all(&deep).unwrap();
        file(top.path(), FILE_NAME, "sqlite://far.sqlite");
        let url = |from: &Path| find(from, None).unwrap().database_url().unwrap();
        assert_eq!(url(&deep), format!("sqlite://{}/far.sqlite", top.path().display()));
        file(top.path(), "a/piccolo.toml", "sqlite://near.sqlite?mode=rw");
        assert_eq!(url(&deep), format!("sqlite://{}/a/near.sqlite?mode=rw", top.path().display()));
        assert_eq!(find(top.path(), None).unwrap().folder(), top.path());
    }

    #[test]
    fn the_variable_names_another_file_with_or_without_its_ending() {
        let top = tempfile::tempdir().unwrap();
        let deep = top.path().join("a");
        file(top.path(), "a/piccolo.toml", "sqlite::memory:");
        file(top.path(), "conf/test.toml", "postgres://one");
        let whole = top.path().join("conf/test");
        for named in [Path::new("conf/test.toml"), Path::new("conf/test"), &whole, &whole.with_extension("toml")] {
            let found = find(&deep, Some(named)).unwrap();
            assert_eq!(found.database_url().as_deref(), Some("postgres://one"), "{}", named.display());
            assert_eq!(found.folder(), top.path().join("conf"));
        }
        // An empty variable is none.
        let found = find(&deep, Some(Path::new(""))).unwrap();
        assert_eq!(found.database_url().as_deref(), Some("sqlite::memory:"));
        let missing = find(&deep, Some(Path::new("conf/prod"))).unwrap_err().to_string();
        for part in ["PICCOLO_CONF names conf/prod", "conf/prod.toml", &deep.display().to_string()] {
            assert!(missing.contains(part), "{missing}");
        }
        let missing = find(&deep, Some(Path::new("/nowhere/prod"))).unwrap_err().to_string();
        assert!(!missing.contains("above"), "{missing}");
    }

    #[test]
    fn only_relative_paths_of_sqlite_get_a_folder() {
        let folder = Path::new("/srv/50% ?/app");
        for (url, expected) in [
            ("sqlite://bands.sqlite", "sqlite:///srv/50%25 %3f/app/bands.sqlite"),
            ("sqlite:data/bands.sqlite?mode=ro", "sqlite:///srv/50%25 %3f/app/data/bands.sqlite?mode=ro"),
            ("sqlite:///var/bands.sqlite", "sqlite:///var/bands.sqlite"),
            ("sqlite::memory:", "sqlite::memory:"),
            ("sqlite://:memory:", "sqlite://:memory:"),
            ("postgres://host/bands", "postgres://host/bands"),
        ] {
            assert_eq!(anchored(url, folder), expected);
        }
        assert_eq!(anchored("sqlite://bands.sqlite", Path::new("/")), "sqlite:///bands.sqlite");
    }
}
