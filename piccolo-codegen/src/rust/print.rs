//! From items to the text of a file.

use syn::{Attribute, File, Item};

use crate::output::HEADER;

/// A file: the line that says where it comes from, its inner attributes, and its items with a blank line between them.
///
/// The pretty printer puts no blank lines, so it gets one item at a time.
pub(super) fn file(attrs: Vec<Attribute>, items: Vec<Item>) -> String {
    let mut text = format!("{HEADER}; a change here is lost, a change of the schema lasts.\n\n");
    let mut file = File { shebang: None, frontmatter: None, attrs, items: Vec::new() };
    if !file.attrs.is_empty() {
        text.push_str(&prettyplease::unparse(&file));
        text.push('\n');
        file.attrs.clear();
    }
    let mut after_module = None;
    for item in items {
        // Modules stand in a list, all other items apart.
        let is_module = matches!(item, Item::Mod(_));
        if after_module.is_some_and(|after| !(after && is_module)) {
            text.push('\n');
        }
        after_module = Some(is_module);
        let is_impl = matches!(item, Item::Impl(_));
        file.items = vec![item];
        let printed = prettyplease::unparse(&file);
        if is_impl { spread(&printed, &mut text) } else { text.push_str(&printed) }
    }
    text
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
