//! What a `CREATE TABLE` statement says that no pragma does.

use super::piece::{Piece, normal, pieces, unwrapped};
use super::reader::{Reader, split_at_commas};
use crate::introspect::{CheckShape, Deferral, ForeignKeyShape, KeyShape, OtherConstraint};
use crate::schema::{ForeignKeyAction, QualifiedName};

/// The constraints of a table, wherever they stand, and what its columns say.
#[derive(Debug, Default)]
pub(super) struct Definition {
    pub(super) columns: Vec<ColumnWords>,
    pub(super) primary_key: Option<KeyShape>,
    pub(super) uniques: Vec<KeyShape>,
    pub(super) checks: Vec<CheckShape>,
    /// Those that name no column of their target have an empty list.
    pub(super) foreign_keys: Vec<ForeignKeyShape>,
    pub(super) others: Vec<OtherConstraint>,
}

/// What a column's definition says beside its type, its nulls and its default, which a pragma tells.
#[derive(Debug, Default)]
pub(super) struct ColumnWords {
    pub(super) name: String,
    pub(super) autoincrement: bool,
    pub(super) collation: Option<String>,
    pub(super) generated: Option<String>,
    pub(super) options: Option<String>,
}

/// The words with which a constraint of a column can begin; before them stands its type.
const COLUMN_CONSTRAINTS: [&str; 11] =
    ["CONSTRAINT", "PRIMARY", "NOT", "NULL", "UNIQUE", "CHECK", "DEFAULT", "COLLATE", "REFERENCES", "GENERATED", "AS"];

/// The words with which a constraint of a table can begin.
pub(super) const TABLE_CONSTRAINTS: [&str; 5] = ["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"];

/// Reads a `CREATE TABLE` statement. What cannot be followed, because a later SQLite wrote it, is kept as an
/// [`OtherConstraint`], so that it takes part in comparisons.
pub(super) fn definition(sql: &str) -> Definition {
    let pieces = pieces(sql);
    let mut definition = Definition::default();
    let start = pieces.iter().position(|piece| piece.is("(")).unwrap_or(pieces.len());
    let mut reader = Reader::of(pieces.get(start..).unwrap_or_default());
    for item in split_at_commas(reader.brackets().unwrap_or_default()) {
        let mut reader = Reader::of(item);
        let is_constraint = item.first().is_some_and(|first| TABLE_CONSTRAINTS.iter().any(|word| first.is(word)));
        let followed = match is_constraint {
            true => definition.table_constraints(&mut reader),
            false => definition.column(&mut reader),
        };
        if followed.is_none() {
            definition.others.push(OtherConstraint { name: None, definition: normal(item) });
        }
    }
    definition
}

impl Definition {
    /// Reads a column and the constraints that stand on it.
    fn column(&mut self, reader: &mut Reader<'_, '_>) -> Option<()> {
        let column = reader.name()?;
        let mut words = ColumnWords { name: column.clone(), ..ColumnWords::default() };
        skip_to_constraint(reader)?;
        let mut name = None;
        while !reader.is_done() {
            if reader.take(&["CONSTRAINT"]) {
                name = Some(reader.name()?);
                continue;
            }
            if reader.take(&["PRIMARY", "KEY"]) {
                let direction = direction(reader);
                let options = joined([direction, conflict(reader)?]);
                words.autoincrement = reader.take(&["AUTOINCREMENT"]);
                let columns = vec![column.clone()];
                self.primary_key = Some(KeyShape { name: name.take(), columns, options, ..KeyShape::default() });
            } else if reader.take(&["NOT", "NULL"]) || reader.take(&["NULL"]) {
                words.options = conflict(reader)?;
            } else if reader.take(&["UNIQUE"]) {
                let (columns, options) = (vec![column.clone()], conflict(reader)?);
                self.uniques.push(KeyShape { name: name.take(), columns, options, ..KeyShape::default() });
            } else if reader.sees(&["CHECK"]) {
                self.checks.push(check(reader, name.take())?);
            } else if reader.take(&["DEFAULT"]) {
                skip_value(reader)?;
            } else if reader.take(&["COLLATE"]) {
                words.collation = Some(reader.name()?);
            } else if reader.sees(&["REFERENCES"]) {
                self.foreign_keys.push(references(reader, name.take(), vec![column.clone()])?);
            } else if reader.take(&["GENERATED", "ALWAYS", "AS"]) || reader.take(&["AS"]) {
                words.generated = Some(reader.expression()?);
                // A pragma tells which of the two it is.
                let _ = reader.take(&["STORED"]) || reader.take(&["VIRTUAL"]);
            } else {
                return None;
            }
            name = None;
        }
        self.columns.push(words);
        Some(())
    }

    /// Reads constraints of the table. Usually there is one: commas stand between them, but SQLite does not insist.
    fn table_constraints(&mut self, reader: &mut Reader<'_, '_>) -> Option<()> {
        while !reader.is_done() {
            let name = if reader.take(&["CONSTRAINT"]) { Some(reader.name()?) } else { None };
            if reader.take(&["PRIMARY", "KEY"]) {
                let counts = reader.rest().iter().any(|piece| piece.is("AUTOINCREMENT"));
                let key = key(reader, name)?;
                let counted = self.columns.iter_mut().filter(|column| counts && key.columns.contains(&column.name));
                counted.for_each(|column| column.autoincrement = true);
                self.primary_key = Some(key);
            } else if reader.take(&["UNIQUE"]) {
                let unique = key(reader, name)?;
                self.uniques.push(unique);
            } else if reader.sees(&["CHECK"]) {
                self.checks.push(check(reader, name)?);
            } else if reader.take(&["FOREIGN", "KEY"]) {
                let columns = names(reader.brackets()?)?;
                self.foreign_keys.push(references(reader, name, columns)?);
            } else {
                return None;
            }
        }
        Some(())
    }
}

