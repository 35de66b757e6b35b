//! Schemas of any size: ten columns a table, two of them foreign keys.

use std::fmt::Write;

/// The text of a schema with `tables` tables. With `changed`, one column of the middle table differs.
pub fn text(tables: usize, changed: bool) -> String {
    let mut text = String::from("enum Kind { small, medium, large }\n");
    for index in 0..tables {
        let previous = index.saturating_sub(1);
        let length = if changed && index == tables / 2 { 120 } else { 100 };
        write!(
            text,
            "
/// Table number {index} of a large schema.
table Thing{index} {{
    /// What people call it.
    name: Varchar(length = {length})
    parent: ForeignKey(Thing{previous}, null, on_delete = cascade)
    owner: ForeignKey(Thing0)
    kind: Kind(default = medium)
    count: Integer(default = 0)
    price: Numeric(10, 2)
    active: Boolean(default = true)
    created: Timestamptz(default = now())
    token: UUID(default = uuid4(), unique)

    index(name, count desc)
    check(\"count >= 0\")
}}
"
        )
        .expect("a string takes any text");
    }
    text
}
