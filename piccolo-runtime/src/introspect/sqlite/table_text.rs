//! A `CREATE TABLE` statement that can be changed piece by piece.
//!
//! A live table may hold what our model does not know: computed columns, conflict clauses, constraints without a name. So an alteration
//! does not write a table out of the model; it changes the words of the live one, and every word that it is not about stays.

use super::clause::{Clause, ClauseKind, column_clause, table_clause, taken, words};
use super::create_table::{TABLE_CONSTRAINTS, skip_to_constraint};
use super::piece::pieces;
use super::reader::{Reader, split_at_commas};
use crate::sql::identifier;

/// The definition of a table, in its own words but for comments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TableText {
    /// Its columns, in order.
    pub(crate) columns: Vec<ColumnText>,
    /// The constraints that stand behind them.
    pub(crate) constraints: Vec<Clause>,
    /// What follows the brackets: `STRICT`, `WITHOUT ROWID`.
    options: String,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnText {
    pub(crate) name: String,
    /// Its type, as written.
    pub(crate) ty: String,
    /// What follows the type.
    pub(crate) clauses: Vec<Clause>,
}

impl TableText {
    /// Reads a statement; `None` where a part of it cannot be followed, because a later SQLite wrote it.
    pub(crate) fn parse(sql: &str) -> Option<Self> {
        let pieces = pieces(sql);
        let start = pieces.iter().position(|piece| piece.is("("))?;
        let mut reader = Reader::of(pieces.get(start..)?);
        let mut table = Self { columns: Vec::new(), constraints: Vec::new(), options: String::new() };
        for item in split_at_commas(reader.brackets()?) {
            let mut item_reader = Reader::of(item);
            if item.first().is_some_and(|first| TABLE_CONSTRAINTS.iter().any(|word| first.is(word))) {
                while !item_reader.is_done() {
                    table.constraints.push(table_clause(&mut item_reader)?);
                }
            } else {
                table.columns.push(column(&mut item_reader)?);
            }
        }
        table.options = words(reader.rest());
        Some(table)
    }

    /// Writes the statement, for a table of this name.
    pub(crate) fn write(&self, name: &str) -> String {
        let mut lines: Vec<String> = self.columns.iter().map(ColumnText::write).collect();
        lines.extend(self.constraints.iter().map(Clause::write));
        let options = if self.options.is_empty() { String::new() } else { format!(" {}", self.options) };
        format!("CREATE TABLE {} (\n    {}\n){options}", identifier(name), lines.join(",\n    "))
    }

