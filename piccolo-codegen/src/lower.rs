//! From trees to the schema model: what the files of a schema mean.
//!
//! | Module | Does |
//! |---|---|
//! | `symbols` | which name declares what |
//! | `mixins` | which lines a table has once its mixins are taken in |
//! | `enums` | enums |
//! | `tables`, `columns`, `types`, `arguments` | a table's header and columns, read from their arguments |
//! | `keys` | primary keys, and foreign keys with the types that they take from their targets |
//! | `reverse` | the ways back along foreign keys |
//! | `defaults`, `numbers`, `moments`, `intervals`, `json` | a default, in the one normal form of its value |
//! | `statements` | constraints and indexes |
//! | `names` | which names a database or Rust would refuse, and which two would meet |
//!
//! Nothing here stops at a mistake: every step leaves out what it cannot use, says so, and goes on, so that all
//! mistakes come out at once.

mod arguments;
mod columns;
mod context;
mod defaults;
mod enums;
mod intervals;
mod json;
mod keys;
mod mixins;
mod moments;
mod names;
mod numbers;
mod reverse;
mod statements;
mod symbols;
mod tables;
mod types;

use piccolo_runtime::schema::{QualifiedName, Schema};
use piccolo_runtime::sql::Dialect;

use crate::change::Renames;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::syntax::ast::Ast;

pub(crate) use columns::action_word;
pub(crate) use intervals::show as show_interval;
pub use mixins::BASE_USER;
#[cfg(feature = "arbitrary")]
pub(crate) use names::is_postgres_type;
#[cfg(any(feature = "arbitrary", feature = "cli"))]
pub(crate) use types::is_built_in as is_built_in_type;

/// What a schema's files mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lowered {
    /// The schema.
    pub schema: Schema,
    /// The renames that `was = "…"` hints at.
    pub renames: Renames,
    /// The tables that extend `BaseUser`.
    pub users: Vec<QualifiedName>,
    /// What is allowed and yet worth a look.
    pub warnings: Diagnostics,
}

/// Lowers the trees of a schema's files, whose order is that of the schema, for the engines of `targets`. The schema is complete where no
/// diagnostic is an error.
#[must_use]
pub fn lower(asts: &[Ast], targets: &[Dialect]) -> (Lowered, Vec<Diagnostic>) {
    let mixins = mixins::built_in();
    let mut context = context::Context::new(targets);
    context.symbols = symbols::collect(asts, &mixins, &mut context.diagnostics);
    let enums = enums::lower(&mut context);
    let mut drafts = tables::draft(&mut context);
    keys::choose_primary(&mut context, &mut drafts);
    keys::resolve(&mut context, &mut drafts);
    reverse::check(&mut context, &drafts);
    let tables: Vec<_> =
        (0..drafts.len()).filter_map(|position| statements::finish(&mut context, &mut drafts, position)).collect();
    mixins::check(&mut context);
    names::check(&mut context, &drafts, &tables);
    let users = drafts.iter().filter(|draft| draft.user).map(|draft| draft.sql_name.clone()).collect();
    let schema = Schema { enums: enums.into(), tables: tables.into() };
    let (renames, diagnostics) = context.finish();
    (Lowered { schema, renames, users, warnings: Diagnostics::default() }, diagnostics)
}

#[cfg(test)]
mod tests {
    use crate::{print, schema_from_str};

    #[test]
    fn the_example_of_the_manual_is_lowered_and_printed() {
        let text = "
            /// Looks after bands.
            table Manager { name: Varchar(length = 100) }
            table Band {
                name: Varchar(length = 100)
                manager: ForeignKey(Manager, null, on_delete = set_null)
                popularity: Integer(default = 0)
                genre: Genre(default = rock)
                index(popularity desc, name)
                check(\"popularity >= 0\")
            }
            enum Genre { rock, jazz, folk }
        ";
        let lowered = schema_from_str("schema.piccolo", text).unwrap();
        let printed = print::schema(&lowered.schema);
        assert_eq!(schema_from_str("printed.piccolo", &printed).unwrap().schema, lowered.schema, "{printed}");
        assert_eq!(
            printed,
            "\
enum Genre { rock, jazz, folk }

/// Looks after bands.
table Manager {
    id: BigSerial(primary_key)
    name: Varchar(length = 100)
}

table Band {
    id: BigSerial(primary_key)
    name: Varchar(length = 100)
    manager: ForeignKey(Manager, null, on_delete = set_null, on_update = no_action)
    popularity: Integer(default = 0)
    genre: Genre(default = rock)

    index(popularity desc, name)
    check(\"popularity >= 0\")
}
"
        );
    }

    #[test]
    fn tables_that_extend_base_user_are_listed() {
        let lowered =
            schema_from_str("schema.piccolo", "table User: BaseUser (tablename = \"custom_user\") {}").unwrap();
        assert_eq!(lowered.users.iter().map(ToString::to_string).collect::<Vec<_>>(), ["custom_user"]);
        let user = &lowered.schema.tables[0];
        let names: Vec<_> = user.columns.iter().map(|column| column.name.as_ref()).collect();
        assert_eq!(names, ["id", "username", "password", "email", "active", "admin", "superuser", "last_login"]);
        assert!(user.column("password").unwrap().secret);
    }
}
