//! A random schema of linked tables with rows in it.

use std::borrow::Cow;
use std::sync::atomic::{AtomicUsize, Ordering};

use piccolo_runtime::query::tree::{ColumnRef, Insert};
use piccolo_runtime::query::{create_tables, drop_tables};
use piccolo_runtime::schema::{
    Column, ColumnType, Enum, EnumValue, ForeignKey, ForeignKeyAction, ForeignKeyRole, PrimaryKey, QualifiedName,
    Table, Unique, naming,
};
use piccolo_runtime::table::{KeyMeta, TableMeta};
use piccolo_runtime::{Engine, Value};
use rust_decimal::Decimal;
use uuid::Uuid;

use super::draw::Draw;
use super::values::{Class, MOODS};

/// The name of the one enum.
pub(super) const MOOD: &str = "differential_mood";

/// How many keys a path may have at most.
const DEPTH: usize = 3;

/// Tables, and what is in them.
pub(super) struct World {
    pub(super) tables: Vec<Made>,
}

/// One table.
pub(super) struct Made {
    pub(super) meta: &'static TableMeta,
    pub(super) rows: Vec<Vec<Value>>,
    keys: Vec<Link>,
}

/// A foreign key of a table.
struct Link {
    column: usize,
    target: usize,
    target_column: usize,
}

/// A column that can be seen from a table.
#[derive(Clone)]
pub(super) struct Seen {
    pub(super) path: Vec<u16>,
    pub(super) column: u16,
    pub(super) class: Class,
}

impl Seen {
    /// The column as seen from `outer` queries further in.
    pub(super) fn reference(&self, outer: u8) -> ColumnRef {
        ColumnRef { path: self.path.clone(), column: self.column, outer }
    }
}

/// A table while it is drawn: all that its description will say.
struct Plan {
    table: Table,
    keys: Vec<Link>,
}

impl World {
    /// Tables from one list of choices, rows from a list for each.
    pub(super) fn draw(schema: &[u16], rows: &[Vec<u16>]) -> Self {
        // Each case has names of its own, because engines keep prepared statements by their texts.
        static CASE: AtomicUsize = AtomicUsize::new(0);
        let case = CASE.fetch_add(1, Ordering::Relaxed);
        let mut draw = Draw::new(schema);
        let count = 1 + draw.below(4);
        let mut plans: Vec<Plan> = Vec::with_capacity(count);
        for number in 0..count {
            let plan = plan(case, number, &plans, &mut draw);
            plans.push(plan);
        }
        let schemas: Vec<&'static Table> = plans.iter().map(|plan| &*Box::leak(Box::new(plan.table.clone()))).collect();
        let links: Vec<Vec<Link>> = plans.into_iter().map(|plan| plan.keys).collect();
        let metas: Vec<_> = (0..count).map(|number| describe(number, &schemas, &links, DEPTH)).collect();
        let tables = metas.into_iter().zip(links).map(|(meta, keys)| Made { meta, rows: Vec::new(), keys });
        let mut world = Self { tables: tables.collect() };
        rows.iter().for_each(|choices| world.add_row(&mut Draw::new(choices)));
        world
    }

    /// Adds a row to one of the tables, unless it would need a row to point to and there is none.
    fn add_row(&mut self, draw: &mut Draw<'_>) {
        let number = draw.below(self.tables.len());
        let table = &self.tables[number];
        let schema = table.meta.table();
        let ordinal = table.rows.len();
        let mut row: Vec<Value> = Vec::with_capacity(schema.columns.len());
        for (position, column) in schema.columns.iter().enumerate() {
            let value = if position == 0 {
                Some(key_value(&column.ty, ordinal))
            } else if column.sql_name.starts_with("code") {
                Some(Value::Text(format!("code {ordinal}")))
            } else if let Some(link) = table.keys.iter().find(|link| link.column == position) {
                let targets = self.tables[link.target].rows.iter().map(|row| row[link.target_column].clone());
                // A row may point to itself; what it points to comes before the keys.
                let own = (link.target == number).then(|| row[link.target_column].clone());
                let mut targets: Vec<Value> = targets.chain(own).collect();
                if column.null {
                    targets.push(Value::Null);
                }
                (!targets.is_empty()).then(|| draw.one_of(&targets).clone())
            } else if column.null && draw.once_in(4) {
                Some(Value::Null)
            } else {
                Some(stored(draw.one_of(&Class::of(&column.ty).values()).clone(), &column.ty))
            };
            let Some(value) = value else { return };
            row.push(value);
        }
        self.tables[number].rows.push(row);
    }

