//! What is not a table: enumerated types, sequences, and what the schema language cannot say.

use super::{name_of_word, name_word};
use crate::introspect::node::Node;
use crate::schema::QualifiedName;

/// An enumerated type of Postgres.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumShape {
    /// Its name.
    pub name: QualifiedName,
    /// Its values, in their order.
    pub values: Vec<String>,
    /// Its comment.
    pub comment: Option<String>,
}

/// A sequence that does not belong to an identity column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceShape {
    /// Its name.
    pub name: QualifiedName,
    /// The column that owns it, as `table.column`: that of an old-style `serial`.
    pub owner: Option<String>,
}

/// Something that the schema language cannot say. It is left alone, and kept when a table is rebuilt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectShape {
    /// What it is.
    pub kind: ObjectKind,
    /// Its name; a function's has its argument types.
    pub name: QualifiedName,
    /// The table it belongs to, for triggers, rules and policies.
    pub table: Option<QualifiedName>,
    /// Its definition, as the server writes it.
    pub definition: String,
}

/// The kinds of things that the schema language cannot say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[expect(missing_docs, reason = "each variant is what the manuals call so")]
pub enum ObjectKind {
    Extension,
    Domain,
    CompositeType,
    Function,
    View,
    MaterializedView,
    ForeignTable,
    VirtualTable,
    Trigger,
    Rule,
    Policy,
}

impl ObjectKind {
    /// All kinds.
    const ALL: [Self; 11] = [
        Self::Extension,
        Self::Domain,
        Self::CompositeType,
        Self::Function,
        Self::View,
        Self::MaterializedView,
        Self::ForeignTable,
        Self::VirtualTable,
        Self::Trigger,
        Self::Rule,
        Self::Policy,
    ];

    /// What it is called in the text of a shape, such as `materialized-view`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Extension => "extension",
            Self::Domain => "domain",
            Self::CompositeType => "composite-type",
            Self::Function => "function",
            Self::View => "view",
            Self::MaterializedView => "materialized-view",
            Self::ForeignTable => "foreign-table",
            Self::VirtualTable => "virtual-table",
            Self::Trigger => "trigger",
            Self::Rule => "rule",
            Self::Policy => "policy",
        }
    }

    /// The kind that a word says.
    pub(in crate::introspect) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

impl std::fmt::Display for ObjectKind {
    /// The kind in words, such as `materialized view`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.word().replace('-', " "))
    }
}

impl EnumShape {
    /// The tree of words.
    pub(super) fn node(&self) -> Node {
        let Self { name, values, comment } = self;
        Node::new("enum", Some(&name_word(name))).words("values", values).text("comment", comment.as_deref())
    }

    /// The enum that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self {
            name: name_of_word(node.name.as_deref()?),
            values: node.get_words("values").to_vec(),
            comment: node.get_owned("comment"),
        })
    }
}

impl SequenceShape {
    /// The tree of words.
    pub(super) fn node(&self) -> Node {
        let Self { name, owner } = self;
        Node::new("sequence", Some(&name_word(name))).text("owner", owner.as_deref())
    }

    /// The sequence that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self { name: name_of_word(node.name.as_deref()?), owner: node.get_owned("owner") })
    }
}

impl ObjectShape {
    /// The tree of words. The table stands before the definition, because a trigger's name is its table's alone on Postgres.
    pub(super) fn node(&self) -> Node {
        let Self { kind, name, table, definition } = self;
        Node::new(kind.word(), Some(&name_word(name)))
            .text("table", table.as_ref().map(name_word).as_deref())
            .text("definition", Some(definition))
    }

    /// The object that a tree of words says; `None` for what is none.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self {
            kind: ObjectKind::of_word(&node.kind)?,
            name: name_of_word(node.name.as_deref()?),
            table: node.get_text("table").map(name_of_word),
            definition: node.get_owned("definition").unwrap_or_default(),
        })
    }
}
