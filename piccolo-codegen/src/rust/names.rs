//! The Rust names of a whole schema, claimed once, so that every part of the output agrees on them.

use std::collections::HashMap;

use piccolo_runtime::schema::{Enum, ForeignKeyRole, QualifiedName, Schema, Table, naming};

use super::case::{Name, Namespace, module};

/// The names of all tables and enums.
#[derive(Debug)]
pub(super) struct Names<'s> {
    /// What is named.
    pub(super) schema: &'s Schema,
    /// Of each table, in the order of the schema.
    pub(super) tables: Vec<TableNames>,
    /// Of each enum, in the order of the schema.
    pub(super) enums: Vec<EnumNames>,
    /// The module of the migrations.
    pub(super) migrations: Name,
    table_at: HashMap<&'s QualifiedName, usize>,
    enum_at: HashMap<&'s QualifiedName, usize>,
}

/// The names of one table.
#[derive(Debug, Hash)]
pub(super) struct TableNames {
    /// The module and its file: `band`.
    pub(super) module: Name,
    /// The row: `Band`.
    pub(super) row: Name,
    /// A row that does not exist yet: `NewBand`.
    pub(super) new_row: Name,
    /// The struct of columns: `Columns`.
    pub(super) columns: Name,
    /// The struct of required values: `Required`.
    pub(super) required: Name,
    /// Of each column, in order: the field, and the marker type of its path where it has one.
    pub(super) fields: Vec<FieldNames>,
    /// Of each way back along a key that points here, beside the columns.
    pub(super) reverses: Vec<ReverseNames>,
}

/// The names of the way back along a foreign key of some table, on the table that it points to.
#[derive(Debug, Hash)]
pub(super) struct ReverseNames {
    /// The field beside the columns: `bands`.
    pub(super) field: Name,
    /// The table that holds the key, as people call it.
    pub(super) from: String,
    /// The column of the key, as people call it.
    pub(super) column: String,
    /// The module of that table; `None` for the table itself.
    pub(super) module: Option<Name>,
    /// The foreign key as a type: `ManagerKey`.
    pub(super) key: Name,
}

/// The names of one column.
#[derive(Debug, Hash)]
pub(super) struct FieldNames {
    /// The field, and the setter on the new row: `manager`.
    pub(super) field: Name,
    /// The same as an argument or a variable, which could not be spelled like a constant.
    pub(super) local: Name,
    /// The foreign key as a type: `ManagerKey`.
    pub(super) key: Option<Name>,
}

/// The names of one enum.
#[derive(Debug, Hash)]
pub(super) struct EnumNames {
    /// The module and its file: `genre`.
    pub(super) module: Name,
    /// The type: `Genre`.
    pub(super) ty: Name,
    /// Of each value, in order.
    pub(super) variants: Vec<Name>,
}

impl<'s> Names<'s> {
    /// Claims the names of a schema. Tables and enums come first, so that a table's name never depends on what is made from others.
    pub(super) fn new(schema: &'s Schema) -> Self {
        // A module of this name would be the file that lists the modules.
        let mut modules = Namespace::with(["mod"]);
        // A row's name is a value as well, and as such it would hide these four of the prelude.
        let mut types = Namespace::with(["Some", "None", "Ok", "Err"]);
        let mut claim = |name: &str| (modules.claim(&module(name)), types.claim(&naming::upper_camel_case(name)));
        let rows: Vec<_> = schema.tables.iter().map(|table| claim(&table.name)).collect();
        let enums: Vec<_> = schema.enums.iter().map(|item| claim(&item.name)).collect();
        let tables = schema
            .tables
            .iter()
            .zip(rows)
            .map(|(table, (module, row))| {
                let new_row = types.claim(&format!("New{}", row.text()));
                TableNames::new(table, module, row, new_row)
            })
            .collect();
        let table_at = schema.tables.iter().enumerate().map(|(at, table)| (&table.sql_name, at)).collect();
        Self {
            schema,
            tables: with_reverses(schema, tables, &table_at),
            enums: schema
                .enums
                .iter()
                .zip(enums)
                .map(|(item, (module, ty))| EnumNames::new(item, module, ty))
                .collect(),
            migrations: modules.claim("migrations"),
            table_at,
            enum_at: schema.enums.iter().enumerate().map(|(at, item)| (&item.sql_name, at)).collect(),
        }
    }

