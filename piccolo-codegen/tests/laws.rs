//! The laws of the language: what is printed means what was printed, there is one layout, and no input panics.

use piccolo_codegen::arbitrary::{self, Options};
use piccolo_codegen::source::Sources;
use piccolo_codegen::{format, print, schema_from_sources, schema_from_str, snapshot_from_sources};
use piccolo_runtime::sql::Dialect;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Pieces that text is made of, those that open something and never close it among them.
const PIECES: [&str; 48] = [
    "table ",
    "enum ",
    "mixin ",
    "Band",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ":",
    "=",
    ",",
    ";",
    "\"",
    "\"a\"",
    "\\",
    "//",
    "///",
    " ",
    "\n",
    "\r\n",
    "\t",
    "name",
    "Text",
    "Varchar(length = 3)",
    "ForeignKey(Band, ",
    "ForeignKey(self)",
    "null",
    "primary_key",
    "index(name desc)",
    "unique(a, b)",
    "check(\"x\")",
    "foreign_key(a) = Band(b)",
    "default = ",
    "-1.5e3",
    "1",
    "now()",
    "sql(\"x\")",
    "hex(\"0\")",
    "'",
    "é",
    "\u{feff}",
    "\0",
    "😀",
    "BaseUser",
    "id: BigSerial(primary_key)\n",
    "rock, jazz",
];

/// Comments put into a text at random line ends and on lines of their own.
fn with_comments(text: &str, places: &[(Index, bool)]) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    for (number, (place, own_line)) in places.iter().enumerate() {
        let at = place.index(lines.len());
        let Some(line) = lines.get_mut(at) else { continue };
        if *own_line {
            line.insert_str(0, &format!("  // comment {number} \"{{\n"));
        } else if !line.contains("//") {
            line.push_str(&format!(" // comment {number} )"));
        }
    }
    lines.join("\n")
}

/// The comments of a text, in order of their numbers.
fn comments(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        text.lines().filter_map(|line| line.split_once("// comment").map(|(_, rest)| rest.trim().to_owned())).collect();
    found.sort();
    found
}

/// The same tokens with other blanks between them: each line break of a printed text becomes something that means the same.
fn respaced(text: &str, blanks: &[&str]) -> String {
    let mut blanks = blanks.iter().cycle();
    text.lines()
        .map(|line| {
            format!("{}{}{}", blanks.next().unwrap_or(&""), line, if line.starts_with("///") { "\n" } else { "\n\n" })
        })
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_printed_schema_is_the_schema(schema in arbitrary::schema(Options::default())) {
        let text = print::schema(&schema);
        match schema_from_str("schema.piccolo", &text) {
            Ok(lowered) => prop_assert_eq!(&lowered.schema, &schema, "{}", text),
            Err(diagnostics) => prop_assert!(false, "{}\n{}", diagnostics, text),
        }
        prop_assert_eq!(format("schema.piccolo", text.as_bytes()).unwrap(), text);
    }

    #[test]
    fn a_printed_schema_for_postgres_alone_is_the_schema(
        schema in arbitrary::schema(Options { engines: &[Dialect::Postgres], ..Options::default() }),
    ) {
        let text = print::schema(&schema);
        let mut sources = Sources::new();
        sources.add("schema.piccolo", &text);
        match schema_from_sources(&sources, &[Dialect::Postgres]) {
            Ok(lowered) => prop_assert_eq!(&lowered.schema, &schema, "{}", text),
            Err(diagnostics) => prop_assert!(false, "{}\n{}", diagnostics, text),
        }
    }

    #[test]
    fn both_schemas_of_a_pair_are_valid((before, after) in arbitrary::pair(Options { runnable: true, ..Options::default() })) {
        for schema in [before, after] {
            let text = print::schema(&schema);
            match schema_from_str("schema.piccolo", &text) {
                Ok(lowered) => prop_assert_eq!(&lowered.schema, &schema, "{}", text),
                Err(diagnostics) => prop_assert!(false, "{}\n{}", diagnostics, text),
            }
        }
    }

    #[test]
    fn a_snapshot_means_the_same_beside_whatever_schema(
        (before, after) in arbitrary::pair(Options { runnable: true, ..Options::default() }),
        unrelated in arbitrary::schema(Options::default()),
    ) {
        let mut sources = Sources::new();
        sources.add("schema.piccolo", &print::snapshot(&before));
        for beside in [&after, &before, &unrelated] {
            match snapshot_from_sources(&sources, beside, &Dialect::ALL) {
                Ok(read) => prop_assert_eq!(&read, &before, "beside\n{}", print::schema(beside)),
                Err(diagnostics) => prop_assert!(false, "{}", diagnostics),
            }
        }
    }

    #[test]
    fn formatting_keeps_comments_and_meaning_and_settles_at_once(
        schema in arbitrary::schema(Options { tables: 3, columns: 4, ..Options::default() }),
        places in prop::collection::vec((any::<Index>(), any::<bool>()), 0..12),
        blanks in prop::collection::vec(select(vec!["", " ", "\t", "\n\n\n  "]), 1..7),
    ) {
        let text = with_comments(&respaced(&print::schema(&schema), &blanks), &places);
        let once = format("schema.piccolo", text.as_bytes()).map_err(|found| TestCaseError::fail(format!("{found}\n{text}")))?;
        prop_assert_eq!(comments(&once), comments(&text), "{}\n=>\n{}", text, once);
        prop_assert_eq!(&schema_from_str("schema.piccolo", &once).unwrap().schema, &schema, "{}\n=>\n{}", text, once);
        let twice = format("schema.piccolo", once.as_bytes()).unwrap();
        prop_assert_eq!(&twice, &once, "{}\n=>\n{}\n=>\n{}", text, once, twice);
    }

    #[test]
    fn no_heap_of_pieces_panics(pieces in prop::collection::vec(select(PIECES.as_slice()), 0..60)) {
        survives(&pieces.concat());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,80}") {
        survives(&text);
    }

    #[test]
    fn no_mutation_of_a_schema_panics(
        schema in arbitrary::schema(Options { tables: 2, columns: 4, ..Options::default() }),
        edits in prop::collection::vec((any::<Index>(), 0..9_usize, select(PIECES.as_slice())), 1..6),
    ) {
        let mut text: Vec<char> = print::schema(&schema).chars().collect();
        for (place, removed, piece) in edits {
            let at = if text.is_empty() { 0 } else { place.index(text.len()) };
            let end = (at + removed).min(text.len());
            text.splice(at..end, piece.chars());
        }
        survives(&text.into_iter().collect::<String>());
    }
}

/// Whatever the text is, the answer is a schema or diagnostics with a place, and what can be laid out settles at once.
fn survives(text: &str) {
    if let Err(diagnostics) = schema_from_str("schema.piccolo", text) {
        assert!(!diagnostics.is_empty());
        for diagnostic in &diagnostics {
            assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
        }
        let rendered = diagnostics.render(true);
        assert!(rendered.contains("schema.piccolo"), "{rendered}");
    }
    if let Ok(once) = format("schema.piccolo", text.as_bytes()) {
        assert_eq!(format("schema.piccolo", once.as_bytes()).as_ref(), Ok(&once), "{text}");
    }
}
