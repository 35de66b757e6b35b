//! Renames as an input: the difference between two schemas never guesses them.

use std::str::FromStr;

use piccolo_runtime::schema::Text;

/// What is known about renames before two schemas are compared.
///
/// Names may be those of the schema language or those of the database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Renames {
    /// What `was = "…"` says in the new schema. A hint whose new name is new decides, whether or not its old name is used again. Any other
    /// holds only where its old name is gone, so that it is harmless once it has been applied.
    pub hints: Vec<Rename>,
    /// What was decided for this one comparison, by a flag or an answer. A decision holds wherever both names exist.
    pub decided: Vec<Rename>,
}

/// One rename of a table, an enum, a column or an enum's value.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Rename {
    /// The table of a column or the enum of a value, by its new or its old name; `None` for a table or an enum.
    pub parent: Option<Text>,
    /// The old name.
    pub from: Text,
    /// The new name.
    pub to: Text,
}

impl Rename {
    /// A table or an enum that changes its name.
    pub fn new(from: impl Into<Text>, to: impl Into<Text>) -> Self {
        Self { parent: None, from: from.into(), to: to.into() }
    }

    /// A column or an enum's value that changes its name.
    pub fn inside(parent: impl Into<Text>, from: impl Into<Text>, to: impl Into<Text>) -> Self {
        Self { parent: Some(parent.into()), from: from.into(), to: to.into() }
    }

    /// The same the other way round. The parent keeps its name: both names of a parent are understood.
    #[must_use]
    pub fn inverse(&self) -> Self {
        Self { parent: self.parent.clone(), from: self.to.clone(), to: self.from.clone() }
    }
}

impl std::fmt::Display for Rename {
    /// The form of the flag: `band.name=title` or `Band=Group`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.parent {
            Some(parent) => write!(f, "{parent}.{}={}", self.from, self.to),
            None => write!(f, "{}={}", self.from, self.to),
        }
    }
}

impl FromStr for Rename {
    type Err = String;

    /// Reads `band.name=title` or `Band=Group`; `band.name=band.title` is understood as well.
    fn from_str(text: &str) -> Result<Self, String> {
        let malformed = || format!("`{text}` is not a rename: write `table.column=new_name` or `Table=NewName`");
        let (from, to) = text.split_once('=').ok_or_else(malformed)?;
        let (from, to) = (from.trim(), to.trim());
        if from.is_empty() || to.is_empty() {
            return Err(malformed());
        }
        Ok(match from.split_once('.') {
            Some((parent, from)) => {
                let prefix = format!("{parent}.");
                let to = to.strip_prefix(prefix.as_str()).unwrap_or(to);
                Self::inside(parent.to_owned(), from.to_owned(), to.to_owned())
            }
            None => Self::new(from.to_owned(), to.to_owned()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Rename;

    #[test]
    fn a_rename_is_read_from_the_text_of_its_flag() {
        assert_eq!("band.name=title".parse(), Ok(Rename::inside("band", "name", "title")));
        assert_eq!("band.name=band.title".parse(), Ok(Rename::inside("band", "name", "title")));
        assert_eq!("Band=Group".parse(), Ok(Rename::new("Band", "Group")));
        assert_eq!(Rename::inside("band", "name", "title").to_string(), "band.name=title");
        assert!("band.name".parse::<Rename>().is_err());
        assert!("=x".parse::<Rename>().is_err());
    }
}
