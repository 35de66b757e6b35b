//! A snapshot, read with the help of the schema that it nearly is.
//!
//! From one migration to the next a few tables change of perhaps a thousand. What the snapshot says in the words in which the schema is
//! printed it means as the schema does; so only the rest is parsed, beside the tables that it points to. Whatever is unusual (an enum that
//! changed, a mistake, a table whose keys point to something that is other than it was) makes the whole snapshot be read.

use std::collections::{HashMap, HashSet};

use piccolo_runtime::schema::{ForeignKey, List, Schema, Table};
use piccolo_runtime::sql::Dialect;

use crate::diagnostic::Diagnostics;
use crate::source::Sources;
use crate::{print, schema_from_sources, syntax};

/// What a snapshot means for the given engines: the same as by [`schema_from_sources`], sooner where the schema that it is compared with
/// is nearly the same.
///
/// # Errors
/// Everything that is wrong with the snapshot.
pub fn snapshot_from_sources(snapshot: &Sources, schema: &Schema, targets: &[Dialect]) -> Result<Schema, Diagnostics> {
    match read_beside(snapshot, schema, targets) {
        Some(snapshot) => Ok(snapshot),
        None => Ok(schema_from_sources(snapshot, targets)?.schema),
    }
}

/// A table of the snapshot.
enum Place<'s> {
    /// It is said as the schema says this one.
    Same(&'s Table),
    /// It is said otherwise; the next of those that were parsed.
    Other,
}

fn read_beside(snapshot: &Sources, schema: &Schema, targets: &[Dialect]) -> Option<Schema> {
    let mut files = snapshot.iter();
    let (Some(file), None) = (files.next(), files.next()) else { return None };
    let pieces = syntax::pieces(&file.text)?;
    let printed = print::declarations(schema);
    let (enums, tables) = printed.split_at_checked(schema.enums.len())?;
    let (own_enums, pieces) = pieces.split_at_checked(enums.len())?;
    if own_enums != enums {
        return None;
    }
    let mut known: HashMap<&str, &Table> = tables.iter().map(String::as_str).zip(schema.tables.iter()).collect();
    // What stands there twice is a mistake, and its second place is none that is known.
    let places: Vec<Place<'_>> =
        pieces.iter().map(|piece| known.remove(piece).map_or(Place::Other, Place::Same)).collect();
    let same: HashMap<&str, &Table> = places
        .iter()
        .filter_map(|place| if let Place::Same(table) = place { Some((table.name.as_ref(), *table)) } else { None })
        .collect();
    let others: Vec<&str> =
        places.iter().zip(pieces).filter(|(place, _)| matches!(place, Place::Other)).map(|(_, piece)| *piece).collect();
    let parsed = parse(schema, &others, &same, targets)?;
    if !same.values().all(|table| table.foreign_keys.iter().all(|key| means_the_same(key, schema, &same, &parsed))) {
        return None;
    }
    let mut parsed = parsed.into_iter();
    let tables = places.into_iter().map(|place| match place {
        Place::Same(table) => Some(table.clone()),
        Place::Other => parsed.next(),
    });
    let tables: Vec<Table> = tables.collect::<Option<_>>()?;
    parsed.next().is_none().then(|| Schema { enums: schema.enums.clone(), tables: tables.into() })
}

