//! A shape as a tree of words: what is compared, written and read.

/// One thing of a database: its kind, its name where it has one, its properties, and the things inside it.
///
/// A property that is absent means the usual: a flag that is not set, a list that is empty, a text that there is not. So the text of
/// a shape holds only what is worth saying, and a property added in a later version does not make older texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Node {
    /// The kind, such as `foreign-key`.
    pub(super) kind: String,
    /// The name; a constraint on SQLite may have none.
    pub(super) name: Option<String>,
    /// The properties in order, each with its words.
    pub(super) properties: Vec<(String, Vec<String>)>,
    /// The things inside it.
    pub(super) children: Vec<Node>,
}

/// What a set flag says.
const YES: &str = "yes";

impl Node {
    /// A thing of this kind and name.
    pub(super) fn new(kind: &str, name: Option<&str>) -> Self {
        Self { kind: kind.to_owned(), name: name.map(str::to_owned), properties: Vec::new(), children: Vec::new() }
    }

    /// With a property of one word.
    pub(super) fn text(self, property: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.words(property, [value]),
            None => self,
        }
    }

    /// With a property of several words.
    pub(super) fn words<T: AsRef<str>>(mut self, property: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values: Vec<String> = values.into_iter().map(|value| value.as_ref().to_owned()).collect();
        if !values.is_empty() {
            self.properties.push((property.to_owned(), values));
        }
        self
    }

    /// With a flag.
    pub(super) fn flag(self, property: &str, set: bool) -> Self {
        self.text(property, set.then_some(YES))
    }

    /// With things inside it.
    pub(super) fn with(mut self, children: impl IntoIterator<Item = Node>) -> Self {
        self.children.extend(children);
        self
    }

    /// The words of a property, none where it is absent.
    pub(super) fn get_words(&self, property: &str) -> &[String] {
        let found = self.properties.iter().find(|(name, _)| name == property);
        found.map(|(_, values)| values.as_slice()).unwrap_or_default()
    }

    /// The first word of a property.
    pub(super) fn get_text(&self, property: &str) -> Option<&str> {
        self.get_words(property).first().map(String::as_str)
    }

    /// The first word of a property, owned.
    pub(super) fn get_owned(&self, property: &str) -> Option<String> {
        self.get_text(property).map(str::to_owned)
    }

    /// Whether a flag is set.
    pub(super) fn is_set(&self, property: &str) -> bool {
        self.get_text(property) == Some(YES)
    }

    /// The things of one kind inside it.
    pub(super) fn children_of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.kind == kind)
    }
}
