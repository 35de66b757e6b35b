//! Types and defaults.

use chrono::Utc;

use super::State;
use crate::ddl::default_expression;
use crate::query::alter::change::ColumnName;
use crate::query::alter::step::{SetType, Step};
use crate::query::alter::usage;
use crate::query::defaults;
use crate::query::fit::fit;
use crate::schema::{Column, ColumnType, Conversion, Default, Text};
use crate::sql::{Dialect, column_type};
use crate::{Error, Result};

impl State {
    pub(super) fn set_default(&self, column: &ColumnName, default: &Default) -> Result<Step> {
        let column = self.column(column)?;
        let Some(ty) = self.type_of(column) else {
            return Err(usage(format!(
                "`{}` of `{}` is of the type {}, for which defaults cannot be written",
                column.name, self.name, column.ty
            )));
        };
        if column.identity.is_some() {
            return Err(usage(format!("`{}` of `{}` counts itself up and takes no default", column.name, self.name)));
        }
        let described = Column { null: column.null, ..Column::new(column.name.clone(), ty.clone()) };
        let default = self.default_for(&described, default.clone())?;
        let expression = default_expression(&default, &ty, self.dialect)?;
        Ok(Step::SetDefault { column: column.name.clone(), expression })
    }

    /// A default as the column's type has it, if it fits.
    pub(super) fn default_for(&self, column: &Column, default: Default) -> Result<Default> {
        let default = match (default, &column.ty) {
            (Default::Text(text), ColumnType::Enum(_)) => Default::Variant(text),
            (Default::Text(text), ColumnType::Uuid) => Default::Uuid(text),
            (Default::Text(text) | Default::Json(text), ColumnType::Json) => {
                // As the encoder would write it.
                let document = serde_json::from_str::<serde_json::Value>(&text).map(|document| document.to_string());
                Default::Json(document.map_or(text, Text::from))
            }
            (
                Default::Text(text),
                ColumnType::Date | ColumnType::Time | ColumnType::Timestamp | ColumnType::Timestamptz,
            ) => Default::DateTime(text),
            (default, _) => default,
        };
        if matches!(default, Default::Sql(_)) {
            return Ok(default);
        }
        let wrong = || Error::InvalidValue {
            target: format!("{}.{}", self.name.name, column.sql_name),
            reason: format!(
                "the default does not have the column's type, {}",
                column_type(&column.ty, Dialect::Postgres)
            ),
        };
        // An enum that the schema does not know is checked by the database.
        let is_foreign = column.ty.enumeration().is_some_and(|name| self.meta.enumeration(name).is_none());
        let value = defaults::evaluate(column, &default, Utc::now()).ok().flatten().ok_or_else(wrong)?;
        if !is_foreign {
            fit(self.meta, column, value)?;
        }
        Ok(default)
    }

    pub(super) fn set_length(&self, column: &ColumnName, length: u32) -> Result<Step> {
        let shape = self.column(column)?;
        if !matches!(self.type_of(shape), Some(ColumnType::Varchar { .. })) {
            return Err(usage(format!(
                "`{}` of `{}` is no Varchar and has no length; `set_column_type` makes it one",
                shape.name, self.name
            )));
        }
        self.set_type(column, &ColumnType::Varchar { length }, None)
    }

    pub(super) fn set_type(&self, column: &ColumnName, to: &ColumnType, using: Option<&str>) -> Result<Step> {
        let column = self.column(column)?;
        let name = &column.name;
        self.check_not_serial(to, name)?;
        if matches!(to, ColumnType::Varchar { length: 0 }) {
            return Err(usage(format!("`{name}` of `{}` would have room for no character", self.name)));
        }
        let from = self.type_of(column);
        let whole = matches!(to, ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt);
        if column.identity.is_some() && !whole {
            return Err(usage(format!("`{name}` of `{}` counts itself up and stays a whole number", self.name)));
        }
        let unknown = match &from {
            Some(from) => Conversion::between(from, to) == Conversion::Unknown,
            None => true,
        };
        if unknown && using.is_none() {
            return Err(usage(format!(
                "nothing converts `{name}` of `{}` from {} to {}; `set_column_type_using` takes an expression for the new values",
                self.name,
                column.ty,
                column_type(to, Dialect::Postgres)
            )));
        }
        let stays_alike = from.as_ref().is_some_and(|from| are_alike(from, to));
        if column.default.is_some() && !stays_alike {
            return Err(usage(format!(
                "`{name}` of `{}` has a default of its old type; `drop_default` before the change, and `set_default` after it",
                self.name
            )));
        }
        let tied = self.table.foreign_keys.iter().any(|key| key.columns.contains(name))
            || self.referring().any(|(_, key)| key.target_columns.contains(name));
        if tied && !stays_alike {
            return Err(usage(format!(
                "`{name}` of `{}` is tied to another column by a foreign key, which must be of the same kind of type; drop the key first",
                self.name
            )));
        }
        Ok(Step::SetType(SetType { column: name.clone(), from, to: to.clone(), using: using.map(str::to_owned) }))
    }
}

/// Whether values of both types are written alike, so that a default and a foreign key may stay.
fn are_alike(from: &ColumnType, to: &ColumnType) -> bool {
    let kind = |ty: &ColumnType| match ty.referenced() {
        ColumnType::Varchar { .. } | ColumnType::Text => ColumnType::Text,
        ColumnType::SmallInt | ColumnType::Integer | ColumnType::BigInt => ColumnType::BigInt,
        ColumnType::Real | ColumnType::DoublePrecision => ColumnType::DoublePrecision,
        ColumnType::Numeric { .. } => ColumnType::Numeric { precision: 1, scale: 0 },
        ColumnType::Serial
        | ColumnType::BigSerial
        | ColumnType::Boolean
        | ColumnType::Date
        | ColumnType::Time
        | ColumnType::Timestamp
        | ColumnType::Timestamptz
        | ColumnType::Interval
        | ColumnType::Uuid
        | ColumnType::Json
        | ColumnType::Bytea
        | ColumnType::Enum(_)
        | ColumnType::Array(_) => ty.clone(),
    };
    kind(from) == kind(to)
}
