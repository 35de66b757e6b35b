//! What a rebuild does not know of a table and would drop with the old one: somebody else's migration added it, or somebody by hand.

use std::collections::BTreeSet;

use super::Work;
use super::dependents::unquoted;
use crate::Result;
use crate::ask::{all, first};
use crate::ddl::Rebuilt;
use crate::sql::{Dialect, Token, Tokens, literal};
use crate::transaction::Transaction;

/// What is said of tables that have columns or constraints which are not among those that are known; `None` where there are none.
///
/// Nothing is refused where no columns are known: such work was written by hand, or from the live table itself.
pub(crate) async fn unknown(transaction: &Transaction, work: &Work) -> Result<Option<String>> {
    for Rebuilt { table, columns } in work.tables.iter().filter(|rebuilt| !rebuilt.columns.is_empty()) {
        let query = format!("SELECT name FROM pragma_table_xinfo({})", literal(table));
        let live = all(transaction, query, |row| row.get::<String>(0)).await?;
        let is_known = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let unknown = live.into_iter().filter(|name| !is_known(name)).collect();
        if let Some(message) = refusal(table, unknown, "column", ["with its values", "with their values"]) {
            return Ok(Some(message));
        }
        let Some(known) = &work.constraints else { continue };
        let query =
            format!("SELECT sql FROM sqlite_schema WHERE type = 'table' AND lower(name) = lower({})", literal(table));
        let live = first(transaction, query, |row| row.get::<String>(0)).await?.unwrap_or_default();
        let unknown = known.missing(&live);
        if let Some(message) = refusal(table, unknown, "constraint", ["", ""]) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// The constraints that whoever planned some work can have known.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) struct Known {
    /// Their names, in lower case.
    names: BTreeSet<String>,
    /// What they say, for those of a live table that have no name; `None` where that may have changed by then.
    said: Option<BTreeSet<String>>,
}

impl Known {
    /// Those of some statements of SQLite.
    pub(crate) fn of<'s>(statements: impl IntoIterator<Item = &'s str>) -> Self {
        let statements: Vec<&str> = statements.into_iter().collect();
        let said = statements.iter().flat_map(|statement| constraints(statement)).map(|(_, said)| compared(&said));
        Self { said: Some(said.collect()), names: named_constraints(statements) }
    }

    /// The constraints of a live table that are not among them, by their names or their words.
    fn missing(&self, live: &str) -> Vec<String> {
        let named = named_constraints([live]).into_iter().filter(|name| !self.names.contains(name));
        let unnamed = constraints(live).into_iter().filter(|(name, _)| name.is_none()).map(|(_, said)| said);
        let is_unknown = |said: &String| self.said.as_ref().is_some_and(|known| !known.contains(&compared(said)));
        named.chain(unnamed.filter(is_unknown)).collect()
    }

    /// Takes these names for known, and whatever has none.
    pub(crate) fn add_names<'n>(&mut self, names: impl IntoIterator<Item = &'n String>) {
        self.names.extend(names.into_iter().cloned());
        self.said = None;
    }
}

/// What a constraint says, without what makes no difference: capitals and white space.
fn compared(said: &str) -> String {
    said.split_whitespace().collect::<String>().to_lowercase()
}

/// The constraints that a statement which creates a table says.
#[cfg(feature = "sqlite")]
fn constraints(statement: &str) -> Vec<(Option<String>, String)> {
    let mut words = statement.split_whitespace();
    let mut is = |word: &str| words.next().is_some_and(|found| found.eq_ignore_ascii_case(word));
    if is("create") && is("table") { crate::introspect::sqlite::constraints(statement) } else { Vec::new() }
}

/// Without SQLite there is no table to make anew.
#[cfg(not(feature = "sqlite"))]
fn constraints(_: &str) -> Vec<(Option<String>, String)> {
    Vec::new()
}

/// The names of the constraints that statements of SQLite mention, in lower case.
fn named_constraints<'s>(statements: impl IntoIterator<Item = &'s str>) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for statement in statements {
        let is_said = |token: &Token<'_>| !matches!(token, Token::Space(_) | Token::Comment(_));
        let mut tokens = Tokens::of(statement, Dialect::Sqlite).filter(is_said).peekable();
        while let Some(token) = tokens.next() {
            let names_next = matches!(token, Token::Word(word) if word.eq_ignore_ascii_case("constraint"));
            if let Some(name) = tokens.next_if(|_| names_next) {
                names.insert(unquoted(name.text()).to_ascii_lowercase());
            }
        }
    }
    names
}

fn refusal(table: &str, unknown: Vec<String>, what: &str, [one, several]: [&str; 2]) -> Option<String> {
    let (first, more) = unknown.split_first()?;
    let (word, tail) = if more.is_empty() { (what.to_owned(), one) } else { (format!("{what}s"), several) };
    let tail = if tail.is_empty() { String::new() } else { format!(" {tail}") };
    let names = more.iter().fold(format!("`{first}`"), |names, name| format!("{names}, `{name}`"));
    Some(format!(
        "table {table} has the {word} {names}, of which this step knows nothing: it makes the table anew and would drop the {word}{tail}. Where a \
         migration of another branch added the {word}, plan this one anew on top of it with `piccolo-codegen diff --rebase` and its id; where it \
         was done by hand, bring the {word} into the schema with a migration that comes before this one, or drop the {word}"
    ))
}

#[cfg(test)]
mod tests {
    use super::{Known, named_constraints};

    #[test]
    fn the_names_of_constraints_are_read_from_statements() {
        let table = "CREATE TABLE t (\"constraint\" TEXT CONSTRAINT \"a \"\"b\"\"\" CHECK (x <> 'constraint no'), -- constraint c\n constraint D UNIQUE (x))";
        assert_eq!(named_constraints([table]).into_iter().collect::<Vec<_>>(), ["a \"b\"", "d"]);
    }

    #[cfg(feature = "sqlite")]
    #[test]
    fn constraints_without_a_name_are_known_by_what_they_say() {
        let known = "CREATE TABLE \"_piccolo_new_t\" (\"id\" INTEGER CONSTRAINT \"t_pkey\" PRIMARY KEY, \"a\" INT CONSTRAINT \"t_a_fkey\" \
                     REFERENCES \"o\" (\"id\"), CONSTRAINT \"t_a_key\" UNIQUE (\"a\"), CONSTRAINT \"t_check\" CHECK (a > 0))";
        let known = Known::of([known, "DROP TABLE t"]);
        let live = "CREATE TABLE t (id integer primary key, a int references O unique check (A>0))";
        assert_eq!(known.missing(live), [""; 0]);
        let live = "CREATE TABLE t (id integer, b int references o, unique (a, b), check (a > 1), primary key (id, b))";
        assert_eq!(
            known.missing(live),
            ["PRIMARY KEY (id, b)", "UNIQUE (a, b)", "CHECK (a > 1)", "FOREIGN KEY (b) REFERENCES o"]
        );
    }
}
