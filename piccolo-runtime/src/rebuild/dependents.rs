//! What the database hangs on its tables, and SQLite takes along when one is dropped.

use super::Work;
use crate::ask::{all, first, run};
use crate::ddl::Rebuilt;
use crate::sql::{Dialect, Token, Tokens, identifier, literal};
use crate::transaction::Transaction;
use crate::{Error, Result};

/// An object that is not a table, with the text that made it.
#[derive(Clone, Debug)]
struct Object {
    kind: String,
    name: String,
    /// The table or view that a trigger or an index belongs to.
    owner: String,
    sql: String,
}

/// What the database hangs on its tables, read before a rebuild.
pub(crate) struct Dependents {
    views_and_triggers: Vec<Object>,
    indexes: Vec<Object>,
    /// The highest key that AUTOINCREMENT has given away, by table.
    marks: Vec<(String, i64)>,
    /// What could be compiled before, and so must be after.
    sound: Vec<Probe>,
}

/// A statement that is only compiled, to see whether a view or trigger still fits its tables. It is run as a script, because one that is kept
/// prepared would not be compiled again: an `EXPLAIN` does not look whether the schema has changed. It asks for the query plan: the list of
/// instructions, which a bare `EXPLAIN` gives, has made SQLite crash where a trigger takes part.
struct Probe {
    object: String,
    sql: String,
}

impl Dependents {
    /// Reads them.
    pub(crate) async fn read(transaction: &Transaction, tables: &[Rebuilt]) -> Result<Self> {
        let objects = all(transaction, "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE type <> 'table' AND sql IS NOT NULL ORDER BY rowid", |row| {
                Ok(Object { kind: row.get(0)?, name: row.get(1)?, owner: row.get(2)?, sql: row.get(3)? })
            })
            .await?;
        let (indexes, views_and_triggers): (Vec<Object>, Vec<Object>) =
            objects.into_iter().partition(|object| object.kind == "index");
        let is_rebuilt = |name: &str| tables.iter().any(|rebuilt| rebuilt.table.eq_ignore_ascii_case(name));
        let indexes = indexes.into_iter().filter(|index| is_rebuilt(&index.owner)).collect();
        let mut dependents = Self { views_and_triggers, indexes, marks: Vec::new(), sound: Vec::new() };
        if exists(transaction, "sqlite_sequence").await? {
            let marks = all(transaction, "SELECT name, seq FROM sqlite_sequence", |row| Ok((row.get(0)?, row.get(1)?)));
            dependents.marks = marks.await?.into_iter().filter(|(name, _): &(String, i64)| is_rebuilt(name)).collect();
        }
        for probe in dependents.probes(transaction).await? {
            if compiles(transaction, &probe).await? {
                dependents.sound.push(probe);
            }
        }
        Ok(dependents)
    }

    /// The statements that take them away.
    pub(crate) fn take_away(&self) -> Vec<String> {
        // Triggers first, because those of a view go with it.
        let (views, triggers): (Vec<&Object>, Vec<&Object>) =
            self.views_and_triggers.iter().partition(|object| object.kind == "view");
        let drop = |object: &Object| format!("DROP {} {}", object.kind.to_uppercase(), identifier(&object.name));
        triggers.into_iter().chain(views).map(drop).collect()
    }

    /// The statements that bring them back after those of the work: an index that it neither makes anew nor drops by name is one that it
    /// does not know, and is kept.
    pub(crate) fn bring_back(&self, work: &Work) -> Vec<String> {
        let mentions =
            |verb, index: &Object| work.statements.iter().any(|statement| is_of_index(statement, verb, &index.name));
        let lost = self.indexes.iter().filter(|index| !mentions("create", index) && !mentions("drop", index));
        let mut statements: Vec<String> =
            lost.chain(&self.views_and_triggers).map(|object| object.sql.clone()).collect();
        let counts_up =
            work.statements.iter().any(|statement| statement.to_ascii_uppercase().contains("AUTOINCREMENT"));
        if counts_up {
            statements.extend(self.marks.iter().flat_map(|(table, mark)| restore_mark(table, *mark)));
        }
        statements
    }

