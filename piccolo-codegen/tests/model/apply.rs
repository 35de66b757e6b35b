//! Changes applied to a schema in the pure model, by what they say and nothing else.

use std::collections::HashMap;

use piccolo_codegen::change::{Alteration, Changes, EnumChange, ModifyEnum, ModifyTable, TableChange};
use piccolo_runtime::schema::{
    Column, ColumnType, Default, ElementType, Enum, ForeignKeyRole, IndexKeyKind, IndexMethod, QualifiedName, Schema,
    Table, Text,
};

/// The schema after the changes.
pub(crate) fn apply(schema: &Schema, changes: &Changes<'_>) -> Schema {
    let names = Names::of(changes);
    let modified: HashMap<&QualifiedName, &ModifyTable<'_>> =
        changes.tables.iter().filter_map(TableChange::modified).map(|change| (&change.from.sql_name, change)).collect();
    let dropped = |table: &Table| {
        changes.tables.iter().filter_map(TableChange::dropped).any(|dropped| dropped.sql_name == table.sql_name)
    };
    let mut tables = Vec::new();
    for old in schema.tables.iter().filter(|table| !dropped(table)) {
        let mut table = old.clone();
        let alterations = modified.get(&old.sql_name).map(|change| change.alterations.as_slice()).unwrap_or_default();
        for alteration in alterations {
            drop_part(&mut table, alteration);
        }
        names.carry(&mut table);
        rename_parts(&mut table, alterations);
        for alteration in alterations {
            change_part(&mut table, modified[&old.sql_name].to, alteration);
        }
        tables.push(table);
    }
    tables.extend(changes.tables.iter().filter_map(TableChange::added).cloned());
    Schema { enums: enums(schema, changes).into(), tables: tables.into() }
}

/// What renames carry along everywhere.
struct Names<'a> {
    tables: HashMap<&'a QualifiedName, &'a QualifiedName>,
    columns: HashMap<(&'a QualifiedName, &'a Text), &'a Text>,
    enums: HashMap<&'a QualifiedName, &'a ModifyEnum<'a>>,
}

impl<'a> Names<'a> {
    fn of(changes: &'a Changes<'a>) -> Self {
        let mut names = Self { tables: HashMap::new(), columns: HashMap::new(), enums: HashMap::new() };
        for change in changes.tables.iter().filter_map(TableChange::modified) {
            for alteration in &change.alterations {
                if matches!(alteration, Alteration::RenameTable | Alteration::MoveTable) {
                    names.tables.insert(&change.from.sql_name, &change.to.sql_name);
                } else if let Alteration::RenameColumn { from, to } = alteration {
                    names.columns.insert((&change.from.sql_name, &from.sql_name), &to.sql_name);
                }
            }
        }
        for change in changes.enums.iter().filter_map(EnumChange::modified) {
            names.enums.insert(&change.from.sql_name, change);
        }
        names
    }

    fn carry(&self, table: &mut Table) {
        let old = table.sql_name.clone();
        let column = |table: &QualifiedName, name: &mut Text| {
            if let Some(new) = self.columns.get(&(table, &*name)) {
                *name = (*new).clone();
            }
        };
        for part in table.columns.to_mut() {
            column(&old, &mut part.sql_name);
            self.carry_enum(part);
        }
        for part in table.primary_key.columns.to_mut() {
            column(&old, part);
        }
        for part in table.uniques.to_mut() {
            part.columns.to_mut().iter_mut().for_each(|name| column(&old, name));
        }
        for key in table.indexes.to_mut().iter_mut().flat_map(|index| index.keys.to_mut()) {
            if let IndexKeyKind::Column(name) = &mut key.kind {
                column(&old, name);
            }
        }
        for key in table.foreign_keys.to_mut() {
            key.columns.to_mut().iter_mut().for_each(|name| column(&old, name));
            let target = key.target.clone();
            key.target_columns.to_mut().iter_mut().for_each(|name| column(&target, name));
            if let Some(new) = self.tables.get(&target) {
                key.target = (*new).clone();
            }
        }
        if let Some(new) = self.tables.get(&old) {
            table.sql_name = (*new).clone();
        }
    }

