//! Enums.

use crate::change::Rename;
use std::collections::HashMap;

use piccolo_runtime::schema::{Enum, EnumValue, QualifiedName, naming};

use super::arguments::{Owner, Spec, read};
use super::context::{Context, doc};
use super::{names, types};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;
use crate::syntax::ast::{Body, Declaration, ValueKind, Variant};

/// What columns need to know of an enum.
pub(super) struct EnumInfo {
    /// Its name in the database.
    pub(super) sql_name: QualifiedName,
    /// The database's text of each value, by its name, in order.
    pub(super) values: Vec<(String, String)>,
    /// Whether a part of it could not be read.
    pub(super) damaged: bool,
}

const HEADER: Spec =
    Spec { owner: Owner::Words("an enum"), parameters: &[], flags: &[], named: &["typename", "schema", "was"] };
const VALUE: Spec = Spec { owner: Owner::Words("a value of an enum"), parameters: &[], flags: &[], named: &["was"] };

/// Lowers all enums.
pub(super) fn lower<'a>(context: &mut Context<'a>) -> Vec<Enum> {
    let declarations: Vec<&'a Declaration> = context.symbols.enums().collect();
    declarations.into_iter().filter_map(|declaration| one(context, declaration)).collect()
}

fn one<'a>(context: &mut Context<'a>, declaration: &'a Declaration) -> Option<Enum> {
    let Body::Enum(variants) = &declaration.body else { return None };
    let name = declaration.name.text.as_str();
    let header = read(context, &declaration.arguments, HEADER);
    let typename = header.text(context, "typename");
    let schema = header.text(context, "schema");
    let sql_name = QualifiedName {
        schema: schema.map(|(schema, span)| names::schema_name(context, schema, span).into()),
        name: typename.map_or_else(|| naming::snake_case(name), |(name, _)| name.to_owned()).into(),
    };
    names::identifier(context, &declaration.name);
    if types::is_built_in(name) {
        let message = format!("`{name}` is a built-in type");
        context.error(Code::ReservedName, declaration.name.span, message, "choose another name");
    } else {
        names::type_name(context, &sql_name.name, typename.map_or(declaration.name.span, |(_, span)| span));
    }
    if let Some((was, span)) = header.text(context, "was") {
        names::was(context, was, span, &[name, &sql_name.name]);
        context.renames.hints.push(Rename::new(was.to_owned(), sql_name.to_string()));
    }
    let values = values(context, &sql_name, variants);
    if variants.is_empty() && !declaration.damaged {
        context.error(
            Code::EmptyEnum,
            declaration.name.span,
            format!("the enum `{name}` has no values"),
            format!("write them between the braces: `enum {name} {{ first, second }}`"),
        );
    }
    let pairs = values.iter().map(|value| (value.name.to_string(), value.text.to_string())).collect();
    context.enum_names.entry(sql_name.clone()).or_insert(name);
    context.enums.insert(name, EnumInfo { sql_name: sql_name.clone(), values: pairs, damaged: declaration.damaged });
    Some(Enum { name: name.to_owned().into(), sql_name, doc: doc(&declaration.doc).into(), values: values.into() })
}

/// The values of an enum, without those that are there already.
fn values(context: &mut Context<'_>, sql_name: &QualifiedName, variants: &[Variant]) -> Vec<EnumValue> {
    let mut names_seen: HashMap<String, (Span, String)> = HashMap::new();
    let mut texts_seen: HashMap<String, Span> = HashMap::new();
    let mut values = Vec::new();
    for variant in variants {
        let name = &variant.name.text;
        let (text, span) = match &variant.text {
            Some(value) => match &value.kind {
                ValueKind::Text(text) => (text.clone(), value.span),
                ValueKind::Word(_) | ValueKind::Number(_) | ValueKind::Call(_) | ValueKind::List(_) => continue,
            },
            None => (name.clone(), variant.name.span),
        };
        names::identifier(context, &variant.name);
        names::length(context, &text, span, "a value of an enum");
        let arguments = read(context, &variant.arguments, VALUE);
        if let Some((was, span)) = arguments.text(context, "was") {
            names::was(context, was, span, &[name, &text]);
            context.renames.hints.push(Rename::inside(sql_name.to_string(), was.to_owned(), text.clone()));
        }
        let clash = match (
            names_seen.insert(naming::upper_camel_case(name).to_ascii_lowercase(), (variant.name.span, name.clone())),
            texts_seen.insert(text.clone(), span),
        ) {
            (Some((first, same)), _) if same == *name => {
                Some((variant.name.span, first, format!("the value `{name}` is there already"), ""))
            }
            (Some((first, other)), _) => Some((
                variant.name.span,
                first,
                format!("the values `{name}` and `{other}` are too much alike"),
                "values that differ only in case or underscores give one Rust variant",
            )),
            (None, Some(first)) => Some((span, first, format!("the text `{text}` is there already"), "")),
            (None, None) => None,
        };
        match clash {
            Some((span, first, message, help)) => context.report(
                Diagnostic::new(Code::DuplicateVariant, message).label(span, "").label(first, "first here").help(help),
            ),
            None => {
                values.push(EnumValue { name: name.clone().into(), text: text.into(), doc: doc(&variant.doc).into() })
            }
        }
    }
    values
}
