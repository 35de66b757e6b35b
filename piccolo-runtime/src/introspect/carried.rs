//! What a database has to be after a migration, where somebody had changed it by hand before.

use std::collections::{BTreeMap, VecDeque};

use super::Shape;
use super::difference::{Key, key};
use super::node::Node;

/// What a migration would have left if nobody had changed anything by hand: `after`, with that taken back in which the database `before` it was
/// not what was `expected` then, as far as the migration left it alone.
///
/// What a migration renames is another thing to it, so a change by hand inside of that counts as known from then on.
pub(crate) fn carried(expected: &Shape, before: &Shape, after: &Shape) -> Shape {
    let merged = merge(Some(&expected.node()), Some(&before.node()), Some(&after.node()));
    let shape = merged.and_then(|node| Shape::of_node(&node));
    shape.map_or_else(
        || after.clone(),
        |mut shape| {
            shape.sort();
            shape
        },
    )
}

/// One thing of the three; `None` where it is not to be there.
fn merge(expected: Option<&Node>, before: Option<&Node>, after: Option<&Node>) -> Option<Node> {
    match (expected, before, after) {
        // The migration made it, whatever there should have been.
        (_, None, Some(after)) => Some(after.clone()),
        // It was dropped by hand, and the migration did not care.
        (Some(expected), None, None) => Some(expected.clone()),
        // It was made by hand.
        (None, Some(_), Some(_)) => None,
        // The migration dropped it.
        (_, Some(_), None) | (None, None, None) => None,
        (Some(expected), Some(before), Some(after)) => Some(Node {
            kind: after.kind.clone(),
            name: after.name.clone(),
            properties: properties(expected, before, after),
            children: children(expected, before, after),
        }),
    }
}

/// The properties that the migration changed, as it left them, and the others as they were expected.
fn properties(expected: &Node, before: &Node, after: &Node) -> Vec<(String, Vec<String>)> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in after.properties.iter().chain(&expected.properties) {
        if !names.contains(&name.as_str()) {
            names.push(name);
        }
    }
    let words = |name: &str| {
        let changed = before.get_words(name) != after.get_words(name);
        if changed { after.get_words(name) } else { expected.get_words(name) }
    };
    let known = names.into_iter().map(|name| (name.to_owned(), words(name).to_vec()));
    known.filter(|(_, words)| !words.is_empty()).collect()
}

/// The things inside of the three, in the order of the last; what only the others have comes after.
fn children(expected: &Node, before: &Node, after: &Node) -> Vec<Node> {
    let (mut wanted, mut old) = (by_key(expected), by_key(before));
    let mut kept = Vec::new();
    for node in &after.children {
        let (wanted, old) = (take(&mut wanted, node), take(&mut old, node));
        kept.extend(merge(wanted, old, Some(node)));
    }
    for node in &expected.children {
        // Each is taken where it stands in its queue, so that those with a partner above are left out.
        let left = wanted.get_mut(&key(node)).and_then(|queue| queue.pop_front_if(|next| std::ptr::eq(*next, node)));
        if let Some(node) = left {
            kept.extend(merge(Some(node), take(&mut old, node), None));
        }
    }
    kept
}

/// The things of a kind and name, in order: the unnamed may be there several times.
type ByKey<'a> = BTreeMap<Key<'a>, VecDeque<&'a Node>>;

fn by_key(node: &Node) -> ByKey<'_> {
    let mut found = ByKey::new();
    for child in &node.children {
        found.entry(key(child)).or_default().push_back(child);
    }
    found
}

fn take<'a>(nodes: &mut ByKey<'a>, node: &'a Node) -> Option<&'a Node> {
    nodes.get_mut(&key(node)).and_then(VecDeque::pop_front)
}

#[cfg(test)]
mod tests {
    use super::carried;
    use crate::introspect::Shape;

    fn shape(body: &str) -> Shape {
        Shape::parse(&format!("shape sqlite\n{body}")).unwrap()
    }

    #[track_caller]
    fn check([expected, before, after]: [&str; 3], wanted: &str) {
        let found = carried(&shape(expected), &shape(before), &shape(after));
        assert_eq!(found.to_text(), shape(wanted).to_text());
    }

    const BAND: &str = "  table band\n    column name type=TEXT\n";
    const BAND_BY_HAND: &str = "  table band\n    column name type=TEXT\n    column hand type=INT\n";

    #[test]
    fn without_a_change_by_hand_it_is_what_the_migration_left() {
        let after = "  table band\n    column title type=INT null=yes\n  table venue\n    column id type=INT\n";
        check([BAND, BAND, after], after);
        check([BAND, BAND, ""], "");
    }

    #[test]
    fn what_was_added_by_hand_stays_unexpected() {
        let after = "  table band\n    column name type=TEXT\n    column hand type=INT\n    column new type=INT\n";
        check([BAND, BAND_BY_HAND, after], "  table band\n    column name type=TEXT\n    column new type=INT\n");
    }

    #[test]
    fn what_was_dropped_by_hand_stays_expected() {
        let after = "  table venue\n    column id type=INT\n";
        check([BAND, "", after], &format!("{BAND}{after}"));
    }

    #[test]
    fn what_was_changed_by_hand_stays_expected_as_it_was_unless_the_migration_changes_it_too() {
        let (loose, default) =
            ("  table band\n    column name type=TEXT null=yes\n", "    column name type=TEXT null=yes default=1\n");
        check(
            [BAND, loose, &format!("  table band\n{default}")],
            "  table band\n    column name type=TEXT default=1\n",
        );
        check(
            [BAND, loose, "  table band\n    column name type=INT null=yes\n"],
            "  table band\n    column name type=INT\n",
        );
        check([BAND, loose, BAND], BAND);
    }

    #[test]
    fn what_the_migration_drops_is_gone_with_all_that_was_changed_in_it() {
        check([BAND, BAND_BY_HAND, ""], "");
    }

    #[test]
    fn things_without_a_name_are_told_apart_by_what_they_say() {
        let checks = |checks: &[&str]| {
            let lines: String = checks.iter().map(|check| format!("    check expression={check}\n")).collect();
            format!("{BAND}{lines}")
        };
        check(
            [&checks(&["a", "a", "b"]), &checks(&["a", "b", "c"]), &checks(&["a", "c", "d"])],
            &checks(&["a", "a", "d"]),
        );
    }
}