/// Passes over a column's type.
pub(super) fn skip_to_constraint(reader: &mut Reader<'_, '_>) -> Option<()> {
    while let Some(next) = reader.rest().first() {
        if COLUMN_CONSTRAINTS.iter().any(|word| next.is(word)) {
            break;
        }
        if next.is("(") {
            reader.brackets()?;
        } else {
            reader.next();
        }
    }
    Some(())
}

/// Passes over a default's value: an expression in brackets, or a literal, which can be several pieces.
pub(super) fn skip_value(reader: &mut Reader<'_, '_>) -> Option<()> {
    if reader.sees(&["("]) {
        return reader.brackets().map(|_| ());
    }
    reader.next();
    skip_to_constraint(reader)
}

/// `(a, b DESC) ON CONFLICT …` of a primary key or a unique constraint.
pub(super) fn key(reader: &mut Reader<'_, '_>, name: Option<String>) -> Option<KeyShape> {
    let (mut columns, mut options) = (Vec::new(), Vec::new());
    for item in split_at_commas(reader.brackets()?) {
        let mut item = Reader::of(item);
        let column = item.name()?;
        if item.take(&["COLLATE"]) {
            options.push(Some(format!("{column} COLLATE {}", item.name()?)));
        }
        options.push(direction(&mut item).map(|direction| format!("{column} {direction}")));
        item.take(&["AUTOINCREMENT"]);
        if !item.is_done() {
            return None;
        }
        columns.push(column);
    }
    options.push(conflict(reader)?);
    Some(KeyShape { name, columns, options: joined(options), deferral: Deferral::Never })
}

/// `CHECK (…)`, and the `ON CONFLICT` that SQLite takes and ignores.
pub(super) fn check(reader: &mut Reader<'_, '_>, name: Option<String>) -> Option<CheckShape> {
    reader.take(&["CHECK"]);
    let expression = normal(unwrapped(reader.brackets()?));
    let options = conflict(reader)?;
    Some(CheckShape { name, expression, valid: true, options })
}

/// `REFERENCES table (columns) ON DELETE … MATCH … DEFERRABLE …`.
pub(super) fn references(
    reader: &mut Reader<'_, '_>,
    name: Option<String>,
    columns: Vec<String>,
) -> Option<ForeignKeyShape> {
    reader.take(&["REFERENCES"]);
    let target = QualifiedName::plain(reader.name()?);
    let target_columns = if reader.sees(&["("]) { names(reader.brackets()?)? } else { Vec::new() };
    let mut key = ForeignKeyShape {
        name,
        columns,
        target,
        target_columns,
        on_delete: ForeignKeyAction::NoAction,
        on_update: ForeignKeyAction::NoAction,
        deferral: Deferral::Never,
        valid: true,
        options: None,
    };
    loop {
        if reader.take(&["ON", "DELETE"]) {
            key.on_delete = action(reader)?;
        } else if reader.take(&["ON", "UPDATE"]) {
            key.on_update = action(reader)?;
        } else if reader.take(&["MATCH"]) {
            // SQLite reads it and does as if it were not there.
            key.options = Some(format!("MATCH {}", reader.name()?.to_ascii_uppercase()));
        } else if reader.take(&["NOT", "DEFERRABLE"]) {
            initially(reader);
            key.deferral = Deferral::Never;
        } else if reader.take(&["DEFERRABLE"]) {
            key.deferral = initially(reader);
        } else {
            return Some(key);
        }
    }
}

/// `INITIALLY DEFERRED` or `INITIALLY IMMEDIATE`, which is also what its absence says.
fn initially(reader: &mut Reader<'_, '_>) -> Deferral {
    if reader.take(&["INITIALLY", "DEFERRED"]) {
        return Deferral::InitiallyDeferred;
    }
    reader.take(&["INITIALLY", "IMMEDIATE"]);
    Deferral::InitiallyImmediate
}

fn action(reader: &mut Reader<'_, '_>) -> Option<ForeignKeyAction> {
    let actions: [(&[&str], ForeignKeyAction); 5] = [
        (&["NO", "ACTION"], ForeignKeyAction::NoAction),
        (&["RESTRICT"], ForeignKeyAction::Restrict),
        (&["CASCADE"], ForeignKeyAction::Cascade),
        (&["SET", "NULL"], ForeignKeyAction::SetNull),
        (&["SET", "DEFAULT"], ForeignKeyAction::SetDefault),
    ];
    actions.into_iter().find(|(words, _)| reader.take(words)).map(|(_, action)| action)
}

/// `ON CONFLICT …`, if it comes next; `None` when it cannot be followed.
#[expect(clippy::option_option, reason = "absent is not the same as wrong")]
pub(super) fn conflict(reader: &mut Reader<'_, '_>) -> Option<Option<String>> {
    if !reader.take(&["ON", "CONFLICT"]) {
        return Some(None);
    }
    reader.name().map(|resolution| Some(format!("ON CONFLICT {}", resolution.to_ascii_uppercase())))
}

/// `DESC`, if it comes next; `ASC` is the usual.
pub(super) fn direction(reader: &mut Reader<'_, '_>) -> Option<String> {
    reader.take(&["ASC"]);
    reader.take(&["DESC"]).then(|| "DESC".to_owned())
}

pub(super) fn names(pieces: &[Piece<'_>]) -> Option<Vec<String>> {
    split_at_commas(pieces).into_iter().map(|item| Reader::of(item).name()).collect()
}

fn joined(options: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let options: Vec<String> = options.into_iter().flatten().collect();
    (!options.is_empty()).then(|| options.join(" "))
}

#[cfg(test)]
mod tests;
