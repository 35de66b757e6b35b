//! One table with everything that its module is made from.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use piccolo_runtime::schema::{Column, ColumnType, ForeignKey, Table};
use proc_macro2::Ident;
use syn::{Attribute, Path};

use super::names::{EnumNames, FieldNames, Names, TableNames};
use super::nodes::{path_of, word};
use super::templates::Templates;
use super::types::Types;

/// A table, its names, and those of its neighbours.
#[derive(Clone, Copy)]
pub(super) struct TableCode<'s> {
    /// The table.
    pub(super) table: &'s Table,
    /// Its names.
    pub(super) names: &'s TableNames,
    /// The names of the whole schema.
    pub(super) all: &'s Names<'s>,
    /// How types are spelled in its module.
    pub(super) types: Types<'s>,
    /// What the modules of all tables are copied from.
    pub(super) templates: &'s Templates,
}

/// One column of the table at hand.
#[derive(Clone, Copy)]
pub(super) struct ColumnCode<'s> {
    /// Its position.
    pub(super) index: usize,
    /// The column.
    pub(super) column: &'s Column,
    /// Its names.
    pub(super) names: &'s FieldNames,
    /// The foreign key that makes it a path.
    pub(super) key: Option<&'s ForeignKey>,
}

impl<'s> TableCode<'s> {
    /// The table with its names.
    pub(super) fn new(table: &'s Table, names: &'s TableNames, all: &'s Names<'s>, templates: &'s Templates) -> Self {
        Self { table, names, all, types: Types { own: names, all }, templates }
    }

    /// The columns in order.
    pub(super) fn columns(self) -> impl Iterator<Item = ColumnCode<'s>> {
        self.table.columns.iter().zip(&self.names.fields).enumerate().map(move |(index, (column, names))| ColumnCode {
            index,
            column,
            names,
            key: self.table.path_key(&column.sql_name),
        })
    }

    /// The columns of the primary key, in the order of the key.
    pub(super) fn key_columns(self) -> impl Iterator<Item = ColumnCode<'s>> {
        self.table
            .primary_key
            .columns
            .iter()
            .filter_map(move |key| self.columns().find(|column| column.column.sql_name == *key))
    }

    /// The columns that every new row must give a value for.
    pub(super) fn required(self) -> impl Iterator<Item = ColumnCode<'s>> {
        self.columns().filter(|code| !code.column.null && code.column.default.is_none() && !code.column.ty.is_serial())
    }

    /// The doc comment of the schema, or a sentence in its place.
    pub(super) fn doc(self) -> String {
        match self.table.doc.as_ref() {
            "" => format!("A row of the table `{}`.", self.table.sql_name),
            doc => doc.to_owned(),
        }
    }

    /// Lets fields and setters be spelled as their columns are, where rustc would complain.
    pub(super) fn allow_odd_names(self) -> Option<Attribute> {
        let columns = self.names.fields.iter().map(|names| &names.field);
        let mut fields = columns.chain(self.names.reverses.iter().map(|names| &names.field));
        let odd = fields.any(|field| !field.is_snake_case());
        odd.then(|| self.templates.odd_names.clone())
    }

    /// The derives of a struct that holds values; one that holds secrets has no `Debug` of its own accord.
    pub(super) fn derives(self, secrets: bool) -> Attribute {
        if secrets { self.templates.derives_with_secrets.clone() } else { self.templates.derives.clone() }
    }

    /// The table that a foreign key points to.
    pub(super) fn target(self, key: &ForeignKey) -> Option<Target<'s>> {
        let (table, names) = self.all.table(&key.target)?;
        let position = key.target_columns.first().and_then(|column| table.position(column))?;
        Some(Target { names, position, is_self: key.target == self.table.sql_name })
    }

    /// The enums that its columns use, each once.
    pub(super) fn enums(self) -> impl Iterator<Item = &'s EnumNames> {
        let mut seen = HashSet::new();
        let used = self.table.columns.iter().filter_map(|column| column.ty.enumeration());
        used.filter(move |name| seen.insert(*name)).filter_map(move |name| self.all.enumeration(name))
    }

    /// Changes with everything that the table's module is made from, its neighbours' names included.
    pub(super) fn fingerprint(self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (self.table, self.names).hash(&mut hasher);
        for column in self.columns() {
            column.key.and_then(|key| self.target(key)).hash(&mut hasher);
        }
        for names in self.enums() {
            (&names.module, &names.ty).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// The table that a foreign key points to.
#[derive(Clone, Copy, Hash)]
pub(super) struct Target<'s> {
    names: &'s TableNames,
    /// The position of the column that the key points to.
    pub(super) position: usize,
    is_self: bool,
}

impl Target<'_> {
    /// Its row as the module at hand spells it: `super::manager::Manager`.
    pub(super) fn row(self) -> Path {
        self.item(self.names.row.ident())
    }

    /// Its description: `super::manager::META`.
    pub(super) fn meta(self) -> Path {
        self.item(word("META"))
    }

    fn item(self, item: Ident) -> Path {
        if self.is_self { path_of([item]) } else { path_of([word("super"), self.names.module.ident(), item]) }
    }
}

impl ColumnCode<'_> {
    /// The doc comment of the schema, or a sentence in its place.
    pub(super) fn doc(self) -> String {
        match (self.column.doc.as_ref(), self.key) {
            ("", Some(key)) => format!("The key of a row of `{}`.", key.target),
            ("", None) if self.column.ty.is_serial() => "The primary key, which the database counts up.".to_owned(),
            ("", None) => format!("The column `{}`.", self.column.name),
            (doc, _) => doc.to_owned(),
        }
    }

    /// Whether its values are copied and need no `clone`.
    pub(super) fn is_copy(self) -> bool {
        match &self.column.ty {
            ColumnType::Varchar { .. }
            | ColumnType::Text
            | ColumnType::Json
            | ColumnType::Bytea
            | ColumnType::Array(_) => false,
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Serial
            | ColumnType::BigSerial
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Numeric { .. }
            | ColumnType::Boolean
            | ColumnType::Date
            | ColumnType::Time
            | ColumnType::Timestamp
            | ColumnType::Timestamptz
            | ColumnType::Interval
            | ColumnType::Uuid
            | ColumnType::Enum(_) => true,
        }
    }
}
