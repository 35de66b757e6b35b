//! The type of a live column: the type matrix read backwards.

use crate::ddl::ImpliedCheck;
use crate::introspect::{ColumnShape, TableShape};
use crate::schema::{Column, ColumnType, QualifiedName};
use crate::sql::{Dialect, column_type};

/// The type of a column of a live table; `None` where it is none of ours. What the schema says of the column is believed where the live
/// one agrees with it, because some types are stored alike.
pub(super) fn type_of(
    table: &TableShape,
    column: &ColumnShape,
    described: Option<&Column>,
    dialect: Dialect,
) -> Option<ColumnType> {
    let check = type_check(table, &column.name);
    let agrees = |described: &&Column| {
        column_type(&described.ty, dialect).eq_ignore_ascii_case(&column.ty)
            && match dialect {
                Dialect::Postgres => true,
                Dialect::Sqlite => ImpliedCheck::of(&described.ty) == check.as_ref().map(|(kind, _)| *kind),
            }
    };
    match (described.filter(agrees), dialect) {
        // Two lengths and two ranges are stored alike, too.
        (Some(described), Dialect::Sqlite) => {
            let sized = |(kind, _): &(ImpliedCheck, &str)| {
                matches!(kind, ImpliedCheck::Length | ImpliedCheck::Range | ImpliedCheck::Numeric)
            };
            let live = check.filter(sized).and_then(|(kind, condition)| from_check(kind, condition));
            let other = live.filter(|live| live.referenced() != described.ty.referenced());
            Some(other.unwrap_or_else(|| described.ty.clone()))
        }
        (Some(described), Dialect::Postgres) => Some(described.ty.clone()),
        (None, Dialect::Sqlite) => match check {
            Some((kind, condition)) => from_check(kind, condition),
            None => from_storage(&column.ty),
        },
        (None, Dialect::Postgres) => from_postgres(&column.ty),
    }
}

/// The check that the type of this column brought along on SQLite, and its condition.
fn type_check<'t>(table: &'t TableShape, column: &str) -> Option<(ImpliedCheck, &'t str)> {
    table.checks.iter().find_map(|check| {
        let (kind, of) = ImpliedCheck::parse(check.name.as_deref()?)?;
        of.eq_ignore_ascii_case(column).then_some((kind, check.expression.as_str()))
    })
}

/// The type that an implied check stands for, where it stands for one alone.
fn from_check(kind: ImpliedCheck, condition: &str) -> Option<ColumnType> {
    Some(match kind {
        ImpliedCheck::Length => ColumnType::Varchar { length: condition.rsplit("<=").next()?.trim().parse().ok()? },
        ImpliedCheck::Range
            if condition.contains(&i16::MIN.to_string()) && !condition.contains(&i32::MIN.to_string()) =>
        {
            ColumnType::SmallInt
        }
        ImpliedCheck::Range => ColumnType::Integer,
        ImpliedCheck::Boolean => ColumnType::Boolean,
        ImpliedCheck::Numeric => {
            // … = round(…, scale) AND abs(…) < 1000
            let (head, bound) = condition.rsplit_once('<')?;
            let scale: u8 =
                head.split(" AND ").next()?.rsplit(',').next()?.trim().trim_end_matches(')').parse().ok()?;
            let whole = u8::try_from(bound.trim().len().checked_sub(1)?).ok()?;
            ColumnType::Numeric { precision: whole.checked_add(scale)?, scale }
        }
        ImpliedCheck::Date => ColumnType::Date,
        ImpliedCheck::Time => ColumnType::Time,
        ImpliedCheck::Timestamp => ColumnType::Timestamp,
        ImpliedCheck::Uuid => ColumnType::Uuid,
        ImpliedCheck::Json => ColumnType::Json,
        ImpliedCheck::Enum | ImpliedCheck::Array => return None,
    })
}

/// The type that SQLite stores without a check.
fn from_storage(name: &str) -> Option<ColumnType> {
    let known = [
        ("TEXT", ColumnType::Text),
        ("INTEGER", ColumnType::BigInt),
        ("INT", ColumnType::BigInt),
        ("REAL", ColumnType::DoublePrecision),
        ("BLOB", ColumnType::Bytea),
    ];
    known.into_iter().find(|(spelled, _)| name.eq_ignore_ascii_case(spelled)).map(|(_, ty)| ty)
}

