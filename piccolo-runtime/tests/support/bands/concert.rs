//! The table `Concert`.

use piccolo_runtime::codegen_support as rt;

/// Two bands at a venue.
///
/// This is a row that exists in the database; a row that does not is a [`NewConcert`].
#[derive(Clone, Debug, PartialEq)]
pub struct Concert {
    /// The key.
    pub id: i64,
    /// The column `band_1`.
    pub band_1: i64,
    /// The column `band_2`.
    pub band_2: i64,
    /// The column `venue`.
    pub venue: Option<i64>,
    /// The column `starts`.
    pub starts: Option<rt::chrono::DateTime<rt::chrono::Utc>>,
}

/// A row of [`struct@Concert`] that does not exist yet.
#[derive(Clone, Debug, PartialEq)]
#[must_use = "a new row is inserted with `Concert::insert`"]
pub struct NewConcert(rt::NewRow<Concert>);

/// The columns of [`struct@Concert`], seen from the table `R` along the path `P`.
pub struct Columns<R, P> {
    /// The key.
    pub id: rt::Column<R, P, i64>,
    /// The column `band_1`.
    pub band_1: rt::ForeignKey<R, P, Band1Key>,
    /// The column `band_2`.
    pub band_2: rt::ForeignKey<R, P, Band2Key>,
    /// The column `venue`.
    pub venue: rt::ForeignKey<R, P, VenueKey>,
    /// The column `starts`.
    pub starts: rt::Column<R, P, Option<rt::chrono::DateTime<rt::chrono::Utc>>>,
}

/// The columns of the table: `Concert.band_1`.
#[expect(non_upper_case_globals, reason = "the columns go by the name of their table")]
pub const Concert: Columns<Concert, rt::Root> = *<Columns<Concert, rt::Root> as rt::ColumnSet>::COLUMNS;

impl<R: 'static, P: 'static> rt::ColumnSet for Columns<R, P> {
    const COLUMNS: &'static Self = &Self {
        id: rt::Column::at(0),
        band_1: rt::ForeignKey::new(),
        band_2: rt::ForeignKey::new(),
        venue: rt::ForeignKey::new(),
        starts: rt::Column::at(4),
    };
}

impl<R, P> Clone for Columns<R, P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R, P> Copy for Columns<R, P> {}

/// The foreign key `band_1`.
pub enum Band1Key {}

impl rt::Key for Band1Key {
    type From = Concert;
    type To = super::band::Band;
    type Value = i64;
    const INDEX: u16 = 1;
}

/// The foreign key `band_2`.
pub enum Band2Key {}

impl rt::Key for Band2Key {
    type From = Concert;
    type To = super::band::Band;
    type Value = i64;
    const INDEX: u16 = 2;
}

/// The foreign key `venue`.
pub enum VenueKey {}

impl rt::Key for VenueKey {
    type From = Concert;
    type To = super::venue::Venue;
    type Value = Option<i64>;
    const INDEX: u16 = 3;
}

