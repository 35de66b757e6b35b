//! The table `Manager`.

use piccolo_runtime::codegen_support as rt;

/// Looks after bands.
///
/// This is a row that exists in the database; a row that does not is a [`NewManager`].
#[derive(Clone, Debug, PartialEq)]
pub struct Manager {
    /// The key.
    pub id: i64,
    /// The column `name`.
    pub name: String,
}

/// A row of [`struct@Manager`] that does not exist yet.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a new row is inserted with `Manager::insert`"]
pub struct NewManager(rt::NewRow<Manager>);

/// The columns of [`struct@Manager`], seen from the table `R` along the path `P`.
pub struct Columns<R, P> {
    /// The key.
    pub id: rt::Column<R, P, i64>,
    /// The column `name`.
    pub name: rt::Column<R, P, String>,
}

/// The columns of the table: `Manager.name`.
#[expect(non_upper_case_globals, reason = "the columns go by the name of their table")]
pub const Manager: Columns<Manager, rt::Root> = *<Columns<Manager, rt::Root> as rt::ColumnSet>::COLUMNS;

impl<R: 'static, P: 'static> rt::ColumnSet for Columns<R, P> {
    const COLUMNS: &'static Self = &Self { id: rt::Column::at(0), name: rt::Column::at(1) };
}

impl<R, P> Clone for Columns<R, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, P> Copy for Columns<R, P> {}

/// The table as the schema describes it.
pub static TABLE: rt::schema::Table = rt::schema::Table {
    name: rt::Cow::Borrowed("Manager"),
    sql_name: rt::schema::QualifiedName { schema: None, name: rt::Cow::Borrowed("manager") },
    doc: rt::Cow::Borrowed("Looks after bands."),
    columns: rt::Cow::Borrowed(&[
        rt::schema::Column {
            name: rt::Cow::Borrowed("id"),
            sql_name: rt::Cow::Borrowed("id"),
            doc: rt::Cow::Borrowed("The key."),
            ty: rt::schema::ColumnType::BigSerial,
            null: false,
            default: None,
            secret: false,
            collation: None,
        },
        rt::schema::Column {
            name: rt::Cow::Borrowed("name"),
            sql_name: rt::Cow::Borrowed("name"),
            doc: rt::Cow::Borrowed(""),
            ty: rt::schema::ColumnType::Varchar { length: 100 },
            null: false,
            default: None,
            secret: false,
            collation: None,
        },
    ]),
    primary_key: rt::schema::PrimaryKey {
        name: rt::Cow::Borrowed("manager_pkey"),
        columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("id")]),
    },
    uniques: rt::Cow::Borrowed(&[]),
    checks: rt::Cow::Borrowed(&[]),
    indexes: rt::Cow::Borrowed(&[]),
    foreign_keys: rt::Cow::Borrowed(&[]),
};

/// The table and its neighbours.
pub static META: rt::TableMeta = rt::TableMeta::new(&TABLE, &[], &[]);

impl rt::Table for Manager {
    type New = NewManager;
    type Key = i64;
    type Columns<R: 'static, P: 'static> = Columns<R, P>;
    const META: &'static rt::TableMeta = &META;

    fn decode(row: &rt::RowRef<'_>, start: usize) -> rt::Result<Self> {
        Ok(Self { id: row.get(start)?, name: row.get(start + 1)? })
    }

    fn key(&self) -> i64 {
        self.id
    }

    fn values(&self) -> Vec<rt::Value> {
        vec![self.id.into(), self.name.clone().into()]
    }
}

impl From<rt::NewRow<Manager>> for NewManager {
    fn from(row: rt::NewRow<Manager>) -> Self {
        Self(row)
    }
}

impl rt::RowOf<Manager> for NewManager {
    fn into_new_row(self) -> rt::NewRow<Manager> {
        self.0
    }
}

impl NewManager {
    /// Sets `name`.
    pub fn name(self, name: impl rt::Input<String>) -> Self {
        Self(self.0.set(1, name.into_input()))
    }
}

impl Manager {
    /// A new row, from the columns that it cannot do without.
    #[expect(clippy::new_ret_no_self, reason = "a row that does not exist yet has a type of its own")]
    pub fn new(name: impl rt::Input<String>) -> NewManager {
        NewManager(rt::NewRow::new().set(1, name.into_input()))
    }

    /// Selects columns: `Manager::select(Manager.id)`, a tuple of them, or `..` for all.
    pub fn select<S: rt::Selection<Self>>(selection: S) -> rt::Select<Self, S::Output> {
        rt::Select::new(selection)
    }

    /// Selects whole rows.
    pub fn objects() -> rt::Objects<Self> {
        rt::Objects::new()
    }

    /// The row with this key.
    pub fn get(key: impl rt::Input<i64>) -> rt::Get<Self> {
        rt::Get::by(key)
    }

    /// Inserts rows.
    pub fn insert(rows: impl IntoIterator<Item: rt::RowOf<Self>>) -> rt::Insert<Self> {
        rt::Insert::new(rows)
    }

    /// Changes rows.
    pub fn update() -> rt::Update<Self> {
        rt::Update::new()
    }

    /// Deletes rows.
    pub fn delete() -> rt::Delete<Self> {
        rt::Delete::new()
    }

    /// Counts rows.
    pub fn count() -> rt::Count<Self> {
        rt::Count::new()
    }

    /// Asks whether there are rows.
    pub fn exists() -> rt::Exists<Self> {
        rt::Exists::new()
    }

    /// Creates the table.
    pub fn create_table() -> rt::CreateTables {
        rt::CreateTables::one(&META)
    }

    /// Creates the table with nothing but its primary key.
    pub fn create_table_without_columns() -> rt::CreateTables {
        rt::CreateTables::key_alone(&META)
    }

    /// Drops the table.
    pub fn drop_table() -> rt::DropTables {
        rt::DropTables::one(&META)
    }

    /// Reads the row for which a condition holds, or inserts it.
    pub fn get_or_create<C: rt::Condition<Self>>(condition: C) -> rt::GetOrCreate<Self> {
        rt::GetOrCreate::new(condition)
    }

    /// Runs SQL, in which `{}` is a bound parameter.
    pub fn raw(sql: &str, parameters: impl rt::Parameters) -> rt::Raw {
        rt::Raw::new(sql, parameters)
    }

    /// Writes the row back.
    pub fn save(&self) -> rt::Save<Self> {
        rt::Save::new(self)
    }

    /// Deletes the row, and gives it back as one that does not exist.
    pub fn remove(self) -> rt::Remove<Self> {
        rt::Remove::new(self)
    }

    /// Reads the row anew.
    pub fn refresh(&self) -> rt::Refresh<Self> {
        rt::Refresh::new(rt::Table::key(self))
    }

    /// Changes the row by expressions of what is in the database.
    pub fn update_self(&self) -> rt::UpdateSelf<Self> {
        rt::UpdateSelf::new(self)
    }

    /// Reads the row that a foreign key points to, one or several keys away.
    pub fn get_related<P: rt::Path, K: rt::Key>(
        &self,
        key: rt::ForeignKey<Self, P, K>,
    ) -> rt::GetRelated<Self, rt::Related<P, K>> {
        rt::GetRelated::new(self, key)
    }
}
