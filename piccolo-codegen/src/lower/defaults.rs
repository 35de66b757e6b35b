//! Defaults: a value of the column's type in its one normal form, or a function that gives one.

use piccolo_runtime::schema::{ColumnType, Default};

use super::context::Context;
use super::{intervals, json, moments, numbers};
use crate::diagnostic::{Code, Diagnostic, did_you_mean, nearest};
use crate::source::Span;
use crate::syntax::ast::{Call, Value, ValueKind};

/// The functions that a default can be.
const FUNCTIONS: [&str; 6] = ["now", "today", "uuid4", "uuid7", "sql", "hex"];

/// A default that does not fit, and what to write instead.
pub(super) struct Misfit {
    code: Code,
    message: String,
    help: String,
}

impl Misfit {
    /// A value of another type.
    pub(super) fn wrong(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code: Code::WrongDefault, message: message.into(), help: help.into() }
    }

    /// A value of the right type that does not fit.
    pub(super) fn range(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self { code: Code::DefaultOutOfRange, message: message.into(), help: help.into() }
    }
}

/// Lowers a column's default; what does not fit is reported.
pub(super) fn lower(context: &mut Context<'_>, value: &Value, ty: &ColumnType, null: bool) -> Option<Default> {
    if value.word() == Some("null") && !is_variant(context, "null", ty) {
        // Null is what a nullable column has without a default, so it is not kept.
        if !null {
            context.error(
                Code::WrongDefault,
                value.span,
                "this column takes no null",
                "add `null`, or another default",
            );
        }
        return None;
    }
    if ty.is_serial() {
        context.error(Code::WrongDefault, value.span, "a serial column counts up by itself", "remove `default`");
        return None;
    }
    if let ValueKind::Call(call) = &value.kind {
        return function(context, call, ty);
    }
    if let ColumnType::Array(element) = ty {
        return array(context, value, &element.column_type());
    }
    literal(context, value, ty)
}

/// The text of `sql("…")`.
pub(super) fn sql(context: &mut Context<'_>, call: &Call) -> Option<String> {
    if let [argument] = call.arguments.as_slice()
        && argument.name.is_none()
        && let ValueKind::Text(text) = &argument.value.kind
    {
        return not_empty(context, text, argument.value.span);
    }
    context.error(Code::WrongArgument, call.span, "`sql` takes one expression", "as in `sql(\"lower(name)\")`");
    None
}

/// An expression that says something.
pub(super) fn not_empty(context: &mut Context<'_>, text: &str, span: Span) -> Option<String> {
    if text.trim().is_empty() {
        context.error(Code::WrongArgument, span, "an SQL expression cannot be empty", "");
        return None;
    }
    Some(text.to_owned())
}

/// A default that is a function.
fn function(context: &mut Context<'_>, call: &Call, ty: &ColumnType) -> Option<Default> {
    let name = call.name.text.as_str();
    if name == "sql" {
        return sql(context, call).map(|text| Default::Sql(text.into()));
    }
    if name == "hex" {
        return hex(context, call, ty);
    }
    let (found, fits) = match name {
        "now" => (Default::Now, takes_now(ty)),
        "today" => (Default::Today, *ty == ColumnType::Date),
        "uuid4" => (Default::Uuid4, *ty == ColumnType::Uuid),
        "uuid7" => (Default::Uuid7, *ty == ColumnType::Uuid),
        _ => {
            let help = match nearest(name, FUNCTIONS) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "the functions are `now()`, `today()`, `uuid4()`, `uuid7()`; anything else is `sql(\"…\")`"
                    .to_owned(),
            };
            context.error(Code::WrongDefault, call.name.span, format!("there is no function `{name}`"), help);
            return None;
        }
    };
    if let Some(argument) = call.arguments.first() {
        context.error(
            Code::WrongArgument,
            argument.span,
            format!("`{name}` takes no arguments"),
            format!("write `{name}()`"),
        );
        return None;
    }
    if !fits {
        let help = if *ty == ColumnType::Date {
            "a date has `today()`"
        } else if takes_now(ty) {
            "a moment has `now()`"
        } else {
            ""
        };
        let message = format!("`{name}()` gives no value of this column's type, {}", describe(ty));
        context.error(Code::WrongDefault, call.span, message, help);
        return None;
    }
    Some(found)
}