    /// The number of the table that a description is of.
    pub(super) fn number_of(&self, meta: &'static TableMeta) -> usize {
        self.tables.iter().position(|made| std::ptr::eq(made.meta.table(), meta.table())).unwrap()
    }

    /// The row that a key of a row points to.
    pub(super) fn follow(&self, table: usize, row: usize, key: u16) -> (usize, Option<usize>) {
        let made = &self.tables[table];
        let link = made.keys.iter().find(|link| link.column == usize::from(key)).unwrap();
        let value = &made.rows[row][link.column];
        let target = &self.tables[link.target];
        (link.target, target.rows.iter().position(|row| !value.is_null() && row[link.target_column] == *value))
    }

    /// The columns that can be seen from a table, its own first.
    pub(super) fn seen(&self, table: usize) -> Vec<Seen> {
        let mut seen = Vec::new();
        let mut paths = vec![(Vec::new(), table)];
        for _ in 0..=DEPTH {
            let mut longer = Vec::new();
            for (path, table) in paths {
                let made = &self.tables[table];
                for (column, position) in made.meta.table().columns.iter().zip(0_u16..) {
                    seen.push(Seen { path: path.clone(), column: position, class: Class::of(&column.ty) });
                }
                for link in &made.keys {
                    let mut path: Vec<u16> = path.clone();
                    path.push(u16::try_from(link.column).unwrap());
                    longer.push((path, link.target));
                }
            }
            paths = longer;
        }
        seen
    }

    /// Creates the tables and fills them.
    pub(super) fn create(&self, engine: &Engine) {
        create_tables(self.tables.iter().map(|made| made.meta)).run_sync(engine).unwrap();
        for made in &self.tables {
            let columns = (0..u16::try_from(made.meta.table().columns.len()).unwrap()).collect();
            let rows = made.rows.clone();
            let insert = Insert { table: made.meta, columns, rows, conflict: None, returning: Vec::new() };
            assert_eq!(insert.run_sync(engine).unwrap().len(), made.rows.len());
        }
    }

    /// Drops the tables.
    pub(super) fn drop(&self, engine: &Engine) {
        drop_tables(self.tables.iter().map(|made| made.meta)).run_sync(engine).unwrap();
    }
}

impl std::fmt::Display for World {
    /// The tables with their rows, for the message of a failure.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for made in &self.tables {
            let table = made.meta.table();
            let columns: Vec<String> = table
                .columns
                .iter()
                .enumerate()
                .map(|(position, column)| {
                    let link = made.keys.iter().find(|link| link.column == position);
                    let link = link.map(|link| format!(" -> {}.{}", link.target, link.target_column));
                    let null = if column.null { " null" } else { "" };
                    format!("{} {:?}{null}{}", column.sql_name, column.ty, link.unwrap_or_default())
                })
                .collect();
            writeln!(f, "{} ({})", table.sql_name, columns.join(", "))?;
            for row in &made.rows {
                writeln!(f, "  {row:?}")?;
            }
        }
        Ok(())
    }
}

