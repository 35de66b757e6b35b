//! A table.

use super::{CheckShape, ColumnShape, ForeignKeyShape, IndexShape, KeyShape, OtherConstraint, name_of_word, name_word};
use crate::introspect::node::Node;
use crate::schema::QualifiedName;

/// A table with its columns, constraints and indexes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableShape {
    /// Its name.
    pub name: QualifiedName,
    /// Its comment; none on SQLite.
    pub comment: Option<String>,
    /// Whether it is a `STRICT` table of SQLite.
    pub strict: bool,
    /// Whether it is a `WITHOUT ROWID` table of SQLite.
    pub without_rowid: bool,
    /// What else is said of the table, such as `UNLOGGED` or `PARTITION BY RANGE (day)`.
    pub options: Option<String>,
    /// The columns, in their order in the database, which has no part in comparisons.
    pub columns: Vec<ColumnShape>,
    /// The primary key.
    pub primary_key: Option<KeyShape>,
    /// The unique constraints, by name.
    pub uniques: Vec<KeyShape>,
    /// The checks, by name.
    pub checks: Vec<CheckShape>,
    /// The foreign keys, by name.
    pub foreign_keys: Vec<ForeignKeyShape>,
    /// The constraints of other kinds, by name.
    pub other_constraints: Vec<OtherConstraint>,
    /// The indexes that no constraint made, by name.
    pub indexes: Vec<IndexShape>,
}

impl TableShape {
    /// A table with nothing in it.
    #[must_use]
    pub fn new(name: QualifiedName) -> Self {
        Self {
            name,
            comment: None,
            strict: false,
            without_rowid: false,
            options: None,
            columns: Vec::new(),
            primary_key: None,
            uniques: Vec::new(),
            checks: Vec::new(),
            foreign_keys: Vec::new(),
            other_constraints: Vec::new(),
            indexes: Vec::new(),
        }
    }

    /// The column of this name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&ColumnShape> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// Puts constraints and indexes into the order of their names, those without a name by what they say.
    pub(super) fn sort(&mut self) {
        self.uniques.sort_by(|a, b| (&a.name, &a.columns).cmp(&(&b.name, &b.columns)));
        self.checks.sort_by(|a, b| (&a.name, &a.expression).cmp(&(&b.name, &b.expression)));
        self.foreign_keys.sort_by(|a, b| (&a.name, &a.columns, &a.target).cmp(&(&b.name, &b.columns, &b.target)));
        self.other_constraints.sort_by(|a, b| (&a.name, &a.definition).cmp(&(&b.name, &b.definition)));
        self.indexes.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// The tree of words.
    pub(super) fn node(&self) -> Node {
        let Self {
            name,
            comment,
            strict,
            without_rowid,
            options,
            columns,
            primary_key,
            uniques,
            checks,
            foreign_keys,
            other_constraints,
            indexes,
        } = self;
        Node::new("table", Some(&name_word(name)))
            .flag("strict", *strict)
            .flag("without-rowid", *without_rowid)
            .text("options", options.as_deref())
            .text("comment", comment.as_deref())
            .with(columns.iter().map(ColumnShape::node))
            .with(primary_key.iter().map(|key| key.node("primary-key")))
            .with(uniques.iter().map(|key| key.node("unique")))
            .with(checks.iter().map(CheckShape::node))
            .with(foreign_keys.iter().map(ForeignKeyShape::node))
            .with(other_constraints.iter().map(OtherConstraint::node))
            .with(indexes.iter().map(IndexShape::node))
    }

    /// The table that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self {
            name: name_of_word(node.name.as_deref()?),
            comment: node.get_owned("comment"),
            strict: node.is_set("strict"),
            without_rowid: node.is_set("without-rowid"),
            options: node.get_owned("options"),
            columns: node.children_of("column").map(ColumnShape::of_node).collect::<Option<_>>()?,
            primary_key: node.children_of("primary-key").next().map(KeyShape::of_node),
            uniques: node.children_of("unique").map(KeyShape::of_node).collect(),
            checks: node.children_of("check").map(CheckShape::of_node).collect::<Option<_>>()?,
            foreign_keys: node.children_of("foreign-key").map(ForeignKeyShape::of_node).collect::<Option<_>>()?,
            other_constraints: node.children_of("constraint").map(OtherConstraint::of_node).collect::<Option<_>>()?,
            indexes: node.children_of("index").map(IndexShape::of_node).collect::<Option<_>>()?,
        })
    }
}