/// Whether `now()` is a value of the type.
fn takes_now(ty: &ColumnType) -> bool {
    matches!(ty, ColumnType::Timestamp | ColumnType::Timestamptz | ColumnType::Time)
}

/// `hex("…")`: bytes.
fn hex(context: &mut Context<'_>, call: &Call, ty: &ColumnType) -> Option<Default> {
    if *ty != ColumnType::Bytea {
        let message = format!("`hex(…)` gives bytes, and this column holds {}", describe(ty));
        context.error(Code::WrongDefault, call.span, message, "");
        return None;
    }
    let text = match call.arguments.as_slice() {
        [argument] => match &argument.value.kind {
            ValueKind::Text(text) => Some(text),
            ValueKind::Word(_) | ValueKind::Number(_) | ValueKind::Call(_) | ValueKind::List(_) => None,
        },
        _ => None,
    };
    let bytes = text.and_then(|text| bytes(text));
    if bytes.is_none() {
        let help = "two hexadecimal digits for each byte, as in `hex(\"00ff\")`";
        context.error(Code::WrongDefault, call.span, "`hex` takes one text of hexadecimal digits", help);
    }
    bytes.map(|bytes| Default::Bytes(bytes.into()))
}

/// The bytes that hexadecimal digits stand for.
fn bytes(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    (0..text.len() / 2).map(|position| u8::from_str_radix(text.get(position * 2..position * 2 + 2)?, 16).ok()).collect()
}

/// A list of literals.
fn array(context: &mut Context<'_>, value: &Value, element: &ColumnType) -> Option<Default> {
    let ValueKind::List(values) = &value.kind else {
        context.error(Code::WrongDefault, value.span, "the default of an array is a list", "as in `default = []`");
        return None;
    };
    let mut elements = Vec::with_capacity(values.len());
    for value in values {
        let refused = match &value.kind {
            ValueKind::Word(word) if word == "null" && !is_variant(context, word, element) => {
                Some("an array holds no nulls")
            }
            ValueKind::Call(call) if call.name.text != "hex" => Some("the values in a list are literals"),
            ValueKind::List(_) => Some("arrays do not nest"),
            ValueKind::Word(_) | ValueKind::Number(_) | ValueKind::Text(_) | ValueKind::Call(_) => None,
        };
        if let Some(message) = refused {
            context.error(Code::WrongDefault, value.span, message, "");
            return None;
        }
        elements.push(match &value.kind {
            ValueKind::Call(call) => hex(context, call, element)?,
            ValueKind::Word(_) | ValueKind::Number(_) | ValueKind::Text(_) | ValueKind::List(_) => {
                literal(context, value, element)?
            }
        });
    }
    Some(Default::Array(elements.into()))
}

/// A number, a text or a word.
fn literal(context: &mut Context<'_>, value: &Value, ty: &ColumnType) -> Option<Default> {
    if let ColumnType::Enum(name) = ty {
        return variant(context, value, name);
    }
    match fit(&value.kind, ty) {
        Ok(default) => Some(default),
        Err(misfit) => {
            let diagnostic = Diagnostic::new(misfit.code, misfit.message)
                .label(value.span, format!("the column holds {}", describe(ty)))
                .help(misfit.help);
            context.report(diagnostic);
            None
        }
    }
}

