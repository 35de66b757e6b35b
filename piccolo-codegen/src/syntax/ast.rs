//! The tree of a `.piccolo` file: what was written, not yet what it means. It keeps comments, docs and groups of lines, so
//! that the printer can give them back; `print` also raises a schema to this tree, to print it.

use crate::source::Span;

/// One file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ast {
    /// The declarations, as written.
    pub declarations: Vec<Declaration>,
    /// The comments after the last declaration.
    pub trailing: Vec<Comment>,
    /// The names of declarations that could not be read at all: that others refer to them is no mistake.
    pub lost: Vec<String>,
}

/// A name and where it stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ident {
    /// The name.
    pub text: String,
    /// Its place.
    pub span: Span,
}

/// A comment of the author, which documents nothing in the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comment {
    /// The text with its slashes.
    pub text: String,
    /// Its place.
    pub span: Span,
    /// Whether it has its line for itself.
    pub own_line: bool,
    /// Whether an empty line stands before it.
    pub blank_before: bool,
}

/// What stands around a declaration, an item or a value and has no meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trivia {
    /// The comments above it.
    pub leading: Vec<Comment>,
    /// The comment behind it on the same line.
    pub trailing: Option<Comment>,
    /// Whether an empty line stands before it.
    pub blank_before: bool,
}

/// The lines of a doc comment, without `///` and the blank after it.
pub type Doc = Vec<String>;

/// A `table`, a `mixin` or an `enum`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declaration {
    /// Comments around it.
    pub trivia: Trivia,
    /// Its doc comment.
    pub doc: Doc,
    /// Its name.
    pub name: Ident,
    /// The arguments of its header, such as `tablename = "…"`.
    pub arguments: Vec<Argument>,
    /// What it declares.
    pub body: Body,
    /// Where its brace opens, for comments.
    pub open: usize,
    /// The comment on the line of the opening brace.
    pub open_comment: Option<Comment>,
    /// The comments before the closing brace.
    pub dangling: Vec<Comment>,
    /// Whether a part of it could not be read: then a name that is missing in it is no mistake.
    pub damaged: bool,
    /// All of it, docs included.
    pub span: Span,
}

/// What a declaration declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Body {
    /// A table.
    Table(Record),
    /// Columns and statements that tables can take in.
    Mixin(Record),
    /// An enumerated type.
    Enum(Vec<Variant>),
}

/// The body of a table or a mixin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// The mixins that it takes in.
    pub mixins: Vec<Ident>,
    /// Columns and statements, as written.
    pub items: Vec<Item>,
}

/// A line of a table or a mixin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Comments around it.
    pub trivia: Trivia,
    /// Its doc comment.
    pub doc: Doc,
    /// A column or a statement.
    pub kind: ItemKind,
    /// All of it, docs included.
    pub span: Span,
}

/// A column or a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// `name: Type(arguments)`.
    Column(Column),
    /// `index(…)` and its like.
    Statement(Statement),
}

/// `name: Type(arguments)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type with the type's and the column's arguments.
    pub ty: Call,
}

/// `keyword(arguments)` or `keyword(arguments) = Target(columns)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// `index`, `unique`, `check`, `primary_key` or `foreign_key`.
    pub keyword: Ident,
    /// What stands in the parentheses.
    pub arguments: Vec<Argument>,
    /// What a foreign key points to.
    pub target: Option<Call>,
    /// All of it without docs.
    pub span: Span,
}

/// A value of an enum: `name`, `name = "text"`, `name(was = "old")`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// Comments around it.
    pub trivia: Trivia,
    /// Its doc comment.
    pub doc: Doc,
    /// Its name.
    pub name: Ident,
    /// Its text in the database, where it differs from the name.
    pub text: Option<Value>,
    /// Its arguments.
    pub arguments: Vec<Argument>,
    /// All of it, docs included.
    pub span: Span,
}

/// A name with arguments: a type, a function, a target.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The name.
    pub name: Ident,
    /// The arguments; empty parentheses are as good as none.
    pub arguments: Vec<Argument>,
    /// All of it.
    pub span: Span,
}

/// `value`, `value desc` or `name = value`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name, where it has one.
    pub name: Option<Ident>,
    /// Its value.
    pub value: Value,
    /// `asc` or `desc` behind an index key.
    pub direction: Option<Ident>,
    /// All of it.
    pub span: Span,
}

/// A value and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// The value.
    pub kind: ValueKind,
    /// Its place.
    pub span: Span,
}

/// What can stand as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ValueKind {
    /// A bare word: a flag, a column, a table, an enum's value, `true`.
    Word(String),
    /// A number as written.
    Number(String),
    /// A text, its escapes resolved.
    Text(String),
    /// `name(arguments)`. Boxed, because most values are a word and arguments are many.
    Call(Box<Call>),
    /// `[a, b]`.
    List(Vec<Value>),
}

impl Value {
    /// The bare word, where it is one.
    #[must_use]
    pub fn word(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Word(word) => Some(word),
            ValueKind::Number(_) | ValueKind::Text(_) | ValueKind::Call(_) | ValueKind::List(_) => None,
        }
    }
}
