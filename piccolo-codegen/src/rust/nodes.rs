//! Small constructors for the nodes of a syntax tree.
//!
//! What repeats for every column is built with these, node by node: parsing the tokens of `quote!` costs five times as much
//! as printing the tree. What a table has once is copied from the templates, and what a schema has once may be written as `parse_quote!`.

use proc_macro2::{Ident, Literal, Span};
use syn::punctuated::Punctuated;
use syn::token::{Brace, Bracket, Paren};
use syn::{
    AngleBracketedGenericArguments, AttrStyle, Attribute, BinOp, Block, Expr, ExprArray, ExprBinary, ExprCall,
    ExprField, ExprLit, ExprMethodCall, ExprPath, ExprReference, ExprStruct, ExprTry, ExprTuple, Field, FieldModifiers,
    FieldValue, Fields, FieldsNamed, FnArg, GenericArgument, Generics, Item, ItemStruct, Lit, LitBool, LitInt, LitStr,
    Local, LocalInit, LocalModifiers, Member, Meta, MetaNameValue, Pat, PatIdent, PatTuple, PatType, Path,
    PathArguments, PathSegment, Stmt, Token, TraitBound, TraitBoundModifiers, Type, TypeImplTrait, TypeParamBound,
    TypePath, TypeTuple, Visibility,
};

