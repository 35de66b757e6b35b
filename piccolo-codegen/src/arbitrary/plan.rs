//! What is drawn: the wishes from which a schema is built.

use piccolo_runtime::schema::{ColumnType, ForeignKeyAction, IndexMethod};
use proptest::prelude::*;
use proptest::sample::Index;

use super::Options;
use super::names;

/// A schema's plan.
#[derive(Clone, Debug)]
pub(super) struct SchemaPlan {
    pub(super) enums: Vec<EnumPlan>,
    pub(super) tables: Vec<TablePlan>,
    pub(super) runnable: bool,
}

/// An enum's plan.
#[derive(Clone, Debug)]
pub(super) struct EnumPlan {
    pub(super) name: String,
    pub(super) sql_name: Option<String>,
    pub(super) doc: String,
    pub(super) values: Vec<(String, Option<String>, String)>,
}

/// A table's plan.
#[derive(Clone, Debug)]
pub(super) struct TablePlan {
    pub(super) name: String,
    pub(super) sql_name: Option<String>,
    pub(super) schema: Option<String>,
    pub(super) doc: String,
    pub(super) key: KeyPlan,
    pub(super) key_name: Option<String>,
    pub(super) columns: Vec<ColumnPlan>,
    pub(super) statements: Vec<StatementPlan>,
}

/// A primary key's plan.
#[derive(Clone, Debug)]
pub(super) enum KeyPlan {
    /// The key that a table gets without asking.
    Implicit,
    /// A serial column of another name.
    Serial(String, bool),
    /// These columns.
    Columns(Vec<Index>),
}

/// A column's plan.
#[derive(Clone, Debug)]
pub(super) struct ColumnPlan {
    pub(super) name: String,
    pub(super) sql_name: Option<String>,
    pub(super) doc: String,
    pub(super) ty: TypePlan,
    pub(super) null: bool,
    pub(super) unique: bool,
    pub(super) secret: bool,
    pub(super) collation: Option<String>,
    pub(super) default: Option<DefaultPlan>,
}

/// What a column's default is made of, whatever its type turns out to be.
#[derive(Clone, Debug)]
pub(super) struct DefaultPlan {
    pub(super) seed: u64,
    pub(super) text: String,
    pub(super) function: bool,
}

/// A type's plan.
#[derive(Clone, Debug)]
pub(super) enum TypePlan {
    /// A type that needs nothing else.
    Plain(ColumnType),
    /// An enum of the schema.
    Enum(Index),
    /// A list of a plain type.
    Array(ColumnType),
    /// A list of an enum's values.
    EnumArray(Index),
    /// A foreign key.
    Key(ReferencePlan),
}

/// A foreign key's plan.
#[derive(Clone, Debug)]
pub(super) struct ReferencePlan {
    pub(super) target: Index,
    pub(super) on_delete: ForeignKeyAction,
    pub(super) on_update: ForeignKeyAction,
    pub(super) reverse: Option<String>,
    pub(super) name: Option<String>,
}

/// A statement's plan.
#[derive(Clone, Debug)]
pub(super) enum StatementPlan {
    Unique {
        columns: Vec<Index>,
        name: Option<String>,
    },
    Index(IndexPlan),
    Check {
        sqlite: bool,
        postgres: bool,
        condition: ExpressionPlan,
        name: Option<String>,
    },
    /// A foreign key to a key of several columns, with columns of its own.
    Reference {
        prefix: String,
        null: bool,
        reference: ReferencePlan,
    },
}

/// An index's plan.
#[derive(Clone, Debug)]
pub(super) struct IndexPlan {
    pub(super) keys: Vec<(IndexKeyPlan, bool)>,
    pub(super) unique: bool,
    pub(super) method: Option<IndexMethod>,
    pub(super) predicate: Option<ExpressionPlan>,
    pub(super) name: Option<String>,
}

/// A key of an index.
#[derive(Clone, Debug)]
pub(super) enum IndexKeyPlan {
    Column(Index),
    Expression(ExpressionPlan),
}

/// An SQL expression: any text, or one over a column of the table.
#[derive(Clone, Debug)]
pub(super) struct ExpressionPlan {
    pub(super) text: String,
    pub(super) column: Index,
}

/// Which of two plans a part of their mixture is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    First,
    Second,
    Both,
    Neither,
    Mixed,
}

/// Mostly unchanged parts, so that the two versions of a schema have something in common.
pub(super) fn choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        4 => Just(Choice::First),
        3 => Just(Choice::Mixed),
        1 => Just(Choice::Second),
        1 => Just(Choice::Both),
        1 => Just(Choice::Neither),
    ]
}

