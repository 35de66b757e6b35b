//! Rows of the catalog and definitions put together into a shape. It is pure, so that it can be tested without a database.

use std::collections::HashMap;

use super::create_index::index;
use super::create_table::{ColumnWords, Definition, definition};
use super::piece::normal_sql;
use crate::introspect::{ColumnShape, Generated, Identity, ObjectKind, ObjectShape, Shape, Sorted, TableShape};
use crate::schema::QualifiedName;
use crate::sql::Dialect;

/// A row of `sqlite_schema`.
#[derive(Clone, Debug)]
pub(super) struct CatalogEntry {
    /// `table`, `index`, `view` or `trigger`.
    pub(super) kind: String,
    pub(super) name: String,
    pub(super) table: String,
    pub(super) sql: String,
}

/// A row of `pragma_table_list`.
#[derive(Clone, Debug)]
pub(super) struct CatalogTable {
    pub(super) name: String,
    /// `table`, `view`, `shadow` or `virtual`.
    pub(super) kind: String,
    pub(super) without_rowid: bool,
    pub(super) strict: bool,
}

/// A row of `pragma_table_xinfo`.
#[derive(Clone, Debug)]
pub(super) struct CatalogColumn {
    pub(super) table: String,
    pub(super) name: String,
    pub(super) ty: String,
    pub(super) position: i64,
    pub(super) not_null: bool,
    pub(super) default: Option<String>,
    /// 0 is an ordinary column, 2 a computed one, 3 a computed and stored one.
    pub(super) hidden: i64,
}

/// The shape that the rows of the catalog say.
pub(super) fn assemble(
    entries: Vec<CatalogEntry>,
    tables: Vec<CatalogTable>,
    mut columns: Vec<CatalogColumn>,
) -> Shape {
    let mut shape = Shape::empty(Dialect::Sqlite);
    let tables: HashMap<String, CatalogTable> = tables.into_iter().map(|table| (table.name.clone(), table)).collect();
    let mut columns_of: HashMap<String, Vec<CatalogColumn>> = HashMap::new();
    columns.sort_by_key(|column| column.position);
    for column in columns {
        columns_of.entry(column.table.clone()).or_default().push(column);
    }
    let mut indexes_of: HashMap<String, Vec<CatalogEntry>> = HashMap::new();
    let mut created = Vec::new();
    for entry in entries {
        match entry.kind.as_str() {
            "table" => created.push(entry),
            "index" => indexes_of.entry(entry.table.clone()).or_default().push(entry),
            "view" => shape.objects.push(object(ObjectKind::View, entry)),
            "trigger" => shape.objects.push(object(ObjectKind::Trigger, entry)),
            _ => {}
        }
    }
    for entry in created {
        let Some(table) = tables.get(&entry.name) else { continue };
        match table.kind.as_str() {
            "virtual" => shape.objects.push(object(ObjectKind::VirtualTable, entry)),
            // A virtual table keeps its own data in these.
            "shadow" => {}
            _ => {
                let columns = columns_of.remove(&entry.name).unwrap_or_default();
                let indexes = indexes_of.remove(&entry.name).unwrap_or_default();
                shape.tables.push(assemble_table(&entry, table, columns, &indexes));
            }
        }
    }
    complete_foreign_keys(&mut shape.tables);
    shape.sort();
    shape
}

fn object(kind: ObjectKind, entry: CatalogEntry) -> ObjectShape {
    let table = (kind == ObjectKind::Trigger).then(|| QualifiedName::plain(entry.table));
    ObjectShape { kind, name: QualifiedName::plain(entry.name), table, definition: normal_sql(&entry.sql) }
}

fn assemble_table(
    entry: &CatalogEntry,
    table: &CatalogTable,
    columns: Vec<CatalogColumn>,
    indexes: &[CatalogEntry],
) -> TableShape {
    let mut definition = definition(&entry.sql);
    let columns = columns.into_iter().map(|column| assemble_column(column, &mut definition.columns)).collect();
    let Definition { columns: _, primary_key, uniques, checks, foreign_keys, others } = definition;
    let mut shape = TableShape {
        strict: table.strict,
        without_rowid: table.without_rowid,
        columns,
        primary_key,
        uniques,
        checks,
        foreign_keys,
        other_constraints: others,
        indexes: indexes.iter().map(|entry| index(&entry.name, &entry.sql)).collect(),
        ..TableShape::new(QualifiedName::plain(entry.name.clone()))
    };
    respell(&mut shape);
    shape
}

fn assemble_column(column: CatalogColumn, said: &mut Vec<ColumnWords>) -> ColumnShape {
    let position = said.iter().position(|words| words.name.eq_ignore_ascii_case(&column.name));
    let words = position.map(|position| said.swap_remove(position)).unwrap_or_default();
    ColumnShape {
        name: column.name,
        ty: column.ty,
        null: !column.not_null,
        default: column.default.as_deref().map(normal_sql),
        identity: words.autoincrement.then_some(Identity::Autoincrement),
        collation: words.collation,
        generated: words.generated.map(|expression| Generated { expression, stored: column.hidden == 3 }),
        options: words.options,
        comment: None,
    }
}

/// Spells the columns that constraints and indexes name as the table itself spells them: to SQLite they are the same in any case.
fn respell(table: &mut TableShape) {
    let TableShape { columns, primary_key, uniques, foreign_keys, indexes, .. } = table;
    let own = |name: &mut String| {
        if let Some(column) = columns.iter().find(|column| column.name.eq_ignore_ascii_case(name)) {
            name.clone_from(&column.name);
        }
    };
    primary_key.iter_mut().chain(uniques).flat_map(|key| &mut key.columns).for_each(own);
    foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(own);
    for key in indexes.iter_mut().flat_map(|index| &mut index.keys) {
        if let Sorted::Column(name) = &mut key.sorted {
            own(name);
        }
    }
}

/// What foreign keys have to know of the tables they point to.
struct Target {
    name: String,
    columns: Vec<String>,
    key: Vec<String>,
}

/// Spells targets as they spell themselves, and writes out the target's primary key where a foreign key leaves it unsaid.
fn complete_foreign_keys(tables: &mut [TableShape]) {
    let target = |table: &TableShape| Target {
        name: table.name.name.to_string(),
        columns: table.columns.iter().map(|column| column.name.clone()).collect(),
        key: table.primary_key.as_ref().map(|key| key.columns.clone()).unwrap_or_default(),
    };
    let targets: HashMap<String, Target> =
        tables.iter().map(|table| (table.name.name.to_ascii_lowercase(), target(table))).collect();
    for key in tables.iter_mut().flat_map(|table| &mut table.foreign_keys) {
        let Some(target) = targets.get(&key.target.name.to_ascii_lowercase()) else { continue };
        key.target = QualifiedName::plain(target.name.clone());
        if key.target_columns.is_empty() {
            key.target_columns.clone_from(&target.key);
        }
        for name in &mut key.target_columns {
            if let Some(column) = target.columns.iter().find(|column| column.eq_ignore_ascii_case(name)) {
                name.clone_from(column);
            }
        }
    }
}