/// Parses the tables that are said otherwise, beside all enums and those of the other tables that they may point to.
fn parse(schema: &Schema, pieces: &[&str], same: &HashMap<&str, &Table>, targets: &[Dialect]) -> Option<Vec<Table>> {
    if pieces.is_empty() {
        return Some(Vec::new());
    }
    let words = pieces
        .iter()
        .flat_map(|piece| piece.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_')));
    let named: HashSet<&str> = words.filter(|word| same.contains_key(word)).collect();
    let beside = schema.tables.iter().filter(|table| named.contains(table.name.as_ref()));
    // Without keys of their own they need no further tables; their columns keep the types that the keys gave them.
    let beside: Vec<Table> = beside
        .map(|table| Table {
            foreign_keys: List::default(),
            checks: List::default(),
            indexes: List::default(),
            ..table.clone()
        })
        .collect();
    let count = beside.len();
    let mut text = print::schema(&Schema { enums: schema.enums.clone(), tables: beside.into() });
    for piece in pieces {
        text.push('\n');
        text.push_str(piece);
        text.push('\n');
    }
    let mut sources = Sources::new();
    sources.add("<snapshot>", &text);
    let lowered = schema_from_sources(&sources, targets).ok()?.schema;
    // An enum among the pieces is one that changed.
    if lowered.enums != schema.enums {
        return None;
    }
    let mut tables = lowered.tables.into_owned();
    Some(tables.split_off(count.min(tables.len())))
}

/// Whether a key of a table that is said as in the schema points to what it points to there.
fn means_the_same(key: &ForeignKey, schema: &Schema, same: &HashMap<&str, &Table>, parsed: &[Table]) -> bool {
    let Some(target) = schema.table(&key.target) else { return false };
    if same.get(target.name.as_ref()).is_some_and(|table| table.sql_name == target.sql_name) {
        return true;
    }
    // The words name the table as the schema language does.
    let Some(before) = parsed.iter().find(|table| table.name == target.name) else { return false };
    before.sql_name == target.sql_name
        && before.primary_key.columns == target.primary_key.columns
        && key.target_columns.iter().all(|name| {
            let (before, now) = (before.column(name), target.column(name));
            before.is_some()
                && before.map(|column| (&column.name, &column.ty)) == now.map(|column| (&column.name, &column.ty))
        })
}

#[cfg(test)]
mod tests {
    use crate::schema_from_str;

    use super::*;

    const BEFORE: &str = "
        enum Genre { rock, jazz }
        table Manager { name: Text(unique) }
        table Band { genre: Genre manager: ForeignKey(Manager) }
        table Concert { band: ForeignKey(Band) before: ForeignKey(self, null) promoter: ForeignKey(Manager, to = name) }
    ";

    /// What the snapshot of [`BEFORE`] means beside another schema, by the short way; `None` where it has to be read as a whole.
    fn beside(after: &str) -> Option<Schema> {
        let [before, after] = [BEFORE, after].map(|text| schema_from_str("schema.piccolo", text).unwrap().schema);
        let mut sources = Sources::new();
        sources.add("schema.piccolo", &print::snapshot(&before));
        let read = read_beside(&sources, &after, &Dialect::ALL);
        assert!(read.as_ref().is_none_or(|read| *read == before));
        read
    }

    #[test]
    fn only_what_has_changed_is_parsed() {
        for (what, after) in [
            ("nothing", BEFORE.to_owned()),
            ("a table in the middle", BEFORE.replace("genre: Genre", "genre: Genre(null)")),
            ("a table that others point to", BEFORE.replace("name: Text(unique)", "name: Text(unique) fame: Integer")),
            ("a new table", format!("{BEFORE} table Venue {{ name: Text }}")),
            ("a dropped one", BEFORE.replace("table Concert", "table Gig")),
        ] {
            assert!(beside(&after).is_some(), "{what}");
        }
    }

    #[test]
    fn what_may_mean_something_else_is_read_as_a_whole() {
        for (what, after) in [
            ("an enum", BEFORE.replace("rock, jazz", "rock, jazz, folk")),
            ("the type of a column that keys point to", BEFORE.replace("name: Text(unique)", "name: Varchar(unique)")),
            ("the table that a name means", BEFORE.replace("table Manager {", "table Manager(tablename = \"boss\") {")),
        ] {
            assert!(beside(&after).is_none(), "{what}");
        }
    }

    #[test]
    fn a_table_that_stands_there_twice_is_reported() {
        let schema = schema_from_str("schema.piccolo", BEFORE).unwrap().schema;
        let text = print::snapshot(&schema);
        let (_, concert) = text.rsplit_once("\n\n").unwrap();
        let mut sources = Sources::new();
        sources.add("schema.piccolo", &format!("{text}\n{concert}"));
        let diagnostics = snapshot_from_sources(&sources, &schema, &Dialect::ALL).unwrap_err();
        assert!(diagnostics.to_string().contains("declared twice"), "{diagnostics}");
    }
}
