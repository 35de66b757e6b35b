//! Column types: from a name with arguments to the model's type.

use piccolo_runtime::schema::ColumnType;
use piccolo_runtime::sql::Dialect;

use super::arguments::{Owner, Read, Spec, read};
use super::context::Context;
use super::symbols::kind;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::source::Span;
use crate::syntax::ast::{Argument, Body, Ident, Value, ValueKind};

/// The types of the language, beside the enums that a schema declares.
const BUILT_IN: [&str; 21] = [
    "Varchar",
    "Text",
    "SmallInt",
    "Integer",
    "BigInt",
    "Serial",
    "BigSerial",
    "Real",
    "DoublePrecision",
    "Numeric",
    "Boolean",
    "Date",
    "Time",
    "Timestamp",
    "Timestamptz",
    "Interval",
    "UUID",
    "JSON",
    "Bytea",
    "Array",
    "ForeignKey",
];

/// Whether a name is that of a type of the language.
pub(crate) fn is_built_in(name: &str) -> bool {
    BUILT_IN.contains(&name)
}

/// The length of a `Varchar` that does not say it, as in Piccolo.
const DEFAULT_LENGTH: u32 = 255;
/// The longest `varchar(n)` of Postgres.
const MAX_LENGTH: u32 = 10_485_760;
/// The digits that `rust_decimal` holds whatever they are.
const MAX_PRECISION: u32 = 28;
/// The digits that survive in a REAL, which is what SQLite stores a decimal in.
const MAX_SQLITE_PRECISION: u32 = 15;

/// The arguments that a type takes for itself.
pub(super) fn parameters(name: &str) -> &'static [&'static str] {
    match name {
        "Varchar" => &["length"],
        "Numeric" => &["precision", "scale"],
        "Array" => &["element"],
        "ForeignKey" => &["target"],
        _ => &[],
    }
}

/// The type that a name and its arguments mean; `None`, reported, where there is none. Foreign keys are not among them.
pub(super) fn build(context: &mut Context<'_>, name: &Ident, arguments: &Read<'_>, whole: Span) -> Option<ColumnType> {
    Some(match name.text.as_str() {
        "Varchar" => {
            let length = arguments.number(context, "length", 1..=MAX_LENGTH);
            if arguments.has("length") && length.is_none() {
                return None;
            }
            ColumnType::Varchar { length: length.map_or(DEFAULT_LENGTH, |(length, _)| length) }
        }
        "Numeric" => numeric(context, arguments, whole)?,
        "Array" => ColumnType::Array(element(context, arguments, whole)?),
        "Text" => ColumnType::Text,
        "SmallInt" => ColumnType::SmallInt,
        "Integer" => ColumnType::Integer,
        "BigInt" => ColumnType::BigInt,
        "Serial" => ColumnType::Serial,
        "BigSerial" => ColumnType::BigSerial,
        "Real" => ColumnType::Real,
        "DoublePrecision" => ColumnType::DoublePrecision,
        "Boolean" => ColumnType::Boolean,
        "Date" => ColumnType::Date,
        "Time" => ColumnType::Time,
        "Timestamp" => ColumnType::Timestamp,
        "Timestamptz" => ColumnType::Timestamptz,
        "Interval" => ColumnType::Interval,
        "UUID" => ColumnType::Uuid,
        "JSON" => ColumnType::Json,
        "Bytea" => ColumnType::Bytea,
        other => match context.enums.get(other) {
            Some(info) => ColumnType::Enum(info.sql_name.clone()),
            None => return unknown(context, name),
        },
    })
}

/// `Numeric(precision, scale)`, both of them.
fn numeric(context: &mut Context<'_>, arguments: &Read<'_>, whole: Span) -> Option<ColumnType> {
    let missing: Vec<String> = ["precision", "scale"]
        .into_iter()
        .filter(|name| !arguments.has(name))
        .map(|name| format!("`{name}`"))
        .collect();
    if !missing.is_empty() {
        context.error(
            Code::MissingArgument,
            whole,
            format!("`Numeric` needs {}", missing.join(" and ")),
            "say how many digits it has in all and how many of them behind the point: `Numeric(precision = 10, scale = 2)`",
        );
    }
    let (precision, span) = arguments.number(context, "precision", 1..=MAX_PRECISION)?;
    let (scale, scale_span) = arguments.number(context, "scale", 0..=MAX_PRECISION)?;
    if scale > precision {
        let diagnostic = Diagnostic::new(Code::OutOfRange, "there cannot be more digits behind the point than in all")
            .label(scale_span, "the digits behind the point")
            .label(span, "the digits in all");
        context.report(diagnostic);
        return None;
    }
    if precision > MAX_SQLITE_PRECISION && context.targets(Dialect::Sqlite) {
        let message = format!("SQLite keeps at most {MAX_SQLITE_PRECISION} digits of a decimal exactly");
        let diagnostic = Diagnostic::new(Code::Unsupported, message)
            .label(span, "SQLite is one of the schema's engines")
            .help(format!(
                "use a precision of at most {MAX_SQLITE_PRECISION}, or Postgres alone: `engines = [\"postgres\"]`"
            ));
        context.report(diagnostic);
        return None;
    }
    Some(ColumnType::Numeric { precision: u8::try_from(precision).ok()?, scale: u8::try_from(scale).ok()? })
}