/// Nearly always unchanged parts.
pub(super) fn rare_choice() -> impl Strategy<Value = Choice> {
    prop_oneof![
        9 => Just(Choice::First),
        4 => Just(Choice::Mixed),
        1 => choice(),
    ]
}

pub(super) fn schema(options: Options) -> impl Strategy<Value = SchemaPlan> {
    let enums = prop::collection::vec(enumeration(), 0..3);
    let tables = prop::collection::vec(table(options), 1..=options.tables.max(1));
    (enums, tables).prop_map(move |(enums, tables)| SchemaPlan { enums, tables, runnable: options.runnable })
}

fn enumeration() -> impl Strategy<Value = EnumPlan> {
    let value = (names::word(), rarely(names::sql()), names::doc());
    (names::word(), rarely(names::sql()), names::doc(), prop::collection::vec(value, 1..5))
        .prop_map(|(name, sql_name, doc, values)| EnumPlan { name, sql_name, doc, values })
}

fn table(options: Options) -> impl Strategy<Value = TablePlan> {
    let key = prop_oneof![
        3 => Just(KeyPlan::Implicit),
        1 => (names::word(), any::<bool>()).prop_map(|(name, big)| KeyPlan::Serial(name, big)),
        2 => prop::collection::vec(any::<Index>(), 1..4).prop_map(KeyPlan::Columns),
    ];
    let columns = prop::collection::vec(column(options), 0..=options.columns);
    let statements = prop::collection::vec(statement(options), 0..4);
    let schema = if options.runnable { Just(None).boxed() } else { rarely(names::word()).boxed() };
    (names::word(), rarely(names::sql()), schema, names::doc(), key, rarely(names::sql()), columns, statements)
        .prop_map(|(name, sql_name, schema, doc, key, key_name, columns, statements)| TablePlan {
            name,
            sql_name,
            schema,
            doc,
            key,
            key_name,
            columns,
            statements,
        })
}

fn column(options: Options) -> impl Strategy<Value = ColumnPlan> {
    let ty = prop_oneof![
        8 => plain(options).prop_map(TypePlan::Plain),
        1 => any::<Index>().prop_map(TypePlan::Enum),
        1 => plain(options).prop_map(TypePlan::Array),
        1 => any::<Index>().prop_map(TypePlan::EnumArray),
        3 => reference().prop_map(TypePlan::Key),
    ];
    let default = (any::<u64>(), names::any_text(), any::<bool>()).prop_map(|(seed, text, function)| DefaultPlan {
        seed,
        text,
        function,
    });
    let collation =
        if options.runnable || !options.postgres_alone() { Just(None).boxed() } else { rarely(names::sql()).boxed() };
    let flags = (any::<bool>(), prop::bool::weighted(0.2), prop::bool::weighted(0.1));
    (names::word(), rarely(names::sql()), names::doc(), ty, flags, collation, prop::option::of(default)).prop_map(
        |(name, sql_name, doc, ty, (null, unique, secret), collation, default)| ColumnPlan {
            name,
            sql_name,
            doc,
            ty,
            null,
            unique,
            secret,
            collation,
            default,
        },
    )
}

fn plain(options: Options) -> impl Strategy<Value = ColumnType> {
    let most = if options.postgres_alone() { 28_u8 } else { 15 };
    prop_oneof![
        (1..300_u32).prop_map(|length| ColumnType::Varchar { length }),
        Just(ColumnType::Text),
        Just(ColumnType::SmallInt),
        Just(ColumnType::Integer),
        Just(ColumnType::BigInt),
        Just(ColumnType::Real),
        Just(ColumnType::DoublePrecision),
        (1..=most)
            .prop_flat_map(|precision| (Just(precision), 0..=precision))
            .prop_map(|(precision, scale)| ColumnType::Numeric { precision, scale }),
        Just(ColumnType::Boolean),
        Just(ColumnType::Date),
        Just(ColumnType::Time),
        Just(ColumnType::Timestamp),
        Just(ColumnType::Timestamptz),
        Just(ColumnType::Interval),
        Just(ColumnType::Uuid),
        Just(ColumnType::Json),
        Just(ColumnType::Bytea),
    ]
}

fn action() -> impl Strategy<Value = ForeignKeyAction> {
    prop::sample::select(vec![
        ForeignKeyAction::NoAction,
        ForeignKeyAction::Restrict,
        ForeignKeyAction::Cascade,
        ForeignKeyAction::SetNull,
        ForeignKeyAction::SetDefault,
    ])
}

fn reference() -> impl Strategy<Value = ReferencePlan> {
    (any::<Index>(), action(), action(), rarely(names::word()), rarely(names::sql())).prop_map(
        |(target, on_delete, on_update, reverse, name)| ReferencePlan { target, on_delete, on_update, reverse, name },
    )
}

