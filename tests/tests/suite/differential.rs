//! SQLite, Postgres and a plain evaluation in memory agree on random queries over random tables.
//!
//! `PROPTEST_CASES=10000 cargo test -p piccolo-tests --test suite differential` runs more cases. A failure is shrunk, its seed is printed and
//! kept in `proptest-regressions/`.

mod ask;
mod draw;
mod plain;
mod values;
mod world;

use std::cell::Cell;

use ask::Ask;
use piccolo_runtime::query::tree::{Delete, Expr, Item, Select};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error, Row, Statement, Value};
use piccolo_tests::TestDb;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{FileFailurePersistence, TestCaseError, TestRunner};
use world::World;

/// What a case is made of: a schema, rows, and queries.
type Case = (Vec<u16>, Vec<Vec<u16>>, Vec<Vec<u16>>);

fn case() -> impl Strategy<Value = Case> {
    (vec(any::<u16>(), 0..70), vec(vec(any::<u16>(), 0..12), 0..24), vec(vec(any::<u16>(), 0..70), 1..24))
}

/// An empty database of each engine.
struct Engines(Vec<(Engine, TestDb)>);

impl Engines {
    fn open() -> Self {
        let open = |dialect| {
            let db = TestDb::new(dialect);
            (Engine::connect_sync(db.url()).unwrap(), db)
        };
        Self(Dialect::ALL.map(open).into())
    }
}

