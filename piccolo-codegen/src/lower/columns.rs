//! Columns before the types of foreign keys are known.

use crate::change::Rename;
use piccolo_runtime::schema::{ColumnType, ForeignKeyAction, QualifiedName};

use super::arguments::{Owner, Read, Spec, read};
use super::context::Context;
use super::{names, types};
use crate::diagnostic::{Code, nearest};
use crate::source::Span;
use crate::syntax::ast::{Column, Value, ValueKind};

/// A column whose own arguments are read.
pub(super) struct ColumnDraft<'a> {
    pub(super) name: &'a str,
    pub(super) name_span: Span,
    pub(super) sql_name: &'a str,
    pub(super) doc: &'a [String],
    pub(super) ty: DraftType<'a>,
    /// Its type in the model; of a foreign key once keys are resolved, and never where it is broken.
    pub(super) resolved: Option<ColumnType>,
    /// The table and the column that a foreign key points to; set when keys are resolved.
    pub(super) target: Option<(usize, usize)>,
    pub(super) type_span: Span,
    pub(super) null: Option<Span>,
    pub(super) unique: Option<Span>,
    pub(super) index: Option<Span>,
    pub(super) primary_key: Option<Span>,
    pub(super) secret: bool,
    pub(super) collation: Option<String>,
    pub(super) default: Option<&'a Value>,
}

/// What is known of a column's type.
#[derive(Clone)]
pub(super) enum DraftType<'a> {
    /// All.
    Known(ColumnType),
    /// That it is the type of the key it points to.
    Key(KeyDraft<'a>),
    /// Nothing: a mistake, reported.
    Broken,
}

/// `ForeignKey(Table, …)`.
#[derive(Clone)]
pub(super) struct KeyDraft<'a> {
    /// The target as written: a table or `self`.
    pub(super) target: &'a str,
    pub(super) target_span: Span,
    /// The column it points to, where it says so.
    pub(super) to: Option<(&'a str, Span)>,
    pub(super) on_delete: (ForeignKeyAction, Span),
    pub(super) on_update: (ForeignKeyAction, Span),
    pub(super) reverse: Option<(&'a str, Span)>,
    pub(super) name: Option<(&'a str, Span)>,
}

const FLAGS: &[&str] = &["primary_key", "null", "unique", "index", "secret"];
const NAMED: &[&str] = &["default", "column", "was"];
const TEXT_NAMED: &[&str] = &["default", "column", "collate", "was"];
const KEY_NAMED: &[&str] = &["on_delete", "on_update", "to", "reverse", "name", "default", "column", "was"];

impl<'a> ColumnDraft<'a> {
    /// A column that nobody wrote.
    pub(super) fn plain(name: &'a str, ty: ColumnType, span: Span) -> Self {
        Self {
            name,
            name_span: span,
            sql_name: name,
            doc: &[],
            ty: DraftType::Known(ty.clone()),
            resolved: Some(ty),
            target: None,
            type_span: span,
            null: None,
            unique: None,
            index: None,
            primary_key: None,
            secret: false,
            collation: None,
            default: None,
        }
    }
}

/// Reads a column.
pub(super) fn draft<'a>(
    context: &mut Context<'a>,
    table: &QualifiedName,
    column: &'a Column,
    doc: &'a [String],
) -> ColumnDraft<'a> {
    let type_name = column.ty.name.text.as_str();
    let named = match type_name {
        "ForeignKey" => KEY_NAMED,
        "Varchar" | "Text" => TEXT_NAMED,
        _ => NAMED,
    };
    // What an unknown type takes nobody knows, so only the type is reported.
    let known = types::is_built_in(type_name) || context.enums.contains_key(type_name);
    let spec = Spec { owner: Owner::Named(type_name), parameters: types::parameters(type_name), flags: FLAGS, named };
    let arguments = if known { read(context, &column.ty.arguments, spec) } else { Read::default() };
    let ty = if type_name == "ForeignKey" {
        key(context, &arguments, column.ty.span).map_or(DraftType::Broken, DraftType::Key)
    } else {
        types::build(context, &column.ty.name, &arguments, column.ty.span).map_or(DraftType::Broken, DraftType::Known)
    };
    let sql_name = arguments.text(context, "column");
    names::identifier(context, &column.name);
    let (sql_name, sql_span) = sql_name.unwrap_or((column.name.text.as_str(), column.name.span));
    names::column_name(context, sql_name, sql_span);
    if let Some((was, span)) = arguments.text(context, "was") {
        names::was(context, was, span, &[&column.name.text, sql_name]);
        context.renames.hints.push(Rename::inside(table.to_string(), was.to_owned(), sql_name.to_owned()));
    }
    let collation = arguments.text(context, "collate");
    if let Some((name, span)) = collation {
        names::collation(context, name, span);
    }
    ColumnDraft {
        name: &column.name.text,
        name_span: column.name.span,
        sql_name,
        doc,
        resolved: match &ty {
            DraftType::Known(ty) => Some(ty.clone()),
            DraftType::Key(_) | DraftType::Broken => None,
        },
        target: None,
        ty,
        type_span: column.ty.span,
        null: arguments.span("null"),
        unique: arguments.span("unique"),
        index: arguments.span("index"),
        primary_key: arguments.span("primary_key"),
        secret: arguments.has("secret"),
        collation: collation.map(|(name, _)| name.to_owned()),
        default: arguments.value("default"),
    }
}