fn expression() -> impl Strategy<Value = ExpressionPlan> {
    (names::any_text(), any::<Index>()).prop_map(|(text, column)| ExpressionPlan { text, column })
}

fn statement(options: Options) -> impl Strategy<Value = StatementPlan> {
    let key = prop_oneof![
        4 => any::<Index>().prop_map(IndexKeyPlan::Column),
        1 => expression().prop_map(IndexKeyPlan::Expression),
    ];
    let method = if options.postgres_alone() && !options.runnable {
        rarely(prop::sample::select(vec![IndexMethod::Hash, IndexMethod::Gin, IndexMethod::Gist, IndexMethod::Brin]))
            .boxed()
    } else {
        Just(None).boxed()
    };
    let keys = prop::collection::vec((key, any::<bool>()), 1..4);
    prop_oneof![
        (prop::collection::vec(any::<Index>(), 1..4), rarely(names::sql()))
            .prop_map(|(columns, name)| StatementPlan::Unique { columns, name }),
        (keys, prop::bool::weighted(0.2), method, rarely(expression()), rarely(names::sql())).prop_map(
            |(keys, unique, method, predicate, name)| StatementPlan::Index(IndexPlan {
                keys,
                unique,
                method,
                predicate,
                name
            })
        ),
        (prop::bool::weighted(0.8), prop::bool::weighted(0.8), expression(), rarely(names::sql()))
            .prop_map(|(sqlite, postgres, condition, name)| StatementPlan::Check { sqlite, postgres, condition, name }),
        (names::word(), any::<bool>(), reference()).prop_map(|(prefix, null, reference)| StatementPlan::Reference {
            prefix,
            null,
            reference
        }),
    ]
}

/// Something that is there once in a while.
fn rarely<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>) -> impl Strategy<Value = Option<T>> {
    prop::option::weighted(0.15, strategy)
}

/// A plan with parts of both.
pub(super) fn mix(first: &SchemaPlan, second: &SchemaPlan, choices: &[Choice]) -> SchemaPlan {
    let mut choices = choices.iter().copied().cycle();
    let enums = merge(&first.enums, &second.enums, &mut choices, |one, other, choices| {
        let values = merge(&one.values, &other.values, choices, |one, _, _| one.clone());
        // An enum is never empty.
        let values = if values.is_empty() { one.values.clone() } else { values };
        EnumPlan { values, ..one.clone() }
    });
    let tables = merge(&first.tables, &second.tables, &mut choices, |one, other, choices| TablePlan {
        doc: if choices.next() == Some(Choice::Second) { other.doc.clone() } else { one.doc.clone() },
        key: if choices.next() == Some(Choice::Second) { other.key.clone() } else { one.key.clone() },
        columns: merge(&one.columns, &other.columns, choices, |one, other, choices| match choices.next() {
            Some(Choice::First) => ColumnPlan { ty: other.ty.clone(), ..one.clone() },
            Some(Choice::Second) => ColumnPlan { name: other.name.clone(), ..one.clone() },
            Some(Choice::Both) => ColumnPlan { null: !one.null, default: other.default.clone(), ..one.clone() },
            Some(Choice::Neither) => ColumnPlan { unique: !one.unique, doc: other.doc.clone(), ..one.clone() },
            Some(Choice::Mixed) | None => one.clone(),
        }),
        statements: merge(&one.statements, &other.statements, choices, |one, _, _| one.clone()),
        ..one.clone()
    });
    SchemaPlan { enums, tables, runnable: first.runnable }
}

/// The parts of two lists, place by place, as the choices say.
fn merge<T: Clone, C: Iterator<Item = Choice>>(
    first: &[T],
    second: &[T],
    choices: &mut C,
    mut mixed: impl FnMut(&T, &T, &mut C) -> T,
) -> Vec<T> {
    let mut out = Vec::new();
    for position in 0..first.len().max(second.len()) {
        match (first.get(position), second.get(position)) {
            (Some(one), Some(other)) => match choices.next().unwrap_or(Choice::First) {
                Choice::First => out.push(one.clone()),
                Choice::Second => out.push(other.clone()),
                Choice::Both => out.extend([one.clone(), other.clone()]),
                Choice::Neither => {}
                Choice::Mixed => out.push(mixed(one, other, choices)),
            },
            (Some(only), None) | (None, Some(only)) => match choices.next().unwrap_or(Choice::First) {
                Choice::Neither => {}
                Choice::First | Choice::Second | Choice::Both | Choice::Mixed => out.push(only.clone()),
            },
            (None, None) => {}
        }
    }
    out
}
