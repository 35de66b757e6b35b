//! The constraints of a table. On SQLite a constraint may have no name.

use super::{name_of_word, name_word};
use crate::introspect::node::Node;
use crate::schema::{ForeignKeyAction, QualifiedName};

/// A primary key or a unique constraint.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct KeyShape {
    /// The constraint's name.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// When it is checked.
    pub deferral: Deferral,
    /// What else is said of it, such as `INCLUDE (name)` or `ON CONFLICT IGNORE`.
    pub options: Option<String>,
}

/// A check.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckShape {
    /// The constraint's name.
    pub name: Option<String>,
    /// The condition.
    pub expression: String,
    /// Whether every row is known to pass it: false for `NOT VALID`.
    pub valid: bool,
    /// What else is said of it, such as `NO INHERIT`.
    pub options: Option<String>,
}

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKeyShape {
    /// The constraint's name.
    pub name: Option<String>,
    /// Its columns, in order.
    pub columns: Vec<String>,
    /// The table it points to.
    pub target: QualifiedName,
    /// The columns it points to.
    pub target_columns: Vec<String>,
    /// What happens to a row when the one it points to is deleted.
    pub on_delete: ForeignKeyAction,
    /// What happens to a row when the key it points to changes.
    pub on_update: ForeignKeyAction,
    /// When it is checked.
    pub deferral: Deferral,
    /// Whether every row is known to pass it: false for `NOT VALID`.
    pub valid: bool,
    /// What else is said of it, such as `MATCH FULL`.
    pub options: Option<String>,
}

/// A constraint of another kind, such as an exclusion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherConstraint {
    /// The constraint's name.
    pub name: Option<String>,
    /// What it says.
    pub definition: String,
}

/// When a constraint is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub enum Deferral {
    /// With every statement.
    #[default]
    Never,
    /// With every statement, unless the transaction says otherwise.
    InitiallyImmediate,
    /// At the end of the transaction, unless it says otherwise.
    InitiallyDeferred,
}

impl Deferral {
    /// The word for it; none for the usual.
    fn word(self) -> Option<&'static str> {
        match self {
            Self::Never => None,
            Self::InitiallyImmediate => Some("initially-immediate"),
            Self::InitiallyDeferred => Some("initially-deferred"),
        }
    }

    fn of_word(word: Option<&str>) -> Self {
        let known = [Self::InitiallyImmediate, Self::InitiallyDeferred];
        known.into_iter().find(|deferral| word.is_some() && deferral.word() == word).unwrap_or_default()
    }
}

impl KeyShape {
    /// The tree of words.
    pub(super) fn node(&self, kind: &str) -> Node {
        let Self { name, columns, deferral, options } = self;
        Node::new(kind, name.as_deref())
            .words("columns", columns)
            .text("deferrable", deferral.word())
            .text("options", options.as_deref())
    }

    /// The key that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Self {
        Self {
            name: node.name.clone(),
            columns: node.get_words("columns").to_vec(),
            deferral: Deferral::of_word(node.get_text("deferrable")),
            options: node.get_owned("options"),
        }
    }
}

impl CheckShape {
    /// The tree of words.
    pub(super) fn node(&self) -> Node {
        let Self { name, expression, valid, options } = self;
        Node::new("check", name.as_deref())
            .text("expression", Some(expression))
            .flag("not-valid", !valid)
            .text("options", options.as_deref())
    }

    /// The check that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self {
            name: node.name.clone(),
            expression: node.get_owned("expression")?,
            valid: !node.is_set("not-valid"),
            options: node.get_owned("options"),
        })
    }
}

impl ForeignKeyShape {
    /// The tree of words.
    pub(super) fn node(&self) -> Node {
        let Self { name, columns, target, target_columns, on_delete, on_update, deferral, valid, options } = self;
        Node::new("foreign-key", name.as_deref())
            .words("columns", columns)
            .text("target", Some(&name_word(target)))
            .words("target-columns", target_columns)
            .text("on-delete", action_word(*on_delete))
            .text("on-update", action_word(*on_update))
            .text("deferrable", deferral.word())
            .flag("not-valid", !valid)
            .text("options", options.as_deref())
    }

    /// The foreign key that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self {
            name: node.name.clone(),
            columns: node.get_words("columns").to_vec(),
            target: name_of_word(node.get_text("target")?),
            target_columns: node.get_words("target-columns").to_vec(),
            on_delete: action_of_word(node.get_text("on-delete")),
            on_update: action_of_word(node.get_text("on-update")),
            deferral: Deferral::of_word(node.get_text("deferrable")),
            valid: !node.is_set("not-valid"),
            options: node.get_owned("options"),
        })
    }
}

impl OtherConstraint {
    /// The tree of words.
    pub(super) fn node(&self) -> Node {
        let Self { name, definition } = self;
        Node::new("constraint", name.as_deref()).text("definition", Some(definition))
    }

    /// The constraint that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self { name: node.name.clone(), definition: node.get_owned("definition")? })
    }
}

/// The word for an action; none for the default.
fn action_word(action: ForeignKeyAction) -> Option<&'static str> {
    match action {
        ForeignKeyAction::NoAction => None,
        ForeignKeyAction::Restrict => Some("restrict"),
        ForeignKeyAction::Cascade => Some("cascade"),
        ForeignKeyAction::SetNull => Some("set-null"),
        ForeignKeyAction::SetDefault => Some("set-default"),
    }
}

fn action_of_word(word: Option<&str>) -> ForeignKeyAction {
    let known = [
        ForeignKeyAction::Restrict,
        ForeignKeyAction::Cascade,
        ForeignKeyAction::SetNull,
        ForeignKeyAction::SetDefault,
    ];
    known.into_iter().find(|action| word.is_some() && action_word(*action) == word).unwrap_or_default()
}
