//! A table made anew on SQLite: created under a helper name with its rows copied, the old one dropped, its name taken.
//!
//! The order matters: were the old table renamed first, the foreign keys of other tables would follow it. These statements are half of
//! a rebuild. The other half is what a text cannot do: whoever runs them suspends foreign keys outside of the transaction, keeps triggers,
//! views, indexes and the AUTOINCREMENT mark, and checks foreign keys and row counts before the commit.

use super::drop_table;
use crate::schema::QualifiedName;
use crate::sql::{Dialect, identifier};

/// How a table is made anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rebuild<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The name that the new one has until the old one is gone.
    pub helper: &'a str,
    /// The statement that creates the new one, under the helper's name.
    pub create: String,
    /// What is copied.
    pub copy: CopyRows,
}

/// What is copied from the old table into the new one.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct CopyRows {
    /// The new table's columns, quoted, and the expression for each over the old one. (Columns should be written with their table,
    /// because SQLite may read a lone name in double quotes that it does not know as a text.) What is not listed gets its default.
    pub columns: Vec<(String, String)>,
    /// The columns that the expressions read, where not all of the old table's as they are: names, or expressions with names.
    pub read: Vec<String>,
    /// The name of a column that numbers the rows, where an expression needs one.
    pub row_number: Option<&'static str>,
}

impl Rebuild<'_> {
    /// A helper name that `is_taken` says is free.
    pub fn helper_name(table: &str, is_taken: impl Fn(&str) -> bool) -> String {
        let mut name = format!("_piccolo_new_{table}");
        while is_taken(&name) {
            name.insert(0, '_');
        }
        name
    }

    /// The statements: create, copy, drop, rename.
    #[must_use]
    pub fn statements(self) -> [String; 4] {
        let copy = self.copy.statement(self.table, self.helper);
        let rename = format!("ALTER TABLE {} RENAME TO {}", identifier(self.helper), identifier(self.table));
        [self.create, copy, drop_table(&QualifiedName::plain(self.table.to_owned()), Dialect::Sqlite), rename]
    }
}

impl CopyRows {
    fn statement(self, table: &str, helper: &str) -> String {
        let table = identifier(table);
        let number = self.row_number.map(|name| format!("row_number() OVER () AS {}", identifier(name)));
        let all = if self.read.is_empty() { vec!["*".to_owned()] } else { self.read };
        let is_whole = number.is_none() && all == ["*"];
        let read: Vec<String> = all.into_iter().chain(number).collect();
        let source = if is_whole { table } else { format!("(SELECT {} FROM {table}) AS {table}", read.join(", ")) };
        let (targets, values): (Vec<String>, Vec<String>) = self.columns.into_iter().unzip();
        format!(
            "INSERT INTO {} ({})\nSELECT {}\nFROM {source}",
            identifier(helper),
            targets.join(", "),
            values.join(", ")
        )
    }
}
