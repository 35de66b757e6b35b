//! Every mistake and the words that its author reads. A case is a wrong schema in `cases/`; beside it stands what is
//! printed. `INSTA_UPDATE=always` writes the printed text anew.
#![expect(clippy::unwrap_used, reason = "a case that cannot be read is a broken test")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use piccolo_codegen::diagnostic::{Code, Diagnostics};
use piccolo_codegen::schema_from_sources;
use piccolo_codegen::source::Sources;
use piccolo_runtime::sql::Dialect;

/// The cases, in order of their names.
fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "piccolo"));
    paths.sort();
    paths
}

/// What is found in a case. A line `// file: name` begins another file, and `// engines: name` in the first line says the targets.
fn found(path: &Path) -> Diagnostics {
    let bytes = fs::read(path).unwrap();
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Sources::new().add_bytes("schema.piccolo", &bytes).unwrap_err();
    };
    let engines = text.lines().next().and_then(|line| line.strip_prefix("// engines: "));
    let targets: Vec<Dialect> = Dialect::ALL
        .into_iter()
        .filter(|dialect| engines.is_none_or(|engines| engines.contains(dialect.name())))
        .collect();
    let mut sources = Sources::new();
    for (number, part) in text.split("// file: ").enumerate() {
        match part.split_once('\n') {
            Some((name, rest)) if number > 0 => sources.add(name, rest),
            _ => sources.add("schema.piccolo", part),
        };
    }
    match schema_from_sources(&sources, &targets) {
        Ok(lowered) => lowered.warnings,
        Err(diagnostics) => diagnostics,
    }
}

#[test]
fn every_mistake_is_explained() {
    for path in cases() {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let rendered = found(&path).to_string();
        assert!(!rendered.is_empty(), "{name} is no mistake");
        insta::with_settings!({ snapshot_path => "cases", prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(name, rendered);
        });
    }
}

#[test]
fn every_code_has_a_case() {
    let found: BTreeSet<Code> =
        cases().iter().flat_map(|path| found(path).iter().map(|one| one.code).collect::<Vec<_>>()).collect();
    // What only a database refuses has its tests where there are databases.
    let missing: Vec<&Code> =
        Code::ALL.iter().filter(|code| !found.contains(code) && **code != Code::RefusedCondition).collect();
    assert!(missing.is_empty(), "no case has {missing:?}");
}

#[test]
fn colours_add_nothing_but_colours() {
    for path in cases() {
        let diagnostics = found(&path);
        let mut plain = String::new();
        let mut escape = false;
        for character in diagnostics.render(true).chars() {
            match character {
                '\u{1b}' => escape = true,
                'm' if escape => escape = false,
                _ if escape => {}
                other => plain.push(other),
            }
        }
        assert_eq!(plain, diagnostics.render(false), "{}", path.display());
    }
}
