//! `migration.toml`: what a migration builds on, and what was decided when it was written.

use std::collections::BTreeMap;

use piccolo_runtime::sql::Dialect;
use serde::{Deserialize, Serialize};

use crate::change::{Decisions, Rename, Renames};

/// The content of `migration.toml`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    /// The ids of the migrations that must have run before.
    pub parents: Vec<String>,
    /// The engines that it has scripts for.
    pub engines: Vec<Dialect>,
    /// The engines on which it was proven when it was written; none where it was written by hand.
    pub proven: Vec<Dialect>,
    /// Whether its Postgres plan avoids long locks at the price of more steps.
    pub online: bool,
    /// What it changes, for the reader.
    pub changes: Vec<String>,
    /// What rows could refuse, and what was consented to, for the reader.
    pub risks: Vec<String>,
    /// What was decided.
    pub decisions: DecisionsTaken,
}

/// The decisions behind a migration, each as its flag has it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DecisionsTaken {
    /// Renames: `band.name=title`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub renames: Vec<String>,
    /// Consents: `drop-column:band.popularity`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub allow: Vec<String>,
    /// Expressions for existing rows, by column.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub backfill: BTreeMap<String, String>,
    /// Values that took the place of values that went, by `enum.value`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub map: BTreeMap<String, String>,
}

impl DecisionsTaken {
    /// The decisions, with all renames that took place.
    pub(super) fn new(renames: &[Rename], decisions: &Decisions) -> Self {
        let Decisions { renames: _, allowed, backfills, maps } = decisions;
        Self {
            renames: renames.iter().map(ToString::to_string).collect(),
            allow: allowed.iter().cloned().collect(),
            backfill: backfills.iter().map(|(key, expression)| (key.to_string(), expression.clone())).collect(),
            map: maps.clone(),
        }
    }

    /// Reads decisions that stand in a file of their own, as they do under `[decisions]`.
    ///
    /// # Errors
    ///
    /// When the text is no TOML or holds anything else.
    pub fn parse(text: &str) -> Result<Self, ManifestError> {
        toml::from_str(text).map_err(|found| ManifestError::found(text, &found))
    }

    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl TryFrom<&DecisionsTaken> for Decisions {
    type Error = String;

    /// The decisions as they were taken, for planning once more.
    fn try_from(taken: &DecisionsTaken) -> Result<Self, String> {
        let DecisionsTaken { renames, allow, backfill, map } = taken;
        let decided = renames.iter().map(|rename| rename.parse()).collect::<Result<_, _>>()?;
        let backfills = backfill
            .iter()
            .map(|(key, expression)| Ok((key.parse()?, expression.clone())))
            .collect::<Result<_, String>>()?;
        Ok(Self {
            renames: Renames { hints: Vec::new(), decided },
            allowed: allow.iter().cloned().collect(),
            backfills,
            maps: map.clone(),
        })
    }
}

/// Why a `migration.toml` cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// What is wrong, with the place where it is.
    pub message: String,
    /// The line, from 1, where it is about one.
    pub line: Option<usize>,
}

impl ManifestError {
    /// What the reader of TOML says of a text.
    fn found(text: &str, error: &toml::de::Error) -> Self {
        let before = error.span().and_then(|span| text.get(..span.start));
        Self {
            message: error.to_string().trim_end().to_owned(),
            line: before.map(|before| before.matches('\n').count() + 1),
        }
    }
}

impl std::fmt::Display for ManifestError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for ManifestError {}

/// Whether a key says what it says by default.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

/// The file as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    parents: Vec<String>,
    engines: Vec<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    online: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    proven: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    changes: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    risks: Vec<String>,
    #[serde(default, skip_serializing_if = "DecisionsTaken::is_empty")]
    decisions: DecisionsTaken,
}

impl std::fmt::Display for Manifest {
    /// The text of the file.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { parents, engines, online, proven, changes, risks, decisions } = self.clone();
        let names = |engines: Vec<Dialect>| engines.iter().map(|engine| engine.name().to_owned()).collect();
        let (engines, proven) = (names(engines), names(proven));
        let text = toml::to_string_pretty(&Written { parents, engines, online, proven, changes, risks, decisions });
        f.write_str(&text.map_err(|_| std::fmt::Error)?)
    }
}

impl std::str::FromStr for Manifest {
    type Err = ManifestError;

    fn from_str(text: &str) -> Result<Self, ManifestError> {
        let line = |key: &str| text.lines().position(|line| line.starts_with(key)).map(|position| position + 1);
        let Written { parents, engines, online, proven, changes, risks, decisions } =
            toml::from_str(text).map_err(|found| ManifestError::found(text, &found))?;
        let known = |key: &str, names: Vec<String>| -> Result<Vec<Dialect>, ManifestError> {
            let one = |name: &String| {
                let known = Dialect::ALL.into_iter().find(|dialect| dialect.name() == name);
                known.ok_or_else(|| ManifestError {
                    message: format!("unknown engine `{name}` in `{key}`; known are sqlite and postgres"),
                    line: line(key),
                })
            };
            names.iter().map(one).collect()
        };
        let (engines, proven) = (known("engines", engines)?, known("proven", proven)?);
        Ok(Self { parents, engines, online, proven, changes, risks, decisions })
    }
}

#[cfg(test)]
mod tests {
    use piccolo_runtime::sql::Dialect;

    use super::{DecisionsTaken, Manifest};

    #[test]
    fn a_manifest_is_read_as_it_was_written() {
        let manifest = Manifest {
            parents: vec!["2026-11-22T10-44-37_first".to_owned()],
            engines: vec![Dialect::Sqlite, Dialect::Postgres],
            proven: vec![Dialect::Sqlite],
            online: true,
            changes: vec!["drop column band.\"odd\"".to_owned()],
            risks: vec!["drop-column:band.popularity".to_owned()],
            decisions: DecisionsTaken {
                renames: vec!["band.name=title".to_owned()],
                allow: vec!["drop-column:band.popularity".to_owned()],
                backfill: [("band.members".to_owned(), "'it''s \\ \"four\"'".to_owned())].into(),
                map: [("genre.folk".to_owned(), "jazz".to_owned())].into(),
            },
        };
        assert_eq!(manifest.to_string().parse(), Ok(manifest));
        let first = Manifest { engines: vec![Dialect::Sqlite], ..Manifest::default() };
        assert_eq!(first.to_string(), "parents = []\nengines = [\"sqlite\"]\n");
        assert_eq!(first.to_string().parse(), Ok(first));
    }

    #[test]
    fn what_is_wrong_in_a_manifest_is_said() {
        for (text, part) in [
            ("parents = []\nengines = [\"oracle\"]", "unknown engine `oracle`"),
            ("parents = []", "missing field `engines`"),
            ("parents = []\nengines = []\nparent = 1", "unknown field `parent`"),
            ("parents = [", "TOML parse error at line 1"),
        ] {
            let error = text.parse::<Manifest>().unwrap_err();
            assert!(error.message.contains(part), "{error}");
        }
    }
}