    fn carry_enum(&self, column: &mut Column) {
        let Some(change) = column.ty.enumeration().and_then(|name| self.enums.get(name)) else { return };
        column.ty = match column.ty {
            ColumnType::Array(_) => ColumnType::Array(ElementType::Enum(change.to.sql_name.clone())),
            _ => ColumnType::Enum(change.to.sql_name.clone()),
        };
        let carry = |default: &mut Default| {
            if let Default::Variant(text) = default
                && let Some((_, to)) = change.renamed.iter().find(|(from, _)| from.text == *text)
            {
                *text = to.text.clone();
            }
        };
        match &mut column.default {
            Some(Default::Array(values)) => values.to_mut().iter_mut().for_each(carry),
            Some(default) => carry(default),
            None => {}
        }
    }
}

fn drop_part(table: &mut Table, alteration: &Alteration<'_>) {
    match alteration {
        Alteration::DropColumn(gone) => table.columns.to_mut().retain(|part| part.sql_name != gone.sql_name),
        Alteration::DropUnique(gone) => table.uniques.to_mut().retain(|part| part.name != gone.name),
        Alteration::DropCheck(gone) => table.checks.to_mut().retain(|part| part.name != gone.name),
        Alteration::DropIndex(gone) => table.indexes.to_mut().retain(|part| part.name != gone.name),
        Alteration::DropForeignKey(gone) => table.foreign_keys.to_mut().retain(|part| part.name != gone.name),
        _ => {}
    }
}

