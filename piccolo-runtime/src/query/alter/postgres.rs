//! Steps as statements of Postgres.

use super::change::Constraint;
use super::state::State;
use super::step::{Dropped, SetType, Step};
use crate::Result;
use crate::ddl::{
    check_clause, collation, column_definition, comment_on_column, conversion_expression, drop_index,
    foreign_key_clause, unique_clause, using_expression,
};
use crate::schema::Column;
use crate::sql::{Dialect, column_type, identifier, qualified};

const POSTGRES: Dialect = Dialect::Postgres;

/// The statements that do this step to the table as it stands.
pub(super) fn statements(state: &State, step: &Step) -> Result<Vec<String>> {
    let table = qualified(&state.name, POSTGRES);
    let alter = |words: String| vec![format!("ALTER TABLE {table} {words}")];
    let column = |column: &str, words: &str| alter(format!("ALTER COLUMN {} {words}", identifier(column)));
    Ok(match step {
        Step::AddColumn(added) => {
            let fragment = state.fragment();
            let definition = column_definition(&fragment, added, state.meta.enums(), POSTGRES)?;
            let comment = (!added.doc.is_empty()).then(|| comment_on_column(&fragment, added));
            alter(format!("ADD COLUMN {definition}")).into_iter().chain(comment).collect()
        }
        Step::DropColumn(name) => alter(format!("DROP COLUMN {}", identifier(name))),
        Step::RenameColumn { from, to } => alter(format!("RENAME COLUMN {} TO {}", identifier(from), identifier(to))),
        Step::RenameTable(to) => alter(format!("RENAME TO {}", identifier(to))),
        Step::SetSchema(schema) => alter(format!("SET SCHEMA {}", identifier(schema))),
        Step::SetNull { column: name, null: true } => column(name, "DROP NOT NULL"),
        Step::SetNull { column: name, null: false } => column(name, "SET NOT NULL"),
        Step::SetDefault { column: name, expression } => column(name, &format!("SET DEFAULT {expression}")),
        Step::DropDefault(name) => column(name, "DROP DEFAULT"),
        Step::SetType(change) => column(&change.column, &retype(state, change)?),
        Step::AddConstraint(Constraint::Unique(unique)) => alter(format!("ADD {}", unique_clause(unique))),
        Step::AddConstraint(Constraint::Check(check)) => {
            check_clause(check, POSTGRES).map(|clause| alter(format!("ADD {clause}"))).unwrap_or_default()
        }
        Step::AddConstraint(Constraint::ForeignKey(key)) => alter(format!("ADD {}", foreign_key_clause(key, POSTGRES))),
        Step::DropConstraint(
            Dropped::Unique(name) | Dropped::Check(name) | Dropped::ForeignKey(name) | Dropped::Other(name),
        ) => alter(format!("DROP CONSTRAINT {}", identifier(name))),
        Step::DropIndex(name) => vec![drop_index(&state.name, name, POSTGRES)],
        // Every constraint of Postgres has a name, and its types need no checks.
        Step::DropConstraint(Dropped::UnnamedUnique(_)) | Step::RenameTypeCheck { .. } => Vec::new(),
    })
}

/// `TYPE … COLLATE … USING …`.
fn retype(state: &State, change: &SetType) -> Result<String> {
    let SetType { column, from, to, using } = change;
    let spelled = column_type(to, POSTGRES);
    let described = state.meta.table().column(column).and_then(|column| column.collation.clone());
    let sorted = Column { collation: described, ..Column::new(column.clone(), to.clone()) };
    let collate = collation(&sorted, POSTGRES)?.map(|name| format!(" COLLATE {name}")).unwrap_or_default();
    let name = format!("{}.{column}", state.name);
    let value = match (using, from) {
        (Some(expression), _) => Some(using_expression(expression, to, &name)),
        (None, Some(from)) => conversion_expression(from, to, &identifier(column), &name, POSTGRES),
        (None, None) => None,
    };
    let using = value.map(|value| format!(" USING {value}")).unwrap_or_default();
    Ok(format!("TYPE {spelled}{collate}{using}"))
}