    /// Makes sure that every view and trigger that made sense before still does.
    pub(crate) async fn check(&self, transaction: &Transaction) -> Result<(), String> {
        for probe in &self.sound {
            match run(transaction, probe.sql.clone()).await {
                Ok(()) => {}
                Err(error) => {
                    return Err(format!(
                        "the {} would no longer work: {error}; drop it in a step before, and create it anew in a step after",
                        probe.object
                    ));
                }
            }
        }
        Ok(())
    }

    /// What to compile for every view, and for every table or view that has triggers.
    async fn probes(&self, transaction: &Transaction) -> Result<Vec<Probe>> {
        let mut probes = Vec::new();
        for object in &self.views_and_triggers {
            let (what, owner) = (format!("{} {}", object.kind, object.name), identifier(&object.owner));
            let mut probe = |sql: String| probes.push(Probe { object: what.clone(), sql });
            if object.kind == "view" {
                probe(format!("EXPLAIN QUERY PLAN SELECT * FROM {}", identifier(&object.name)));
                continue;
            }
            probe(format!("EXPLAIN QUERY PLAN DELETE FROM {owner}"));
            let query = format!("SELECT name FROM pragma_table_info({}) LIMIT 1", literal(&object.owner));
            if let Some(column) = first(transaction, query, |row| row.get::<String>(0)).await? {
                let column = identifier(&column);
                probe(format!("EXPLAIN QUERY PLAN UPDATE {owner} SET {column} = {column}"));
                probe(format!("EXPLAIN QUERY PLAN INSERT INTO {owner} ({column}) VALUES (NULL)"));
            }
        }
        Ok(probes)
    }
}

/// Whether an object of this name exists.
async fn exists(transaction: &Transaction, name: &str) -> Result<bool> {
    let query = format!("SELECT 1 FROM sqlite_schema WHERE name = {}", literal(name));
    Ok(first(transaction, query, |row| row.get::<i64>(0)).await?.is_some())
}

/// Whether the statement can be compiled. It is tried inside a savepoint, because a failed statement ends what it stands in.
async fn compiles(transaction: &Transaction, probe: &Probe) -> Result<bool> {
    let savepoint = transaction.begin().await?;
    let result = run(&savepoint, probe.sql.clone()).await;
    savepoint.rollback().await?;
    match result {
        Ok(()) => Ok(true),
        Err(Error::Connection { message }) => Err(Error::Connection { message }),
        Err(_) => Ok(false),
    }
}

/// The statements that keep AUTOINCREMENT from giving away a key twice.
fn restore_mark(table: &str, mark: i64) -> [String; 2] {
    let name = literal(table);
    [
        format!("UPDATE sqlite_sequence SET seq = {mark} WHERE name = {name} AND seq < {mark}"),
        format!(
            "INSERT INTO sqlite_sequence (name, seq) SELECT {name}, {mark} WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = {name}) \
             AND EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = {name} AND sql LIKE '%AUTOINCREMENT%')"
        ),
    ]
}

/// Whether the statement creates or drops (`verb`) the index of this name.
fn is_of_index(statement: &str, verb: &str, index: &str) -> bool {
    let mut tokens = Tokens::of(statement, Dialect::Sqlite)
        .filter(|token| !matches!(token, Token::Space(_) | Token::Comment(_)))
        .peekable();
    let mut skip = |word: &str| tokens.next_if(|token| token.text().eq_ignore_ascii_case(word)).is_some();
    let verb_fits = skip(verb);
    skip("unique");
    let fits = verb_fits && skip("index");
    for word in ["if", "not", "exists"] {
        skip(word);
    }
    fits && tokens.next().is_some_and(|name| unquoted(name.text()).eq_ignore_ascii_case(index))
}

/// A name without its quotes.
pub(crate) fn unquoted(name: &str) -> String {
    let inner = |quote: &str| Some((name.strip_prefix(quote)?.strip_suffix(quote)?, quote.repeat(2)));
    for quote in ["\"", "`", "'"] {
        if let Some((inner, twice)) = inner(quote) {
            return inner.replace(&twice, quote);
        }
    }
    name.to_owned()
}
