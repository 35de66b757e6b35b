//! An index.

use crate::introspect::node::Node;

/// An index that no constraint made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexShape {
    /// Its name.
    pub name: String,
    /// Whether it refuses duplicates.
    pub unique: bool,
    /// Its method, such as `hash`; none for the B-tree.
    pub method: Option<String>,
    /// What it sorts by, in order.
    pub keys: Vec<IndexKeyShape>,
    /// The columns that it carries along, `INCLUDE` of Postgres.
    pub include: Vec<String>,
    /// The condition of a partial index.
    pub predicate: Option<String>,
    /// Whether queries can use it: false for what a failed `CREATE INDEX CONCURRENTLY` left.
    pub valid: bool,
    /// What else is said of it, such as `NULLS NOT DISTINCT`.
    pub options: Option<String>,
}

/// One key of an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexKeyShape {
    /// What is sorted.
    pub sorted: Sorted,
    /// Whether it sorts downwards.
    pub descending: bool,
    /// What else is said of it: a collation, an operator class, a place for the nulls, where they are not the usual ones.
    pub options: Option<String>,
}

/// What a key of an index sorts by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sorted {
    /// A column.
    Column(String),
    /// An expression.
    Expression(String),
}

impl IndexShape {
    /// What it sorts by, in order: the names of columns, and the texts of expressions.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        let sorted = self.keys.iter().map(|key| &key.sorted);
        sorted.map(|(Sorted::Column(text) | Sorted::Expression(text))| text.as_str()).collect()
    }

    /// The tree of words. The keys are children without names: their order counts, so each says its number.
    pub(super) fn node(&self) -> Node {
        let Self { name, unique, method, keys, include, predicate, valid, options } = self;
        Node::new("index", Some(name))
            .flag("unique", *unique)
            .text("method", method.as_deref())
            .words("include", include)
            .text("where", predicate.as_deref())
            .flag("not-valid", !valid)
            .text("options", options.as_deref())
            .with(keys.iter().zip(1_usize..).map(|(key, number)| key.node(number)))
    }

    /// The index that a tree of words says.
    pub(super) fn of_node(node: &Node) -> Option<Self> {
        Some(Self {
            name: node.name.clone()?,
            unique: node.is_set("unique"),
            method: node.get_owned("method"),
            keys: node.children_of("key").map(IndexKeyShape::of_node).collect::<Option<_>>()?,
            include: node.get_words("include").to_vec(),
            predicate: node.get_owned("where"),
            valid: !node.is_set("not-valid"),
            options: node.get_owned("options"),
        })
    }
}

impl IndexKeyShape {
    fn node(&self, number: usize) -> Node {
        let Self { sorted, descending, options } = self;
        let (column, expression) = match sorted {
            Sorted::Column(column) => (Some(column.as_str()), None),
            Sorted::Expression(expression) => (None, Some(expression.as_str())),
        };
        Node::new("key", Some(&number.to_string()))
            .text("column", column)
            .text("expression", expression)
            .flag("descending", *descending)
            .text("options", options.as_deref())
    }

    fn of_node(node: &Node) -> Option<Self> {
        let column = node.get_owned("column").map(Sorted::Column);
        Some(Self {
            sorted: column.or_else(|| node.get_owned("expression").map(Sorted::Expression))?,
            descending: node.is_set("descending"),
            options: node.get_owned("options"),
        })
    }
}
