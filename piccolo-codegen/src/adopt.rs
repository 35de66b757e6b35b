//! The shape of a database raised to a schema, for a database that was made without Piccolo.
//!
//! What the language cannot say is listed, never dropped in silence: a table of which a part cannot be said is left out whole where the
//! rest would not be the table. Where a database says less than the language (SQLite knows neither enums nor what an array
//! holds), what was assumed is listed as well. Whether the result really gives the same database is for the caller to prove, by creating it.
//!
//! | Module | Raises |
//! |---|---|
//! | `table` | a table with its constraints and indexes |
//! | `postgres`, `sqlite` | the type of a column |
//! | `default` | the default of a column |
//! | `names` | names of a database to names of the language |

mod default;
mod names;
mod postgres;
mod sqlite;
mod table;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use piccolo_runtime::introspect::{EnumShape, ObjectKind, Shape};
use piccolo_runtime::schema::{ColumnType, Enum, EnumValue, QualifiedName, Schema, Table, naming};
use piccolo_runtime::sql::Dialect;

use names::Names;

/// What came of raising a shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adopted {
    /// What can be said.
    pub schema: Schema,
    /// What cannot be said and was left out.
    pub unsaid: Vec<Note>,
    /// What the database does not say and was assumed.
    pub assumed: Vec<Note>,
}

/// Something that the author of the schema has to know.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// What it is about, such as `table band, column name`.
    pub place: String,
    /// What was left out or assumed.
    pub what: String,
    /// The way out.
    pub way_out: String,
}

impl std::fmt::Display for Note {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.place, self.what)
    }
}

/// A schema whose tables are taken as they are where the database has them so, because it says more than a database can: its names, its
/// enums on SQLite, its secrets.
#[derive(Clone, Copy, Debug)]
pub struct Guide<'a> {
    /// The schema.
    pub schema: &'a Schema,
    /// The shape of a database that was created from it, on an engine of the same kind.
    pub shape: &'a Shape,
}

/// A column of SQLite that holds something else than its declared type stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plain {
    /// The type that takes what it holds, as it is.
    pub ty: ColumnType,
    /// Why it is no other, as the end of a sentence.
    pub because: String,
}

/// Such columns, by the names of their table and themselves.
pub type Held = BTreeMap<(QualifiedName, String), Plain>;

/// Raises a shape.
#[must_use]
pub fn adopt(shape: &Shape, engines: &[Dialect], guide: Option<Guide<'_>>) -> Adopted {
    adopt_holding(shape, engines, guide, &Held::new())
}

/// Raises a shape of which it is known what some columns hold.
#[must_use]
pub fn adopt_holding(shape: &Shape, engines: &[Dialect], guide: Option<Guide<'_>>, held: &Held) -> Adopted {
    let mut raiser = Raiser {
        shape,
        engines,
        held,
        names: Names::default(),
        enums: Vec::new(),
        tables: Vec::new(),
        unsaid: shape.objects.iter().map(object).collect(),
        assumed: Vec::new(),
    };
    // What is known by name comes first, so that nothing else takes its name.
    let known = guide.map(|guide| guide.known(shape)).unwrap_or_default();
    for each in &known.enums {
        raiser.names.take(&each.name);
    }
    for table in &known.tables {
        raiser.names.take(&table.name);
    }
    raiser.enums.extend(known.enums);
    for each in &shape.enums {
        raiser.enumeration(each);
    }
    for sequence in shape.sequences.iter().filter(|sequence| sequence.owner.is_none()) {
        raiser.unsaid.push(Note {
            place: format!("sequence {}", sequence.name),
            what: "a sequence of its own cannot be said".to_owned(),
            way_out: "it is left alone; create it in a migration by hand, so that new databases have it".to_owned(),
        });
    }
    raiser.tables(&known.tables);
    let Raiser { enums, tables, unsaid, assumed, .. } = raiser;
    Adopted { schema: Schema { enums: Cow::Owned(enums), tables: Cow::Owned(tables) }, unsaid, assumed }
}

/// What a database holds that the language cannot say and Piccolo leaves alone.
#[must_use]
pub fn objects(shape: &Shape) -> Vec<Note> {
    let constraints = shape.tables.iter().flat_map(|table| {
        table.other_constraints.iter().map(|constraint| Note {
            place: format!("table {}", table.name),
            what: format!(
                "the constraint {} cannot be said: {}",
                called(constraint.name.as_deref()),
                constraint.definition
            ),
            way_out: "it is left alone; create it in a migration by hand, so that new databases have it".to_owned(),
        })
    });
    let generated = shape.tables.iter().flat_map(|table| {
        table.columns.iter().filter(|column| column.generated.is_some()).map(|column| Note {
            place: format!("table {}, column {}", table.name, column.name),
            what: "a generated column cannot be said".to_owned(),
            way_out: "it is left alone; create it in a migration by hand, so that new databases have it".to_owned(),
        })
    });
    shape.objects.iter().map(object).chain(constraints).chain(generated).collect()
}

