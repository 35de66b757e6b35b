//! What differs between two shapes, thing by thing.

use std::collections::BTreeMap;

use super::Shape;
use super::node::Node;

/// One difference between two databases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Where it is, from the outermost thing inwards: the kind and the name of each.
    pub place: Vec<(String, Option<String>)>,
    /// What it is.
    pub change: Change,
}

/// How a thing differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Only the first database has it; its properties.
    OnlyFirst(String),
    /// Only the second database has it; its properties.
    OnlySecond(String),
    /// Both have it, and one property differs; `None` where a side does not have the property.
    Property {
        /// The property, such as `type`.
        name: String,
        /// What the first database says.
        first: Option<String>,
        /// What the second database says.
        second: Option<String>,
    },
}

/// What differs between two shapes, in the order of the first. The order of columns and constraints is no difference.
#[must_use]
pub fn differences(first: &Shape, second: &Shape) -> Vec<Difference> {
    let mut found = Vec::new();
    compare(&first.node(), &second.node(), &mut Vec::new(), &mut found);
    found
}

impl Difference {
    /// The difference as a sentence that calls the two databases so.
    #[must_use]
    pub fn describe(&self, first: &str, second: &str) -> String {
        let place: Vec<String> = self.place.iter().map(|(kind, name)| called(kind, name.as_deref())).collect();
        let place = place.join(", ");
        let details = |details: &str| if details.is_empty() { String::new() } else { format!(" ({details})") };
        match &self.change {
            Change::OnlyFirst(properties) => format!("{place}{} is only in {first}", details(properties)),
            Change::OnlySecond(properties) => format!("{place}{} is only in {second}", details(properties)),
            Change::Property { name, first: one, second: other } => {
                let said = |value: &Option<String>| match value {
                    Some(value) => format!("`{value}`"),
                    None => "not set".to_owned(),
                };
                format!("{place}: `{name}` is {} in {first} and {} in {second}", said(one), said(other))
            }
        }
    }

    /// The name of the table that it is about, if any.
    #[must_use]
    pub fn table(&self) -> Option<&str> {
        self.place.iter().find(|(kind, _)| kind == "table").and_then(|(_, name)| name.as_deref())
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.describe("the first database", "the second"))
    }
}

/// A thing as a message calls it.
fn called(kind: &str, name: Option<&str>) -> String {
    let kind = kind.replace('-', " ");
    match name {
        Some(name) => format!("{kind} `{name}`"),
        None => format!("an unnamed {kind}"),
    }
}

/// Compares two things of the same kind and name.
fn compare(first: &Node, second: &Node, place: &mut Vec<(String, Option<String>)>, found: &mut Vec<Difference>) {
    if first.kind == "shape" && first.name != second.name {
        found.push(difference(
            place,
            Change::Property { name: "engine".to_owned(), first: first.name.clone(), second: second.name.clone() },
        ));
        return;
    }
    let mut names: Vec<&str> = first.properties.iter().map(|(name, _)| name.as_str()).collect();
    names.extend(
        second.properties.iter().map(|(name, _)| name.as_str()).filter(|name| first.get_words(name).is_empty()),
    );
    for name in names {
        let (one, other) = (first.get_words(name), second.get_words(name));
        if one != other {
            let said = |words: &[String]| (!words.is_empty()).then(|| words.join(", "));
            let change = Change::Property { name: name.to_owned(), first: said(one), second: said(other) };
            found.push(difference(place, change));
        }
    }
    let pairs = pair(&first.children, &second.children);
    for (one, other) in pairs {
        let Some(thing) = one.or(other) else { continue };
        place.push((thing.kind.clone(), thing.name.clone()));
        match (one, other) {
            (Some(one), Some(other)) => compare(one, other, place, found),
            (Some(one), None) => found.push(difference(place, Change::OnlyFirst(properties(one)))),
            (None, Some(other)) => found.push(difference(place, Change::OnlySecond(properties(other)))),
            (None, None) => {}
        }
        place.pop();
    }
}

fn difference(place: &[(String, Option<String>)], change: Change) -> Difference {
    Difference { place: place.to_vec(), change }
}

/// A thing and its counterpart; one of the two may be missing.
type Pair<'a> = (Option<&'a Node>, Option<&'a Node>);

/// Pairs the things of two lists: by kind and name, the unnamed by all that they say. What shares its name (triggers of two tables
/// may) is told apart by its table.
fn pair<'a>(first: &'a [Node], second: &'a [Node]) -> Vec<Pair<'a>> {
    let mut partners: BTreeMap<Key<'a>, std::collections::VecDeque<&'a Node>> = BTreeMap::new();
    for node in second {
        partners.entry(key(node)).or_default().push_back(node);
    }
    let mut pairs: Vec<Pair<'a>> = Vec::with_capacity(first.len());
    for node in first {
        let partner = partners.get_mut(&key(node)).and_then(std::collections::VecDeque::pop_front);
        pairs.push((Some(node), partner));
    }
    // What is left of the second list, in its order.
    for node in second {
        let left = partners.get_mut(&key(node));
        if let Some(node) = left.and_then(|queue| queue.pop_front_if(|next| std::ptr::eq(*next, node))) {
            pairs.push((None, Some(node)));
        }
    }
    pairs
}

/// What makes two things the same thing.
pub(super) type Key<'a> = (&'a str, Option<&'a str>, String);

/// What makes this thing that thing.
pub(super) fn key(node: &Node) -> Key<'_> {
    let told_apart = match &node.name {
        Some(_) => node.get_words("table").concat(),
        None => properties(node),
    };
    (&node.kind, node.name.as_deref(), told_apart)
}

/// The properties of a thing, for a message.
fn properties(node: &Node) -> String {
    let said = |(name, words): &(String, Vec<String>)| format!("{} {}", name.replace('-', " "), words.join(", "));
    node.properties.iter().map(said).collect::<Vec<_>>().join("; ")
}

#[cfg(test)]
mod tests;
