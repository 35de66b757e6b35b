//! For each code a schema that has the mistake, and the same schema without it: what `check --explain` shows.

use super::Code;

/// A wrong schema and a right one. `None` where the mistake is not one of text.
#[must_use]
pub(crate) fn example(code: Code) -> Option<(&'static str, &'static str)> {
    Some(match code {
        Code::NotUtf8 => return None,
        Code::UnterminatedText => {
            ("table Band { name: Text(default = \"a) }", "table Band { name: Text(default = \"a\") }")
        }
        Code::UnknownEscape => {
            ("table Band { name: Text(default = \"\\q\") }", "table Band { name: Text(default = \"\\\\q\") }")
        }
        Code::TooDeep => (
            "table Band { name: Array((((((((((((((((((((((((((((((((((Text)))))))))))))))))))))))))))))))))) }",
            "table Band { names: Array(Text) }",
        ),
        Code::UnexpectedToken => ("table Band { name = Text }", "table Band { name: Text }"),
        Code::UnexpectedEnd => ("table Band", "table Band { name: Text }"),
        Code::NotADeclaration => ("tabel Band { name: Text }", "table Band { name: Text }"),
        Code::Unclosed => ("table Band {\n    name: Text\n", "table Band {\n    name: Text\n}\n"),
        Code::Separator => {
            ("table Band {\n    name: Text,\n    genre: Text\n}", "table Band {\n    name: Text\n    genre: Text\n}")
        }
        Code::StrayDoc => (
            "table Band {\n    name: Text\n    /// What is this about?\n}",
            "table Band {\n    /// What it is called.\n    name: Text\n}",
        ),
        Code::ConflictMarker => (
            "table Band {\n<<<<<<< HEAD\n    name: Text\n=======\n    title: Text\n>>>>>>> theirs\n}",
            "table Band {\n    title: Text\n}",
        ),
        Code::DuplicateDeclaration => {
            ("table Band { name: Text }\nenum Band { rock }", "table Band { name: Text }\nenum Genre { rock }")
        }
        Code::DuplicateColumn => {
            ("table Band {\n    name: Text\n    Name: Text\n}", "table Band {\n    name: Text\n    nickname: Text\n}")
        }
        Code::DuplicateDatabaseName => (
            "table Band { name: Text }\ntable Group (tablename = \"band\") { name: Text }",
            "table Band { name: Text }\ntable Group (tablename = \"groups\") { name: Text }",
        ),
        Code::NameTooLong => (
            "table Band { a_name_that_goes_on_and_on_until_it_is_longer_than_postgres_will_ever_keep_it: Text }",
            "table Band { a_name_that_postgres_keeps: Text }",
        ),
        Code::ReservedName => ("table Band { xmin: Integer }", "table Band { first_transaction: Integer }"),
        Code::UnusableName => ("table Band (tablename = \"\") { name: Text }", "table Band { name: Text }"),
        Code::UnknownReference => (
            "table Band { manager: ForeignKey(Manger) }\ntable Manager { name: Text }",
            "table Band { manager: ForeignKey(Manager) }\ntable Manager { name: Text }",
        ),
        Code::UnknownColumn => {
            ("table Band {\n    name: Text\n    index(nmae)\n}", "table Band {\n    name: Text\n    index(name)\n}")
        }
        Code::DuplicateConstraint => (
            "table Band {\n    name: Text\n    index(name)\n    index(name)\n}",
            "table Band {\n    name: Text\n    index(name)\n}",
        ),
        Code::ReverseClash => (
            "table Manager { name: Text }\ntable Band { manager: ForeignKey(Manager, reverse = \"name\") }",
            "table Manager { name: Text }\ntable Band { manager: ForeignKey(Manager, reverse = \"bands\") }",
        ),
        Code::UnknownType => ("table Band { name: String }", "table Band { name: Text }"),
        Code::UnknownArgument => {
            ("table Band { name: Varchar(max_length = 50) }", "table Band { name: Varchar(length = 50) }")
        }
        Code::DuplicateArgument => {
            ("table Band { name: Varchar(length = 50, length = 60) }", "table Band { name: Varchar(length = 60) }")
        }
        Code::WrongArgument => {
            ("table Band { name: Varchar(length = \"fifty\") }", "table Band { name: Varchar(length = 50) }")
        }
        Code::MissingArgument => {
            ("table Band { fee: Numeric(precision = 10) }", "table Band { fee: Numeric(precision = 10, scale = 2) }")
        }
        Code::OutOfRange => (
            "table Band { fee: Numeric(precision = 60, scale = 2) }",
            "table Band { fee: Numeric(precision = 10, scale = 2) }",
        ),
        Code::InvalidElement => ("table Band { members: Array(Array(Text)) }", "table Band { members: Array(Text) }"),
        Code::UnknownStatement => {
            ("table Band {\n    name: Text\n    indx(name)\n}", "table Band {\n    name: Text\n    index(name)\n}")
        }
        Code::EmptyTable => {
            ("table Band (tablename = \"bands\") {}", "table Band (tablename = \"bands\") { name: Text }")
        }
        Code::TooMany => return None,
        Code::WrongDefault => (
            "table Band { popularity: Integer(default = \"many\") }",
            "table Band { popularity: Integer(default = 0) }",
        ),
        Code::DefaultOutOfRange => (
            "table Band { popularity: SmallInt(default = 100000) }",
            "table Band { popularity: Integer(default = 100000) }",
        ),
        Code::UnknownVariant => (
            "table Band { genre: Genre(default = rcok) }\nenum Genre { rock, jazz }",
            "table Band { genre: Genre(default = rock) }\nenum Genre { rock, jazz }",
        ),
        Code::NullPrimaryKey => {
            ("table Band { code: Text(primary_key, null) }", "table Band { code: Text(primary_key) }")
        }
        Code::SeveralPrimaryKeys => (
            "table Seat {\n    row: Integer(primary_key)\n    number: Integer(primary_key)\n}",
            "table Seat {\n    row: Integer\n    number: Integer\n    primary_key(row, number)\n}",
        ),
        Code::MisplacedSerial => (
            "table Band {\n    id: Integer(primary_key)\n    number: Serial\n}",
            "table Band {\n    id: Serial(primary_key)\n    number: Integer\n}",
        ),
        Code::CompositeTarget => (
            "table Seat {\n    row: Integer\n    number: Integer\n    primary_key(row, number)\n}\ntable Ticket { seat: ForeignKey(Seat) }",
            "table Seat {\n    row: Integer\n    number: Integer\n    primary_key(row, number)\n}\ntable Ticket {\n    row: Integer\n    number: Integer\n    foreign_key(row, number) = Seat(row, number)\n}",
        ),
        Code::KeyCycle => (
            "table A { b: ForeignKey(B, primary_key) }\ntable B { a: ForeignKey(A, primary_key) }",
            "table A { b: ForeignKey(B, primary_key) }\ntable B { name: Text }",
        ),
        Code::NotUniqueTarget => (
            "table Band { manager: ForeignKey(Manager, to = name) }\ntable Manager { name: Text }",
            "table Band { manager: ForeignKey(Manager, to = name) }\ntable Manager { name: Text(unique) }",
        ),
        Code::KeyMismatch => (
            "table Seat {\n    row: Integer\n    number: Integer\n    primary_key(row, number)\n}\ntable Ticket {\n    row: Integer\n    foreign_key(row) = Seat(row, number)\n}",
            "table Seat {\n    row: Integer\n    number: Integer\n    primary_key(row, number)\n}\ntable Ticket {\n    row: Integer\n    number: Integer\n    foreign_key(row, number) = Seat(row, number)\n}",
        ),
        Code::ImpossibleAction => (
            "table Band { manager: ForeignKey(Manager, on_delete = set_null) }\ntable Manager { name: Text }",
            "table Band { manager: ForeignKey(Manager, null, on_delete = set_null) }\ntable Manager { name: Text }",
        ),
        Code::ImplicitId => ("table Band { id: Text }", "table Band { id: Text(primary_key) }"),
        Code::MixinCycle => (
            "mixin A: B { a: Text }\nmixin B: A { b: Text }\ntable Band: A { name: Text }",
            "mixin A: B { a: Text }\nmixin B { b: Text }\ntable Band: A { name: Text }",
        ),
        Code::DuplicateMixin => (
            "mixin Named { name: Text }\ntable Band: Named, Named { genre: Text }",
            "mixin Named { name: Text }\ntable Band: Named { genre: Text }",
        ),
        Code::UnusedMixin => (
            "mixin Named { name: Text }\ntable Band { genre: Text }",
            "mixin Named { name: Text }\ntable Band: Named { genre: Text }",
        ),
        Code::EmptyEnum => {
            ("enum Genre {}\ntable Band { name: Text }", "enum Genre { rock }\ntable Band { name: Text }")
        }
        Code::DuplicateVariant => (
            "enum Genre { rock, Rock }\ntable Band { genre: Genre }",
            "enum Genre { rock, jazz }\ntable Band { genre: Genre }",
        ),
        Code::Unsupported => (
            "table Band {\n    name: Text\n    index(name, method = hash)\n}",
            "table Band {\n    name: Text\n    index(name)\n}",
        ),
        Code::RefusedCondition => (
            "table Band {\n    name: Text\n    check(\"nmae <> ''\")\n}",
            "table Band {\n    name: Text\n    check(\"name <> ''\")\n}",
        ),
        Code::RedundantUnique => {
            ("table Band { code: Text(primary_key, unique) }", "table Band { code: Text(primary_key) }")
        }
        Code::RedundantWas => {
            ("table Band { name: Text(was = \"name\") }", "table Band { name: Text(was = \"title\") }")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::example;
    use crate::diagnostic::{Code, Diagnostics};
    use crate::schema_from_str;

    fn codes(text: &str) -> Vec<Code> {
        let found: Diagnostics = match schema_from_str("schema.piccolo", text) {
            Ok(lowered) => lowered.warnings,
            Err(diagnostics) => diagnostics,
        };
        found.iter().map(|diagnostic| diagnostic.code).collect()
    }

    #[test]
    fn every_wrong_example_has_the_mistake_and_no_right_one_has_any() {
        let mut failures = Vec::new();
        for code in Code::ALL.iter().copied() {
            let Some((wrong, right)) = example(code) else { continue };
            // What only a database refuses is right for all that the text says.
            if !codes(wrong).contains(&code) && code != Code::RefusedCondition {
                failures.push(format!("{code}: the wrong example gives {:?}", codes(wrong)));
            }
            if !codes(right).is_empty() {
                failures.push(format!("{code}: the right example gives {:?}", codes(right)));
            }
        }
        assert!(failures.is_empty(), "{}", failures.join("\n"));
    }
}
