//! `migration new`: a migration to write by hand, or one that creates some tables.

use std::borrow::Cow;

use clap::Args;
use piccolo_runtime::schema::{QualifiedName, Schema, Table};

use crate::change::Decisions;
use crate::cli::diff::{Work, Writing, print_files};
use crate::cli::exit::{Failure, Outcome, Status};
use crate::cli::id;
use crate::cli::terminal::Terminal;
use crate::config::Settings;
use crate::diagnostic::nearest;
use crate::migration::blank_files;
use crate::plan::{self, Options};

/// What `migration new` takes.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// What the migration is called.
    #[arg(long)]
    name: String,
    /// Create this table of the schema (repeatable); without it the migration is empty.
    #[arg(short = 'c', long = "create", value_name = "TABLE")]
    create: Vec<String>,
    /// Write nothing; print the files that would be written.
    #[arg(long)]
    dry_run: bool,
    /// Prove nothing: do not try the migration on scratch databases. Its files say so.
    #[arg(long)]
    no_verify: bool,
}

/// Runs the command.
pub(super) fn run(arguments: &Arguments, settings: &Settings, terminal: &Terminal) -> Outcome {
    let slug = id::slug(&arguments.name)?;
    let mut work = Work::read(settings)?;
    if arguments.create.is_empty() {
        let id = work.next_id(&slug);
        let files = blank_files(&id, &work.parents()?, &settings.engines);
        if arguments.dry_run {
            print_files(&id, &files, terminal);
            return Ok(Status::Fine);
        }
        terminal.data(work.write_files(&id, &files, None)?);
        terminal.say("write its SQL by hand; the snapshot stays as it is");
        return Ok(Status::Fine);
    }
    work.new.schema = with_tables(&work.old, &work.new.schema, &arguments.create)?;
    let decisions = Decisions::default();
    let options = Options { online: settings.online };
    let outcome = plan::author(&work.old, &work.new.schema, &decisions, &settings.engines, options)
        .map_err(Failure::bad_input)?;
    match outcome.authored {
        Some(authored) => {
            let how = Writing { dry_run: arguments.dry_run, verify: !arguments.no_verify };
            work.write(&authored, &decisions, &slug, how, terminal)
        }
        None => Err(Failure::bad_input("there is nothing to create")),
    }
}

/// The old schema and the named tables of the new one, with the enums that they use.
fn with_tables(old: &Schema, new: &Schema, names: &[String]) -> Result<Schema, Failure> {
    let mut tables = old.tables.to_vec();
    let mut enums = old.enums.to_vec();
    for name in names {
        let known = || new.tables.iter().map(|table| table.name.as_ref());
        let Some(table) = new.tables.iter().find(|table| table.name == *name || table.sql_name.name == *name) else {
            let help = nearest(name, known()).map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            return Err(Failure::bad_input(format!("the schema has no table `{name}`{help}")));
        };
        if old.table(&table.sql_name).is_some() {
            return Err(Failure::bad_input(format!("a migration creates the table `{}` already", table.name)));
        }
        tables.push(table.clone());
        for used in new.enums.iter().filter(|used| uses(table, &used.sql_name)) {
            if enums.iter().all(|known| known.sql_name != used.sql_name) {
                enums.push(used.clone());
            }
        }
    }
    let schema = Schema { enums: Cow::Owned(enums), tables: Cow::Owned(tables) };
    let mut keys = schema.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    match keys.find(|(_, key)| schema.table(&key.target).is_none()) {
        Some((table, key)) => Err(Failure::bad_input(format!(
            "`{}` points to `{}`, which no migration creates; name that table as well: `-c {}`",
            table.name, key.target, key.target
        ))),
        None => Ok(schema.clone()),
    }
}

/// Whether a column of the table has this enum's type.
fn uses(table: &Table, name: &QualifiedName) -> bool {
    table.columns.iter().any(|column| column.ty.enumeration() == Some(name))
}
