//! The mistakes that a schema can hold, each with a code that never changes its meaning.

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Severity {
    /// Nothing is generated from a schema with one of these.
    Error,
    /// Worth knowing; the schema is used all the same.
    Warning,
}

/// Declares [`Code`] from one table, so that a code, its name and its explanation cannot drift apart.
macro_rules! codes {
    ($($name:ident $code:literal $severity:ident $explanation:literal)*) => {
        /// A kind of mistake. Its text form, such as `P0101`, is stable; retired codes are not used again.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Code {
            $(#[doc = $explanation] $name,)*
        }

        impl Code {
            /// Every code, in order.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as printed, such as `P0101`.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code,)* }
            }

            /// How bad it is.
            #[must_use]
            pub fn severity(self) -> Severity {
                match self { $(Self::$name => Severity::$severity,)* }
            }

            /// The rule that was broken and why it stands, in a sentence or two.
            #[must_use]
            pub fn explanation(self) -> &'static str {
                match self { $(Self::$name => $explanation,)* }
            }
        }
    };
}

codes! {
    // Text.
    NotUtf8 "P0001" Error "A schema file is UTF-8 text."
    UnterminatedText "P0002" Error "A text ends on the line on which it begins; a line break inside it is written `\\n`."
    UnknownEscape "P0003" Error "A text knows the escapes `\\\"`, `\\\\`, `\\n`, `\\r`, `\\t` and `\\u{…}`, and cannot hold the character 0, which neither engine stores."
    TooDeep "P0004" Error "Brackets nest at most 32 deep; no schema needs more than a few."
    UnexpectedToken "P0005" Error "Something else is expected at this place."
    UnexpectedEnd "P0006" Error "The declaration ends before it is complete."
    NotADeclaration "P0007" Error "A file is a list of `table`, `enum` and `mixin`."
    Unclosed "P0008" Error "The body of a declaration ends with `}`."
    Separator "P0009" Error "The lines of a table need no separator, and the values of an enum one comma between two."
    StrayDoc "P0010" Error "A doc comment stands above what it documents: a table, a mixin, an enum, a column or an enum's value."
    ConflictMarker "P0011" Error "git leaves `<<<<<<<`, `=======` and `>>>>>>>` where it could not merge two versions of a file by itself."

    // Names.
    DuplicateDeclaration "P0101" Error "Tables, enums and mixins share one space of names, and two may not differ in case or underscores alone, because each becomes a Rust module."
    DuplicateColumn "P0102" Error "A table has one column of a name. SQLite does not tell names apart by case, so neither may a schema."
    DuplicateDatabaseName "P0103" Error "Tables, indexes and Postgres' types and sequences share one space of names in a database, in which case does not count."
    NameTooLong "P0104" Error "Postgres cuts names after 63 bytes without a word, so a longer one is refused."
    ReservedName "P0105" Error "Some names belong to the databases or to Piccolo: Postgres' system columns, `sqlite_…`, `pg_…`, built-in types."
    UnusableName "P0106" Error "A name in a database is not empty and holds no character 0; a name in Rust is an identifier."
    UnknownReference "P0107" Error "What is referred to must be declared somewhere in the schema."
    UnknownColumn "P0108" Error "A statement names columns of its table, or of the table that a key points to."
    DuplicateConstraint "P0109" Error "Constraints and indexes of a table have names of their own, and none is there twice."
    ReverseClash "P0110" Error "The way back along a foreign key is a name beside the target's columns, so it can be taken by neither a column nor another key."

    // Types and arguments.
    UnknownType "P0201" Error "A column's type is a built-in one, an enum, or a foreign key."
    UnknownArgument "P0202" Error "Each type, header and statement takes its own arguments."
    DuplicateArgument "P0203" Error "An argument is given once."
    WrongArgument "P0204" Error "An argument has a value of the kind that it takes."
    MissingArgument "P0205" Error "Some types and statements cannot do without an argument."
    OutOfRange "P0206" Error "Lengths, precisions and scales have the limits that both engines keep."
    InvalidElement "P0207" Error "An array holds values of a plain type: no arrays, no serial numbers, no keys."
    UnknownStatement "P0208" Error "A table has the statements `index`, `unique`, `check`, `primary_key` and `foreign_key`."
    EmptyTable "P0209" Error "A table with nothing in it has nothing to store."
    TooMany "P0210" Error "Postgres allows 1600 columns in a table and 32 in a key or an index."

    // Defaults.
    WrongDefault "P0301" Error "A default is a value of the column's type, or a function that gives one."
    DefaultOutOfRange "P0302" Error "A default must fit its column, or no row could take it."
    UnknownVariant "P0303" Error "A default of an enum is one of its values."

    // Keys.
    NullPrimaryKey "P0401" Error "A primary key is never null."
    SeveralPrimaryKeys "P0402" Error "A table has one primary key; one of several columns is written `primary_key(a, b)`."
    MisplacedSerial "P0403" Error "A serial column is the whole primary key of its table: SQLite counts up nothing else."
    CompositeTarget "P0404" Error "A foreign key on a column points to one column; a key of several columns needs `foreign_key(a, b) = Table(x, y)`."
    KeyCycle "P0405" Error "A foreign key takes the type of what it points to, so a cycle of keys would have no type."
    NotUniqueTarget "P0406" Error "A foreign key points to a primary key or to what is unique, or it would not say which row is meant."
    KeyMismatch "P0407" Error "Both sides of a foreign key have as many columns, of the same types."
    ImpossibleAction "P0408" Error "An action of a foreign key must be one that the columns can take: null into a nullable column, a default where there is one."
    ImplicitId "P0409" Error "A table without a primary key gets `id: BigSerial`, so another column cannot have that name."

    // Mixins and enums.
    MixinCycle "P0501" Error "A mixin cannot take itself in, not even through others."
    DuplicateMixin "P0502" Error "A mixin is taken in once."
    UnusedMixin "P0503" Warning "A mixin that no table takes in does nothing."
    EmptyEnum "P0504" Error "An enum has at least one value."
    DuplicateVariant "P0505" Error "The values of an enum differ in name and in text, and not in case or underscores alone, because each becomes a variant in Rust."

    // Targets.
    Unsupported "P0601" Error "What one of the engines in `engines = […]` lacks cannot be used, or the two would not give the same answer."
    RefusedCondition "P0602" Error "The condition of a check is SQL that each engine in `engines = […]` understands, about the columns of its table. Only a database can tell, so `diff` finds it, and `check`."

    // Redundant.
    RedundantUnique "P0701" Error "Columns are unique once, by the primary key or by one `unique`: Postgres makes one constraint of two that say the same, and it would depend on a table's history which of the names is left."
    RedundantWas "P0702" Warning "`was` names what it was called before, which is not what it is called now."
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
