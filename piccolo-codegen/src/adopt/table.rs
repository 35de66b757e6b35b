//! A table with its constraints and indexes.

use std::borrow::Cow;
use std::collections::BTreeSet;

use piccolo_runtime::ddl::ImpliedCheck;
use piccolo_runtime::introspect::{
    CheckShape, ColumnShape, ForeignKeyShape, Identity, IndexShape, KeyShape, Sorted, TableShape,
};
use piccolo_runtime::schema::{
    Check, Column, ColumnType, ForeignKey, ForeignKeyRole, Index, IndexKey, IndexKeyKind, IndexMethod, PrimaryKey,
    Table, Text, Unique, naming,
};
use piccolo_runtime::sql::Dialect;

use super::default::without_brackets;
use super::names::Inside;
use super::sqlite::{Found, Typed};
use super::{Note, Raiser, called, postgres, sqlite};

/// Why a table is left out.
const KEEP: &str = "the table is left out and left alone; use it through `raw`, or change it and adopt again";

impl Raiser<'_> {
    /// All tables: those that are known as they are known, the others raised; then the keys between them.
    pub(super) fn tables(&mut self, known: &[Table]) {
        let shape = self.shape;
        for each in &shape.tables {
            match known.iter().find(|table| {
                table.sql_name.name == each.name.name
                    && (table.sql_name.schema == each.name.schema || shape.dialect == Dialect::Sqlite)
            }) {
                Some(table) => self.tables.push(table.clone()),
                None => {
                    let raised = self.table(each);
                    self.tables.extend(raised);
                }
            }
        }
        let known: BTreeSet<&str> = known.iter().map(|table| table.name.as_ref()).collect();
        let keys: Vec<Vec<ForeignKey>> = self
            .tables
            .clone()
            .iter()
            .map(|table| {
                let shape = shape.table(&table.sql_name).filter(|_| !known.contains(table.name.as_ref()));
                shape.map(|shape| self.foreign_keys(table, &shape.foreign_keys)).unwrap_or_default()
            })
            .collect();
        for (table, keys) in self.tables.iter_mut().zip(keys) {
            if !keys.is_empty() {
                table.foreign_keys = Cow::Owned(keys);
            }
        }
    }

    /// A table without its foreign keys; `None` where it cannot be said.
    fn table(&mut self, shape: &TableShape) -> Option<Table> {
        let place = format!("table {}", shape.name);
        let Some(key) = &shape.primary_key else {
            self.leave_out(&place, "a table without a primary key cannot be said");
            return None;
        };
        if shape.options.as_deref().is_some_and(|options| options.contains("PARTITION")) {
            self.leave_out(&place, "a partitioned table cannot be said");
            return None;
        }
        let mut inside = Inside::default();
        let mut columns = Vec::with_capacity(shape.columns.len());
        let mut implied = BTreeSet::new();
        for column in &shape.columns {
            match self.column(shape, column, key, &mut inside, &mut implied) {
                Raised::Column(column) => columns.push(*column),
                Raised::LeftOut => {}
                Raised::Impossible => return None,
            }
        }
        let has = |wanted: &[String]| wanted.iter().all(|name| columns.iter().any(|column| column.sql_name == *name));
        if !has(&key.columns) {
            self.leave_out(&place, "a column of its primary key cannot be said");
            return None;
        }
        let table_name = shape.name.name.as_ref();
        let mut uniques: Vec<Unique> = Vec::new();
        for unique in shape.uniques.iter().filter(|unique| has(&unique.columns)) {
            let name = unique.name.clone().unwrap_or_else(|| naming::unique(table_name, &unique.columns));
            let columns = texts(&unique.columns);
            if unique.columns == key.columns || uniques.iter().any(|other| other.columns == columns) {
                self.leave_out(&place, format!("the unique {name} cannot be said: another one has the same columns"));
            } else {
                uniques.push(Unique { name: name.into(), columns });
            }
        }
        let checks =
            shape.checks.iter().filter(|check| !check.name.as_ref().is_some_and(|name| implied.contains(name)));
        let indexes = shape.indexes.iter().filter_map(|index| self.index(shape, index, &has));
        let indexes: Vec<_> = indexes.collect();
        Some(Table {
            name: self.names.declaration(table_name).into(),
            sql_name: shape.name.clone(),
            doc: shape.comment.clone().unwrap_or_default().into(),
            primary_key: PrimaryKey {
                name: key.name.clone().unwrap_or_else(|| naming::primary_key(table_name)).into(),
                columns: texts(&key.columns),
            },
            uniques: uniques.into(),
            checks: checks.map(|check| self.check(table_name, check)).collect(),
            indexes: indexes.into(),
            foreign_keys: Cow::Borrowed(&[]),
            columns: columns.into(),
        })
    }

    fn leave_out(&mut self, place: &str, what: impl Into<String>) {
        self.unsaid.push(Note { place: place.to_owned(), what: what.into(), way_out: KEEP.to_owned() });
    }

    fn column(
        &mut self,
        table: &TableShape,
        column: &ColumnShape,
        key: &KeyShape,
        inside: &mut Inside,
        implied: &mut BTreeSet<String>,
    ) -> Raised {
        let place = format!("table {}, column {}", table.name, column.name);
        if column.generated.is_some() {
            return self.left_out(&place, "a generated column cannot be said", true);
        }
        let is_key = key.columns == [column.name.clone()];
        let found = match self.shape.dialect {
            Dialect::Postgres => {
                postgres::typed(&column.ty, counts_up(column) && is_key, &self.enums).map(Found::Typed)
            }
            Dialect::Sqlite => {
                let check = implied_check(table, &column.name);
                implied.extend(check.and_then(|(_, shape)| shape.name.clone()));
                sqlite::typed(&column.ty, is_key && counts_itself(column), check, column.default.as_deref())
            }
        };
        let (ty, assumed) = match found {
            Some(Found::Typed(Typed { ty, assumed })) => (ty, assumed),
            Some(Found::OneOf(texts)) => {
                (ColumnType::Enum(self.enum_of_values(&table.name.to_string(), &column.name, &texts)), None)
            }
            None => {
                let optional = column.null || column.default.is_some();
                return self.left_out(&place, &format!("the type `{}` cannot be said", column.ty), optional);
            }
        };
        let held = self.held.get(&(table.name.clone(), column.name.clone()));
        let (ty, assumed) = match held {
            Some(plain) => {
                self.assumed.push(Note {
                    place: place.clone(),
                    what: format!("{}; it is taken for {:?}, which keeps what it holds", plain.because, plain.ty),
                    way_out: "to convert it later, bring its values and its default into the form of the type that you want, in a migration by \
                              hand; then give the column that type in the schema"
                        .to_owned(),
                });
                (plain.ty.clone(), None)
            }
            None => (ty, assumed),
        };
        if let Some(what) = assumed {
            let way_out =
                "change it in the schema before the first migration is committed, if that is wrong".to_owned();
            self.assumed.push(Note { place, what, way_out });
        }
        let serial = ty.is_serial();
        let default = column.default.as_deref().filter(|_| !serial);
        Raised::Column(Box::new(Column {
            name: inside.name(&column.name).into(),
            sql_name: column.name.clone().into(),
            doc: column.comment.clone().unwrap_or_default().into(),
            // The columns of a primary key hold no nulls, whatever SQLite makes of it.
            null: column.null && !key.columns.contains(&column.name),
            default: default.and_then(|expression| super::default::default(expression, &ty, self.shape.dialect)),
            secret: false,
            collation: self.collation(column, &ty).map(Into::into),
            ty,
        }))
    }

    /// A column that cannot be said. On Postgres, which alters tables in place, it can stay beside those that are; SQLite rebuilds tables
    /// from what is known of them.
    fn left_out(&mut self, place: &str, what: &str, optional: bool) -> Raised {
        if self.shape.dialect == Dialect::Postgres && optional {
            let way_out =
                "the column is left out and left alone; read it through `raw`, or change its type and adopt again"
                    .to_owned();
            self.unsaid.push(Note { place: place.to_owned(), what: what.to_owned(), way_out });
            Raised::LeftOut
        } else {
            self.leave_out(place, what);
            Raised::Impossible
        }
    }

    /// The collation, where it is not the one that every text has by itself.
    fn collation(&self, column: &ColumnShape, ty: &ColumnType) -> Option<String> {
        let named = column.collation.as_deref();
        let only_postgres = *self.engines == [Dialect::Postgres];
        match (self.shape.dialect, named) {
            (Dialect::Postgres, Some("C")) | (Dialect::Sqlite, None) => None,
            (Dialect::Sqlite, Some(binary)) if binary.eq_ignore_ascii_case("binary") => None,
            (_, Some(named)) => Some(named.to_owned()),
            // The database's own. With SQLite among the engines there is none that both have, and code points decide.
            (Dialect::Postgres, None) => {
                let text = matches!(ty, ColumnType::Varchar { .. } | ColumnType::Text);
                (text && only_postgres).then(|| "default".to_owned())
            }
        }
    }

    /// A check. Where its name says that it was written for both engines in these words, it is for both.
    fn check(&self, table: &str, check: &CheckShape) -> Check {
        let dialect = self.shape.dialect;
        let expression = without_brackets(&check.expression).to_owned();
        let both = naming::check(table, Some(&expression), Some(&expression));
        let only: [Option<Text>; 2] = match dialect {
            Dialect::Sqlite => [Some(expression.clone().into()), None],
            Dialect::Postgres => [None, Some(expression.clone().into())],
        };
        let for_both = self.engines.len() == 1 || check.name.as_deref() == Some(both.as_str());
        let [sqlite, postgres] =
            if for_both { [Some(expression.clone().into()), Some(expression.into())] } else { only };
        let name = check.name.clone().unwrap_or_else(|| naming::check(table, sqlite.as_deref(), postgres.as_deref()));
        Check { name: name.into(), sqlite, postgres }
    }

    fn index(&mut self, table: &TableShape, index: &IndexShape, has: &dyn Fn(&[String]) -> bool) -> Option<Index> {
        let place = format!("table {}, index {}", table.name, index.name);
        let way_out = "it is left alone; create it in a migration by hand, so that new databases have it";
        let mut leave = |what: String| {
            self.unsaid.push(Note { place: place.clone(), what, way_out: way_out.to_owned() });
            None
        };
        let method = match index.method.as_deref() {
            None => None,
            Some("hash") => Some(IndexMethod::Hash),
            Some("gin") => Some(IndexMethod::Gin),
            Some("gist") => Some(IndexMethod::Gist),
            Some("spgist") => Some(IndexMethod::SpGist),
            Some("brin") => Some(IndexMethod::Brin),
            Some(other) => return leave(format!("the method `{other}` cannot be said")),
        };
        let columns: Vec<String> = index
            .keys
            .iter()
            .filter_map(|key| match &key.sorted {
                Sorted::Column(column) => Some(column.clone()),
                Sorted::Expression(_) => None,
            })
            .collect();
        if !has(&columns) {
            return leave("a column that it sorts by cannot be said".to_owned());
        }
        if !index.include.is_empty() {
            return leave("`INCLUDE` cannot be said".to_owned());
        }
        if let Some(options) = index.options.as_ref().or_else(|| index.keys.iter().find_map(|key| key.options.as_ref()))
        {
            return leave(format!("`{options}` cannot be said"));
        }
        let keys = index.keys.iter().map(|key| IndexKey {
            kind: match &key.sorted {
                Sorted::Column(column) => IndexKeyKind::Column(column.clone().into()),
                Sorted::Expression(expression) => IndexKeyKind::Sql(without_brackets(expression).to_owned().into()),
            },
            descending: key.descending,
        });
        Some(Index {
            name: index.name.clone().into(),
            unique: index.unique,
            keys: keys.collect(),
            method,
            predicate: index.predicate.as_deref().map(|predicate| without_brackets(predicate).to_owned().into()),
        })
    }

    /// The keys of a table to tables that can be said.
    fn foreign_keys(&mut self, table: &Table, shapes: &[ForeignKeyShape]) -> Vec<ForeignKey> {
        let mut keys = Vec::new();
        for shape in shapes {
            let place = format!("table {}, foreign key {}", table.sql_name, called(shape.name.as_deref()));
            let way_out = "it is left alone; change what is in its way and adopt again".to_owned();
            let target = self.tables.iter().find(|target| target.sql_name == shape.target);
            let types = |table: &Table, columns: &[String]| -> Option<Vec<ColumnType>> {
                columns.iter().map(|column| table.column(column).map(|column| column.ty.referenced())).collect()
            };
            let own = types(table, &shape.columns);
            let other = target.and_then(|target| types(target, &shape.target_columns));
            let what = match (&own, &other) {
                (Some(own), Some(other)) if own == other => {
                    let single = shape.columns.len() == 1
                        && shape.columns.first().is_none_or(|column| {
                            keys.iter().all(|key: &ForeignKey| key.columns.first().is_none_or(|first| first != column))
                        });
                    let role = if single { ForeignKeyRole::Path { reverse: None } } else { ForeignKeyRole::Constraint };
                    let name = shape.name.clone();
                    let name = name.unwrap_or_else(|| naming::foreign_key(&table.sql_name.name, &shape.columns));
                    keys.push(ForeignKey {
                        name: name.into(),
                        columns: texts(&shape.columns),
                        target: shape.target.clone(),
                        target_columns: texts(&shape.target_columns),
                        on_delete: shape.on_delete,
                        on_update: shape.on_update,
                        role,
                    });
                    continue;
                }
                (Some(_), Some(_)) => "it and what it points to have different types".to_owned(),
                _ => format!("{} or a column of it cannot be said", shape.target),
            };
            self.unsaid.push(Note { place, what, way_out });
        }
        keys
    }
}

/// What a column comes to.
enum Raised {
    /// A column of the schema.
    Column(Box<Column>),
    /// A column that stays beside the schema.
    LeftOut,
    /// The table cannot be said without it.
    Impossible,
}

/// The check that a column's type implies, where Piccolo made the column.
fn implied_check<'t>(table: &'t TableShape, column: &str) -> Option<(ImpliedCheck, &'t CheckShape)> {
    table.checks.iter().find_map(|check| {
        let (implied, of) = ImpliedCheck::parse(check.name.as_deref()?)?;
        (of == column).then_some((implied, check))
    })
}

/// Whether a column of Postgres counts itself up: an identity, or an old-style serial.
fn counts_up(column: &ColumnShape) -> bool {
    column.identity.is_some() || column.default.as_deref().is_some_and(|default| default.starts_with("nextval("))
}

/// Whether a single primary key of SQLite counts itself up.
fn counts_itself(column: &ColumnShape) -> bool {
    column.identity == Some(Identity::Autoincrement) || column.ty.eq_ignore_ascii_case("integer")
}

fn texts(names: &[String]) -> piccolo_runtime::schema::List<Text> {
    names.iter().map(|name| name.clone().into()).collect()
}
