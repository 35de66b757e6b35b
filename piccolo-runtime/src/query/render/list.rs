//! Lists as one parameter, so that their length is not part of the SQL.

use super::{Renderer, Values};
use crate::query::tree::{self, Expr};
use crate::schema::ElementType;
use crate::sql::{Dialect, column_type};
use crate::{Result, Value};

impl Renderer {
    /// Adds whether an expression is in a list, or is not. A null in the list makes the answer null where it would be no.
    pub(super) fn in_list(&mut self, expr: &Expr, list: &[Value], negated: bool) -> Result<()> {
        let nulls = list.iter().any(Value::is_null);
        let values: Vec<Value> = list.iter().filter(|value| !value.is_null()).cloned().collect();
        if nulls {
            self.push("(");
        }
        // To look for a null in an empty list gives false, and Postgres (seen in 15.18) plans `= ANY($1) IS NOT NULL` as if it gave null: it
        // leaves out the rows of an outer join that found nothing.
        let constant = values.is_empty() && self.null_test && self.dialect == Dialect::Postgres;
        match tree::element_of(self.type_of(expr).as_ref(), &values) {
            _ if constant => self.push(if negated { "TRUE" } else { "FALSE" }),
            None if values.is_empty() => self.push(if negated { "TRUE" } else { "FALSE" }),
            // JSON documents have no text that an array could hold and that compares; arrays have no arrays.
            None | Some(ElementType::Json) => self.in_alternatives(expr, &values, negated)?,
            Some(element) => {
                self.operand(expr)?;
                self.in_array(element, values, negated);
            }
        }
        if nulls {
            self.push(match (negated, self.dialect) {
                (false, Dialect::Sqlite) => " OR NULL)",
                (true, Dialect::Sqlite) => " AND NULL)",
                (false, Dialect::Postgres) => " OR NULL::boolean)",
                (true, Dialect::Postgres) => " AND NULL::boolean)",
            });
        }
        Ok(())
    }

    /// Adds the operator and the list.
    fn in_array(&mut self, element: ElementType, values: Vec<Value>, negated: bool) {
        match self.dialect {
            Dialect::Postgres => {
                self.push(if negated { " <> ALL(" } else { " = ANY(" });
                self.array(element, values);
                self.push(")");
            }
            Dialect::Sqlite => {
                self.push(if negated { " NOT IN " } else { " IN " });
                if matches!(self.values, Values::Shown) {
                    self.push(if values.is_empty() { "(SELECT NULL WHERE FALSE" } else { "(" });
                    for (position, value) in values.iter().enumerate() {
                        self.push(if position > 0 { ", " } else { "" });
                        self.value(value);
                    }
                    self.push(")");
                    return;
                }
                let (element, values) = as_double(element, values);
                self.push("(SELECT ");
                self.push(from_json(&element));
                self.push(" FROM json_each(");
                self.value(&Value::Array(element, values));
                self.push("))");
            }
        }
    }

    /// Adds an array for Postgres. An enum's array goes as texts, because its own type is not known to the driver.
    pub(super) fn array(&mut self, element: ElementType, values: Vec<Value>) {
        let is_enum = matches!(element, ElementType::Enum(_));
        let cast = is_enum.then(|| format!("::text[]::{}[]", column_type(&element.column_type(), Dialect::Postgres)));
        self.value(&Value::Array(element, values));
        if let (Some(cast), Values::Bound(_)) = (cast, &self.values) {
            self.push(&cast);
        }
    }

    /// Adds a comparison with each value.
    fn in_alternatives(&mut self, expr: &Expr, values: &[Value], negated: bool) -> Result<()> {
        if values.is_empty() {
            self.push(if negated { "TRUE" } else { "FALSE" });
            return Ok(());
        }
        self.push("(");
        self.separated(values, if negated { " AND " } else { " OR " }, |renderer, value| {
            renderer.operand(expr)?;
            renderer.push(if negated { " <> " } else { " = " });
            renderer.value(value);
            Ok(())
        })?;
        self.push(")");
        Ok(())
    }
}

/// A list of 32-bit floats as what SQLite keeps of them: the double with the same value, which is not the one with the same digits.
fn as_double(element: ElementType, values: Vec<Value>) -> (ElementType, Vec<Value>) {
    if element != ElementType::Real {
        return (element, values);
    }
    let double = |value| if let Value::Real(value) = value { Value::DoublePrecision(f64::from(value)) } else { value };
    (ElementType::DoublePrecision, values.into_iter().map(double).collect())
}

/// What an element of a JSON array has to go through on SQLite to compare with a column of its type.
const fn from_json(element: &ElementType) -> &'static str {
    match element {
        ElementType::Uuid => "unhex(value, '-')",
        ElementType::Bytea => "unhex(value)",
        ElementType::Numeric { .. } | ElementType::Real | ElementType::DoublePrecision => "CAST(value AS REAL)",
        ElementType::Varchar { .. }
        | ElementType::Text
        | ElementType::SmallInt
        | ElementType::Integer
        | ElementType::BigInt
        | ElementType::Boolean
        | ElementType::Date
        | ElementType::Time
        | ElementType::Timestamp
        | ElementType::Timestamptz
        | ElementType::Interval
        | ElementType::Json
        | ElementType::Enum(_) => "value",
    }
}
