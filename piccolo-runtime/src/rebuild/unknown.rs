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
        let unknown = named_constraints([live.as_str()]).into_iter().filter(|name| !known.contains(name)).collect();
        if let Some(message) = refusal(table, unknown, "constraint", ["", ""]) {
            return Ok(Some(message));
        }
    }
    Ok(None)
}

/// The names of the constraints that statements of SQLite mention, in lower case.
pub(crate) fn named_constraints<'s>(statements: impl IntoIterator<Item = &'s str>) -> BTreeSet<String> {
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
    use super::named_constraints;

    #[test]
    fn the_names_of_constraints_are_read_from_statements() {
        let table = "CREATE TABLE t (\"constraint\" TEXT CONSTRAINT \"a \"\"b\"\"\" CHECK (x <> 'constraint no'), -- constraint c\n constraint D UNIQUE (x))";
        assert_eq!(named_constraints([table]).into_iter().collect::<Vec<_>>(), ["a \"b\"", "d"]);
    }
}
