//! Renames of columns that are called as every table of SQLite calls the number of a row: see [`is_row_number`].

use piccolo_runtime::ddl::{Unsupported, is_row_number};
use piccolo_runtime::sql::Dialect;

use crate::change::{Alteration, Changes, ModifyTable, TableChange};

/// Refuses to rename such a column, or another one to such a name. A rebuild would leave behind the keys that point to it.
pub(super) fn check_renames(changes: &Changes<'_>) -> Result<(), Unsupported> {
    let modified = changes.tables.iter().filter_map(TableChange::modified);
    match modified.filter_map(|change| rename(change).or_else(|| replacement(change))).next() {
        Some(feature) => Err(Unsupported::new(Dialect::Sqlite, feature)),
        None => Ok(()),
    }
}

/// A rename that SQLite refuses, and the way out.
fn rename(change: &ModifyTable<'_>) -> Option<String> {
    let mut renamed = change.alterations.iter().filter_map(Alteration::renamed_column);
    let (from, to) = renamed.find(|(from, to)| {
        from.sql_name != to.sql_name && (is_row_number(&from.sql_name) || is_row_number(&to.sql_name))
    })?;
    let (from, to) = (&from.sql_name, &to.sql_name);
    Some(format!(
        "renaming the column {}.{from} to {to}, because one of the names is SQLite's own for the number of a row; keep the name in the database \
         with `column = \"{from}\"`, or choose another one",
        change.to.sql_name
    ))
}

/// A column that goes and gives its name to another one, for which it would be renamed for a while.
fn replacement(change: &ModifyTable<'_>) -> Option<String> {
    let mut dropped = change.alterations.iter().filter_map(Alteration::dropped_column);
    let column = dropped.find(|column| {
        let mut added = change.alterations.iter().filter_map(Alteration::added_column);
        is_row_number(&column.sql_name) && added.any(|added| added.sql_name.eq_ignore_ascii_case(&column.sql_name))
    })?;
    Some(format!(
        "renaming the column {}.{} out of the way of a new one, because the name is SQLite's own for the number of a row; drop the column in a \
         migration of its own",
        change.to.sql_name, column.sql_name
    ))
}

#[cfg(test)]
mod tests {
    use crate::change::{Decisions, Rename};
    use crate::plan::{Options, author};
    use crate::schema_from_str;

    use super::*;

    #[test]
    fn a_rename_that_sqlite_refuses_is_refused_before_anything_is_written() {
        let [number, rowid] = ["number", "rowid"].map(|name| {
            schema_from_str("schema.piccolo", &format!("table Band {{ {name}: Integer }}")).unwrap().schema
        });
        for (old, new, from, to) in [(&number, &rowid, "number", "rowid"), (&rowid, &number, "rowid", "number")] {
            let mut decisions = Decisions::default();
            decisions.renames.decided.push(Rename::inside("band".to_owned(), from.to_owned(), to.to_owned()));
            let refused = author(old, new, &decisions, &Dialect::ALL, Options::default()).unwrap_err();
            assert!(refused.feature.starts_with(&format!("renaming the column band.{from} to {to}")), "{refused}");
            assert!(author(old, new, &decisions, &[Dialect::Postgres], Options::default()).is_ok());
        }
    }
}
