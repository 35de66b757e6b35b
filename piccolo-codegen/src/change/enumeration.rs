//! What happens to an enum.

use piccolo_runtime::schema::{Enum, EnumValue};

/// One enum added, dropped or modified.
#[derive(Clone, Debug, PartialEq)]
pub enum EnumChange<'a> {
    /// The enum is new.
    AddEnum(&'a Enum),
    /// The enum goes.
    DropEnum(&'a Enum),
    /// The enum stays and changes.
    ModifyEnum(ModifyEnum<'a>),
}

/// What differs between the two sides of an enum that stays. Its name, Postgres schema and comment are compared where they are
/// needed, on the two sides.
#[derive(Clone, Debug, PartialEq)]
pub struct ModifyEnum<'a> {
    /// The enum as it was.
    pub from: &'a Enum,
    /// The enum as it shall be.
    pub to: &'a Enum,
    /// Values whose text changes.
    pub renamed: Vec<(&'a EnumValue, &'a EnumValue)>,
    /// New values, in the new order.
    pub added: Vec<&'a EnumValue>,
    /// Values that go, in the old order.
    pub dropped: Vec<&'a EnumValue>,
    /// Whether the values that stay change their order among themselves.
    pub reordered: bool,
}

impl ModifyEnum<'_> {
    /// Whether anything about the values differs, rather than only the enum's name or comment.
    #[must_use]
    pub fn changes_values(&self) -> bool {
        !self.renamed.is_empty() || !self.added.is_empty() || !self.dropped.is_empty() || self.reordered
    }

    /// The new text of an old value; `None` for a value that goes.
    #[must_use]
    pub fn new_text(&self, old: &str) -> Option<&str> {
        if self.dropped.iter().any(|value| value.text == old) {
            return None;
        }
        let renamed = self.renamed.iter().find(|(from, _)| from.text == old);
        renamed.map(|(_, to)| to.text.as_ref()).or_else(|| {
            let kept = self.to.values.iter().find(|value| value.text == old)?;
            Some(kept.text.as_ref())
        })
    }
}

impl<'a> EnumChange<'a> {
    /// The enum, where it is new.
    #[must_use]
    pub fn added(&self) -> Option<&'a Enum> {
        match self {
            Self::AddEnum(added) => Some(added),
            Self::DropEnum(_) | Self::ModifyEnum(_) => None,
        }
    }

    /// The enum, where it goes.
    #[must_use]
    pub fn dropped(&self) -> Option<&'a Enum> {
        match self {
            Self::DropEnum(dropped) => Some(dropped),
            Self::AddEnum(_) | Self::ModifyEnum(_) => None,
        }
    }

    /// Its two sides, where it stays.
    #[must_use]
    pub fn modified(&self) -> Option<&ModifyEnum<'a>> {
        match self {
            Self::ModifyEnum(modified) => Some(modified),
            Self::AddEnum(_) | Self::DropEnum(_) => None,
        }
    }

    /// The change in a few words.
    #[must_use]
    pub fn describe(&self) -> Vec<String> {
        match self {
            Self::AddEnum(added) => vec![format!("add enum {}", added.sql_name)],
            Self::DropEnum(dropped) => vec![format!("drop enum {}", dropped.sql_name)],
            Self::ModifyEnum(ModifyEnum { from, to, renamed, added, dropped, reordered }) => {
                let name = &to.sql_name;
                let mut words = Vec::new();
                if from.sql_name != to.sql_name {
                    words.push(format!("rename enum {} to {name}", from.sql_name));
                }
                words.extend(
                    renamed.iter().map(|(from, to)| format!("rename value {name}.{} to {}", from.text, to.text)),
                );
                words.extend(added.iter().map(|value| format!("add value {name}.{}", value.text)));
                words.extend(dropped.iter().map(|value| format!("drop value {name}.{}", value.text)));
                if *reordered {
                    words.push(format!("reorder the values of {name}"));
                }
                if from.doc != to.doc {
                    words.push(format!("change the comment of enum {name}"));
                }
                words
            }
        }
    }
}
