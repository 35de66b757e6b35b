//! Input that nobody means well with: each gives a schema or diagnostics, soon, and never a panic.

use std::time::{Duration, Instant};

use piccolo_codegen::diagnostic::Code;
use piccolo_codegen::source::Sources;
use piccolo_codegen::{format, print, schema_from_str};

/// The codes of what is found in a schema, each once, in order of their places; the findings are rendered as well.
fn codes(text: &str) -> Vec<Code> {
    let begun = Instant::now();
    let diagnostics = match schema_from_str("schema.piccolo", text) {
        Ok(lowered) => lowered.warnings,
        Err(diagnostics) => diagnostics,
    };
    let rendered = diagnostics.render(true);
    // Generous, because this runs unoptimised on a busy machine: what is quadratic takes minutes.
    assert!(begun.elapsed() < Duration::from_secs(120), "took {:?}", begun.elapsed());
    assert!(
        rendered.len() < 4_000 * diagnostics.len().max(1),
        "{} bytes for {} findings",
        rendered.len(),
        diagnostics.len()
    );
    let mut codes: Vec<Code> = diagnostics.iter().map(|diagnostic| diagnostic.code).collect();
    codes.dedup();
    codes
}

#[test]
fn ten_thousand_nested_brackets_are_too_deep() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{", "}"), ("a(", ")"), ("[(", ")]")] {
        let nested = format!("{}{}", open.repeat(10_000), close.repeat(10_000));
        assert_eq!(codes(&format!("table Band {{\n    name: Array({nested})\n}}\n")), [Code::TooDeep]);
        assert_eq!(codes(&format!("table Band {{\n    name: Array({}", open.repeat(10_000))), [Code::TooDeep]);
        assert!(codes(&nested).contains(&Code::TooDeep));
        // What an unterminated text hides from the scanner must not reach the parser either.
        let hidden = codes(&format!("table Band {{\n    name: \"{}\n}}\n", open.repeat(10_000)));
        assert_eq!(hidden, [Code::UnterminatedText]);
    }
}

#[test]
fn a_line_of_a_megabyte_is_read_and_only_its_mistakes_are_shown() {
    let long = "x".repeat(1 << 20);
    assert_eq!(codes(&format!("table Band {{ name: Text(default = \"{long}\") }}")), []);
    assert_eq!(codes(&format!("table Band {{ name: Text(default = \"{long}\") oops: Intger }}")), [Code::UnknownType]);
    assert_eq!(codes(&format!("table {long} {{ name: Text }}")), [Code::NameTooLong]);
    assert_eq!(codes(&format!("// {long}\ntable Band {{ name: Text }}")), []);
    assert_eq!(codes(&"é".repeat(1 << 19)), [Code::NotADeclaration]);
    let columns: String = (0..60_000).map(|number| format!("c{number}: Text ")).collect();
    assert_eq!(codes(&format!("table Band {{ {columns} }}")), [Code::TooMany]);
}

#[test]
fn a_schema_of_ten_thousand_lines_is_read() {
    let table = |number: usize| {
        let columns: String = (0..7).map(|column| format!("    column_{column}: Integer\n")).collect();
        format!("table Table{number} {{\n{columns}}}\n\n")
    };
    let text: String = (0..1_000).map(table).collect();
    let lowered = schema_from_str("schema.piccolo", &text).unwrap();
    assert_eq!(lowered.schema.tables.len(), 1_000);
    assert_eq!(print::source(&piccolo_codegen::syntax::parse(&sources(&text), 0).0), text.trim_end().to_owned() + "\n");
}

#[test]
fn ten_thousand_lines_of_mistakes_are_all_reported() {
    let columns: String = (0..10_000).map(|number| format!("    column{number}: Intger\n")).collect();
    assert_eq!(codes(&format!("table Band {{\n{columns}}}\n")), [Code::TooMany, Code::UnknownType]);
    assert_eq!(codes(&"name Text\n".repeat(10_000)), [Code::NotADeclaration]);
    assert_eq!(codes(&format!("table Band {{\n{}}}\n", "    name Text\n".repeat(10_000))), [Code::UnexpectedToken]);
    assert_eq!(codes(&"table\n".repeat(10_000)), [Code::UnexpectedToken]);
    assert_eq!(
        codes(&format!("table Band {{\n    oops{}\n    name: Text\n}}\n", "\n".repeat(10_000))),
        [Code::UnexpectedEnd]
    );
}

#[test]
fn long_chains_of_mixins_and_of_keys_are_followed() {
    let mixins: String = (1..2_000).map(|number| format!("mixin M{number}: M{} {{}}\n", number - 1)).collect();
    assert_eq!(codes(&format!("mixin M0 {{ name: Text }}\n{mixins}table Band: M1999 {{}}\n")), []);
    let keys: String = (0..3_000)
        .map(|number| format!("table T{number} {{ key: ForeignKey(T{}, primary_key) }}\n", number + 1))
        .collect();
    let chain = format!("{keys}table T3000 {{ key: UUID(primary_key) }}\n");
    assert_eq!(codes(&chain), []);
    assert_eq!(codes(&format!("{keys}table T3000 {{ key: ForeignKey(T0, primary_key) }}\n")), [Code::KeyCycle]);
}

#[test]
fn line_ends_and_a_byte_order_mark_make_no_difference() {
    let text = "/// A band.\ntable Band {\n    // A comment.\n    name: Varchar(length = 3) // Another.\n}\n";
    let plain = schema_from_str("schema.piccolo", text).unwrap().schema;
    let dressed = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    assert_eq!(schema_from_str("schema.piccolo", &dressed).unwrap().schema, plain);
    assert_eq!(format("schema.piccolo", dressed.as_bytes()).as_deref(), Ok(text));
}

#[test]
fn the_first_byte_that_is_not_utf8_is_shown() {
    let message =
        Sources::new().add_bytes("schema.piccolo", b"\xef\xbb\xbftable A {\r\n  \xff\r\n}").unwrap_err().to_string();
    assert!(message.contains("byte 16") && message.contains("schema.piccolo:2:3"), "{message}");
    assert!(Sources::new().add_bytes("schema.piccolo", b"\xff\xfet\0a\0b\0").is_err());
}

/// The sources of one file.
fn sources(text: &str) -> Sources {
    let mut sources = Sources::new();
    sources.add("schema.piccolo", text);
    sources
}
