//! What the runtime knows about a generated table: its Rust types as a trait, its description as static data.

use std::sync::OnceLock;

use crate::column::ColumnSet;
use crate::engine::RowRef;
use crate::new_row::{NewRow, RowOf};
use crate::primary_key::PrimaryKey;
use crate::schema;
use crate::sql::Dialect;
use crate::{Result, Statement, Value};

/// A row of a table that exists in the database, as a plain struct. Generated code implements it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a table of the schema",
    label = "this is not the row type of a generated table"
)]
pub trait Table: Clone + Send + Sync + 'static {
    /// A row that does not exist yet.
    type New: From<NewRow<Self>> + RowOf<Self>;
    /// The primary key: a plain value, or a tuple of them.
    type Key: PrimaryKey;
    /// The columns as seen from table `R` along path `P`.
    type Columns<R: 'static, P: 'static>: ColumnSet;
    /// The table's description.
    const META: &'static TableMeta;

    /// Reads a row whose first column is at position `start`.
    ///
    /// # Errors
    ///
    /// [`crate::Error::Decode`] if a value does not have the column's type.
    fn decode(row: &RowRef<'_>, start: usize) -> Result<Self>;

    /// The row's primary key.
    fn key(&self) -> Self::Key;

    /// All values of the row, in the order of the columns.
    fn values(&self) -> Vec<Value>;
}

/// The description of a table and its neighbours, as static data. Descriptions may point at each other in cycles.
#[derive(Debug)]
pub struct TableMeta {
    table: &'static schema::Table,
    keys: &'static [KeyMeta],
    enums: &'static [&'static schema::Enum],
    by_key: [OnceLock<Statement>; Dialect::ALL.len()],
}

/// A foreign key that gives a path.
#[derive(Debug)]
pub struct KeyMeta {
    /// The position of the key's column in its table.
    pub column: u16,
    /// The table it points to.
    pub target: &'static TableMeta,
    /// The position of the column it points to.
    pub target_column: u16,
}

impl TableMeta {
    /// Puts a description together. Generated code alone has a use for it.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(
        table: &'static schema::Table,
        keys: &'static [KeyMeta],
        enums: &'static [&'static schema::Enum],
    ) -> Self {
        Self { table, keys, enums, by_key: [const { OnceLock::new() }; Dialect::ALL.len()] }
    }

    /// The statement that reads the row with this key. All but the key is the same every time, so `render` is called once for each dialect.
    pub(crate) fn by_key(
        &'static self,
        dialect: Dialect,
        key: Vec<Value>,
        render: impl FnOnce() -> Result<Statement>,
    ) -> Result<Statement> {
        let known = Dialect::ALL.iter().zip(&self.by_key).find(|(known, _)| **known == dialect);
        let Some((_, cell)) = known else { return render() };
        let template = match cell.get() {
            Some(template) => template,
            None => {
                let template = render()?.with_args(Vec::new());
                cell.get_or_init(|| template)
            }
        };
        Ok(template.lent().with_args(key))
    }

    /// The table itself.
    #[must_use]
    pub const fn table(&self) -> &'static schema::Table {
        self.table
    }

    /// The foreign keys that give paths, in the order of their columns.
    #[must_use]
    pub const fn keys(&self) -> &'static [KeyMeta] {
        self.keys
    }

    /// The enums that its columns use.
    #[must_use]
    pub const fn enums(&self) -> &'static [&'static schema::Enum] {
        self.enums
    }

    /// The foreign key in the column at this position.
    #[must_use]
    pub fn key_at(&self, column: u16) -> Option<&'static KeyMeta> {
        self.keys.iter().find(|key| key.column == column)
    }

    /// The enum of this name.
    #[must_use]
    pub fn enumeration(&self, name: &schema::QualifiedName) -> Option<&'static schema::Enum> {
        self.enums.iter().copied().find(|candidate| candidate.sql_name == *name)
    }
}