/// Reads a `ForeignKey`'s own arguments.
fn key<'a>(context: &mut Context<'_>, arguments: &Read<'a>, whole: Span) -> Option<KeyDraft<'a>> {
    let Some(target) = arguments.value("target") else {
        context.error(
            Code::MissingArgument,
            whole,
            "`ForeignKey` needs the table that it points to",
            "as in `ForeignKey(Band)`",
        );
        return None;
    };
    let Some(name) = types::name_of(target) else {
        context.error(
            Code::WrongArgument,
            target.span,
            "`ForeignKey` takes the name of a table",
            "as in `ForeignKey(Band)`",
        );
        return None;
    };
    let to = match arguments.value("to") {
        Some(value) => match value.word() {
            Some(word) => Some((word, value.span)),
            None => {
                context.error(Code::WrongArgument, value.span, "`to` takes the name of a column", "as in `to = code`");
                return None;
            }
        },
        None => None,
    };
    let reverse = arguments.text(context, "reverse");
    let constraint = arguments.text(context, "name");
    if let Some((name, span)) = constraint {
        names::constraint_name(context, name, span);
    }
    Some(KeyDraft {
        target: name,
        target_span: target.span,
        to,
        on_delete: action(context, arguments, "on_delete", whole),
        on_update: action(context, arguments, "on_update", whole),
        reverse,
        name: constraint,
    })
}

/// The actions by their names in the language.
const ACTIONS: [(&str, ForeignKeyAction); 5] = [
    ("no_action", ForeignKeyAction::NoAction),
    ("restrict", ForeignKeyAction::Restrict),
    ("cascade", ForeignKeyAction::Cascade),
    ("set_null", ForeignKeyAction::SetNull),
    ("set_default", ForeignKeyAction::SetDefault),
];

/// A referential action, which is `no_action` where it is not said.
pub(super) fn action(
    context: &mut Context<'_>,
    arguments: &Read<'_>,
    name: &str,
    whole: Span,
) -> (ForeignKeyAction, Span) {
    let Some(value) = arguments.value(name) else { return (ForeignKeyAction::NoAction, whole) };
    let found = ACTIONS.iter().find(|(word, _)| value.word() == Some(word));
    if let Some((_, action)) = found {
        return (*action, value.span);
    }
    let words = ACTIONS.iter().map(|(word, _)| *word);
    let written = match &value.kind {
        ValueKind::Word(word) | ValueKind::Text(word) => word.to_ascii_lowercase().replace([' ', '-'], "_"),
        ValueKind::Number(_) | ValueKind::Call(_) | ValueKind::List(_) => String::new(),
    };
    let near = words.clone().find(|word| *word == written).or_else(|| nearest(&written, words.clone()));
    let help = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!("the actions are {}", words.map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")),
    };
    context.error(Code::WrongArgument, value.span, format!("this is no action for `{name}`"), help);
    (ForeignKeyAction::NoAction, value.span)
}

/// The action's name in the language.
pub(crate) fn action_word(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "no_action",
        ForeignKeyAction::Restrict => "restrict",
        ForeignKeyAction::Cascade => "cascade",
        ForeignKeyAction::SetNull => "set_null",
        ForeignKeyAction::SetDefault => "set_default",
    }
}
