//! Indexes.

use super::name;
use crate::introspect::{IndexKeyShape, IndexShape, Sorted};
use crate::schema::QualifiedName;
use crate::{Result, RowRef};

pub(super) const QUERY: &str = include_str!("indexes.sql");

/// An index and the name of its table.
pub(super) fn decode(row: &RowRef<'_>) -> Result<(QualifiedName, IndexShape)> {
    let (method, definition): (String, String) = (row.get(4)?, row.get(5)?);
    let (texts, columns): (Vec<String>, Vec<String>) = (row.get(6)?, row.get(7)?);
    let index = IndexShape {
        name: row.get(2)?,
        unique: row.get(3)?,
        keys: keys(&definition, &method, &texts, columns),
        method: (method != "btree").then_some(method),
        include: row.get(8)?,
        predicate: row.get(9)?,
        valid: row.get(10)?,
        options: row.get(11)?,
    };
    Ok((name(row, 0)?, index))
}

/// The keys, each with what the whole definition says behind its text: `COLLATE`, an operator class, `DESC`, `NULLS …`. The server
/// writes these only where they are not the usual ones, and the definition is the one place where it tells.
fn keys(definition: &str, method: &str, texts: &[String], columns: Vec<String>) -> Vec<IndexKeyShape> {
    let start = format!(" USING {method} (");
    let mut rest = definition.split_once(&start).map_or("", |(_, rest)| rest);
    let mut keys = Vec::with_capacity(texts.len());
    for (text, column) in texts.iter().zip(columns) {
        let behind = rest.strip_prefix(text.as_str()).unwrap_or(rest);
        let (options, next) = split_at_end_of_key(behind);
        rest = next;
        let (options, descending) = without_descending(options);
        let sorted = if column.is_empty() { Sorted::Expression(unwrapped(text)) } else { Sorted::Column(column) };
        keys.push(IndexKeyShape { sorted, descending, options: (!options.is_empty()).then_some(options) });
    }
    keys
}

/// What stands behind a key up to the next one, and the rest from the next one on. An operator class can have arguments
/// in brackets, with texts in quotes.
fn split_at_end_of_key(behind: &str) -> (&str, &str) {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, character) in behind.char_indices() {
        match character {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth = depth.saturating_add(1),
            ',' | ')' if depth == 0 => {
                let (options, rest) = behind.split_at_checked(at).unwrap_or((behind, ""));
                return (options, rest.strip_prefix(", ").unwrap_or(rest));
            }
            ')' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    (behind, "")
}

/// The options without `DESC`, and whether it was there.
fn without_descending(options: &str) -> (String, bool) {
    let words: Vec<&str> = options.split_ascii_whitespace().collect();
    let kept: Vec<&str> = words.iter().copied().filter(|word| *word != "DESC").collect();
    (kept.join(" "), kept.len() != words.len())
}

/// An expression without the brackets that the server puts around all that are no call of a function.
fn unwrapped(text: &str) -> String {
    let inner = text.strip_prefix('(').and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(text).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_what_the_definition_says_behind_it() {
        let definition = "CREATE INDEX i1 ON public.band USING gist (name COLLATE \"C\" DESC NULLS LAST, lower(a, b) \
                          text_ops (siglen='3,2)'), ((a + 1)) DESC, z) INCLUDE (m) WHERE (a > 0)";
        let texts = ["name", "lower(a, b)", "((a + 1))", "z"].map(str::to_owned);
        let columns = ["name", "", "", "z"].map(str::to_owned).to_vec();
        let key = |sorted, descending, options: Option<&str>| IndexKeyShape {
            sorted,
            descending,
            options: options.map(str::to_owned),
        };
        assert_eq!(
            keys(definition, "gist", &texts, columns),
            [
                key(Sorted::Column("name".to_owned()), true, Some("COLLATE \"C\" NULLS LAST")),
                key(Sorted::Expression("lower(a, b)".to_owned()), false, Some("text_ops (siglen='3,2)')")),
                key(Sorted::Expression("(a + 1)".to_owned()), true, None),
                key(Sorted::Column("z".to_owned()), false, None),
            ]
        );
    }
}
