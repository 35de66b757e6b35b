//! From a plan to a valid schema, by keeping the rules of the language.

use std::collections::HashSet;

use piccolo_runtime::schema::{
    Column, ColumnType, ElementType, Enum, EnumValue, ForeignKey, ForeignKeyRole, PrimaryKey, QualifiedName, Schema,
    Table, Text, Unique, naming,
};

use super::defaults;
use super::draft::{Draft, possible};
use super::names::{Taken, module, usable, usable_in_sql};
use super::plan::{EnumPlan, KeyPlan, ReferencePlan, SchemaPlan, TablePlan, TypePlan};
use crate::lower::{is_built_in_type, is_postgres_type};

/// Builds the schema of a plan.
pub(super) fn build(plan: &SchemaPlan) -> Schema {
    let mut builder =
        Builder { plan, modules: Taken::default(), relations: Taken::default(), enums: Vec::new(), tables: Vec::new() };
    for table in &plan.tables {
        let shell = builder.shell(table);
        builder.tables.push(shell);
    }
    for each in &plan.enums {
        let each = builder.enumeration(each);
        builder.enums.push(each);
    }
    for (position, table) in plan.tables.iter().enumerate() {
        builder.columns(position, table);
    }
    for (position, table) in plan.tables.iter().enumerate() {
        builder.paths(position, table);
    }
    for (position, table) in plan.tables.iter().enumerate() {
        builder.statements(position, table);
    }
    for (position, table) in plan.tables.iter().enumerate() {
        builder.finish(position, table);
    }
    Schema { enums: builder.enums.into(), tables: builder.tables.into_iter().map(|draft| draft.table).collect() }
}

/// A schema in the making.
pub(super) struct Builder<'p> {
    pub(super) plan: &'p SchemaPlan,
    modules: Taken,
    /// The names of tables, indexes and types in the database.
    pub(super) relations: Taken,
    enums: Vec<Enum>,
    pub(super) tables: Vec<Draft>,
}

