//! Inserts, updates and deletes.

use super::joins::Style;
use super::{Renderer, Values};
use crate::query::tree::{Conflict, Delete, Expr, Insert, Item, Select, Update, reaches_out, rereads};
use crate::schema::{ColumnType, ElementType};
use crate::sql::{Dialect, column_type, identifier, qualified};
use crate::table::TableMeta;
use crate::{Error, Result, Statement, Value};

impl Renderer {
    /// Adds an insert, with a list of values for each row.
    pub(crate) fn insert(&mut self, insert: &Insert) -> Result<()> {
        self.is_about("INSERT", insert.table);
        self.insert_head(insert);
        if insert.columns.is_empty() {
            self.push(" DEFAULT VALUES");
        } else {
            self.push(" VALUES ");
            self.separated(&insert.rows, ", ", |renderer, row| {
                renderer.push("(");
                renderer.separated(row.iter().zip(&insert.columns), ", ", |renderer, (value, column)| {
                    renderer.guarded(is_secret(insert.table, *column), |renderer| {
                        renderer.value(value);
                        Ok(())
                    })
                })?;
                renderer.push(")");
                Ok(())
            })?;
        }
        self.insert_tail(insert)
    }

    /// Adds an insert for Postgres with one array for each column, so that its text does not depend on the number of rows and no number
    /// of parameters is too large.
    pub(crate) fn insert_arrays(&mut self, insert: &Insert) -> Result<()> {
        self.is_about("INSERT", insert.table);
        self.insert_head(insert);
        let types: Vec<&ColumnType> = insert
            .columns
            .iter()
            .filter_map(|position| insert.table.table().columns.get(usize::from(*position)))
            .map(|column| &column.ty)
            .collect();
        self.push(" SELECT ");
        self.separated(types.iter().enumerate(), ", ", |renderer, (number, ty)| {
            renderer.push(&format!("u.c{number}"));
            // An array of arrays would be taken apart to its last element, so arrays come as texts.
            if matches!(ty, ColumnType::Array(_)) {
                renderer.push(&format!("::{}", column_type(ty, Dialect::Postgres)));
            }
            Ok(())
        })?;
        self.push(" FROM UNNEST(");
        self.separated(types.iter().zip(&insert.columns).enumerate(), ", ", |renderer, (number, (ty, column))| {
            let cells = insert.rows.iter().map(|row| row.get(number).cloned().unwrap_or(Value::Null));
            renderer.guarded(is_secret(insert.table, *column), |renderer| {
                match ty.referenced().element() {
                    Some(element) => renderer.array(element, cells.collect()),
                    None => {
                        let texts = cells.map(|cell| super::array_text::of(&cell).map_or(Value::Null, Value::Text));
                        renderer.array(ElementType::Text, texts.collect());
                    }
                }
                Ok(())
            })
        })?;
        self.push(") WITH ORDINALITY AS u(");
        self.separated(0..types.len(), ", ", |renderer, number| {
            renderer.push(&format!("c{number}"));
            Ok(())
        })?;
        self.push(", n) ORDER BY u.n");
        self.insert_tail(insert)
    }

    fn insert_head(&mut self, insert: &Insert) {
        self.push("INSERT INTO ");
        let table = qualified(&insert.table.table().sql_name, self.dialect);
        self.push(&table);
        if !insert.columns.is_empty() {
            self.push(" (");
            self.columns(insert.table, &insert.columns);
            self.push(")");
        }
    }

    fn insert_tail(&mut self, insert: &Insert) -> Result<()> {
        self.enter(insert.table, Style::Correlated);
        match &insert.conflict {
            None => {}
            Some(Conflict::Nothing { target }) => {
                self.push(" ON CONFLICT");
                if !target.is_empty() {
                    self.push(" (");
                    self.columns(insert.table, target);
                    self.push(")");
                }
                self.push(" DO NOTHING");
            }
            Some(Conflict::Update { target, set, filter }) => {
                self.push(" ON CONFLICT (");
                self.columns(insert.table, target);
                self.push(") DO UPDATE SET ");
                self.upserts = true;
                self.assignments(insert.table, set)?;
                if let Some(filter) = filter {
                    self.push(" WHERE ");
                    self.condition(filter)?;
                }
            }
        }
        self.upserts = false;
        self.returning(insert.table, &insert.returning)?;
        self.leave();
        Ok(())
    }

    /// Adds an update.
    pub(crate) fn update(&mut self, update: &Update) -> Result<()> {
        self.is_about("UPDATE", update.table);
        self.push("UPDATE ");
        let table = qualified(&update.table.table().sql_name, self.dialect);
        self.push(&table);
        self.push(" SET ");
        self.enter(update.table, Style::Correlated);
        self.assignments(update.table, &update.set)?;
        self.filter(update.table, update.filter.as_ref())?;
        self.returning(update.table, &update.returning)?;
        self.leave();
        Ok(())
    }

    /// Adds a delete.
    pub(crate) fn delete(&mut self, delete: &Delete) -> Result<()> {
        self.is_about("DELETE", delete.table);
        self.push("DELETE FROM ");
        let table = qualified(&delete.table.table().sql_name, self.dialect);
        self.push(&table);
        self.enter(delete.table, Style::Correlated);
        self.filter(delete.table, delete.filter.as_ref())?;
        self.returning(delete.table, &delete.returning)?;
        self.leave();
        Ok(())
    }

