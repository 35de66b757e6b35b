//! What a person decided about one comparison of two schemas.

use std::collections::{BTreeMap, BTreeSet};

use piccolo_runtime::sql::Dialect;

use super::Renames;

/// The decisions behind a migration. They are input: nothing is ever asked while planning, what is missing comes back as a list.
///
/// Tables, columns, enums and values are named by their database names or by those of the schema language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// Renames.
    pub renames: Renames,
    /// Consents to a loss or a risk, each exact, such as `drop-column:band.popularity`.
    pub allowed: BTreeSet<String>,
    /// Expressions that give existing rows their value. Each sees the row as it was, whatever else the migration changes in it, but by
    /// new names: those of tables, columns and values of enums. What goes is still there.
    pub backfills: BTreeMap<BackfillKey, String>,
    /// What becomes of an enum's value that goes: `genre.folk` to `jazz`.
    pub maps: BTreeMap<String, String>,
}

impl Decisions {
    /// Adds decisions.
    pub fn extend(&mut self, other: Self) {
        let Self { renames, allowed, backfills, maps } = other;
        self.renames.hints.extend(renames.hints);
        self.renames.decided.extend(renames.decided);
        self.allowed.extend(allowed);
        self.backfills.extend(backfills);
        self.maps.extend(maps);
    }

    /// Takes decisions back.
    pub fn remove(&mut self, other: &Self) {
        let Self { renames, allowed, backfills, maps } = other;
        self.renames.decided.retain(|rename| !renames.decided.contains(rename));
        self.allowed.retain(|what| !allowed.contains(what));
        self.backfills.retain(|key, _| !backfills.contains_key(key));
        self.maps.retain(|value, _| !maps.contains_key(value));
    }
}

/// Where a backfill expression is for: a column, and if need be one direction or one engine alone.
///
/// Its text is `band.members`, `postgres:band.members`, `down:band.members` or `down:postgres:band.members`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct BackfillKey {
    /// Whether it is for the way back.
    pub down: bool,
    /// The engine whose SQL it is; `None` for both.
    pub dialect: Option<Dialect>,
    /// The column as `table.column`.
    pub column: String,
}

impl BackfillKey {
    /// An expression for all engines on the way forwards.
    pub fn new(column: impl Into<String>) -> Self {
        Self { down: false, dialect: None, column: column.into() }
    }
}

impl std::str::FromStr for BackfillKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (down, rest) = text.trim().strip_prefix("down:").map_or((false, text.trim()), |rest| (true, rest));
        let engine = Dialect::ALL.into_iter().find_map(|dialect| {
            let rest = rest.strip_prefix(dialect.name())?.strip_prefix(':')?;
            Some((dialect, rest))
        });
        let (dialect, column) = engine.map_or((None, rest), |(dialect, rest)| (Some(dialect), rest));
        match column.split_once('.') {
            Some((table, name)) if !table.is_empty() && !name.is_empty() && !column.contains(':') => {
                Ok(Self { down, dialect, column: column.to_owned() })
            }
            Some(_) | None => Err(format!(
                "`{text}` names no column: write `table.column`, with `sqlite:`, `postgres:` or `down:` in front where it is for that alone"
            )),
        }
    }
}

impl std::fmt::Display for BackfillKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { down, dialect, column } = self;
        if *down {
            f.write_str("down:")?;
        }
        if let Some(dialect) = dialect {
            write!(f, "{dialect}:")?;
        }
        f.write_str(column)
    }
}

#[cfg(test)]
mod tests {
    use super::BackfillKey;

    #[test]
    fn the_key_of_a_backfill_is_read_from_its_own_text() {
        for text in ["band.name", "postgres:band.name", "down:band.name", "down:sqlite:band.name", "a.b.c"] {
            assert_eq!(text.parse::<BackfillKey>().map(|key| key.to_string()).as_deref(), Ok(text));
        }
        for text in ["band", "oracle:band.name", ".x", "band."] {
            assert!(text.parse::<BackfillKey>().is_err(), "{text}");
        }
    }
}