    /// The table with this database name, and its names.
    pub(super) fn table(&self, sql_name: &QualifiedName) -> Option<(&'s Table, &TableNames)> {
        let at = *self.table_at.get(sql_name)?;
        Some((self.schema.tables.get(at)?, self.tables.get(at)?))
    }

    /// The names that applications know: each module with its types.
    pub(super) fn public(&self) -> Vec<[&Name; 3]> {
        let tables = self.tables.iter().map(|table| [&table.module, &table.row, &table.new_row]);
        tables.chain(self.enums.iter().map(|item| [&item.module, &item.ty, &item.ty])).collect()
    }

    /// The names of the enum with this database name.
    pub(super) fn enumeration(&self, sql_name: &QualifiedName) -> Option<&EnumNames> {
        self.enum_at.get(sql_name).and_then(|at| self.enums.get(*at))
    }
}

/// Gives the tables the names of the ways back to them. They come last, so that a column's name never depends on another table.
fn with_reverses(
    schema: &Schema,
    mut tables: Vec<TableNames>,
    table_at: &HashMap<&QualifiedName, usize>,
) -> Vec<TableNames> {
    for (from, table) in schema.tables.iter().enumerate() {
        for (position, column) in table.columns.iter().enumerate() {
            let Some(key) = table.path_key(&column.sql_name) else { continue };
            let ForeignKeyRole::Path { reverse: Some(name) } = &key.role else { continue };
            let Some(&to) = table_at.get(&key.target) else { continue };
            let holder = tables.get(from);
            let Some(key) = holder.and_then(|names| names.fields.get(position)?.key.clone()) else { continue };
            let module = holder.filter(|_| from != to).map(|names| names.module.clone());
            let Some(target) = tables.get_mut(to) else { continue };
            let taken = target.fields.iter().map(|names| &names.field);
            let taken = taken.chain(target.reverses.iter().map(|names| &names.field));
            let field = Namespace::with(taken.map(Name::text)).claim(name);
            let (from, column) = (table.name.to_string(), column.name.to_string());
            target.reverses.push(ReverseNames { field, from, column, module, key });
        }
    }
    tables
}

impl TableNames {
    fn new(table: &Table, module: Name, row: Name, new_row: Name) -> Self {
        let mut types = Namespace::with([row.text(), new_row.text()]);
        let mut fields = Namespace::for_names(table.columns.len());
        let mut locals = Namespace::for_names(table.columns.len());
        let columns = types.claim("Columns");
        let required = types.claim("Required");
        let fields = table
            .columns
            .iter()
            .map(|column| {
                let field = fields.claim(&column.name);
                let local = match field.is_snake_case() {
                    true => locals.claim(&column.name),
                    false => locals.claim(&super::case::module(&column.name)),
                };
                let key = table.path_key(&column.sql_name);
                let key = key.map(|_| types.claim(&format!("{}Key", naming::upper_camel_case(&column.name))));
                FieldNames { field, local, key }
            })
            .collect();
        Self { module, row, new_row, columns, required, fields, reverses: Vec::new() }
    }

    /// Whether the module itself defines a type or a value of this name, which then hides what the prelude calls so.
    pub(super) fn defines(&self, name: &str) -> bool {
        [&self.row, &self.new_row, &self.columns, &self.required]
            .into_iter()
            .chain(self.fields.iter().filter_map(|field| field.key.as_ref()))
            .any(|own| own.text() == name)
    }
}

impl EnumNames {
    fn new(item: &Enum, module: Name, ty: Name) -> Self {
        let mut variants = Namespace::default();
        let variants = item.values.iter().map(|value| variants.claim(&naming::upper_camel_case(&value.name))).collect();
        Self { module, ty, variants }
    }
}
