//! What the README and the guide say apart from Rust: schemas, links, and tables that must not fall behind the code.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use piccolo_codegen::source::Sources;
use piccolo_runtime::config::File;
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Result};
use piccolo_tests::on_both;

use crate::fixture::d3;
use crate::fixture::tables::Band;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The pages of the guide, by their names without the ending. `links.md` is no page.
fn pages() -> Vec<(String, String)> {
    let folder = root().join("piccolo-runtime/src/guide");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut pages: Vec<(String, String)> = files
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .filter(|(name, _)| name != "links")
        .collect();
    pages.sort();
    assert!(pages.len() >= 10, "{pages:?}");
    pages
}

fn page(name: &str) -> String {
    pages().into_iter().find(|(page, _)| page == name).map(|(_, text)| text).unwrap()
}

fn readme() -> String {
    std::fs::read_to_string(root().join("README.md")).unwrap()
}

/// The blocks of code of a page: what stands behind the fence, and the text. One inside of a list is moved to the margin.
fn blocks(text: &str) -> Vec<(String, String)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let Some((margin, kind)) = line.split_once("```") else { continue };
        let body =
            lines.by_ref().map(|line| line.strip_prefix(margin).unwrap_or(line)).take_while(|line| *line != "```");
        let body: Vec<&str> = body.collect();
        blocks.push((kind.to_owned(), body.join("\n") + "\n"));
    }
    blocks
}

/// The README's first query, word for word.
async fn first_query(db: Engine) -> Result<Vec<(String, Option<String>)>> {
    let rows: Vec<(String, Option<String>)> = Band::select((Band.name, Band.manager.name))
        .where_(Band.popularity.gte(1000))
        .order_by(Band.name.asc())
        .run(&db)
        .await?;
    Ok(rows)
}

/// The README's other Rust is the walk's.
#[test]
fn the_readmes_first_query_runs_as_it_stands_there() {
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (_, first) = blocks(&readme()).into_iter().find(|(kind, _)| kind == "rust").unwrap();
    assert!(words(include_str!("guide.rs")).contains(&words(&first)), "{first}");
    on_both(async |db| {
        let rows = first_query(d3(db).await).await.unwrap();
        let expected = [("Pythonistas", "Guido"), ("Rustaceans", "Graydon")];
        assert_eq!(rows, expected.map(|(band, manager)| (band.to_owned(), Some(manager.to_owned()))));
    });
}

/// The text of a page without its blocks of code.
fn prose(text: &str) -> String {
    let mut inside = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            inside = !inside;
        } else if !inside {
            lines.push(line);
        }
    }
    lines.join("\n")
}

#[test]
fn every_schema_in_the_readme_and_the_guide_is_a_schema() {
    let mut count = 0;
    for (name, text) in pages().into_iter().chain([("README".to_owned(), readme())]) {
        for (kind, schema) in blocks(&text) {
            let targets: &[Dialect] = match kind.as_str() {
                "piccolo" => &Dialect::ALL,
                "piccolo,postgres" => &[Dialect::Postgres],
                other => {
                    assert!(!other.starts_with("piccolo"), "{name}: {other}");
                    continue;
                }
            };
            count += 1;
            let mut sources = Sources::new();
            sources.add(&name, &schema);
            // A line of the Python manual stands beside its own alone.
            if name == "translation" && !schema.contains("table Manager") {
                sources.add("the manual's other table", "table Manager { name: Text }");
            }
            match piccolo_codegen::schema_from_sources(&sources, targets) {
                Ok(lowered) => assert!(lowered.warnings.is_empty(), "{}\n{schema}", lowered.warnings),
                Err(diagnostics) => panic!("{diagnostics}\n{schema}"),
            }
            // And laid out as `fmt` does it.
            assert_eq!(piccolo_codegen::format(&name, schema.as_bytes()).unwrap(), schema, "{name}");
        }
    }
    assert!(count > 10, "{count} schemas");
}

/// The definitions `[name]: target` of a text.
fn definitions(text: &str) -> Vec<(&str, &str)> {
    let parts = text.lines().filter_map(|line| line.strip_prefix('[')?.split_once("]: "));
    parts.collect()
}

/// The names between the second brackets of links such as `[text][name]`.
fn used(prose: &str) -> BTreeSet<&str> {
    prose.split("][").skip(1).filter_map(|rest| Some(rest.split_once(']')?.0)).collect()
}

/// The anchors that headings of a page have, in rustdoc as on GitHub.
fn anchors(text: &str) -> Vec<String> {
    let anchor = |heading: &str| {
        let kept = heading.to_lowercase().replace(' ', "-");
        kept.chars().filter(|character| character.is_alphanumeric() || matches!(character, '-' | '_')).collect()
    };
    let text = prose(text);
    text.lines()
        .filter_map(|line| line.trim_start_matches('#').strip_prefix(' ').filter(|_| line.starts_with('#')))
        .map(anchor)
        .collect()
}

