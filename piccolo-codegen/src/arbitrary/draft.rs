//! A table in the making: what it has, and which names are taken in it.

use piccolo_runtime::schema::{Column, ColumnType, ForeignKeyAction, Table, Text};
use proptest::sample::Index;

use super::names::{Taken, usable, usable_in_sql};
use super::plan::{ColumnPlan, TypePlan};

/// A table in the making.
pub(super) struct Draft {
    pub(super) table: Table,
    /// The names of its columns in Rust and in the database.
    pub(super) columns: Taken,
    /// The names of its constraints.
    pub(super) constraints: Taken,
    /// The ways back to it.
    pub(super) reverse: Taken,
    /// For each column, the position of its plan.
    pub(super) plans: Vec<Option<usize>>,
}

impl Draft {
    /// Adds a column under names that are free.
    pub(super) fn add(&mut self, plan: &ColumnPlan, ty: ColumnType, number: Option<usize>) {
        let good = |name: &str| usable(name) && usable_in_sql(name);
        let name = self.columns.fresh(&plan.name, good, str::to_ascii_lowercase);
        let sql_name = match &plan.sql_name {
            Some(wish) => self.columns.fresh(wish, usable_in_sql, str::to_ascii_lowercase),
            None => name.clone(),
        };
        let text = matches!(ty, ColumnType::Text | ColumnType::Varchar { .. }) && matches!(plan.ty, TypePlan::Plain(_));
        let column = Column {
            name: name.into(),
            sql_name: sql_name.into(),
            doc: plan.doc.clone().into(),
            collation: plan.collation.clone().filter(|name| text && usable_in_sql(name)).map(Into::into),
            ty,
            null: plan.null,
            default: None,
            secret: plan.secret,
        };
        self.table.columns.to_mut().push(column);
        self.plans.push(number);
    }

    /// Columns that are wished for, each once.
    pub(super) fn pick(&self, wishes: &[Index], good: impl Fn(&Column) -> bool) -> Vec<Text> {
        let candidates: Vec<&Column> = self.table.columns.iter().filter(|column| good(column)).collect();
        let mut names: Vec<Text> = Vec::new();
        for wish in wishes.iter().filter(|_| !candidates.is_empty()) {
            let name = wish.get(&candidates).sql_name.clone();
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// The columns of a primary key: of types that have an order and can be told apart exactly.
    pub(super) fn pick_key(&self, wishes: &[Index]) -> Vec<Text> {
        self.pick(wishes, |column| {
            !matches!(
                column.ty,
                ColumnType::Json | ColumnType::Array(_) | ColumnType::Real | ColumnType::DoublePrecision
            )
        })
    }
}

/// An action that a column can take which is nullable or not; a default may still be dropped, so it does not count.
pub(super) fn possible(action: ForeignKeyAction, null: bool) -> ForeignKeyAction {
    match action {
        ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault if !null => ForeignKeyAction::Cascade,
        ForeignKeyAction::SetNull
        | ForeignKeyAction::SetDefault
        | ForeignKeyAction::NoAction
        | ForeignKeyAction::Restrict
        | ForeignKeyAction::Cascade => action,
    }
}
