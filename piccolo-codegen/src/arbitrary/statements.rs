//! Statements: constraints and indexes over the columns that a table has got.

use piccolo_runtime::schema::{
    Check, Column, ColumnType, ForeignKey, ForeignKeyRole, Index, IndexKey, IndexKeyKind, Table, Text, Unique, naming,
};
use piccolo_runtime::sql::identifier;
use proptest::sample::Index as Wish;

use super::build::Builder;
use super::draft::possible;
use super::names::usable_in_sql;
use super::plan::{
    ColumnPlan, ExpressionPlan, IndexKeyPlan, IndexPlan, ReferencePlan, StatementPlan, TablePlan, TypePlan,
};

/// What an expression is for.
#[derive(Clone, Copy)]
enum Purpose {
    Condition,
    Key,
}

impl Builder<'_> {
    /// Everything that is a statement of its own.
    pub(super) fn statements(&mut self, position: usize, plan: &TablePlan) {
        for statement in &plan.statements {
            match statement {
                StatementPlan::Unique { columns, name } => self.unique(position, columns, name.as_deref()),
                StatementPlan::Index(plan) => self.index(position, plan),
                StatementPlan::Check { sqlite, postgres, condition, name } => {
                    let condition: Option<Text> =
                        self.expression(position, condition, Purpose::Condition).map(Into::into);
                    let Some(draft) = self.tables.get_mut(position) else { return };
                    let sqlite = condition.clone().filter(|_| *sqlite);
                    let postgres = condition.filter(|_| *postgres || sqlite.is_none());
                    let default = naming::check(&draft.table.sql_name.name, sqlite.as_deref(), postgres.as_deref());
                    let name = name.as_deref().filter(|name| usable_in_sql(name)).unwrap_or(&default).to_owned();
                    if (sqlite.is_some() || postgres.is_some()) && draft.constraints.take(&name) {
                        draft.table.checks.to_mut().push(Check { name: name.into(), sqlite, postgres });
                    }
                }
                StatementPlan::Reference { prefix, null, reference } => {
                    self.reference(position, prefix, *null, reference)
                }
            }
        }
    }

    fn unique(&mut self, position: usize, columns: &[Wish], name: Option<&str>) {
        let Some(draft) = self.tables.get_mut(position) else { return };
        let columns = draft.pick(columns, |_| true);
        let default = naming::unique(&draft.table.sql_name.name, &columns);
        let name = name.filter(|name| usable_in_sql(name)).unwrap_or(&default).to_owned();
        // Postgres makes one of two that say the same, if they come with their table.
        let said = draft.table.uniques.iter().any(|unique| unique.columns.as_ref() == columns);
        let redundant = said || columns == draft.table.primary_key.columns.as_ref();
        if !columns.is_empty() && !redundant && draft.constraints.is_free(&name) && self.relations.take(&name) {
            draft.constraints.take(&name);
            draft.table.uniques.to_mut().push(Unique { name: name.into(), columns: columns.into() });
        }
    }

    fn index(&mut self, position: usize, wish: &IndexPlan) {
        let mut keys: Vec<IndexKey> = Vec::new();
        let mut parts: Vec<String> = Vec::new();
        for (plan, descending) in &wish.keys {
            let kind = match plan {
                IndexKeyPlan::Column(index) => {
                    let Some(draft) = self.tables.get_mut(position) else { return };
                    draft.pick(std::slice::from_ref(index), |_| true).pop().map(IndexKeyKind::Column)
                }
                IndexKeyPlan::Expression(expression) => {
                    self.expression(position, expression, Purpose::Key).map(|text| IndexKeyKind::Sql(text.into()))
                }
            };
            let Some(kind) = kind.filter(|kind| !keys.iter().any(|key| key.kind == *kind)) else { continue };
            parts.push(match &kind {
                IndexKeyKind::Column(column) => column.to_string(),
                IndexKeyKind::Sql(expression) => naming::expression_part(expression),
            });
            keys.push(IndexKey { kind, descending: *descending });
        }
        let predicate =
            wish.predicate.as_ref().and_then(|predicate| self.expression(position, predicate, Purpose::Condition));
        let Some(draft) = self.tables.get_mut(position) else { return };
        let plain = keys.iter().all(|key| !key.descending && matches!(key.kind, IndexKeyKind::Column(_)));
        // A unique index that a constraint could say is not one that the language can say.
        let unique = wish.unique && wish.method.is_none() && !(plain && predicate.is_none());
        let table = draft.table.sql_name.name.as_ref();
        let default = if unique { naming::unique(table, &parts) } else { naming::index(table, &parts) };
        let name = wish.name.as_deref().filter(|name| usable_in_sql(name)).unwrap_or(&default).to_owned();
        if !keys.is_empty() && draft.constraints.is_free(&name) && self.relations.take(&name) {
            draft.constraints.take(&name);
            let predicate = predicate.map(Into::into);
            draft.table.indexes.to_mut().push(Index {
                name: name.into(),
                unique,
                keys: keys.into(),
                method: wish.method,
                predicate,
            });
        }
    }

    /// A foreign key to a primary key of several columns, with columns of its own.
    fn reference(&mut self, position: usize, prefix: &str, null: bool, reference: &ReferencePlan) {
        let composite: Vec<&Table> =
            self.tables.iter().map(|draft| &draft.table).filter(|table| table.primary_key.columns.len() > 1).collect();
        if composite.is_empty() {
            return;
        }
        let target: Table = (*reference.target.get(&composite)).clone();
        let Some(draft) = self.tables.get_mut(position) else { return };
        let mut columns = Vec::new();
        for (number, key) in target.primary_key.columns.iter().enumerate() {
            let Some(original) = target.column(key) else { return };
            let wish = ColumnPlan {
                name: format!("{}_{number}", prefix.get(..prefix.len().min(50)).unwrap_or_default()),
                sql_name: None,
                doc: String::new(),
                ty: TypePlan::Plain(ColumnType::Text),
                null,
                unique: false,
                secret: false,
                collation: None,
                default: None,
            };
            draft.add(&wish, original.ty.referenced(), None);
            columns.extend(draft.table.columns.last().map(|column| column.sql_name.clone()));
        }
        let default = naming::foreign_key(&draft.table.sql_name.name, &columns);
        let name = draft.constraints.fresh(
            reference.name.as_ref().unwrap_or(&default),
            usable_in_sql,
            str::to_ascii_lowercase,
        );
        draft.table.foreign_keys.to_mut().push(ForeignKey {
            name: name.into(),
            columns: columns.into(),
            target: target.sql_name.clone(),
            target_columns: target.primary_key.columns.clone(),
            on_delete: possible(reference.on_delete, null),
            on_update: possible(reference.on_update, null),
            role: ForeignKeyRole::Constraint,
        });
    }

    /// The text of an expression: any text, or one that both engines take.
    fn expression(&self, position: usize, plan: &ExpressionPlan, purpose: Purpose) -> Option<String> {
        if !self.plan.runnable {
            return Some(plan.text.clone()).filter(|text| !text.trim().is_empty());
        }
        let table = &self.tables.get(position)?.table;
        let columns: Vec<&Column> = table.columns.iter().collect();
        let column = plan.column.get(&columns);
        let quoted = identifier(&column.sql_name);
        let text = matches!(column.ty, ColumnType::Text | ColumnType::Varchar { .. });
        let number = matches!(column.ty, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt);
        match purpose {
            Purpose::Key if text => Some(format!("lower({quoted})")),
            Purpose::Key if number => Some(format!("{quoted} % 10")),
            Purpose::Key => None,
            Purpose::Condition if text => Some(format!("length({quoted}) < 100000")),
            Purpose::Condition if number => Some(format!("{quoted} > -1000 OR {quoted} <= 0")),
            Purpose::Condition => Some(format!("{quoted} IS NOT NULL OR 1 = 1")),
        }
    }
}