/// The table as the schema describes it.
pub static TABLE: rt::schema::Table = rt::schema::Table {
    name: rt::Cow::Borrowed("Concert"),
    sql_name: rt::schema::QualifiedName { schema: None, name: rt::Cow::Borrowed("concert") },
    doc: rt::Cow::Borrowed("Two bands at a venue."),
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
            name: rt::Cow::Borrowed("band_1"),
            sql_name: rt::Cow::Borrowed("band_1"),
            doc: rt::Cow::Borrowed(""),
            ty: rt::schema::ColumnType::BigInt,
            null: false,
            default: None,
            secret: false,
            collation: None,
        },
        rt::schema::Column {
            name: rt::Cow::Borrowed("band_2"),
            sql_name: rt::Cow::Borrowed("band_2"),
            doc: rt::Cow::Borrowed(""),
            ty: rt::schema::ColumnType::BigInt,
            null: false,
            default: None,
            secret: false,
            collation: None,
        },
        rt::schema::Column {
            name: rt::Cow::Borrowed("venue"),
            sql_name: rt::Cow::Borrowed("venue"),
            doc: rt::Cow::Borrowed(""),
            ty: rt::schema::ColumnType::BigInt,
            null: true,
            default: None,
            secret: false,
            collation: None,
        },
        rt::schema::Column {
            name: rt::Cow::Borrowed("starts"),
            sql_name: rt::Cow::Borrowed("starts"),
            doc: rt::Cow::Borrowed(""),
            ty: rt::schema::ColumnType::Timestamptz,
            null: true,
            default: None,
            secret: false,
            collation: None,
        },
    ]),
    primary_key: rt::schema::PrimaryKey {
        name: rt::Cow::Borrowed("concert_pkey"),
        columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("id")]),
    },
    uniques: rt::Cow::Borrowed(&[]),
    checks: rt::Cow::Borrowed(&[]),
    indexes: rt::Cow::Borrowed(&[]),
    foreign_keys: rt::Cow::Borrowed(&[
        rt::schema::ForeignKey {
            name: rt::Cow::Borrowed("concert_band_1_fkey"),
            columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("band_1")]),
            target: rt::schema::QualifiedName { schema: None, name: rt::Cow::Borrowed("band") },
            target_columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("id")]),
            on_delete: rt::schema::ForeignKeyAction::NoAction,
            on_update: rt::schema::ForeignKeyAction::NoAction,
            role: rt::schema::ForeignKeyRole::Path { reverse: None },
        },
        rt::schema::ForeignKey {
            name: rt::Cow::Borrowed("concert_band_2_fkey"),
            columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("band_2")]),
            target: rt::schema::QualifiedName { schema: None, name: rt::Cow::Borrowed("band") },
            target_columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("id")]),
            on_delete: rt::schema::ForeignKeyAction::NoAction,
            on_update: rt::schema::ForeignKeyAction::NoAction,
            role: rt::schema::ForeignKeyRole::Path { reverse: None },
        },
        rt::schema::ForeignKey {
            name: rt::Cow::Borrowed("concert_venue_fkey"),
            columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("venue")]),
            target: rt::schema::QualifiedName { schema: None, name: rt::Cow::Borrowed("venue") },
            target_columns: rt::Cow::Borrowed(&[rt::Cow::Borrowed("id")]),
            on_delete: rt::schema::ForeignKeyAction::SetNull,
            on_update: rt::schema::ForeignKeyAction::NoAction,
            role: rt::schema::ForeignKeyRole::Path { reverse: None },
        },
    ]),
};

/// The table and its neighbours.
pub static META: rt::TableMeta = rt::TableMeta::new(
    &TABLE,
    &[
        rt::KeyMeta { column: 1, target: &super::band::META, target_column: 0 },
        rt::KeyMeta { column: 2, target: &super::band::META, target_column: 0 },
        rt::KeyMeta { column: 3, target: &super::venue::META, target_column: 0 },
    ],
    &[],
);

impl rt::Table for Concert {
    type New = NewConcert;
    type Key = i64;
    type Columns<R: 'static, P: 'static> = Columns<R, P>;
    const META: &'static rt::TableMeta = &META;

    fn decode(row: &rt::RowRef<'_>, start: usize) -> rt::Result<Self> {
        Ok(Self {
            id: row.get(start)?,
            band_1: row.get(start + 1)?,
            band_2: row.get(start + 2)?,
            venue: row.get(start + 3)?,
            starts: row.get(start + 4)?,
        })
    }

    fn key(&self) -> i64 {
        self.id
    }

    fn values(&self) -> Vec<rt::Value> {
        vec![self.id.into(), self.band_1.into(), self.band_2.into(), self.venue.into(), self.starts.into()]
    }
}

impl From<rt::NewRow<Concert>> for NewConcert {
    fn from(row: rt::NewRow<Concert>) -> Self {
        Self(row)
    }
}

impl rt::RowOf<Concert> for NewConcert {
    fn into_new_row(self) -> rt::NewRow<Concert> {
        self.0
    }
}

impl NewConcert {
    /// Sets `band_1`.
    pub fn band_1(self, band_1: impl rt::Input<i64, Band1Key>) -> Self {
        Self(self.0.set(1, band_1.into_input()))
    }

    /// Sets `band_2`.
    pub fn band_2(self, band_2: impl rt::Input<i64, Band2Key>) -> Self {
        Self(self.0.set(2, band_2.into_input()))
    }

    /// Sets `venue`.
    pub fn venue(self, venue: impl rt::Input<Option<i64>, VenueKey>) -> Self {
        Self(self.0.set(3, venue.into_input()))
    }

    /// Sets `starts`.
    pub fn starts(self, starts: impl rt::Input<Option<rt::chrono::DateTime<rt::chrono::Utc>>>) -> Self {
        Self(self.0.set(4, starts.into_input()))
    }
}

impl Concert {
    /// A new row, from the columns that it cannot do without.
    #[expect(clippy::new_ret_no_self, reason = "a row that does not exist yet has a type of its own")]
    pub fn new(band_1: impl rt::Input<i64, Band1Key>, band_2: impl rt::Input<i64, Band2Key>) -> NewConcert {
        NewConcert(rt::NewRow::new().set(1, band_1.into_input()).set(2, band_2.into_input()))
    }

    /// Selects columns: `Concert::select(Concert.id)`, a tuple of them, or `..` for all.
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