fn object(object: &piccolo_runtime::introspect::ObjectShape) -> Note {
    let of = object.table.as_ref().map(|table| format!(" of table {table}")).unwrap_or_default();
    let way_out = match object.kind {
        ObjectKind::View | ObjectKind::MaterializedView => "query it with `raw`",
        ObjectKind::ForeignTable | ObjectKind::VirtualTable => "read it with `raw`",
        ObjectKind::Extension
        | ObjectKind::Domain
        | ObjectKind::CompositeType
        | ObjectKind::Function
        | ObjectKind::Trigger
        | ObjectKind::Rule
        | ObjectKind::Policy => "it goes on working",
    };
    Note {
        place: format!("{} {}{of}", object.kind, object.name),
        what: "the language has no word for it".to_owned(),
        way_out: format!(
            "it is left alone ({way_out}); create it in a migration by hand, so that new databases have it"
        ),
    }
}

/// The name of something that may have none.
fn called(name: Option<&str>) -> &str {
    name.unwrap_or("without a name")
}

/// What a guide knows of a database.
#[derive(Default)]
struct Known {
    enums: Vec<Enum>,
    tables: Vec<Table>,
}

impl Guide<'_> {
    /// The enums and tables that the database has exactly as the schema says.
    fn known(&self, live: &Shape) -> Known {
        let same_enum = |each: &&Enum| match live.dialect {
            // SQLite knows no enums; they come with the tables that use them.
            Dialect::Sqlite => true,
            Dialect::Postgres => {
                let of = |shape: &Shape| shape.enums.iter().find(|known| known.name == each.sql_name).cloned();
                of(live).is_some() && of(live) == of(self.shape)
            }
        };
        let enums: Vec<Enum> = self.schema.enums.iter().filter(same_enum).cloned().collect();
        let has_enums = |table: &Table| {
            let mut used = table.columns.iter().filter_map(|column| column.ty.enumeration());
            used.all(|name| enums.iter().any(|each| each.sql_name == *name))
        };
        let name = |table: &Table| match live.dialect {
            Dialect::Sqlite => QualifiedName::plain(table.sql_name.name.clone()),
            Dialect::Postgres => table.sql_name.clone(),
        };
        let same_table = |table: &&Table| {
            let found = live.table(&name(table));
            found.is_some() && found == self.shape.table(&name(table)) && has_enums(table)
        };
        let tables: Vec<Table> = self.schema.tables.iter().filter(same_table).cloned().collect();
        let used: BTreeSet<&QualifiedName> =
            tables.iter().flat_map(|table| table.columns.iter()).filter_map(|column| column.ty.enumeration()).collect();
        let keep = |each: &Enum| live.dialect == Dialect::Postgres || used.contains(&each.sql_name);
        let enums = enums.iter().filter(|each| keep(each)).cloned().collect();
        Known { enums, tables }
    }
}

/// A schema as it grows.
struct Raiser<'s> {
    shape: &'s Shape,
    /// What the schema is for.
    engines: &'s [Dialect],
    /// What columns hold whose declared type stands for something else.
    held: &'s Held,
    names: Names,
    enums: Vec<Enum>,
    tables: Vec<Table>,
    unsaid: Vec<Note>,
    assumed: Vec<Note>,
}

impl Raiser<'_> {
    /// An enumerated type of Postgres.
    fn enumeration(&mut self, shape: &EnumShape) {
        if self.enums.iter().any(|known| known.sql_name == shape.name) {
            return;
        }
        let name = self.names.declaration(&shape.name.name);
        let mut values = names::Inside::default();
        let values = shape.values.iter().map(|text| EnumValue {
            name: values.name(text).into(),
            text: text.clone().into(),
            doc: "".into(),
        });
        self.enums.push(Enum {
            name: name.into(),
            sql_name: shape.name.clone(),
            doc: shape.comment.clone().unwrap_or_default().into(),
            values: values.collect(),
        });
    }

    /// The enum with these values, for a column of SQLite.
    fn enum_of_values(&mut self, table: &str, column: &str, texts: &[String]) -> QualifiedName {
        let same = |each: &&Enum| {
            let mut known: Vec<&str> = each.values.iter().map(|value| value.text.as_ref()).collect();
            known.sort_unstable();
            known == texts.iter().map(String::as_str).collect::<Vec<_>>()
        };
        if let Some(known) = self.enums.iter().find(same) {
            return known.sql_name.clone();
        }
        let (name, sql_name) = self.name_of_enum(column);
        let mut inside = names::Inside::default();
        let values = texts.iter().map(|text| EnumValue {
            name: inside.name(text).into(),
            text: text.clone().into(),
            doc: "".into(),
        });
        self.enums.push(Enum {
            name: name.clone().into(),
            sql_name: sql_name.clone(),
            doc: "".into(),
            values: values.collect(),
        });
        self.assumed.push(Note {
            place: format!("table {table}, column {column}"),
            what: format!(
                "SQLite knows neither an enum's name nor the order of its values; it is called {name}, sorted by name"
            ),
            way_out:
                "rename it in the schema, and put its values into their order, before the first migration is committed"
                    .to_owned(),
        });
        sql_name
    }

    /// A name for an enum after a column, which no table has: in Postgres the two would meet.
    fn name_of_enum(&mut self, column: &str) -> (String, QualifiedName) {
        let is_table = |name: &str| self.shape.tables.iter().any(|table| table.name.name.eq_ignore_ascii_case(name));
        let mut wanted = column.to_owned();
        while is_table(&naming::snake_case(&naming::upper_camel_case(&wanted))) {
            wanted.push_str("_value");
        }
        let name = self.names.declaration(&wanted);
        let sql_name = QualifiedName::plain(naming::snake_case(&name));
        (name, sql_name)
    }
}
