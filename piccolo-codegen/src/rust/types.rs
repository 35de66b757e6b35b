//! The Rust type of a column.

use piccolo_runtime::schema::{Column, ColumnType};
use syn::{Path, Type};

use super::names::{Names, TableNames};
use super::nodes::{generic, path, path_of, ty, word};

/// What the types of one module are spelled from.
#[derive(Clone, Copy)]
pub(super) struct Types<'n> {
    /// The names of the module's own table.
    pub(super) own: &'n TableNames,
    /// The names of the whole schema.
    pub(super) all: &'n Names<'n>,
}

impl Types<'_> {
    /// The type of a column's values: in an `Option` where the column may be null.
    pub(super) fn of(self, column: &Column) -> Type {
        let plain = self.plain(&column.ty);
        if column.null { generic(self.std("Option"), [plain]) } else { plain }
    }

    /// The type without `Option`.
    pub(super) fn plain(self, column_type: &ColumnType) -> Type {
        match column_type {
            ColumnType::Varchar { .. } | ColumnType::Text => ty(self.std("String")),
            ColumnType::SmallInt => ty(path("i16")),
            ColumnType::Integer | ColumnType::Serial => ty(path("i32")),
            ColumnType::BigInt | ColumnType::BigSerial => ty(path("i64")),
            ColumnType::Real => ty(path("f32")),
            ColumnType::DoublePrecision => ty(path("f64")),
            ColumnType::Numeric { .. } => ty(path("rt::Decimal")),
            ColumnType::Boolean => ty(path("bool")),
            ColumnType::Date => ty(path("rt::NaiveDate")),
            ColumnType::Time => ty(path("rt::NaiveTime")),
            ColumnType::Timestamp => ty(path("rt::NaiveDateTime")),
            ColumnType::Timestamptz => generic(path("rt::DateTime"), [ty(path("rt::Utc"))]),
            ColumnType::Interval => ty(path("rt::TimeDelta")),
            ColumnType::Uuid => ty(path("rt::Uuid")),
            ColumnType::Json => ty(path("rt::Json")),
            ColumnType::Bytea => generic(self.std("Vec"), [ty(path("u8"))]),
            ColumnType::Enum(name) => match self.all.enumeration(name) {
                Some(names) => ty(path_of([word("super"), names.module.ident(), names.ty.ident()])),
                // A schema that was lowered has no such reference; a text is what an unknown enum is anyway.
                None => ty(self.std("String")),
            },
            ColumnType::Array(element) => generic(self.std("Vec"), [self.plain(&element.column_type())]),
        }
    }

    /// A type of the standard library, by the name that the prelude has for it, unless the module itself has something of that name: a
    /// table may be called `String` or `Option`.
    pub(super) fn std(self, name: &'static str) -> Path {
        if !self.own.defines(name) {
            return path(name);
        }
        match name {
            "Option" => path("::core::option::Option"),
            "String" => path("::std::string::String"),
            "Vec" => path("::std::vec::Vec"),
            other => path(other),
        }
    }
}