/// The literal as a value of the type.
fn fit(value: &ValueKind, ty: &ColumnType) -> Result<Default, Misfit> {
    match (ty, value) {
        (ColumnType::Boolean, ValueKind::Word(word)) if word == "true" || word == "false" => {
            Ok(Default::Boolean(word == "true"))
        }
        (ColumnType::SmallInt, ValueKind::Number(text)) => numbers::integer(text, i16::MIN.into(), i16::MAX.into()),
        (ColumnType::Integer, ValueKind::Number(text)) => numbers::integer(text, i32::MIN.into(), i32::MAX.into()),
        (ColumnType::BigInt, ValueKind::Number(text)) => numbers::integer(text, i64::MIN, i64::MAX),
        (ColumnType::Real, ValueKind::Number(text)) => numbers::real(text),
        (ColumnType::DoublePrecision, ValueKind::Number(text)) => numbers::double(text),
        (ColumnType::Numeric { precision, scale }, ValueKind::Number(text)) => {
            numbers::numeric(text, *precision, *scale)
        }
        (ColumnType::Varchar { length }, ValueKind::Text(text)) => varchar(text, *length),
        (ColumnType::Text, ValueKind::Text(text)) => Ok(Default::Text(text.clone().into())),
        (ColumnType::Date, ValueKind::Text(text)) => moments::date(text),
        (ColumnType::Time, ValueKind::Text(text)) => moments::time(text),
        (ColumnType::Timestamp, ValueKind::Text(text)) => moments::timestamp(text),
        (ColumnType::Timestamptz, ValueKind::Text(text)) => moments::timestamptz(text),
        (ColumnType::Interval, ValueKind::Text(text)) => intervals::interval(text),
        (ColumnType::Uuid, ValueKind::Text(text)) => uuid(text),
        (ColumnType::Json, ValueKind::Text(text)) => json::normal(text)
            .map(|json| Default::Json(json.into()))
            .map_err(|problem| Misfit::wrong(format!("this is no JSON: {problem}"), "as in `default = \"{}\"`")),
        _ => Err(Misfit::wrong("this default is of another type than its column", example(ty, value))),
    }
}

fn varchar(text: &str, length: u32) -> Result<Default, Misfit> {
    let count = text.chars().count();
    if u32::try_from(count).is_ok_and(|count| count <= length) {
        return Ok(Default::Text(text.to_owned().into()));
    }
    Err(Misfit::range(
        format!("this text has {count} characters, and the column takes {length}"),
        "shorten it, or raise `length`",
    ))
}

/// A UUID in its hyphenated form.
fn uuid(text: &str) -> Result<Default, Misfit> {
    let groups: Vec<usize> = text.split('-').map(str::len).collect();
    if groups == [8, 4, 4, 4, 12] && text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-') {
        return Ok(Default::Uuid(text.to_ascii_lowercase().into()));
    }
    Err(Misfit::wrong("this is no UUID", "as in `default = \"0b9e7a5c-2f6d-4c3a-9a51-6f3f1d0c8e42\"`, or `uuid4()`"))
}

/// Whether a word is a value of the column's enum.
fn is_variant(context: &Context<'_>, word: &str, ty: &ColumnType) -> bool {
    let ColumnType::Enum(name) = ty else { return false };
    let info = context.enum_names.get(name).and_then(|name| context.enums.get(name));
    info.is_some_and(|info| info.values.iter().any(|(variant, _)| variant == word))
}

/// A value of an enum, by its name.
fn variant(
    context: &mut Context<'_>,
    value: &Value,
    enumeration: &piccolo_runtime::schema::QualifiedName,
) -> Option<Default> {
    let name = *context.enum_names.get(enumeration)?;
    let info = context.enums.get(name)?;
    let written = match &value.kind {
        ValueKind::Word(word) => word.as_str(),
        ValueKind::Text(text) => text.as_str(),
        ValueKind::Number(_) | ValueKind::Call(_) | ValueKind::List(_) => "",
    };
    let found = info.values.iter().find(|(variant, _)| variant == written);
    if let (Some((_, text)), ValueKind::Word(_)) = (found, &value.kind) {
        return Some(Default::Variant(text.clone().into()));
    }
    if info.damaged {
        return None;
    }
    let by_text = info.values.iter().find(|(_, text)| text == written).map(|(variant, _)| variant.as_str());
    let (message, help) = match (found, by_text) {
        (Some(_), _) => (format!("a value of `{name}` stands without quotes"), format!("write `default = {written}`")),
        (None, Some(variant)) => {
            (format!("a value of `{name}` is named, not quoted"), format!("write `default = {variant}`"))
        }
        (None, None) => {
            let suggestion = did_you_mean(written, info.values.iter().map(|(variant, _)| variant.as_str()));
            let all: Vec<String> = info.values.iter().map(|(variant, _)| format!("`{variant}`")).collect();
            let help = if suggestion.is_empty() { format!("its values are {}", all.join(", ")) } else { suggestion };
            (format!("this is no value of the enum `{name}`"), help)
        }
    };
    context.error(Code::UnknownVariant, value.span, message, help);
    None
}