/// A path such as `rt::Column` or `::core::option::Option`. Reserved words in it are keywords, as in `super::genre`.
pub(super) fn path(text: &str) -> Path {
    let (leading, rest) = match text.strip_prefix("::") {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    Path {
        leading_colon: leading.then(<Token![::]>::default),
        segments: rest.split("::").map(|part| PathSegment::from(word(part))).collect(),
    }
}

/// A path from parts that are identifiers already.
pub(super) fn path_of(parts: impl IntoIterator<Item = Ident>) -> Path {
    Path { leading_colon: None, segments: parts.into_iter().map(PathSegment::from).collect() }
}

/// An identifier of our own choice.
pub(super) fn word(text: &str) -> Ident {
    Ident::new(text, Span::call_site())
}

/// A type without arguments.
pub(super) fn ty(path: Path) -> Type {
    Type::Path(TypePath { attrs: Vec::new(), qself: None, path })
}

/// A type with arguments, such as `rt::Column<R, P, i64>`.
pub(super) fn generic(path: Path, arguments: impl IntoIterator<Item = Type>) -> Type {
    ty(generic_path(path, arguments))
}

/// A path with arguments, such as `rt::Input<i32>`.
pub(super) fn generic_path(mut path: Path, arguments: impl IntoIterator<Item = Type>) -> Path {
    if let Some(last) = path.segments.last_mut() {
        last.arguments = angle_bracketed(arguments.into_iter().map(GenericArgument::Type));
    }
    path
}

fn angle_bracketed(arguments: impl IntoIterator<Item = GenericArgument>) -> PathArguments {
    PathArguments::AngleBracketed(AngleBracketedGenericArguments {
        colon2_token: None,
        lt_token: <Token![<]>::default(),
        args: arguments.into_iter().collect(),
        gt_token: <Token![>]>::default(),
    })
}

/// `impl Trait`.
pub(super) fn implementing(bound: Path) -> Type {
    let bound = TypeParamBound::Trait(TraitBound {
        paren_token: None,
        lifetimes: None,
        modifiers: TraitBoundModifiers::default(),
        maybe: None,
        path: bound,
    });
    Type::ImplTrait(TypeImplTrait {
        attrs: Vec::new(),
        impl_token: <Token![impl]>::default(),
        bounds: Punctuated::from_iter([bound]),
    })
}

/// `name: Type`, as an argument of a function.
pub(super) fn argument_of(ident: Ident, ty: Type) -> FnArg {
    FnArg::Typed(PatType {
        attrs: Vec::new(),
        pat: Box::new(variable(ident)),
        colon_token: <Token![:]>::default(),
        ty: Box::new(ty),
    })
}

/// A variable where it is bound.
pub(super) fn variable(ident: Ident) -> Pat {
    Pat::Ident(PatIdent { attrs: Vec::new(), by_ref: None, mutability: None, ident, subpat: None })
}

/// `(a, b)`, or `(a,)`, where variables are bound.
pub(super) fn tuple_pattern(elements: impl IntoIterator<Item = Pat>) -> Pat {
    let mut elems: Punctuated<Pat, Token![,]> = elements.into_iter().collect();
    if elems.len() == 1 {
        // Without the comma it would be the pattern itself, in needless parentheses.
        elems.push_punct(<Token![,]>::default());
    }
    Pat::Tuple(PatTuple { attrs: Vec::new(), paren_token: Paren::default(), elems })
}

/// `let pattern = expression;`
pub(super) fn assign(pat: Pat, expr: Expr) -> Stmt {
    Stmt::Local(Local {
        attrs: Vec::new(),
        let_token: <Token![let]>::default(),
        modifiers: LocalModifiers::default(),
        pat,
        init: Some(LocalInit { eq_token: <Token![=]>::default(), expr: Box::new(expr), diverge: None }),
        semi_token: <Token![;]>::default(),
    })
}

/// `(A, B)`.
pub(super) fn tuple_type(elements: impl IntoIterator<Item = Type>) -> Type {
    Type::Tuple(TypeTuple { attrs: Vec::new(), paren_token: Paren::default(), elems: elements.into_iter().collect() })
}

/// A path as an expression.
pub(super) fn name(path: Path) -> Expr {
    Expr::Path(ExprPath { attrs: Vec::new(), qself: None, path })
}

/// A text.
pub(super) fn text(text: &str) -> Expr {
    literal(Lit::Str(LitStr::new(text, Span::call_site())))
}

/// A text of several lines, which stay lines.
pub(super) fn raw_text(value: &str) -> Expr {
    // The guard is longer than any in the text. A carriage return may not stand in a raw string.
    let longest = value.split('"').skip(1).map(|rest| rest.len() - rest.trim_start_matches('#').len()).max();
    let guard = "#".repeat(longest.unwrap_or_default() + 1);
    match format!("r{guard}\"{value}\"{guard}").parse::<Literal>() {
        Ok(raw) if !value.contains('\r') => literal(Lit::new(raw)),
        Ok(_) | Err(_) => text(value),
    }
}

/// A whole number without a suffix, in groups of three digits where it is long.
pub(super) fn number(number: impl std::fmt::Display) -> Expr {
    literal(Lit::Int(LitInt::new(&grouped(&number.to_string()), Span::call_site())))
}

/// `9_000_000_000`.
fn grouped(number: &str) -> String {
    let digits = number.trim_start_matches('-').len();
    let mut text = String::with_capacity(number.len() + digits / 3);
    for (at, character) in number.char_indices() {
        let left = number.len() - at;
        if digits > 4 && left < digits && left.is_multiple_of(3) {
            text.push('_');
        }
        text.push(character);
    }
    text
}

/// `true` or `false`.
pub(super) fn boolean(value: bool) -> Expr {
    literal(Lit::Bool(LitBool::new(value, Span::call_site())))
}

/// A byte string.
pub(super) fn bytes(bytes: &[u8]) -> Expr {
    literal(Lit::new(Literal::byte_string(bytes)))
}

fn literal(lit: Lit) -> Expr {
    Expr::Lit(ExprLit { attrs: Vec::new(), lit })
}

/// `function(arguments)`.
pub(super) fn call(function: Path, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Call(ExprCall {
        attrs: Vec::new(),
        func: Box::new(name(function)),
        paren_token: Paren::default(),
        args: arguments.into_iter().collect(),
    })
}

/// `receiver.method(arguments)`.
pub(super) fn method(receiver: Expr, method: &str, arguments: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::MethodCall(ExprMethodCall {
        attrs: Vec::new(),
        receiver: Box::new(receiver),
        dot_token: <Token![.]>::default(),
        method: word(method),
        turbofish: None,
        paren_token: Paren::default(),
        args: arguments.into_iter().collect(),
    })
}

/// `expression?`.
pub(super) fn try_(expr: Expr) -> Expr {
    Expr::Try(ExprTry { attrs: Vec::new(), expr: Box::new(expr), question_token: <Token![?]>::default() })
}

/// `base.member`.
pub(super) fn member(base: Expr, member: impl Into<Member>) -> Expr {
    Expr::Field(ExprField {
        attrs: Vec::new(),
        base: Box::new(base),
        dot_token: <Token![.]>::default(),
        member: member.into(),
    })
}

/// `(a, b)`.
pub(super) fn tuple(elements: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Tuple(ExprTuple { attrs: Vec::new(), paren_token: Paren::default(), elems: elements.into_iter().collect() })
}

/// `left + right`.
pub(super) fn sum(left: Expr, right: Expr) -> Expr {
    Expr::Binary(ExprBinary {
        attrs: Vec::new(),
        left: Box::new(left),
        op: BinOp::Add(<Token![+]>::default()),
        right: Box::new(right),
    })
}

/// `&expression`.
pub(super) fn reference(expr: Expr) -> Expr {
    Expr::Reference(ExprReference {
        attrs: Vec::new(),
        and_token: <Token![&]>::default(),
        mutability: None,
        expr: Box::new(expr),
    })
}

/// `[a, b]`.
pub(super) fn array(elements: impl IntoIterator<Item = Expr>) -> Expr {
    Expr::Array(ExprArray {
        attrs: Vec::new(),
        bracket_token: Bracket::default(),
        elems: elements.into_iter().collect(),
    })
}

/// `Path { field: value, .. }`; a field whose value is its own name is written once.
pub(super) fn record(path: Path, fields: impl IntoIterator<Item = (Ident, Expr)>) -> Expr {
    Expr::Struct(record_with(path, fields, None))
}

/// Whether an expression is just this name.
fn is_name(expr: &Expr, name: &Ident) -> bool {
    matches!(expr, Expr::Path(expr) if expr.path.is_ident(name))
}

/// `Path { field: value, ..rest }`.
pub(super) fn record_with(
    path: Path,
    fields: impl IntoIterator<Item = (Ident, Expr)>,
    rest: Option<Expr>,
) -> ExprStruct {
    let fields: Punctuated<FieldValue, Token![,]> = fields
        .into_iter()
        .map(|(field, expr)| FieldValue {
            attrs: Vec::new(),
            colon_token: (!is_name(&expr, &field)).then(<Token![:]>::default),
            member: Member::Named(field),
            expr,
        })
        .collect();
    ExprStruct {
        attrs: Vec::new(),
        qself: None,
        path,
        brace_token: Brace::default(),
        fields,
        dot2_token: rest.is_some().then(<Token![..]>::default),
        rest: rest.map(Box::new),
    }
}

/// `rt::Borrowed(&[a, b])`, a list of the schema model.
pub(super) fn borrowed_list<T>(items: &[T], expr: impl Fn(&T) -> Expr) -> Expr {
    call(path("rt::Borrowed"), [reference(array(items.iter().map(expr)))])
}

/// A body that is one expression.
pub(super) fn body(expr: Expr) -> Block {
    Block { brace_token: Brace::default(), stmts: vec![Stmt::Expr(expr, None)] }
}

/// A public struct with named fields.
pub(super) fn structure(
    attrs: Vec<Attribute>,
    ident: Ident,
    generics: Generics,
    fields: impl IntoIterator<Item = Field>,
) -> Item {
    Item::Struct(ItemStruct {
        attrs,
        vis: public(),
        struct_token: <Token![struct]>::default(),
        ident,
        generics,
        fields: Fields::Named(FieldsNamed { brace_token: Brace::default(), named: fields.into_iter().collect() }),
        semi_token: None,
    })
}

/// A public field of a struct.
pub(super) fn field(attrs: Vec<Attribute>, ident: Ident, ty: Type) -> Field {
    Field {
        attrs,
        vis: public(),
        modifiers: FieldModifiers::default(),
        ident: Some(ident),
        colon_token: Some(<Token![:]>::default()),
        ty,
        default: None,
    }
}

/// `pub`.
pub(super) fn public() -> Visibility {
    Visibility::Public(<Token![pub]>::default())
}

/// The lines of a doc comment, `///`.
pub(super) fn doc(text: &str) -> Vec<Attribute> {
    doc_lines(text, AttrStyle::Outer)
}

/// The lines of a module's doc comment, `//!`.
pub(super) fn inner_doc(text: &str) -> Vec<Attribute> {
    doc_lines(text, AttrStyle::Inner(<Token![!]>::default()))
}

fn doc_lines(text: &str, style: AttrStyle) -> Vec<Attribute> {
    // The space after `///`.
    let spaced = |line: &str| if line.is_empty() { String::new() } else { format!(" {line}") };
    text.lines().map(|line| attribute("doc", &spaced(line), style)).collect()
}

/// `#[must_use = "…"]`.
pub(super) fn must_use(hint: &str) -> Attribute {
    attribute("must_use", hint, AttrStyle::Outer)
}

fn attribute(name: &str, value: &str, style: AttrStyle) -> Attribute {
    Attribute {
        pound_token: <Token![#]>::default(),
        style,
        bracket_token: Bracket::default(),
        meta: Meta::NameValue(MetaNameValue { path: path(name), eq_token: <Token![=]>::default(), value: text(value) }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_numbers_are_grouped() {
        for (number, expected) in
            [("7", "7"), ("-100", "-100"), ("1000", "1000"), ("-10000", "-10_000"), ("9000000000", "9_000_000_000")]
        {
            assert_eq!(grouped(number), expected);
        }
    }

    #[test]
    fn a_raw_text_is_guarded_against_what_stands_in_it() {
        let printed = |text: &str| {
            let text = raw_text(text);
            quote::quote!(#text).to_string()
        };
        assert_eq!(printed("a\nb"), "r#\"a\nb\"#");
        assert_eq!(printed("\"#"), "r##\"\"#\"##");
        assert_eq!(printed("a\r\nb"), "\"a\\r\\nb\"");
    }
}