    /// The column of this name, in any case.
    pub(crate) fn column(&mut self, name: &str) -> Option<&mut ColumnText> {
        self.columns.iter_mut().find(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// All clauses of columns and the table.
    pub(crate) fn clauses(&self) -> impl Iterator<Item = &Clause> {
        self.columns.iter().flat_map(|column| &column.clauses).chain(&self.constraints)
    }

    /// Keeps only the clauses that are wanted. The function is told the column on which a clause stands.
    pub(crate) fn retain(&mut self, wanted: impl Fn(Option<&str>, &Clause) -> bool) {
        for column in &mut self.columns {
            let ColumnText { name, clauses, .. } = column;
            clauses.retain(|clause| wanted(Some(name), clause));
        }
        self.constraints.retain(|clause| wanted(None, clause));
    }

    /// Renames a column, in its own definition and wherever the table's other clauses mention it.
    pub(crate) fn rename_column(&mut self, from: &str, to: &str) {
        if let Some(column) = self.column(from) {
            to.clone_into(&mut column.name);
        }
        for clause in self.columns.iter_mut().flat_map(|column| &mut column.clauses).chain(&mut self.constraints) {
            clause.rename_column(from, to);
        }
    }

    /// Whether its rows have numbers that no column of it shows: those have to be copied as well.
    pub(crate) fn has_hidden_rowid(&self) -> bool {
        let mut options = pieces(&self.options).into_iter();
        let without = options.any(|piece| piece.is("WITHOUT"));
        let hides = |name: &str| name.eq_ignore_ascii_case("rowid");
        let numbers = |column: &ColumnText| {
            let own = column.clauses.iter().any(|clause| clause.kind == ClauseKind::PrimaryKey);
            let key = |clause: &Clause| {
                clause.kind == ClauseKind::PrimaryKey
                    && matches!(clause.columns.as_slice(), [only] if only.eq_ignore_ascii_case(&column.name))
            };
            column.ty.eq_ignore_ascii_case("INTEGER") && (own || self.constraints.iter().any(key))
        };
        !without && !self.columns.iter().any(|column| hides(&column.name) || numbers(column))
    }
}

impl ColumnText {
    /// Reads the definition of a column.
    pub(crate) fn parse(definition: &str) -> Option<Self> {
        let pieces = pieces(definition);
        column(&mut Reader::of(&pieces))
    }

    fn write(&self) -> String {
        let mut out = identifier(&self.name);
        if !self.ty.is_empty() {
            out.push(' ');
            out.push_str(&self.ty);
        }
        for clause in &self.clauses {
            out.push(' ');
            out.push_str(&clause.write());
        }
        out
    }

    /// Whether a clause of this kind stands on it.
    pub(crate) fn has(&self, kind: ClauseKind) -> bool {
        self.clauses.iter().any(|clause| clause.kind == kind)
    }

    /// Puts a clause where others of its kind stand, or removes them.
    pub(crate) fn replace(&mut self, kind: ClauseKind, clause: Option<Clause>) {
        self.clauses.retain(|old| old.kind != kind);
        // Before constraints, where `DEFAULT` and `NOT NULL` usually stand.
        let first = self.clauses.iter().position(|old| old.name.is_some()).unwrap_or(self.clauses.len());
        if let Some(clause) = clause {
            self.clauses.insert(first, clause);
        }
    }
}

/// Reads a column.
fn column(reader: &mut Reader<'_, '_>) -> Option<ColumnText> {
    let name = reader.name()?;
    let before = reader.rest();
    skip_to_constraint(reader)?;
    let ty = words(taken(before, reader.rest()));
    let mut clauses = Vec::new();
    while !reader.is_done() {
        clauses.push(column_clause(reader)?);
    }
    Some(ColumnText { name, ty, clauses })
}

#[cfg(test)]
mod tests {
    use super::*;

    const BAND: &str = "CREATE TABLE \"band\" (\n  id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key\n  [na me] TEXT NOT NULL DEFAULT 'it''s' \
        CONSTRAINT \"piccolo:length:na me\" CHECK (length(\"na me\") <= 50) COLLATE nocase,\n  manager INTEGER REFERENCES manager(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,\n \
        twice INT GENERATED ALWAYS AS (manager * 2) STORED, UNIQUE (\"na me\", manager) ON CONFLICT IGNORE, CHECK(manager > 0)\n) STRICT";

    #[test]
    fn a_definition_keeps_its_words() {
        let table = TableText::parse(BAND).unwrap();
        assert_eq!(
            table.write("other"),
            "CREATE TABLE \"other\" (\n    \"id\" INTEGER PRIMARY KEY AUTOINCREMENT,\n    \
             \"na me\" TEXT NOT NULL DEFAULT 'it''s' CONSTRAINT \"piccolo:length:na me\" CHECK (length(\"na me\") <= 50) COLLATE nocase,\n    \
             \"manager\" INTEGER REFERENCES manager(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,\n    \
             \"twice\" INT GENERATED ALWAYS AS (manager * 2) STORED,\n    UNIQUE (\"na me\", manager) ON CONFLICT IGNORE,\n    \
             CHECK(manager > 0)\n) STRICT"
        );
        assert_eq!(TableText::parse(&table.write("other")).unwrap(), table);
        assert!(!table.has_hidden_rowid());
        assert!(TableText::parse("CREATE TABLE a (b TEXT PRIMARY KEY)").unwrap().has_hidden_rowid());
        assert!(!TableText::parse("CREATE TABLE a (b TEXT PRIMARY KEY) WITHOUT ROWID").unwrap().has_hidden_rowid());
    }

    #[test]
    fn a_column_is_renamed_wherever_the_table_speaks_of_it() {
        let mut table = TableText::parse(BAND).unwrap();
        table.rename_column("MANAGER", "boss");
        assert_eq!(
            table.write("band").lines().skip(3).collect::<Vec<_>>().join("\n"),
            "    \"boss\" INTEGER REFERENCES manager(id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,\n    \
             \"twice\" INT GENERATED ALWAYS AS (\"boss\" * 2) STORED,\n    UNIQUE (\"na me\", \"boss\") ON CONFLICT IGNORE,\n    \
             CHECK(\"boss\" > 0)\n) STRICT"
        );
        assert!(table.clauses().any(|clause| clause.mentions("boss") && clause.kind == ClauseKind::Check));
        assert!(!table.clauses().any(|clause| clause.mentions("manager")));
    }

    #[test]
    fn what_cannot_be_followed_is_no_table() {
        for sql in ["CREATE TABLE a", "CREATE TABLE a (b SOMETHING NEW NOT NULL WHATEVER)", "CREATE TABLE a (UNIQUE b)"]
        {
            assert_eq!(TableText::parse(sql), None, "{sql}");
        }
    }
}