/// The type that Postgres spells so.
fn from_postgres(name: &str) -> Option<ColumnType> {
    if let Some(array) = name.strip_suffix("[]") {
        return from_postgres(array)?.element().map(ColumnType::Array);
    }
    let plain = [
        ColumnType::Text,
        ColumnType::SmallInt,
        ColumnType::Integer,
        ColumnType::BigInt,
        ColumnType::Real,
        ColumnType::DoublePrecision,
        ColumnType::Boolean,
        ColumnType::Date,
        ColumnType::Time,
        ColumnType::Timestamp,
        ColumnType::Timestamptz,
        ColumnType::Interval,
        ColumnType::Uuid,
        ColumnType::Json,
        ColumnType::Bytea,
    ];
    if let Some(ty) = plain.into_iter().find(|ty| column_type(ty, Dialect::Postgres) == name) {
        return Some(ty);
    }
    let arguments = |prefix: &str| name.strip_prefix(prefix)?.strip_suffix(')');
    if let Some(length) = arguments("character varying(") {
        return length.parse().ok().map(|length| ColumnType::Varchar { length });
    }
    if let Some((precision, scale)) = arguments("numeric(").and_then(|both| both.split_once(',')) {
        return Some(ColumnType::Numeric { precision: precision.parse().ok()?, scale: scale.parse().ok()? });
    }
    // Whatever has no brackets and no space may be an enum; a conversion from one goes by its text.
    let is_name = !name.contains(['(', ' ']);
    is_name.then(|| ColumnType::Enum(QualifiedName::plain(name.trim_matches('"').to_owned())))
}

#[cfg(test)]
mod tests {
    use super::super::live::described;
    use super::super::state::State;
    use super::*;
    use crate::introspect::CheckShape;
    use crate::schema::Table;
    use crate::table::TableMeta;

    static TABLE: Table = crate::codegen_support::TABLE;
    static META: TableMeta = TableMeta::new(&TABLE, &[], &[]);

    const TYPES: [ColumnType; 17] = [
        ColumnType::Varchar { length: 50 },
        ColumnType::Text,
        ColumnType::SmallInt,
        ColumnType::Integer,
        ColumnType::BigInt,
        ColumnType::DoublePrecision,
        ColumnType::Numeric { precision: 5, scale: 2 },
        ColumnType::Numeric { precision: 12, scale: 0 },
        ColumnType::Boolean,
        ColumnType::Date,
        ColumnType::Time,
        ColumnType::Timestamp,
        ColumnType::Uuid,
        ColumnType::Json,
        ColumnType::Bytea,
        ColumnType::Timestamptz,
        ColumnType::Real,
    ];

    #[test]
    fn a_type_is_read_back_from_what_postgres_calls_it() {
        for ty in TYPES.into_iter().chain([ColumnType::Interval]) {
            assert_eq!(from_postgres(&column_type(&ty, Dialect::Postgres)), Some(ty.clone()));
            if let Some(element) = ty.element() {
                let array = ColumnType::Array(element);
                assert_eq!(from_postgres(&column_type(&array, Dialect::Postgres)), Some(array));
            }
        }
        assert_eq!(from_postgres("point(3)"), None);
    }

    #[test]
    fn a_type_is_read_back_from_its_check_on_sqlite() {
        // The last two are stored as others are.
        for ty in TYPES.into_iter().take(15) {
            let column = Column::new("c", ty.clone());
            let state = State::of(&META, &TABLE.sql_name, described(&TABLE, Dialect::Sqlite)).unwrap();
            let table = state.fragment();
            let definition = crate::ddl::column_definition(
                &table,
                &column,
                [].as_slice() as &[&crate::schema::Enum],
                Dialect::Sqlite,
            )
            .unwrap();
            let condition = definition.split_once("CHECK (").map(|(_, rest)| rest.trim_end_matches(')').to_owned());
            let mut shape = TableShape::new(QualifiedName::plain("t"));
            if let (Some(kind), Some(expression)) = (ImpliedCheck::of(&ty), condition) {
                let name = Some(kind.constraint_name("c"));
                // Taking all closing brackets off takes one too many where the condition ends with one.
                let expression = if expression.matches('(').count() > expression.matches(')').count() {
                    format!("{expression})")
                } else {
                    expression
                };
                shape.checks.push(CheckShape { name, expression, valid: true, options: None });
            }
            let live = ColumnShape {
                name: "c".to_owned(),
                ty: column_type(&ty, Dialect::Sqlite),
                null: false,
                default: None,
                identity: None,
                collation: None,
                generated: None,
                options: None,
                comment: None,
            };
            assert_eq!(type_of(&shape, &live, None, Dialect::Sqlite), Some(ty.clone()), "{definition}");
            assert_eq!(type_of(&shape, &live, Some(&column), Dialect::Sqlite), Some(ty));
        }
    }
}
