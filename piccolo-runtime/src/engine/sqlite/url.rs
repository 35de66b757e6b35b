//! Urls of SQLite databases: `sqlite://folder/file`, `sqlite:file`, `sqlite::memory:`.

use std::path::PathBuf;
use std::time::Duration;

use crate::engine::options::Options;
use crate::{Error, Result};

/// What a url says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Location {
    /// The file; `None` for a database in memory.
    pub(crate) path: Option<PathBuf>,
    /// Whether it may be written.
    pub(crate) writable: bool,
    /// Whether it is created if it does not exist.
    pub(crate) create: bool,
    /// How long to wait for a lock of another process.
    pub(crate) busy_timeout: Duration,
}

impl Location {
    /// The file's name without its folder, or `:memory:`.
    pub(crate) fn name(&self) -> String {
        let name = self.path.as_deref().and_then(std::path::Path::file_name);
        name.map_or_else(|| ":memory:".to_owned(), |name| name.to_string_lossy().into_owned())
    }
}

/// Reads a url that begins with `sqlite:`.
pub(crate) fn parse(url: &str, options: &Options) -> Result<Location> {
    let rest = url.strip_prefix("sqlite:").unwrap_or(url);
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = decode(path, url)?;
    let mut location = Location {
        path: (path != ":memory:").then(|| PathBuf::from(&path)),
        writable: true,
        create: options.create_if_missing,
        busy_timeout: options.busy_timeout,
    };
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (key, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        match (key, value) {
            ("mode", "ro") => (location.writable, location.create) = (false, false),
            ("mode", "rw") => location.create = false,
            ("mode", "rwc") => location.create = true,
            ("mode", "memory") => location.path = None,
            ("mode", _) => return Err(wrong(url, "`mode` is one of ro, rw, rwc and memory")),
            ("busy_timeout", milliseconds) => {
                let milliseconds = milliseconds
                    .parse::<u32>()
                    .map_err(|_| wrong(url, "`busy_timeout` is a number of milliseconds"))?;
                location.busy_timeout = Duration::from_millis(milliseconds.into());
            }
            (unknown, _) => {
                return Err(wrong(url, &format!("`{unknown}` is not a parameter; there are mode and busy_timeout")));
            }
        }
    }
    if location.path.as_ref().is_some_and(|path| path.as_os_str().is_empty()) {
        return Err(wrong(url, "it names no file; write sqlite://path/to/file or sqlite::memory:"));
    }
    Ok(location)
}

fn wrong(url: &str, why: &str) -> Error {
    Error::Config { message: format!("the url `{url}` cannot be used: {why}") }
}

/// Undoes percent-encoding.
fn decode(text: &str, url: &str) -> Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((plain, encoded)) = rest.split_once('%') {
        bytes.extend_from_slice(plain.as_bytes());
        let byte = encoded.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(byte.ok_or_else(|| wrong(url, "a % is followed by two hexadecimal digits; a plain % is %25"))?);
        rest = encoded.get(2..).unwrap_or_default();
    }
    bytes.extend_from_slice(rest.as_bytes());
    match String::from_utf8(bytes) {
        Ok(path) if !path.contains('\0') => Ok(path),
        Ok(_) | Err(_) => Err(wrong(url, "the path is not UTF-8 text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(url: &str) -> Option<String> {
        parse(url, &Options::default()).unwrap().path.map(|path| path.to_str().unwrap().to_owned())
    }

    #[test]
    fn every_form_of_url_names_its_file() {
        assert_eq!(path("sqlite://bands.sqlite").as_deref(), Some("bands.sqlite"));
        assert_eq!(path("sqlite:bands.sqlite").as_deref(), Some("bands.sqlite"));
        assert_eq!(path("sqlite:///tmp/a%20b%3f.db").as_deref(), Some("/tmp/a b?.db"));
        for memory in ["sqlite::memory:", "sqlite://:memory:", "sqlite://x?mode=memory"] {
            assert_eq!(path(memory), None, "{memory}");
        }
    }

    #[test]
    fn parameters_set_the_mode() {
        let location = parse("sqlite://a?mode=ro&busy_timeout=20", &Options::default()).unwrap();
        assert!(!location.writable && !location.create);
        assert_eq!(location.busy_timeout, Duration::from_millis(20));
    }

    #[test]
    fn wrong_urls_say_what_would_be_right() {
        for (url, part) in [
            ("sqlite://", "names no file"),
            ("sqlite://a?mode=x", "rwc"),
            ("sqlite://a?mood=ro", "`mood`"),
            ("sqlite://a%2", "%25"),
            ("sqlite://a%00b", "UTF-8"),
            ("sqlite://a%ff", "UTF-8"),
        ] {
            let message = parse(url, &Options::default()).unwrap_err().to_string();
            assert!(message.contains(part), "{message}");
        }
    }
}