/// The element of `Array(Type)`.
fn element(
    context: &mut Context<'_>,
    arguments: &Read<'_>,
    whole: Span,
) -> Option<piccolo_runtime::schema::ElementType> {
    let Some(value) = arguments.value("element") else {
        context.error(Code::MissingArgument, whole, "`Array` needs the type of its values", "as in `Array(Integer)`");
        return None;
    };
    let (name, inner): (Ident, &[Argument]) = match &value.kind {
        ValueKind::Word(word) => (Ident { text: word.clone(), span: value.span }, &[]),
        ValueKind::Call(call) => (call.name.clone(), &call.arguments),
        ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::List(_) => {
            context.error(
                Code::WrongArgument,
                value.span,
                "`Array` takes the type of its values",
                "as in `Array(Integer)`",
            );
            return None;
        }
    };
    let refused = match name.text.as_str() {
        "Array" => Some(("arrays do not nest", "use `JSON`, or a table of its own")),
        "Serial" | "BigSerial" => Some(("an array cannot count up", "use `Integer` or `BigInt`")),
        "ForeignKey" => Some(("an array holds no foreign keys", "use a table of its own with two foreign keys")),
        _ => None,
    };
    if let Some((message, help)) = refused {
        context.error(Code::InvalidElement, value.span, message, help);
        return None;
    }
    let spec = Spec { owner: Owner::Element(&name.text), parameters: parameters(&name.text), flags: &[], named: &[] };
    let read = read(context, inner, spec);
    build(context, &name, &read, value.span)?.element()
}

/// Reports a type that there is not.
fn unknown(context: &mut Context<'_>, name: &Ident) -> Option<ColumnType> {
    let text = name.text.as_str();
    if context.symbols.is_lost(text) {
        return None;
    }
    let declared = context.symbols.get(text);
    let diagnostic = match declared {
        Some(declaration) if matches!(declaration.body, Body::Table(_)) => {
            Diagnostic::new(Code::UnknownType, format!("`{text}` is a table, not a type"))
                .label(name.span, "")
                .help(format!("a column that points to it is `ForeignKey({text})`"))
        }
        Some(declaration) => {
            Diagnostic::new(Code::UnknownType, format!("`{text}` is no type but {}", kind(declaration)))
                .label(name.span, "")
        }
        None if text == "Enum" => {
            Diagnostic::new(Code::UnknownType, "an enum is declared on its own and used by its name")
                .label(name.span, "")
                .help("write `enum Genre { rock, jazz }` beside the table, and `genre: Genre` in it")
        }
        None => {
            let enums = context.symbols.enums().map(|declaration| declaration.name.text.as_str());
            let candidates = BUILT_IN.into_iter().chain(enums);
            let help = synonym(text).map_or_else(|| did_you_mean(text, candidates), |name| format!("use `{name}`"));
            Diagnostic::new(Code::UnknownType, format!("there is no type `{text}`")).label(name.span, "").help(help)
        }
    };
    context.report(diagnostic);
    None
}

/// What other tools and languages call a type of ours.
fn synonym(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "string" | "str" | "char" | "character" | "citext" => "Varchar` or `Text",
        "int" | "int4" | "i32" | "number" => "Integer",
        "int8" | "i64" | "long" => "BigInt",
        "int2" | "i16" | "short" => "SmallInt",
        "bool" => "Boolean",
        "float" | "float4" | "f32" => "Real` or `DoublePrecision",
        "double" | "float8" | "f64" => "DoublePrecision",
        "decimal" | "money" => "Numeric",
        "datetime" | "timestampz" | "instant" => "Timestamptz",
        "jsonb" => "JSON",
        "blob" | "bytes" | "binary" => "Bytea",
        "duration" | "timedelta" => "Interval",
        "list" | "vec" => "Array",
        "reference" | "references" | "relation" | "fk" | "belongsto" => "ForeignKey",
        _ => return None,
    })
}

/// The bare word or the name of a call, where the value is one.
pub(super) fn name_of(value: &Value) -> Option<&str> {
    match &value.kind {
        ValueKind::Word(word) => Some(word),
        ValueKind::Call(call) => Some(&call.name.text),
        ValueKind::Text(_) | ValueKind::Number(_) | ValueKind::List(_) => None,
    }
}
