//! The value that introspection gives.

mod column;
mod constraint;
mod index;
mod object;
mod table;

pub use column::{ColumnShape, Generated, Identity};
pub use constraint::{CheckShape, Deferral, ForeignKeyShape, KeyShape, OtherConstraint};
pub use index::{IndexKeyShape, IndexShape, Sorted};
pub use object::{EnumShape, ObjectKind, ObjectShape, SequenceShape};
pub use table::TableShape;

use super::node::Node;
use crate::schema::QualifiedName;
use crate::sql::Dialect;

/// What a database holds.
///
/// A name in the connection's own Postgres schema (the first of its search path) has no schema here, so a shape does not depend on
/// what that one is called. Tables and the other things are sorted by name; columns stand in their order in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The engine it was read from.
    pub dialect: Dialect,
    /// The tables.
    pub tables: Vec<TableShape>,
    /// The enumerated types; none on SQLite.
    pub enums: Vec<EnumShape>,
    /// The sequences that do not belong to an identity column; none on SQLite.
    pub sequences: Vec<SequenceShape>,
    /// What the schema language cannot say: views, triggers, functions …
    pub objects: Vec<ObjectShape>,
}

impl Shape {
    /// The shape of an empty database.
    #[must_use]
    pub fn empty(dialect: Dialect) -> Self {
        Self { dialect, tables: Vec::new(), enums: Vec::new(), sequences: Vec::new(), objects: Vec::new() }
    }

    /// Whether the database holds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { dialect: _, tables, enums, sequences, objects } = self;
        tables.is_empty() && enums.is_empty() && sequences.is_empty() && objects.is_empty()
    }

    /// The table of this name.
    #[must_use]
    pub fn table(&self, name: &QualifiedName) -> Option<&TableShape> {
        self.tables.iter().find(|table| table.name == *name)
    }

    /// Without the objects that the schema language cannot say, for a comparison that leaves them alone.
    #[must_use]
    pub fn without_objects(mut self) -> Self {
        self.objects.clear();
        self
    }

    /// Puts everything but columns into the order of names, so that equal databases have equal texts.
    pub fn sort(&mut self) {
        self.tables.sort_by(|a, b| a.name.cmp(&b.name));
        self.enums.sort_by(|a, b| a.name.cmp(&b.name));
        self.sequences.sort_by(|a, b| a.name.cmp(&b.name));
        self.objects.sort_by(|a, b| (a.kind, &a.name, &a.table).cmp(&(b.kind, &b.name, &b.table)));
        for table in &mut self.tables {
            table.sort();
        }
    }

    /// The tree of words.
    pub(super) fn node(&self) -> Node {
        let Self { dialect, tables, enums, sequences, objects } = self;
        Node::new("shape", Some(dialect.name()))
            .with(enums.iter().map(EnumShape::node))
            .with(sequences.iter().map(SequenceShape::node))
            .with(tables.iter().map(TableShape::node))
            .with(objects.iter().map(ObjectShape::node))
    }

    /// The shape that a tree of words says; `None` where it says none.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        let dialect = Dialect::ALL.into_iter().find(|dialect| node.name.as_deref() == Some(dialect.name()))?;
        Some(Self {
            dialect,
            tables: node.children_of("table").map(TableShape::of_node).collect::<Option<_>>()?,
            enums: node.children_of("enum").map(EnumShape::of_node).collect::<Option<_>>()?,
            sequences: node.children_of("sequence").map(SequenceShape::of_node).collect::<Option<_>>()?,
            objects: node.children.iter().filter_map(ObjectShape::of_node).collect(),
        })
    }
}

/// A qualified name as one word. A point inside a part has a backslash before it, so that the word reads back.
fn name_word(name: &QualifiedName) -> String {
    let part = |text: &str| text.replace('\\', "\\\\").replace('.', "\\.");
    match &name.schema {
        Some(schema) => format!("{}.{}", part(schema), part(&name.name)),
        None => part(&name.name),
    }
}

/// The qualified name that a word says.
fn name_of_word(word: &str) -> QualifiedName {
    let (mut schema, mut name) = (None, String::new());
    let mut characters = word.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => name.extend(characters.next()),
            '.' => schema = Some(std::mem::take(&mut name).into()),
            other => name.push(other),
        }
    }
    QualifiedName { schema, name: name.into() }
}