/// Draws a table: a key, perhaps a unique code, foreign keys to the tables before it and to itself, and other columns.
fn plan(case: usize, number: usize, before: &[Plan], draw: &mut Draw<'_>) -> Plan {
    let sql_name = format!("t{case}_{number}{}", draw.one_of(&["", " Order", "\"q'"]));
    let key = draw.one_of(&[
        ColumnType::Integer,
        ColumnType::BigInt,
        ColumnType::Text,
        ColumnType::Uuid,
        ColumnType::SmallInt,
        ColumnType::Varchar { length: 9 },
    ]);
    let mut columns = vec![column("id".to_owned(), key.clone(), false)];
    let mut uniques = Vec::new();
    if draw.once_in(3) {
        uniques.push(Unique {
            name: naming::unique(&sql_name, &["code"]).into(),
            columns: Cow::Owned(vec!["code".into()]),
        });
        columns.push(column("code".to_owned(), ColumnType::Varchar { length: 20 }, false));
    }
    let mut keys = Vec::new();
    let mut foreign_keys = Vec::new();
    for ordinal in 0..draw.below(3) {
        // The table before this one is the simplest thing to point to.
        let target = number.saturating_sub(1 + draw.below(before.len() + 1).min(number));
        let target = if before.is_empty() || draw.once_in(4) { number } else { target.min(before.len() - 1) };
        let pointed = before.get(target).map_or(columns.as_slice(), |plan| plan.table.columns.as_ref());
        let has_code = pointed.get(1).is_some_and(|column| column.sql_name == "code");
        let target_column = usize::from(has_code && draw.once_in(2));
        let ty = pointed[target_column].ty.clone();
        let pointed_name = pointed[target_column].sql_name.clone();
        let name = format!("{}{ordinal}", draw.one_of(&["key", "Key ", LONG]));
        let target_name = before.get(target).map_or(sql_name.clone(), |plan| plan.table.sql_name.name.to_string());
        foreign_keys.push(ForeignKey {
            name: naming::foreign_key(&sql_name, &[&name]).into(),
            columns: Cow::Owned(vec![name.clone().into()]),
            target: QualifiedName::plain(target_name),
            target_columns: Cow::Owned(vec![pointed_name]),
            on_delete: ForeignKeyAction::NoAction,
            on_update: ForeignKeyAction::NoAction,
            role: ForeignKeyRole::Path { reverse: None },
        });
        keys.push(Link { column: columns.len(), target, target_column });
        let null = draw.below(2) == 0;
        columns.push(column(name, ty, null));
    }
    for ordinal in 0..=draw.below(6) {
        let class = *draw.one_of(&Class::ALL);
        let ty = draw.one_of(class.types()).clone();
        let name = format!("{}{ordinal}", draw.one_of(&["c", "Mixed", "a \"b\" ", "order'"]));
        let null = draw.below(2) == 0;
        columns.push(column(name, ty, null));
    }
    let table = Table {
        name: format!("T{number}").into(),
        primary_key: PrimaryKey { name: naming::primary_key(&sql_name).into(), columns: Cow::Owned(vec!["id".into()]) },
        sql_name: QualifiedName::plain(sql_name),
        doc: "".into(),
        columns: columns.into(),
        uniques: uniques.into(),
        checks: Cow::Borrowed(&[]),
        indexes: Cow::Borrowed(&[]),
        foreign_keys: foreign_keys.into(),
    };
    Plan { table, keys }
}

/// A name so long that the alias of a path along it has to be cut.
const LONG: &str = "a_key_whose_name_is_so_long_that_aliases_get_a_hash_";

fn column(name: String, ty: ColumnType, null: bool) -> Column {
    Column {
        name: name.clone().into(),
        sql_name: name.into(),
        doc: "".into(),
        ty,
        null,
        default: None,
        secret: false,
        collation: None,
    }
}

/// The description of a table and, so many keys deep, of those it points to. A table may point to itself, and a description cannot
/// be made of itself while it is made; so it is made again, one key less deep.
fn describe(number: usize, schemas: &[&'static Table], links: &[Vec<Link>], depth: usize) -> &'static TableMeta {
    let keys: Vec<KeyMeta> = match depth {
        0 => Vec::new(),
        depth => links[number]
            .iter()
            .map(|link| KeyMeta {
                column: u16::try_from(link.column).unwrap(),
                target: describe(link.target, schemas, links, depth - 1),
                target_column: u16::try_from(link.target_column).unwrap(),
            })
            .collect(),
    };
    let uses = schemas[number].columns.iter().any(|column| column.ty.enumeration().is_some());
    let enums: &'static [&'static Enum] = if uses { Box::leak(Box::new([mood()])) } else { &[] };
    Box::leak(Box::new(TableMeta::new(schemas[number], Box::leak(keys.into_boxed_slice()), enums)))
}

/// The one enum.
pub(super) fn mood() -> &'static Enum {
    static ENUM: std::sync::OnceLock<Enum> = std::sync::OnceLock::new();
    ENUM.get_or_init(|| Enum {
        name: "Mood".into(),
        sql_name: QualifiedName::plain(MOOD),
        doc: "".into(),
        values: MOODS.map(|text| EnumValue { name: text.into(), text: text.into(), doc: "".into() }).to_vec().into(),
    })
}

/// The key of the row with this ordinal.
fn key_value(ty: &ColumnType, ordinal: usize) -> Value {
    let number = i16::try_from(ordinal + 1).unwrap();
    match Class::of(ty) {
        Class::SmallInt => Value::SmallInt(number),
        Class::Integer => Value::Integer(number.into()),
        Class::BigInt => Value::BigInt(number.into()),
        Class::Uuid => Value::Uuid(Uuid::from_u128(u128::from(ordinal as u64) << 64)),
        _ => Value::Text(format!("k{number}")),
    }
}

/// A value as a column of this type keeps it.
fn stored(value: Value, ty: &ColumnType) -> Value {
    match (value, ty) {
        (Value::Numeric(number), ColumnType::Numeric { scale, .. }) => {
            let mut scaled: Decimal = number;
            scaled.rescale(u32::from(*scale));
            Value::Numeric(scaled)
        }
        (value, _) => value,
    }
}
