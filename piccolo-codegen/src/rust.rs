//! From a schema to the text of Rust files.
//!
//! | Module | Represents |
//! |---|---|
//! | [`names`], [`case`] | every Rust name of the output, claimed once |
//! | [`types`] | the Rust type of a column |
//! | [`table`] | one table with everything that its module is made from |
//! | [`row`], [`new_row`], [`columns`], [`functions`], [`model`] | the parts of a table's module |
//! | [`enumeration`] | the module of an enum |
//! | [`root`], [`migrations`] | `mod.rs`, and the embedded migrations |
//! | [`nodes`], [`templates`], [`print`] | syntax trees, those that all tables share, and their text |
//!
//! What is generated holds no behaviour: rows, columns and setters are thin over the runtime, and all they name is in
//! `piccolo_runtime::codegen_support`. Nothing here can fail, because a schema that was lowered is right. Trees are built once
//! and printed item by item; no text is ever parsed.

mod case;
mod columns;
mod enumeration;
mod functions;
mod migrations;
mod model;
mod names;
mod new_row;
mod nodes;
mod print;
mod root;
mod row;
mod table;
mod templates;
mod types;

use std::hash::{DefaultHasher, Hash, Hasher};

use piccolo_runtime::migrate::Migration;
use piccolo_runtime::schema::{Enum, Schema};
use syn::{Attribute, Item, parse_quote};

use crate::output::Tree;
use functions::Functions;
use names::{EnumNames, Names};
use print::Part;
use table::TableCode;
use templates::Templates;

/// All files of a schema: `mod.rs`, one for each table and enum, and one for the migrations where there are any to come.
///
/// `is_current` says whether the file of this name was made from an input with this fingerprint and is still there as it was made;
/// then its text is not made again.
pub(crate) fn generate(
    schema: &Schema,
    migrations: Option<&[Migration]>,
    is_current: impl Fn(&str, u64) -> bool,
) -> Tree {
    let names = Names::new(schema);
    let templates = Templates::new();
    let shared = Shared { functions: Functions::new(), head: head() };
    let mut tree = Tree::default();
    let mut add = |name: &str, input: u64, text: &dyn Fn() -> String| {
        let file = format!("{name}.rs");
        let text = (!is_current(&file, input)).then(text);
        tree.insert(file, input, text);
    };
    for (table, own) in schema.tables.iter().zip(&names.tables) {
        let code = TableCode::new(table, own, &names, &templates);
        add(own.module.text(), code.fingerprint(), &|| shared.table(code));
    }
    for (item, own) in schema.enums.iter().zip(&names.enums) {
        add(own.module.text(), fingerprint(&(item, own)), &|| shared.enumeration(item, own));
    }
    if let Some(migrations) = migrations {
        add(names.migrations.text(), fingerprint(&migrations), &|| shared.migrations(migrations));
    }
    let embeds = migrations.is_some();
    add("mod", fingerprint(&(names.public(), embeds)), &|| root::file(&names, embeds));
    tree
}

/// What files share as text, printed once.
struct Shared {
    functions: Functions,
    head: String,
}

impl Shared {
    /// The file of a table.
    fn table(&self, code: TableCode<'_>) -> String {
        let mut before = vec![row::definition(code)];
        before.extend(row::debug(code));
        before.extend(new_row::items(code));
        let mut after = columns::items(code);
        after.extend(row::description(code));
        after.push(row::table_impl(code));
        after.push(row::plain_impls(code));
        let parts = before.into_iter().map(Part::from).chain([self.functions.of(code)]);
        let parts = parts.chain(after.into_iter().map(Part::from));
        self.file(&format!("The table `{}`.", code.table.sql_name), parts)
    }

    /// The file of an enum.
    fn enumeration(&self, item: &Enum, names: &EnumNames) -> String {
        self.file(&format!("The enum `{}`.", item.sql_name), enumeration::items(item, names))
    }

    /// The file of the migrations.
    fn migrations(&self, migrations: &[Migration]) -> String {
        self.file("The migrations.", migrations::items(migrations))
    }

    fn file(&self, about: &str, parts: impl IntoIterator<Item = impl Into<Part>>) -> String {
        print::file(&[&print::attributes(nodes::inner_doc(about)), &self.head], parts)
    }
}