impl Builder<'_> {
    /// A table without columns.
    fn shell(&mut self, plan: &TablePlan) -> Draft {
        let name = self.modules.fresh(&plan.name, |name| usable(name) && usable_in_sql(&module(name)), module);
        let wish = plan.sql_name.clone().unwrap_or_else(|| module(&name));
        let sql_name = self.relations.fresh(&wish, usable_in_sql, |name| name.to_ascii_lowercase());
        let table = Table {
            name: name.into(),
            sql_name: QualifiedName {
                schema: plan.schema.clone().filter(|schema| usable_in_sql(schema)).map(Into::into),
                name: sql_name.into(),
            },
            doc: plan.doc.clone().into(),
            columns: Vec::new().into(),
            primary_key: PrimaryKey { name: Text::default(), columns: Vec::new().into() },
            uniques: Vec::new().into(),
            checks: Vec::new().into(),
            indexes: Vec::new().into(),
            foreign_keys: Vec::new().into(),
        };
        Draft {
            table,
            columns: Taken::default(),
            constraints: Taken::default(),
            reverse: Taken::default(),
            plans: Vec::new(),
        }
    }

    fn enumeration(&mut self, plan: &EnumPlan) -> Enum {
        let usable_type = |name: &str| usable_in_sql(name) && !is_postgres_type(name);
        let good = |name: &str| usable(name) && !is_built_in_type(name) && usable_type(&module(name));
        let name = self.modules.fresh(&plan.name, good, module);
        let wish = plan.sql_name.clone().unwrap_or_else(|| module(&name));
        let sql_name = self.relations.fresh(&wish, usable_type, |name| name.to_ascii_lowercase());
        let (mut variants, mut texts) = (Taken::default(), Taken::default());
        let values = plan.values.iter().map(|(name, text, doc)| {
            let name = variants.fresh(name, usable, |name| naming::upper_camel_case(name).to_ascii_lowercase());
            let text = texts.fresh(text.as_ref().unwrap_or(&name), |text| !text.is_empty(), str::to_owned);
            EnumValue { name: name.into(), text: text.into(), doc: doc.clone().into() }
        });
        let values = values.collect::<Vec<_>>().into();
        Enum { name: name.into(), sql_name: QualifiedName::plain(sql_name), doc: plan.doc.clone().into(), values }
    }

    /// The columns that point nowhere, and the primary key.
    fn columns(&mut self, position: usize, plan: &TablePlan) {
        let Some(draft) = self.tables.get_mut(position) else { return };
        let implicit = |ty, name: &str| Column {
            name: name.to_owned().into(),
            sql_name: name.to_owned().into(),
            doc: Text::default(),
            ty,
            null: false,
            default: None,
            secret: false,
            collation: None,
        };
        let serial = match &plan.key {
            KeyPlan::Implicit => Some(implicit(ColumnType::BigSerial, "id")),
            KeyPlan::Serial(name, big) => {
                let ty = if *big { ColumnType::BigSerial } else { ColumnType::Serial };
                Some(implicit(
                    ty,
                    &draft.columns.fresh(name, |name| usable(name) && usable_in_sql(name), str::to_ascii_lowercase),
                ))
            }
            KeyPlan::Columns(_) => None,
        };
        if let Some(column) = serial {
            draft.columns.take(&column.name);
            draft.table.columns.to_mut().push(column);
            draft.plans.push(None);
        }
        for (number, column) in plan.columns.iter().enumerate() {
            let ty = match &column.ty {
                TypePlan::Plain(ty) => ty.clone(),
                TypePlan::Array(ty) => ty.element().map_or(ColumnType::Text, ColumnType::Array),
                TypePlan::Enum(index) if !self.enums.is_empty() => {
                    ColumnType::Enum(index.get(&self.enums).sql_name.clone())
                }
                TypePlan::EnumArray(index) if !self.enums.is_empty() => {
                    let name = index.get(&self.enums).sql_name.clone();
                    ColumnType::Enum(name).element().map_or(ColumnType::Text, ColumnType::Array)
                }
                TypePlan::Enum(_) | TypePlan::EnumArray(_) => ColumnType::Boolean,
                TypePlan::Key(_) => continue,
            };
            draft.add(column, ty, Some(number));
        }
        let keys = match &plan.key {
            KeyPlan::Implicit | KeyPlan::Serial(..) => {
                draft.table.columns.first().map(|column| column.sql_name.clone()).into_iter().collect()
            }
            KeyPlan::Columns(wishes) => draft.pick_key(wishes),
        };
        if keys.is_empty() {
            let mut column = implicit(ColumnType::BigSerial, "id");
            let name = draft.columns.fresh("id", usable, str::to_ascii_lowercase);
            (column.name, column.sql_name) = (name.clone().into(), name.into());
            draft.table.primary_key.columns = vec![column.sql_name.clone()].into();
            draft.table.columns.to_mut().push(column);
            draft.plans.push(None);
        } else {
            draft.table.primary_key.columns = keys.into();
        }
        let wish = plan.key_name.clone().unwrap_or_else(|| naming::primary_key(&draft.table.sql_name.name));
        let name = self.relations.fresh(&wish, usable_in_sql, str::to_ascii_lowercase);
        draft.constraints.take(&name);
        draft.table.primary_key.name = name.into();
        let key = draft.table.primary_key.columns.clone();
        for column in draft.table.columns.to_mut() {
            column.null &= !key.contains(&column.sql_name);
        }
        self.column_uniques(position, plan);
    }

    /// The uniques that are written on columns.
    fn column_uniques(&mut self, position: usize, plan: &TablePlan) {
        let Some(draft) = self.tables.get_mut(position) else { return };
        for (column, number) in draft.table.columns.iter().zip(&draft.plans) {
            let wished = number.and_then(|number| plan.columns.get(number)).is_some_and(|plan| plan.unique);
            let name = naming::unique(&draft.table.sql_name.name, &[&column.sql_name]);
            if wished
                && !draft.table.is_primary_key(&column.sql_name)
                && draft.constraints.is_free(&name)
                && self.relations.take(&name)
            {
                draft.constraints.take(&name);
                draft
                    .table
                    .uniques
                    .to_mut()
                    .push(Unique { name: name.into(), columns: vec![column.sql_name.clone()].into() });
            }
        }
    }

    /// The columns that a key of one column can point to, and their types.
    fn targets(&self) -> Vec<(QualifiedName, Text, ColumnType)> {
        let mut targets = Vec::new();
        for draft in &self.tables {
            let single = |column: &Column| {
                let is_unique = draft.table.is_primary_key(&column.sql_name)
                    || draft.table.uniques.iter().any(|unique| unique.columns.as_ref() == [column.sql_name.clone()]);
                // Postgres compares no lists of these in a foreign key.
                let short =
                    matches!(column.ty, ColumnType::Array(ElementType::Varchar { .. } | ElementType::Numeric { .. }));
                is_unique && !short
            };
            let columns = draft.table.columns.iter().filter(|column| single(column));
            targets.extend(
                columns.map(|column| (draft.table.sql_name.clone(), column.sql_name.clone(), column.ty.referenced())),
            );
        }
        targets
    }

    /// The foreign keys that give a path.
    fn paths(&mut self, position: usize, plan: &TablePlan) {
        let targets = self.targets();
        for (number, column) in plan.columns.iter().enumerate() {
            let TypePlan::Key(reference) = &column.ty else { continue };
            if targets.is_empty() {
                continue;
            }
            let (target, target_column, ty) = reference.target.get(&targets).clone();
            let Some(draft) = self.tables.get_mut(position) else { return };
            draft.add(column, ty, Some(number));
            let Some(added) = draft.table.columns.last().cloned() else { return };
            let default_name = naming::foreign_key(&draft.table.sql_name.name, &[&added.sql_name]);
            let name = draft.constraints.fresh(
                reference.name.as_ref().unwrap_or(&default_name),
                usable_in_sql,
                str::to_ascii_lowercase,
            );
            let reverse = self.reverse(&target, reference);
            let Some(draft) = self.tables.get_mut(position) else { return };
            let key = ForeignKey {
                name: name.into(),
                columns: vec![added.sql_name].into(),
                target,
                target_columns: vec![target_column].into(),
                on_delete: possible(reference.on_delete, added.null),
                on_update: possible(reference.on_update, added.null),
                role: ForeignKeyRole::Path { reverse },
            };
            draft.table.foreign_keys.to_mut().push(key);
        }
    }

    /// A way back that is free.
    fn reverse(&mut self, target: &QualifiedName, reference: &ReferencePlan) -> Option<Text> {
        let wish = reference.reverse.as_ref()?;
        let draft = self.tables.iter_mut().find(|draft| draft.table.sql_name == *target)?;
        let names: HashSet<Text> = draft.table.columns.iter().map(|column| column.name.clone()).collect();
        let good = |name: &str| usable(name) && !names.contains(name);
        Some(draft.reverse.fresh(&format!("{wish}_back"), good, str::to_owned).into())
    }

    /// Defaults, which need the types of keys, and the normal order of uniques.
    fn finish(&mut self, position: usize, plan: &TablePlan) {
        let runnable = self.plan.runnable;
        let Some(draft) = self.tables.get_mut(position) else { return };
        for (column, number) in draft.table.columns.to_mut().iter_mut().zip(&draft.plans) {
            let enumeration = enum_of(&column.ty);
            let values = enumeration.and_then(|name| self.enums.iter().find(|each| each.sql_name == name));
            let values = values.map(|each| each.values.as_ref()).unwrap_or_default();
            let wished = number.and_then(|number| plan.columns.get(number)).and_then(|plan| plan.default.as_ref());
            column.default = wished.and_then(|wish| defaults::default(wish, &column.ty, values, runnable));
        }
        let table = &mut draft.table;
        let (name, columns) = (table.sql_name.name.clone(), table.columns.clone());
        table.uniques.to_mut().sort_by_key(|unique| match unique.columns.as_ref() {
            [only] if unique.name == naming::unique(&name, &[only]) => {
                columns.iter().position(|column| column.sql_name == *only).unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        });
    }
}

/// The enum whose values a column holds, alone or in a list.
fn enum_of(ty: &ColumnType) -> Option<QualifiedName> {
    let element = if let ColumnType::Array(element) = ty { element.column_type() } else { ty.clone() };
    if let ColumnType::Enum(name) = element { Some(name) } else { None }
}
