//! From items to the text of a file.

use std::rc::Rc;

use syn::{Attribute, File, ImplItem, Item, ItemImpl, parse_quote};

use crate::output::HEADER;

/// What a file is put together from.
pub(super) enum Part {
    /// An item, to be printed.
    Item(Item),
    /// An `impl` whose last functions are the same in many files, and printed already.
    Impl(ItemImpl, Printed),
}

/// Functions of an `impl` as text.
#[derive(Clone)]
pub(super) struct Printed(Rc<str>);

impl From<Item> for Part {
    fn from(item: Item) -> Self {
        Self::Item(item)
    }
}

/// Prints functions that end many an `impl`.
pub(super) fn functions(items: Vec<ImplItem>) -> Printed {
    let block: ItemImpl = ItemImpl { items, ..parse_quote!(impl Row {}) };
    let mut text = String::new();
    spread(&unparse(Item::Impl(block)), &mut text);
    let inner = text.split_once('\n').and_then(|(_, rest)| rest.strip_suffix("}\n"));
    Printed(inner.unwrap_or_default().into())
}

/// The text of inner attributes.
pub(super) fn attributes(attrs: Vec<Attribute>) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs, items: Vec::new() })
}

/// A file: the line that says where it comes from, what it begins with, and its items with a blank line between them.
///
/// The pretty printer puts no blank lines, so it gets one item at a time.
pub(super) fn file(head: &[&str], parts: impl IntoIterator<Item = impl Into<Part>>) -> String {
    let mut text = format!("{HEADER}; a change here is lost, a change of the schema lasts.\n\n");
    text.extend(head.iter().copied());
    let mut after_module = (!head.is_empty()).then_some(false);
    for part in parts {
        let part = part.into();
        // Modules stand in a list, all other items apart.
        let is_module = matches!(part, Part::Item(Item::Mod(_)));
        if after_module.is_some_and(|after| !(after && is_module)) {
            text.push('\n');
        }
        after_module = Some(is_module);
        match part {
            Part::Item(item @ Item::Impl(_)) => spread(&unparse(item), &mut text),
            Part::Item(item) => text.push_str(&unparse(item)),
            Part::Impl(item, Printed(last)) => {
                spread(&unparse(Item::Impl(item)), &mut text);
                // The closing bracket comes after the functions that are printed already.
                text.truncate(text.len() - "}\n".len());
                text.push('\n');
                text.push_str(&last);
                text.push_str("}\n");
            }
        }
    }
    text
}

/// The text of one item.
pub(super) fn unparse(item: Item) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] })
}

/// Appends the text of an `impl` with a blank line after each of its functions but the last.
fn spread(printed: &str, text: &mut String) {
    let mut lines = printed.lines().peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        if line == "    }" && lines.peek().is_some_and(|next| *next != "}") {
            text.push('\n');
        }
    }
}