/// What follows a file's own comment: the allowances and the import.
fn head() -> String {
    format!("{}\n{}", print::attributes(vec![allowances()]), print::unparse(import()))
}

/// The lints that the schema decides about: what it names, how many columns it has, what its comments say, what the application uses.
fn allowances() -> Attribute {
    parse_quote!(#![allow(
        dead_code,
        unreachable_pub,
        clippy::doc_markdown,
        clippy::enum_variant_names,
        clippy::many_single_char_names,
        clippy::return_self_not_must_use,
        clippy::self_named_constructors,
        clippy::similar_names,
        clippy::struct_excessive_bools,
        clippy::struct_field_names,
        clippy::too_many_lines,
        reason = "names, sizes and comments are those of the schema"
    )])
}

/// The one door to the runtime.
fn import() -> Item {
    parse_quote!(
        use ::piccolo_runtime::codegen_support as rt;
    )
}

/// What a file is made from, as a number.
fn fingerprint(input: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    input.hash(&mut hasher);
    hasher.finish()
}
#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema_from_str;

    const BANDS: &str = "
        table Manager { name: Varchar(length = 100) }
        table Band { name: Varchar manager: ForeignKey(Manager, null) genre: Genre(default = rock) }
        enum Genre { rock, jazz }
    ";

    fn tree(text: &str, is_current: impl Fn(&str, u64) -> bool) -> Tree {
        let lowered = schema_from_str("schema.piccolo", text).unwrap();
        generate(&lowered.schema, Some(&[]), is_current)
    }

    /// The names of the files whose input differs between two schemas.
    fn changed(before: &str, after: &str) -> Vec<String> {
        let before = tree(before, |_, _| false);
        let after = tree(after, |name, input| before.iter().any(|(known, file)| known == name && file.input == input));
        after.iter().filter(|(_, file)| file.text.is_some()).map(|(name, _)| name.to_owned()).collect()
    }

    #[test]
    fn there_is_a_file_for_each_table_and_enum_and_the_same_schema_gives_the_same_bytes() {
        let first = tree(BANDS, |_, _| false);
        let names: Vec<&str> = first.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["band.rs", "genre.rs", "manager.rs", "migrations.rs", "mod.rs"]);
        assert_eq!(first, tree(BANDS, |_, _| false));
    }

    #[test]
    fn only_what_a_change_touches_is_made_again() {
        assert_eq!(changed(BANDS, BANDS), [""; 0]);
        assert_eq!(changed(BANDS, &BANDS.replace("rock, jazz", "rock, jazz, folk")), ["genre.rs"]);
        assert_eq!(changed(BANDS, &BANDS.replace("length = 100", "length = 99")), ["manager.rs"]);
        // The key is now another column of the manager, and the band's path must know.
        let renamed = BANDS.replace("table Manager {", "table Manager { key: UUID(primary_key)");
        assert_eq!(changed(BANDS, &renamed), ["band.rs", "manager.rs"]);
        assert_eq!(changed(BANDS, &BANDS.replace("Genre", "Style")), ["band.rs", "mod.rs", "style.rs"]);
    }

    #[test]
    fn migrations_are_embedded_as_they_are_and_left_out_by_choice() {
        use piccolo_runtime::migrate::Scripts;
        let script = "-- piccolo: lossless\nSELECT \"#\", 'r#\"';\n";
        let scripts = Scripts { up: script.into(), down: "SELECT 1;\r\n".into() };
        let migration = Migration {
            id: "2026-11-22T10-44-37_initial".into(),
            parents: vec![].into(),
            sqlite: Some(scripts),
            postgres: None,
        };
        let schema = Schema::EMPTY;
        let tree = generate(&schema, Some(&[migration]), |_, _| false);
        let text =
            tree.iter().find_map(|(name, file)| file.text.as_deref().filter(|_| name == "migrations.rs")).unwrap();
        assert!(text.contains(&format!("r##\"{script}\"##")), "{text}");
        assert!(text.contains(r#""SELECT 1;\r\n""#), "{text}");
        assert!(!generate(&schema, None, |_, _| false).contains("migrations.rs"));
    }
}
