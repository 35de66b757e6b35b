//! Columns compared.

use piccolo_runtime::schema::{Column, ColumnType, Default, ElementType};

use super::pairing::Pairing;
use super::resolve::Pairs;
use crate::change::{Alteration, ColumnDifference};

/// What happens to the columns of a table that stays.
pub(super) fn alterations<'a>(pairs: &Pairs<'a>, columns: &Pairing<'a, Column>) -> Vec<Alteration<'a>> {
    let mut out = Vec::new();
    for (from, to) in &columns.new {
        let Some(from) = *from else {
            out.push(Alteration::AddColumn(to));
            continue;
        };
        if from.sql_name != to.sql_name {
            out.push(Alteration::RenameColumn { from, to });
        }
        let differs = difference(pairs, from, to);
        if !differs.is_none() {
            out.push(Alteration::ModifyColumn { from, to, differs });
        }
    }
    out.extend(columns.dropped.iter().map(|column| Alteration::DropColumn(column)));
    out
}

/// What differs between the two sides of a column, its name apart.
fn difference(pairs: &Pairs<'_>, from: &Column, to: &Column) -> ColumnDifference {
    // The name in the schema language and secrecy are no business of the database.
    let Column { name: _, sql_name: _, doc, ty, null, default, secret: _, collation } = from;
    ColumnDifference {
        ty: renamed_type(pairs, ty).as_ref() != Some(&to.ty),
        null: *null != to.null,
        default: match (default, &to.default) {
            (None, None) => false,
            (Some(old), Some(new)) => renamed_default(pairs, ty, old).as_ref() != Some(new),
            (Some(_), None) | (None, Some(_)) => true,
        },
        collation: *collation != to.collation,
        doc: *doc != to.doc,
    }
}

/// The type with the new name of its enum; `None` where the enum goes.
fn renamed_type(pairs: &Pairs<'_>, ty: &ColumnType) -> Option<ColumnType> {
    match ty.enumeration() {
        None => Some(ty.clone()),
        Some(old) => {
            let new = pairs.enum_name(old)?.clone();
            Some(if matches!(ty, ColumnType::Array(_)) {
                ColumnType::Array(ElementType::Enum(new))
            } else {
                ColumnType::Enum(new)
            })
        }
    }
}

/// The default with the new texts of its enum's values; `None` where one of them goes.
fn renamed_default(pairs: &Pairs<'_>, ty: &ColumnType, default: &Default) -> Option<Default> {
    let Some(enumeration) = ty.enumeration() else { return Some(default.clone()) };
    let renamed = |value: &Default| {
        if let Default::Variant(text) = value {
            pairs.value_text(enumeration, text).cloned().map(Default::Variant)
        } else {
            Some(value.clone())
        }
    };
    if let Default::Array(values) = default {
        let values: Option<Vec<Default>> = values.iter().map(renamed).collect();
        Some(Default::Array(values?.into()))
    } else {
        renamed(default)
    }
}
