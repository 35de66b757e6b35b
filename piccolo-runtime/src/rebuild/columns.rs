//! Columns that a rebuild does not know: somebody else's migration added them, or somebody by hand.

use crate::Result;
use crate::ask::all;
use crate::ddl::Rebuilt;
use crate::sql::literal;
use crate::transaction::Transaction;

/// What is said of tables that have columns which are not among those that are known; `None` where there are none.
pub(super) async fn unknown(transaction: &Transaction, tables: &[Rebuilt]) -> Result<Option<String>> {
    for Rebuilt { table, columns } in tables.iter().filter(|rebuilt| !rebuilt.columns.is_empty()) {
        let query = format!("SELECT name FROM pragma_table_xinfo({})", literal(table));
        let live = all(transaction, query, |row| row.get::<String>(0)).await?;
        let is_known = |name: &str| columns.iter().any(|column| column.eq_ignore_ascii_case(name));
        let unknown: Vec<String> = live.into_iter().filter(|name| !is_known(name)).collect();
        if let Some((first, more)) = unknown.split_first() {
            let (word, its) = if more.is_empty() { ("column", "its") } else { ("columns", "their") };
            let names = more.iter().fold(format!("`{first}`"), |names, name| format!("{names}, `{name}`"));
            return Ok(Some(format!(
                "table {table} has the {word} {names}, of which this step knows nothing: it makes the table anew and would drop the {word} with \
                 {its} values. Where a migration of another branch added the {word}, plan this one anew on top of it with \
                 `piccolo-codegen diff --rebase` and its id; where it was done by hand, bring the {word} into the schema with a migration \
                 that comes before this one, or drop the {word}"
            )));
        }
    }
    Ok(None)
}
