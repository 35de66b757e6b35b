//! What could be a rename: things that go beside things of the same kind that come.

use piccolo_runtime::schema::{Column, Enum, EnumValue, Table};
use strsim::jaro_winkler;

use crate::change::{Alteration, Changes, EnumChange, ModifyEnum, ModifyTable, Rename, TableChange};

/// A rename that was not decided but could be meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The rename, by database names; its text is what goes behind `--rename`.
    pub rename: Rename,
    /// How likely it is, in thousandths.
    pub likelihood: u16,
}

/// A pair below this likelihood is no candidate.
const THRESHOLD: f64 = 0.4;

/// All candidates: in the order of the things that go, and for each the likeliest first.
pub(super) fn candidates(changes: &Changes<'_>) -> Vec<Candidate> {
    let mut all = Vec::new();
    for change in &changes.enums {
        if let EnumChange::ModifyEnum(ModifyEnum { to, added, dropped, .. }) = change {
            let parent = to.sql_name.to_string();
            all.extend(rank(dropped, added, value_likeness, |from, to| {
                Rename::inside(parent.clone(), from.text.clone(), to.text.clone())
            }));
        }
    }
    let gone: Vec<&Enum> = changes.enums.iter().filter_map(EnumChange::dropped).collect();
    let come: Vec<&Enum> = changes.enums.iter().filter_map(EnumChange::added).collect();
    all.extend(rank(&gone, &come, enum_likeness, |from, to| {
        Rename::new(from.sql_name.to_string(), to.sql_name.to_string())
    }));
    for change in &changes.tables {
        if let TableChange::ModifyTable(ModifyTable { to, alterations, .. }) = change {
            let parent = to.sql_name.to_string();
            let gone: Vec<&Column> = alterations.iter().filter_map(Alteration::dropped_column).collect();
            let come: Vec<&Column> = alterations.iter().filter_map(Alteration::added_column).collect();
            all.extend(rank(&gone, &come, column_likeness, |from, to| {
                Rename::inside(parent.clone(), from.sql_name.clone(), to.sql_name.clone())
            }));
        }
    }
    let gone: Vec<&Table> = changes.tables.iter().filter_map(TableChange::dropped).collect();
    let come: Vec<&Table> = changes.tables.iter().filter_map(TableChange::added).collect();
    all.extend(rank(&gone, &come, table_likeness, |from, to| {
        Rename::new(from.sql_name.to_string(), to.sql_name.to_string())
    }));
    all
}

/// Every pair that is alike enough, the likeliest first for each thing that goes, in declared order between equals.
fn rank<T>(
    gone: &[&T],
    come: &[&T],
    likeness: impl Fn(&T, &T) -> f64,
    rename: impl Fn(&T, &T) -> Rename,
) -> Vec<Candidate> {
    let mut all = Vec::new();
    for from in gone {
        let mut of_one: Vec<(f64, &T)> =
            come.iter().map(|to| (likeness(from, to), *to)).filter(|(likeness, _)| *likeness >= THRESHOLD).collect();
        of_one.sort_by(|(left, _), (right, _)| right.total_cmp(left));
        all.extend(of_one.into_iter().map(|(likeness, to)| Candidate {
            rename: rename(from, to),
            // Between 0 and 1000, so the cast loses only what stands behind the point.
            likelihood: (likeness * 1000.0) as u16,
        }));
    }
    all
}

/// Columns: of the same type, or of much the same name.
fn column_likeness(from: &Column, to: &Column) -> f64 {
    let ty = if from.ty.referenced() == to.ty.referenced() { 0.5 } else { 0.0 };
    let null = if from.null == to.null { 0.1 } else { 0.0 };
    ty + null + 0.4 * jaro_winkler(&from.sql_name, &to.sql_name)
}

/// Tables: with many columns in common. A mere `id` says nothing.
fn table_likeness(from: &Table, to: &Table) -> f64 {
    let telling = |table: &'_ Table| table.columns.iter().filter(|column| !column.ty.is_serial()).count();
    let common = from
        .columns
        .iter()
        .filter(|column| !column.ty.is_serial())
        .filter(|column| to.column(&column.sql_name).is_some_and(|other| other.ty == column.ty))
        .count();
    let most = telling(from).max(telling(to)).max(1);
    let name = jaro_winkler(&from.sql_name.name, &to.sql_name.name);
    // Both are small numbers of columns, exact as floats.
    0.7 * (common as f64 / most as f64) + 0.3 * if name > 0.8 { name } else { 0.0 }
}

/// Enums: with many values in common.
fn enum_likeness(from: &Enum, to: &Enum) -> f64 {
    let common = from.values.iter().filter(|value| to.values.iter().any(|other| other.text == value.text)).count();
    let most = from.values.len().max(to.values.len()).max(1);
    let name = jaro_winkler(&from.sql_name.name, &to.sql_name.name);
    0.7 * (common as f64 / most as f64) + 0.3 * if name > 0.8 { name } else { 0.0 }
}

/// Values of an enum: any could be meant, so only their names rank them.
fn value_likeness(from: &EnumValue, to: &EnumValue) -> f64 {
    0.4 + 0.6 * jaro_winkler(&from.text, &to.text)
}
