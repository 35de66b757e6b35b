//! Results as JSON text, the same on both engines.
//!
//! The text of a row is written where the row is decoded, so no document is built in between. The form of each value is that of
//! [`Value`](crate::Value)'s `Serialize`.

use std::sync::Arc;

use super::objects::Objects;
use super::render::Renderer;
use super::run::{Query, Runner, runs};
use super::select::Select;
use super::show::{Render, shows_sql};
use super::tree::{self, ColumnRef, Expr, Item};
use crate::engine::RowRef;
use crate::schema::ColumnType;
use crate::table::Table;
use crate::{Error, Result};

/// A select whose result is a JSON text: an array of objects, one for each row.
#[derive(Clone, Debug)]
#[must_use = "a query does nothing until it is run"]
pub struct OutputJson {
    tree: tree::Select,
    nested: bool,
}

impl<R: Table, O: Send + 'static> Select<R, O> {
    /// The result as JSON text: an array of objects. Columns of other tables go by their paths, such as `manager.name`.
    pub fn output_json(self) -> OutputJson {
        OutputJson { tree: self.tree, nested: false }
    }
}

impl<R: Table> Objects<R> {
    /// The result as JSON text: an array of objects, without secret columns.
    pub fn output_json(mut self) -> OutputJson {
        let columns = &R::META.table().columns;
        self.tree.items.retain(|item| !columns.iter().any(|column| column.secret && column.name == item.name));
        OutputJson { tree: self.tree, nested: false }
    }
}

impl OutputJson {
    /// Columns of other tables become objects inside of objects: `{"name": …, "manager": {"name": …}}`, with null where there is no such row.
    pub fn nested(mut self) -> Self {
        self.nested = true;
        self
    }

    /// The select with what it takes to write it, and how to. Two values of one name would be one in an object.
    fn prepare(&self) -> Result<(tree::Select, Object)> {
        let mut select = self.tree.clone();
        let mut object = Object::default();
        for (index, item) in self.tree.items.iter().enumerate() {
            let ty = tree::type_of(&item.expr, &[self.tree.root]);
            match (&item.expr, self.nested) {
                (Expr::Column(column), true) if !column.path.is_empty() => {
                    let way = way_to(&mut select, column);
                    let name = item.name.rsplit('.').next().unwrap_or_default().to_owned();
                    object.place(&way, name, Field::Value(index, ty));
                }
                _ => {
                    let mut before = self.tree.items.iter().take(index);
                    if before.any(|other| other.name == item.name && other.expr != item.expr) {
                        return Err(Error::Usage {
                            message: format!(
                                "two of the selected values are called `{}`, which an object of JSON can hold once; give one of them another \
                                 name with `as_alias`",
                                item.name
                            ),
                        });
                    }
                    object.set(item.name.clone(), Field::Value(index, ty));
                }
            }
        }
        Ok((select, object))
    }
}

/// What a row is written as.
#[derive(Clone, Debug, Default)]
struct Object {
    /// The fields with their names, in order.
    fields: Vec<(String, Field)>,
}

/// A field of an object.
#[derive(Clone, Debug)]
enum Field {
    /// The column at this position, and its type where that is known.
    Value(usize, Option<ColumnType>),
    /// A row of another table, which is there if the key at this position is not null.
    Object(usize, Object),
}

impl Object {
    /// Adds a field. An object of the same name is worth more than the bare key.
    fn set(&mut self, name: String, field: Field) {
        if !self.fields.iter().any(|(known, _)| *known == name) {
            self.fields.push((name, field));
        }
    }

    /// Adds a field inside of the objects on the way to it; each has a name and the position of its key.
    fn place(&mut self, way: &[(String, usize)], name: String, field: Field) {
        let [(step, key), rest @ ..] = way else { return self.set(name, field) };
        let known = self.fields.iter_mut().find(|(known, _)| known == step);
        let mut inner = Self::default();
        if let Some((_, Field::Object(_, object))) = &known {
            inner.fields.clone_from(&object.fields);
        }
        inner.place(rest, name, field);
        let object = Field::Object(*key, inner);
        match known {
            Some((_, field)) => *field = object,
            None => self.fields.push((step.clone(), object)),
        }
    }

    /// Writes the object of a row.
    fn write(&self, row: &RowRef<'_>, out: &mut Vec<u8>) -> Result<()> {
        out.push(b'{');
        for (position, (name, field)) in self.fields.iter().enumerate() {
            if position > 0 {
                out.push(b',');
            }
            write_json(name, out)?;
            out.push(b':');
            match field {
                Field::Value(index, Some(ty)) => write_json(&row.value(*index, ty)?, out)?,
                Field::Value(index, None) => write_json(&row.dynamic(*index)?, out)?,
                Field::Object(key, _) if row.is_null(*key)? => out.extend_from_slice(b"null"),
                Field::Object(_, object) => object.write(row, out)?,
            }
        }
        out.push(b'}');
        Ok(())
    }
}

/// The keys on the way to a column: each with its name, and its position among what is selected.
fn way_to(select: &mut tree::Select, column: &ColumnRef) -> Vec<(String, usize)> {
    let mut way = Vec::with_capacity(column.path.len());
    for (depth, key) in column.path.iter().enumerate() {
        let parent = column.path.get(..depth).unwrap_or_default().to_vec();
        let reference = Expr::Column(ColumnRef { path: parent, column: *key, outer: column.outer });
        let name = tree::name_of(&reference, select.root).unwrap_or_default();
        way.push((name.rsplit('.').next().unwrap_or_default().to_owned(), hidden(select, reference)));
    }
    way
}

/// The position of an expression among the selected, which is added unless it is there.
fn hidden(select: &mut tree::Select, expr: Expr) -> usize {
    select.items.iter().position(|item| item.expr == expr).unwrap_or_else(|| {
        let name = tree::name_of(&expr, select.root).unwrap_or_default();
        select.items.push(Item { expr, name });
        select.items.len() - 1
    })
}

/// Adds the JSON text of a value.
fn write_json(value: &(impl serde::Serialize + ?Sized), out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(out, value)
        .map_err(|error| Error::Usage { message: format!("a value has no JSON form: {error}") })
}

impl Render for OutputJson {
    fn render(&self, renderer: &mut Renderer) -> Result<()> {
        renderer.select(&self.prepare()?.0)
    }
}

shows_sql!([] OutputJson);

impl Query for OutputJson {
    type Output = String;

    async fn execute(self, runner: Runner<'_>) -> Result<String> {
        let (select, object) = self.prepare()?;
        let mut renderer = Renderer::new(runner.dialect());
        renderer.select(&select)?;
        let object = Arc::new(object);
        let rows = runner
            .fetch_all(renderer.finish(), move |row| {
                let mut out = Vec::new();
                object.write(row, &mut out)?;
                Ok(out)
            })
            .await?;
        let mut text = Vec::with_capacity(rows.iter().map(Vec::len).sum::<usize>() + rows.len() + 2);
        text.push(b'[');
        for (position, row) in rows.iter().enumerate() {
            if position > 0 {
                text.push(b',');
            }
            text.extend_from_slice(row);
        }
        text.push(b']');
        String::from_utf8(text).map_err(|error| Error::Usage { message: error.to_string() })
    }
}

runs!([] OutputJson => String);
