//! What is not a table: enumerated types, sequences, and what the schema language cannot say.

use super::{name, optional_name};
use crate::introspect::{EnumShape, ObjectKind, ObjectShape, SequenceShape};
use crate::{Result, RowRef};

pub(super) const ENUMS: &str = include_str!("enums.sql");
pub(super) const SEQUENCES: &str = include_str!("sequences.sql");
pub(super) const OBJECTS: &str = include_str!("objects.sql");

pub(super) fn decode_enum(row: &RowRef<'_>) -> Result<EnumShape> {
    Ok(EnumShape { name: name(row, 0)?, values: row.get(2)?, comment: row.get(3)? })
}

pub(super) fn decode_sequence(row: &RowRef<'_>) -> Result<SequenceShape> {
    Ok(SequenceShape { name: name(row, 0)?, owner: row.get(2)? })
}

/// An object, unless it is the language that every database is born with.
pub(super) fn decode(row: &RowRef<'_>) -> Result<Option<ObjectShape>> {
    let kind: String = row.get(0)?;
    let kind = ObjectKind::of_word(&kind).ok_or_else(|| row.error(0, format!("`{kind}` is not a kind of object")))?;
    let name = name(row, 1)?;
    if kind == ObjectKind::Extension && name.name == "plpgsql" {
        return Ok(None);
    }
    let definition: Option<String> = row.get(5)?;
    let definition = definition.unwrap_or_default();
    Ok(Some(ObjectShape { kind, name, table: optional_name(row, 3)?, definition }))
}
