//! The embedded migrations.

use piccolo_runtime::migrate::{Migration, Scripts};
use syn::{Expr, Item, ItemStatic, parse_quote};

use super::nodes::{array, borrowed_list, call, name, number, path, raw_text, record, text, word};

/// `MIGRATIONS`, and the list behind it.
pub(super) fn items(migrations: &[Migration]) -> Vec<Item> {
    let count = number(migrations.len());
    let mut list: ItemStatic = parse_quote! {
        static LIST: [rt::migrate::Migration; #count] = ();
    };
    *list.expr = array(migrations.iter().map(migration));
    vec![
        parse_quote! {
            /// The migrations of the application: `MIGRATIONS.forwards(&db)` applies those that are pending.
            pub static MIGRATIONS: rt::migrate::Migrations = rt::migrate::Migrations::embedded(&LIST);
        },
        Item::Static(list),
    ]
}

fn migration(migration: &Migration) -> Expr {
    let Migration { id, parents, sqlite, postgres } = migration;
    let fields = [
        (word("id"), call(path("rt::text"), [text(id)])),
        (word("parents"), borrowed_list(parents, |parent| call(path("rt::text"), [text(parent)]))),
        (word("sqlite"), scripts(sqlite.as_ref())),
        (word("postgres"), scripts(postgres.as_ref())),
    ];
    record(path("rt::migrate::Migration"), fields)
}

/// The two files of an engine, as they are in the folder.
fn scripts(scripts: Option<&Scripts>) -> Expr {
    let Some(Scripts { up, down }) = scripts else { return name(path("None")) };
    let fields =
        [("up", up), ("down", down)].map(|(field, script)| (word(field), call(path("rt::text"), [raw_text(script)])));
    call(path("Some"), [record(path("rt::migrate::Scripts"), fields)])
}