/// A type in a sentence.
fn describe(ty: &ColumnType) -> String {
    match ty {
        ColumnType::Varchar { length } => format!("text of at most {length} characters"),
        ColumnType::Text => "text".to_owned(),
        ColumnType::SmallInt => "a 16-bit integer".to_owned(),
        ColumnType::Integer | ColumnType::Serial => "a 32-bit integer".to_owned(),
        ColumnType::BigInt | ColumnType::BigSerial => "a 64-bit integer".to_owned(),
        ColumnType::Real | ColumnType::DoublePrecision => "a floating-point number".to_owned(),
        ColumnType::Numeric { precision, scale } => {
            format!("a decimal of {precision} digits, {scale} of them behind the point")
        }
        ColumnType::Boolean => "`true` or `false`".to_owned(),
        ColumnType::Date => "a date".to_owned(),
        ColumnType::Time => "a time of day".to_owned(),
        ColumnType::Timestamp => "a date and time".to_owned(),
        ColumnType::Timestamptz => "an instant".to_owned(),
        ColumnType::Interval => "a span of time".to_owned(),
        ColumnType::Uuid => "a UUID".to_owned(),
        ColumnType::Json => "JSON".to_owned(),
        ColumnType::Bytea => "bytes".to_owned(),
        ColumnType::Enum(name) => format!("a value of `{}`", name.name),
        ColumnType::Array(_) => "a list".to_owned(),
    }
}

/// What a default of the type looks like.
fn example(ty: &ColumnType, value: &ValueKind) -> String {
    let shown = match (ty, value) {
        (ColumnType::Varchar { .. } | ColumnType::Text, ValueKind::Word(word) | ValueKind::Number(word)) => {
            format!("\"{word}\"")
        }
        (ColumnType::Varchar { .. } | ColumnType::Text, _) => "\"…\"".to_owned(),
        (
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Real
            | ColumnType::DoublePrecision
            | ColumnType::Numeric { .. },
            ValueKind::Text(text),
        ) if text.parse::<f64>().is_ok_and(f64::is_finite) => text.clone(),
        (
            ColumnType::SmallInt
            | ColumnType::Integer
            | ColumnType::BigInt
            | ColumnType::Serial
            | ColumnType::BigSerial,
            _,
        ) => "0".to_owned(),
        (ColumnType::Real | ColumnType::DoublePrecision | ColumnType::Numeric { .. }, _) => "0.5".to_owned(),
        (ColumnType::Boolean, _) => "false".to_owned(),
        (ColumnType::Date, _) => "\"2026-01-31\"` or `default = today()".to_owned(),
        (ColumnType::Time, _) => "\"12:30:00\"".to_owned(),
        (ColumnType::Timestamp, _) => "\"2026-01-31 12:30:00\"` or `default = now()".to_owned(),
        (ColumnType::Timestamptz, _) => "\"2026-01-31 12:30:00Z\"` or `default = now()".to_owned(),
        (ColumnType::Interval, _) => "\"1 day 2 hours\"".to_owned(),
        (ColumnType::Uuid, _) => "uuid4()".to_owned(),
        (ColumnType::Json, _) => "\"{}\"".to_owned(),
        (ColumnType::Bytea, ValueKind::Text(text)) => {
            format!("hex(\"{}\")", text.bytes().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        (ColumnType::Bytea, _) => "hex(\"00ff\")".to_owned(),
        (ColumnType::Array(_), _) => "[]".to_owned(),
        (ColumnType::Enum(_), _) => return String::new(),
    };
    format!("as in `default = {shown}`")
}