/// All at once, so that two may swap their names.
fn rename_parts(table: &mut Table, alterations: &[Alteration<'_>]) {
    let rename = |name: &mut Text, pairs: &[(&Text, &Text)]| {
        if let Some((_, new)) = pairs.iter().find(|(old, _)| *old == name) {
            *name = (*new).clone();
        }
    };
    let pairs = |of: &dyn Fn(&Alteration<'_>) -> Option<(Text, Text)>| -> Vec<(Text, Text)> {
        alterations.iter().filter_map(of).collect()
    };
    let uniques = pairs(&|alteration| match alteration {
        Alteration::RenameUnique { from, to } => Some((from.name.clone(), to.name.clone())),
        _ => None,
    });
    let checks = pairs(&|alteration| match alteration {
        Alteration::RenameCheck { from, to } => Some((from.name.clone(), to.name.clone())),
        _ => None,
    });
    let indexes = pairs(&|alteration| match alteration {
        Alteration::RenameIndex { from, to } => Some((from.name.clone(), to.name.clone())),
        _ => None,
    });
    let keys = pairs(&|alteration| match alteration {
        Alteration::RenameForeignKey { from, to } => Some((from.name.clone(), to.name.clone())),
        _ => None,
    });
    let by_reference = |pairs: &[(Text, Text)], name: &mut Text| {
        rename(name, &pairs.iter().map(|(from, to)| (from, to)).collect::<Vec<_>>());
    };
    table.uniques.to_mut().iter_mut().for_each(|part| by_reference(&uniques, &mut part.name));
    table.checks.to_mut().iter_mut().for_each(|part| by_reference(&checks, &mut part.name));
    table.indexes.to_mut().iter_mut().for_each(|part| by_reference(&indexes, &mut part.name));
    table.foreign_keys.to_mut().iter_mut().for_each(|part| by_reference(&keys, &mut part.name));
}

fn change_part(table: &mut Table, to: &Table, alteration: &Alteration<'_>) {
    match alteration {
        Alteration::CommentTable => table.doc = to.doc.clone(),
        Alteration::AddColumn(new) => table.columns.to_mut().push((*new).clone()),
        Alteration::ModifyColumn { from: _, to, differs } => {
            let part = table.columns.to_mut().iter_mut().find(|part| part.sql_name == to.sql_name).unwrap();
            if differs.ty {
                part.ty = to.ty.clone();
            }
            if differs.null {
                part.null = to.null;
            }
            if differs.default {
                part.default = to.default.clone();
            }
            if differs.collation {
                part.collation = to.collation.clone();
            }
            if differs.doc {
                part.doc = to.doc.clone();
            }
        }
        Alteration::ModifyPrimaryKey { to, .. } => table.primary_key = (*to).clone(),
        Alteration::RenamePrimaryKey { to, .. } => table.primary_key.name = to.name.clone(),
        Alteration::AddUnique(new) => table.uniques.to_mut().push((*new).clone()),
        Alteration::AddCheck(new) => table.checks.to_mut().push((*new).clone()),
        Alteration::AddIndex(new) => table.indexes.to_mut().push((*new).clone()),
        Alteration::AddForeignKey(new) => table.foreign_keys.to_mut().push((*new).clone()),
        _ => {}
    }
}

fn enums(schema: &Schema, changes: &Changes<'_>) -> Vec<Enum> {
    let mut enums = Vec::new();
    for old in schema.enums.iter() {
        let mut enumeration = old.clone();
        let change = changes.enums.iter().find(|change| match change {
            EnumChange::AddEnum(_) => false,
            EnumChange::DropEnum(dropped) => dropped.sql_name == old.sql_name,
            EnumChange::ModifyEnum(change) => change.from.sql_name == old.sql_name,
        });
        match change {
            Some(EnumChange::DropEnum(_)) => continue,
            Some(EnumChange::ModifyEnum(change)) => {
                enumeration.sql_name = change.to.sql_name.clone();
                enumeration.doc = change.to.doc.clone();
                let values = enumeration.values.to_mut();
                values.retain(|value| !change.dropped.iter().any(|dropped| dropped.text == value.text));
                for value in values.iter_mut() {
                    if let Some((_, to)) = change.renamed.iter().find(|(from, _)| from.text == value.text) {
                        value.text = to.text.clone();
                    }
                }
                values.extend(change.added.iter().map(|added| (*added).clone()));
                if change.reordered || !change.added.is_empty() {
                    let place = |text: &Text| change.to.values.iter().position(|value| value.text == *text);
                    values.sort_by_key(|value| place(&value.text));
                }
            }
            Some(EnumChange::AddEnum(_)) | None => {}
        }
        enums.push(enumeration);
    }
    enums.extend(changes.enums.iter().filter_map(EnumChange::added).cloned());
    enums
}

/// A schema without what no database knows: the order of tables, columns and constraints, the names of the language, secrecy, and what a
/// foreign key is to queries.
pub(crate) fn in_order(schema: &Schema) -> Schema {
    let mut schema = schema.clone();
    let enums = schema.enums.to_mut();
    enums.sort_by(|left, right| left.sql_name.cmp(&right.sql_name));
    for enumeration in enums {
        enumeration.name = enumeration.sql_name.name.clone();
        for value in enumeration.values.to_mut() {
            value.name = value.text.clone();
            value.doc = "".into();
        }
    }
    let tables = schema.tables.to_mut();
    tables.sort_by(|left, right| left.sql_name.cmp(&right.sql_name));
    for table in tables {
        table.name = table.sql_name.name.clone();
        table.columns.to_mut().sort_by(|left, right| left.sql_name.cmp(&right.sql_name));
        for column in table.columns.to_mut() {
            column.name = column.sql_name.clone();
            column.secret = false;
        }
        table.uniques.to_mut().sort_by(|left, right| left.name.cmp(&right.name));
        table.checks.to_mut().sort_by(|left, right| left.name.cmp(&right.name));
        table.indexes.to_mut().sort_by(|left, right| left.name.cmp(&right.name));
        for index in table.indexes.to_mut() {
            index.method = index.method.filter(|method| *method != IndexMethod::Btree);
        }
        table.foreign_keys.to_mut().sort_by(|left, right| left.name.cmp(&right.name));
        for key in table.foreign_keys.to_mut() {
            key.role = ForeignKeyRole::Constraint;
        }
    }
    schema
}