#[test]
fn every_link_of_the_guide_leads_somewhere_in_rustdoc_and_in_the_files_themselves() {
    let links = std::fs::read_to_string(root().join("piccolo-runtime/src/guide/links.md")).unwrap();
    let in_rustdoc = definitions(&links);
    let mut all = BTreeSet::new();
    for (name, text) in pages() {
        let prose = prose(&text);
        assert!(!prose.contains("](crate"), "{name}: a link that only rustdoc understands");
        let here: BTreeSet<&str> = definitions(&prose).into_iter().map(|(link, _)| link).collect();
        assert_eq!(here, used(&prose), "{name}: the links that are used, and those that the page's last lines define");
        for (link, target) in definitions(&prose) {
            let (page, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target_of_rustdoc = in_rustdoc.iter().find(|(known, _)| *known == link).map(|(_, target)| *target);
            if let Some((_, led_to)) = pages().iter().find(|(known, _)| known == page) {
                assert!(anchor.is_empty() || anchors(led_to).iter().any(|known| known == anchor), "{name}: {link}");
                assert_eq!(target, link.replacen(page, &format!("{page}.md"), 1), "{name}");
                assert_eq!(target_of_rustdoc, Some(format!("crate::guide::{link}").as_str()), "{name}");
            } else {
                // Rustdoc itself checks whether there is such an item.
                let item = link.rsplit("::").next().unwrap();
                assert!(
                    target.starts_with("https://docs.rs/piccolo-runtime/latest/piccolo_runtime/"),
                    "{name}: {target}"
                );
                assert!(target.contains(item), "{name}: {target}");
                assert!(target_of_rustdoc.is_some_and(|known| known.ends_with(link)), "{name}: {link}");
            }
            all.insert(link.to_owned());
        }
    }
    let defined: BTreeSet<String> = in_rustdoc.iter().map(|(link, _)| (*link).to_owned()).collect();
    assert_eq!(all, defined, "the links of the pages, and those that links.md defines");
}

#[test]
fn every_page_of_the_guide_begins_with_an_example_that_says_what_it_uses() {
    for (name, text) in pages() {
        let Some((_, first)) = blocks(&text).into_iter().find(|(kind, _)| kind.starts_with("rust")) else { continue };
        assert!(first.lines().any(|line| line.starts_with("use tables::")), "{name}:\n{first}");
    }
}

#[test]
fn the_readme_leads_to_every_page_of_the_guide() {
    let readme = readme();
    for (name, text) in pages() {
        let link = format!("](piccolo-runtime/src/guide/{name}.md");
        assert!(readme.contains(&format!("{link})")), "{name}");
        for rest in readme.split(&format!("{link}#")).skip(1) {
            let anchor = rest.split(')').next().unwrap();
            assert!(anchors(&text).iter().any(|known| known == anchor), "{name}.md#{anchor}");
        }
    }
}

/// The rows of the tables below a heading: the cells of each, without the heads.
fn rows(page: &str, heading: &str) -> Vec<Vec<String>> {
    let page = prose(page);
    let (_, section) = page.split_once(&format!("\n# {heading}\n")).unwrap();
    let section = section.split("\n# ").next().unwrap();
    let cells = |line: &str| line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let lines: Vec<&str> = section.lines().collect();
    let is_row = |at: usize| lines[at].starts_with('|') && !lines[at].starts_with("|-");
    let is_head = |at: usize| lines.get(at + 1).is_some_and(|next| next.starts_with("|-"));
    (0..lines.len()).filter(|at| is_row(*at) && !is_head(*at)).map(|at| cells(lines[at])).collect()
}

/// A cell without its backticks.
fn code(cell: &str) -> &str {
    cell.strip_prefix('`').and_then(|cell| cell.strip_suffix('`')).unwrap_or(cell)
}

#[test]
fn the_table_of_piccolo_toml_has_the_keys_that_are_read() {
    let table = rows(&page("engines"), "piccolo.toml");
    let (top, database) = table.split_at(4);
    let keys = |rows: &[Vec<String>]| rows.iter().map(|row| code(&row[0]).to_owned()).collect::<BTreeSet<_>>();
    // The error for a key that resembles none lists all that there are.
    let known = |text: &str| {
        let error = File::parse(text, Path::new("piccolo.toml")).unwrap_err().to_string();
        let (_, list) = error.split_once("the keys are `").unwrap();
        list.trim_end_matches('`').split("`, `").map(str::to_owned).collect::<BTreeSet<_>>()
    };
    let mut all = keys(top);
    all.insert("database".to_owned());
    assert_eq!(all, known("zzzzzzzzzzzzzzzz = 1"));
    assert_eq!(keys(database), known("[database]\nzzzzzzzzzzzzzzzz = 1"));

    // Every example can be written as it stands.
    let lines = |rows: &[Vec<String>]| {
        rows.iter().map(|row| format!("{} = {}\n", code(&row[0]), code(&row[3]))).collect::<String>()
    };
    let text = format!("{}[database]\n{}", lines(top), lines(database));
    let file = File::parse(&text, Path::new("piccolo.toml")).unwrap();
    assert_eq!(file.database.engine.max_connections, Some(20), "{text}");
}

#[test]
fn the_crates_that_the_guide_names_are_those_of_the_workspace() {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let table = rows(&page("getting_started"), "What else stands in Cargo.toml");
    assert!(table.len() >= 7, "{table:?}");
    for row in table {
        let (name, version) = (code(&row[0]), &row[1]);
        let known = [format!("\n{name} = \"{version}\""), format!("\n{name} = {{ version = \"{version}\"")];
        assert!(known.iter().any(|line| manifest.contains(line)), "{name} {version}");
    }
}