    /// Adds the condition of an update or a delete. One that names other tables goes into a sub-select of keys, where it can join.
    fn filter(&mut self, table: &'static TableMeta, filter: Option<&Expr>) -> Result<()> {
        let Some(filter) = filter else { return Ok(()) };
        self.push(" WHERE ");
        if !reaches_out(filter, table) {
            return self.row_condition(filter);
        }
        let keys: Vec<Expr> = key_positions(table).into_iter().map(Expr::column).collect();
        let several = keys.len() > 1;
        self.push(if several { "(" } else { "" });
        self.separated(&keys, ", ", Self::expr)?;
        self.push(if several { ") IN (" } else { " IN (" });
        let mut select = Select::from(table);
        select.items = keys.into_iter().map(|expr| Item { expr, name: String::new() }).collect();
        select.filter = Some(filter.clone());
        self.select(&select)?;
        self.push(")");
        Ok(())
    }

    /// Adds `column = expression` for each.
    fn assignments(&mut self, table: &'static TableMeta, set: &[(u16, Expr)]) -> Result<()> {
        if set.is_empty() {
            return Err(Error::Usage { message: "an update needs at least one column to set".to_owned() });
        }
        refuse_rereads(table, set.iter().map(|(_, expr)| expr))?;
        for (number, (position, _)) in set.iter().enumerate() {
            if set.iter().take(number).any(|(before, _)| before == position) {
                let name = super::super::tree::name_of(&Expr::column(*position), table).unwrap_or_default();
                return Err(Error::Usage { message: format!("`{name}` is set twice; which value is meant?") });
            }
        }
        self.separated(set, ", ", |renderer, (position, expr)| {
            renderer.columns(table, &[*position]);
            renderer.push(" = ");
            let column = table.table().columns.get(usize::from(*position));
            renderer
                .guarded(is_secret(table, *position), |renderer| renderer.stored(expr, column.map(|column| &column.ty)))
        })
    }

    fn returning(&mut self, table: &'static TableMeta, items: &[Item]) -> Result<()> {
        refuse_rereads(table, items.iter().map(|item| &item.expr))?;
        if items.is_empty() {
            return Ok(());
        }
        self.push(" RETURNING ");
        self.separated(items, ", ", |renderer, item| renderer.item(item, true))
    }

    /// Adds the names of columns.
    fn columns(&mut self, table: &'static TableMeta, positions: &[u16]) {
        let names: Vec<String> = positions
            .iter()
            .filter_map(|position| table.table().columns.get(usize::from(*position)))
            .map(|column| identifier(&column.sql_name))
            .collect();
        self.push(&names.join(", "));
    }

    /// Whether values go into the text.
    pub(crate) const fn is_shown(&self) -> bool {
        matches!(self.values, Values::Shown)
    }
}

/// Refuses expressions that read other rows of the table that the statement writes.
fn refuse_rereads<'x>(table: &'static TableMeta, mut exprs: impl Iterator<Item = &'x Expr>) -> Result<()> {
    if exprs.any(|expr| rereads(expr, table)) {
        return Err(Error::Usage {
            message: format!(
                "what an insert, an update or a delete of `{name}` sets or gives back cannot come from other rows of `{name}`, because some of \
                 them may have been changed by then: read them with a select first",
                name = table.table().name
            ),
        });
    }
    Ok(())
}

/// Whether the column at this position is a secret.
fn is_secret(table: &'static TableMeta, position: u16) -> bool {
    table.table().columns.get(usize::from(position)).is_some_and(|column| column.secret)
}

/// The positions of the primary key's columns.
pub(crate) fn key_positions(table: &'static TableMeta) -> Vec<u16> {
    let schema = table.table();
    schema
        .primary_key
        .columns
        .iter()
        .filter_map(|name| schema.position(name).and_then(|position| u16::try_from(position).ok()))
        .collect()
}

/// How a counter of keys is brought past the keys that are there: what keeps other writers away, and what advances it. `None` where nothing
/// counts, or nothing has to be done: SQLite's counter looks at every key that is inserted.
pub(crate) fn counter(table: &'static TableMeta, dialect: Dialect) -> Option<[Statement; 2]> {
    let column = table.table().columns.iter().find(|column| column.ty.is_serial())?;
    if dialect == Dialect::Sqlite {
        return None;
    }
    let (name, key) = (qualified(&table.table().sql_name, dialect), identifier(&column.sql_name));
    let hold = format!("LOCK TABLE {name} IN SHARE ROW EXCLUSIVE MODE");
    let advance = format!(
        "SELECT setval(c.name, c.reached) FROM (SELECT s.name, \
         GREATEST(pg_sequence_last_value(s.name), (SELECT max({key}) FROM {name})) AS reached \
         FROM (SELECT pg_get_serial_sequence($1, $2)::regclass AS name) AS s) AS c WHERE c.reached > 0"
    );
    let args = vec![Value::Text(name), Value::Text(column.sql_name.to_string())];
    Some([Statement::new(hold, Vec::new()), Statement::new(advance, args)])
}