/// Runs a check on every engine for many cases.
fn for_each_case(cases: u32, check: impl Fn(&World, &Engine, &[Vec<u16>]) -> Result<(), TestCaseError>) {
    let engines = Engines::open();
    let more = std::env::var_os("PROPTEST_CASES").is_some();
    let config = ProptestConfig::default();
    let config = ProptestConfig {
        cases: if more { config.cases * cases / 32 } else { cases },
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("proptest-regressions"))),
        source_file: Some(file!()),
        max_shrink_iters: 4000,
        ..config
    };
    let outcome = TestRunner::new(config).run(&case(), |(schema, rows, queries)| {
        let world = World::draw(&schema, &rows);
        for (engine, _) in &engines.0 {
            world.create(engine);
            let checked = check(&world, engine, &queries);
            world.drop(engine);
            checked?;
        }
        Ok(())
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

/// A value by what it means: numbers of any width are one, and so are decimals with and without zeros at their end.
fn meaning(value: &Value) -> String {
    match value {
        Value::SmallInt(number) => number.to_string(),
        Value::Integer(number) => number.to_string(),
        Value::BigInt(number) => number.to_string(),
        // Sums of floats depend on the order of their parts in the last digits; and zero has two signs.
        Value::Real(number) => format!("{:.5e}", number + 0.0),
        Value::DoublePrecision(number) => format!("{:.9e}", number + 0.0),
        Value::Numeric(number) => number.normalize().to_string(),
        Value::Text(text) | Value::Enum(text) => format!("{text:?}"),
        other => format!("{other:?}"),
    }
}

fn meanings(rows: &[Vec<Value>]) -> Vec<String> {
    rows.iter().map(|row| row.iter().map(meaning).collect::<Vec<_>>().join(" | ")).collect()
}

/// The rows of a select, or the error as one. None where Postgres left the range of a number type: it may look at a condition for rows of
/// a joined table to which no row points, which the plain evaluation does not.
fn shown(engine: &Engine, result: piccolo_runtime::Result<Vec<Row>>, ordered: bool) -> Option<Vec<String>> {
    let postgres = engine.dialect() == Dialect::Postgres;
    let rows = match result {
        Ok(rows) => rows,
        Err(Error::InvalidValue { reason, .. }) if postgres && reason.ends_with("out of range") => return None,
        Err(error) => return Some(vec![format!("{}: {error}", error.kind())]),
    };
    let rows: Vec<Vec<Value>> = rows.iter().map(|row| row.values().to_vec()).collect();
    Some(sorted_unless(ordered, meanings(&rows)))
}

fn sorted_unless(ordered: bool, mut rows: Vec<String>) -> Vec<String> {
    if !ordered {
        rows.sort();
    }
    rows
}

/// The text that a select shows, run as it stands.
fn run_shown(select: &Select, engine: &Engine) -> piccolo_runtime::Result<Vec<Vec<Value>>> {
    let types: Vec<_> =
        select.items.iter().map(|item| piccolo_runtime::query::tree::type_of(&item.expr, &[select.root])).collect();
    let statement = Statement::from(select.display(engine.dialect()));
    piccolo_runtime::Exec::from(engine).fetch_all_sync(statement, move |row| {
        types
            .iter()
            .enumerate()
            .map(|(index, ty)| match ty {
                Some(ty) => row.value(index, ty).or_else(|_| row.dynamic(index)),
                None => row.dynamic(index),
            })
            .collect()
    })
}

/// The message of a failure.
fn failure(
    world: &World,
    engine: &Engine,
    query: &str,
    what: &str,
    expected: &[String],
    found: &[String],
) -> TestCaseError {
    let (expected, found) = (expected.join("\n  "), found.join("\n  "));
    TestCaseError::fail(format!(
        "on {}, {what}\n{query}\nexpected\n  {expected}\nfound\n  {found}\nin\n{world}",
        engine.dialect()
    ))
}

#[test]
fn a_select_gives_the_rows_that_a_plain_evaluation_gives() {
    let (asked, compared) = (Cell::new(0_u32), Cell::new(0_u32));
    for_each_case(32, |world, engine, queries| {
        for choices in queries {
            asked.set(asked.get() + 1);
            let select = Ask::new(world, choices).select();
            let Ok(rows) = plain::rows(world, &select) else { continue };
            let ordered = !select.order_by.is_empty();
            let expected = sorted_unless(ordered, meanings(&rows));
            let Some(found) = shown(engine, select.clone().run_sync(engine), ordered) else { continue };
            if found != expected {
                let text = format!("{}\n{select:?}", select.display(engine.dialect()));
                return Err(failure(world, engine, &text, "a select gives other rows", &expected, &found));
            }
            compared.set(compared.get() + 1);
            let pasted = match run_shown(&select, engine) {
                Ok(rows) => sorted_unless(ordered, meanings(&rows)),
                Err(error) => vec![format!("{}: {error}", error.kind())],
            };
            if pasted != expected {
                let text = select.display(engine.dialect());
                return Err(failure(
                    world,
                    engine,
                    &text,
                    "the text that a select shows gives other rows",
                    &expected,
                    &pasted,
                ));
            }
        }
        Ok(())
    });
    // Queries that leave a range are left out, and must not be many.
    assert!(compared.get() * 4 > asked.get() * 3, "{} of {} were compared", compared.get(), asked.get());
}

#[test]
fn the_rows_of_a_condition_and_of_its_negation_and_where_it_is_null_are_all_rows() {
    for_each_case(32, |world, engine, queries| {
        for choices in queries {
            let (select, condition) = Ask::new(world, choices).condition();
            let mut unfiltered = select.clone();
            unfiltered.filter = Some(condition.clone());
            if plain::rows(world, &unfiltered).is_err() {
                continue;
            }
            let all = shown(engine, select.clone().run_sync(engine), false).unwrap();
            let parts =
                [condition.clone(), Expr::Not(Box::new(condition.clone())), Expr::IsNull(Box::new(condition.clone()))];
            let rows = |part| {
                let mut select = select.clone();
                select.filter(part);
                shown(engine, select.run_sync(engine), false)
            };
            let Some(found) = parts.into_iter().map(rows).collect::<Option<Vec<_>>>() else { continue };
            let found = sorted_unless(false, found.concat());
            if found != all {
                let text = format!("{}\n{unfiltered:?}", unfiltered.display(engine.dialect()));
                return Err(failure(world, engine, &text, "a condition does not part the rows", &all, &found));
            }
        }
        Ok(())
    });
}

#[test]
fn a_delete_takes_the_rows_that_a_select_with_its_condition_gives() {
    for_each_case(8, |world, engine, queries| {
        for choices in queries {
            let (mut select, condition) = Ask::new(world, choices).condition();
            select.filter(condition.clone());
            let Ok(rows) = plain::rows(world, &select) else { continue };
            let expected = sorted_unless(false, meanings(&rows));
            let returning = vec![Item { expr: Expr::column(0), name: "id".to_owned() }];
            let delete = Delete { table: select.root, filter: Some(condition), returning };
            let transaction = engine.begin_sync().unwrap();
            // Rows that are still pointed to cannot be deleted; then nothing is.
            let found = delete.clone().run_sync(&transaction);
            if matches!(found, Err(piccolo_runtime::Error::ForeignKeyViolation { .. })) {
                transaction.rollback_sync().unwrap();
                continue;
            }
            let found = shown(engine, found, false);
            transaction.rollback_sync().unwrap();
            let Some(found) = found else { continue };
            if found != expected {
                let text = delete.display(engine.dialect());
                return Err(failure(world, engine, &text, "a delete takes other rows", &expected, &found));
            }
        }
        Ok(())
    });
}
