//! Enums compared.

use std::collections::HashMap;

use piccolo_runtime::schema::Enum;

use super::resolve::Pairs;
use crate::change::{EnumChange, ModifyEnum};

/// What happens to enums.
pub(super) fn changes<'a>(pairs: &Pairs<'a>) -> Vec<EnumChange<'a>> {
    let mut changes = Vec::new();
    for (from, to) in &pairs.enums.new {
        match from {
            None => changes.push(EnumChange::AddEnum(to)),
            Some(from) => changes.extend(modified(pairs, from, to).map(EnumChange::ModifyEnum)),
        }
    }
    changes.extend(pairs.enums.dropped.iter().map(|dropped| EnumChange::DropEnum(dropped)));
    changes
}

/// What differs between the two sides of an enum; `None` where it is nothing that a database knows.
fn modified<'a>(pairs: &Pairs<'a>, from: &'a Enum, to: &'a Enum) -> Option<ModifyEnum<'a>> {
    // The name in the schema language is no business of the database.
    let Enum { name: _, sql_name, doc, values: _ } = from;
    let values = pairs.values.get(sql_name)?;
    let old_positions: HashMap<&str, usize> =
        from.values.iter().enumerate().map(|(position, value)| (value.text.as_ref(), position)).collect();
    let kept: Vec<usize> = values.kept().filter_map(|(old, _)| old_positions.get(old.text.as_ref())).copied().collect();
    let change = ModifyEnum {
        from,
        to,
        renamed: values.kept().filter(|(old, new)| old.text != new.text).collect(),
        added: values.added().collect(),
        dropped: values.dropped.clone(),
        reordered: !kept.is_sorted(),
    };
    (change.changes_values() || *sql_name != to.sql_name || *doc != to.doc).then_some(change)
}
