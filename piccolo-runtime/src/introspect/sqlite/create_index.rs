//! What a `CREATE INDEX` statement says.

use super::piece::{Piece, normal, pieces, unwrapped};
use super::reader::{Reader, split_at_commas};
use crate::introspect::{IndexKeyShape, IndexShape, Sorted};

/// Reads the statement of the index called `name`. What cannot be followed is kept whole, as the index's options.
pub(super) fn index(name: &str, sql: &str) -> IndexShape {
    let pieces = pieces(sql);
    read(name, &pieces).unwrap_or_else(|| IndexShape {
        name: name.to_owned(),
        unique: false,
        method: None,
        keys: Vec::new(),
        include: Vec::new(),
        predicate: None,
        valid: true,
        options: Some(normal(&pieces)),
    })
}

fn read(name: &str, pieces: &[Piece<'_>]) -> Option<IndexShape> {
    let mut reader = Reader::of(pieces);
    reader.take(&["CREATE"]);
    let unique = reader.take(&["UNIQUE"]);
    // The names of the index and its table may be anything in quotes, but no bracket stands before the keys.
    while !reader.sees(&["("]) {
        reader.next()?;
    }
    let keys = split_at_commas(reader.brackets()?).into_iter().map(key).collect::<Option<_>>()?;
    let predicate = reader.take(&["WHERE"]).then(|| normal(unwrapped(reader.rest())));
    Some(IndexShape {
        name: name.to_owned(),
        unique,
        method: None,
        keys,
        include: Vec::new(),
        predicate,
        valid: true,
        options: None,
    })
}

/// `expression COLLATE name DESC`.
fn key(mut pieces: &[Piece<'_>]) -> Option<IndexKeyShape> {
    let mut descending = false;
    if let [head @ .., last] = pieces
        && (last.is("DESC") || last.is("ASC"))
    {
        descending = last.is("DESC");
        pieces = head;
    }
    let mut options = None;
    if let [head @ .., word, collation] = pieces
        && word.is("COLLATE")
    {
        options = Some(format!("COLLATE {}", collation.name()?));
        pieces = head;
    }
    let sorted = match unwrapped(pieces) {
        [only] => only.name().map_or_else(|| Sorted::Expression(normal(pieces)), Sorted::Column),
        several => Sorted::Expression(normal(several)),
    };
    Some(IndexKeyShape { sorted, descending, options })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &str) {
        let mut shape = crate::introspect::TableShape::new(crate::schema::QualifiedName::plain("t"));
        shape.indexes.push(index("i", sql));
        let text = crate::introspect::Shape {
            tables: vec![shape],
            ..crate::introspect::Shape::empty(crate::sql::Dialect::Sqlite)
        }
        .to_text();
        let lines: Vec<&str> = text.lines().skip(2).map(str::trim).collect();
        assert_eq!(lines.join("\n"), expected);
    }

    #[test]
    fn keys_are_columns_or_expressions() {
        check("CREATE INDEX i ON t (a, [b c] desc)", "index i\nkey 1 column=a\nkey 2 column=\"b c\" descending=yes");
        check(
            "CREATE INDEX i ON t ((lower(a)), a COLLATE nocase DESC)",
            "index i\nkey 1 expression=\"lower(a)\"\nkey 2 column=a descending=yes options=\"COLLATE nocase\"",
        );
    }

    #[test]
    fn a_condition_is_read_without_its_comments() {
        check(
            "CREATE UNIQUE INDEX \"i (odd\" ON t (a) WHERE (a > 0 /* ) */ and  \"b\" is null)",
            "index i unique=yes where=\"a > 0 AND b IS NULL\"\nkey 1 column=a",
        );
    }
}
