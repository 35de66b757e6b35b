//! Constraints and indexes compared: what says the same on both sides, renames of tables and columns considered, stays, and at
//! most changes its name. Everything else goes or comes.

use piccolo_runtime::schema::{
    Check, ForeignKey, ForeignKeyRole, Index, IndexKey, IndexKeyKind, IndexMethod, PrimaryKey, QualifiedName, Text,
    Unique,
};

use super::resolve::Pairs;
use crate::change::Alteration;

/// The primary key of a table, by the table's old name.
pub(super) fn primary_key<'a>(
    pairs: &Pairs<'_>,
    table: &QualifiedName,
    from: &'a PrimaryKey,
    to: &'a PrimaryKey,
) -> Option<Alteration<'a>> {
    let PrimaryKey { name, columns } = from;
    if renamed_columns(pairs, table, columns).as_deref() != Some(&to.columns) {
        Some(Alteration::ModifyPrimaryKey { from, to })
    } else if *name != to.name {
        Some(Alteration::RenamePrimaryKey { from, to })
    } else {
        None
    }
}

/// The constraints or indexes of one kind of a table, by the table's old name.
pub(super) fn parts<'a, T: Part>(
    pairs: &Pairs<'_>,
    table: &QualifiedName,
    old: &'a [T],
    new: &'a [T],
) -> Vec<Alteration<'a>> {
    // An old thing with what it would say in the new schema.
    let mut left: Vec<(&'a T, Option<T>)> = old.iter().map(|thing| (thing, thing.renamed(pairs, table))).collect();
    let mut new: Vec<(&'a T, Option<&'a T>)> = new.iter().map(|thing| (thing, None)).collect();
    // One of the same name is preferred, so that two that say the same do not swap their names.
    for any_name in [false, true] {
        for (thing, found) in new.iter_mut().filter(|(_, found)| found.is_none()) {
            let meaning = thing.meaning();
            let same = left.iter().position(|(old, renamed)| {
                (any_name || old.name() == thing.name()) && renamed.as_ref() == Some(&meaning)
            });
            *found = same.map(|position| left.remove(position).0);
        }
    }
    let dropped = left.into_iter().map(|(old, _)| T::dropped(old));
    let changed = new.into_iter().filter_map(|(thing, old)| match old {
        None => Some(T::added(thing)),
        Some(old) if old.name() != thing.name() => Some(T::renamed_to(old, thing)),
        Some(_) => None,
    });
    dropped.chain(changed).collect()
}

/// A constraint or an index of which a table can have many.
pub(super) trait Part: PartialEq + Sized {
    /// Its name.
    fn name(&self) -> &Text;

    /// What it says: itself without its name and without what is no business of the database.
    fn meaning(&self) -> Self;

    /// What it would say in the new schema, on a table of this old name; `None` where it names something that goes.
    fn renamed(&self, pairs: &Pairs<'_>, table: &QualifiedName) -> Option<Self>;

    fn added(this: &Self) -> Alteration<'_>;
    fn dropped(this: &Self) -> Alteration<'_>;
    fn renamed_to<'a>(from: &'a Self, to: &'a Self) -> Alteration<'a>;
}

/// The name of everything that is compared without its name.
const NAMELESS: Text = Text::Borrowed("");

impl Part for Unique {
    fn name(&self) -> &Text {
        &self.name
    }

    fn meaning(&self) -> Self {
        let Self { name: _, columns } = self;
        Self { name: NAMELESS, columns: columns.clone() }
    }

    fn renamed(&self, pairs: &Pairs<'_>, table: &QualifiedName) -> Option<Self> {
        Some(Self { columns: renamed_columns(pairs, table, &self.columns)?.into(), ..self.meaning() })
    }

    fn added(this: &Self) -> Alteration<'_> {
        Alteration::AddUnique(this)
    }

    fn dropped(this: &Self) -> Alteration<'_> {
        Alteration::DropUnique(this)
    }

    fn renamed_to<'a>(from: &'a Self, to: &'a Self) -> Alteration<'a> {
        Alteration::RenameUnique { from, to }
    }
}

impl Part for Check {
    fn name(&self) -> &Text {
        &self.name
    }

    fn meaning(&self) -> Self {
        let Self { name: _, sqlite, postgres } = self;
        Self { name: NAMELESS, sqlite: sqlite.clone(), postgres: postgres.clone() }
    }

    /// The texts are the user's own, so only equal texts are taken as the same.
    fn renamed(&self, _: &Pairs<'_>, _: &QualifiedName) -> Option<Self> {
        Some(self.meaning())
    }

    fn added(this: &Self) -> Alteration<'_> {
        Alteration::AddCheck(this)
    }

    fn dropped(this: &Self) -> Alteration<'_> {
        Alteration::DropCheck(this)
    }

    fn renamed_to<'a>(from: &'a Self, to: &'a Self) -> Alteration<'a> {
        Alteration::RenameCheck { from, to }
    }
}

impl Part for Index {
    fn name(&self) -> &Text {
        &self.name
    }

    fn meaning(&self) -> Self {
        let Self { name: _, unique, keys, method, predicate } = self;
        // A B-tree is a B-tree whether it is said or not.
        let method = method.filter(|method| *method != IndexMethod::Btree);
        Self { name: NAMELESS, unique: *unique, keys: keys.clone(), method, predicate: predicate.clone() }
    }

    fn renamed(&self, pairs: &Pairs<'_>, table: &QualifiedName) -> Option<Self> {
        let renamed_key = |key: &IndexKey| {
            let IndexKey { kind, descending } = key;
            let kind = match kind {
                IndexKeyKind::Column(column) => IndexKeyKind::Column(pairs.column_name(table, column)?.clone()),
                IndexKeyKind::Sql(expression) => IndexKeyKind::Sql(expression.clone()),
            };
            Some(IndexKey { kind, descending: *descending })
        };
        let keys: Option<Vec<IndexKey>> = self.keys.iter().map(renamed_key).collect();
        Some(Self { keys: keys?.into(), ..self.meaning() })
    }

    fn added(this: &Self) -> Alteration<'_> {
        Alteration::AddIndex(this)
    }

    fn dropped(this: &Self) -> Alteration<'_> {
        Alteration::DropIndex(this)
    }

    fn renamed_to<'a>(from: &'a Self, to: &'a Self) -> Alteration<'a> {
        Alteration::RenameIndex { from, to }
    }
}

impl Part for ForeignKey {
    fn name(&self) -> &Text {
        &self.name
    }

    fn meaning(&self) -> Self {
        // What a key is to queries is no business of the database: in comparisons all have one role.
        let Self { name: _, columns, target, target_columns, on_delete, on_update, role: _ } = self;
        Self {
            name: NAMELESS,
            columns: columns.clone(),
            target: target.clone(),
            target_columns: target_columns.clone(),
            on_delete: *on_delete,
            on_update: *on_update,
            role: ForeignKeyRole::Constraint,
        }
    }

    fn renamed(&self, pairs: &Pairs<'_>, table: &QualifiedName) -> Option<Self> {
        Some(Self {
            columns: renamed_columns(pairs, table, &self.columns)?.into(),
            target: pairs.table_name(&self.target)?.clone(),
            target_columns: renamed_columns(pairs, &self.target, &self.target_columns)?.into(),
            ..self.meaning()
        })
    }

    fn added(this: &Self) -> Alteration<'_> {
        Alteration::AddForeignKey(this)
    }

    fn dropped(this: &Self) -> Alteration<'_> {
        Alteration::DropForeignKey(this)
    }

    fn renamed_to<'a>(from: &'a Self, to: &'a Self) -> Alteration<'a> {
        Alteration::RenameForeignKey { from, to }
    }
}

/// The new names of columns; `None` where one of them goes.
fn renamed_columns(pairs: &Pairs<'_>, table: &QualifiedName, columns: &[Text]) -> Option<Vec<Text>> {
    columns.iter().map(|column| pairs.column_name(table, column).cloned()).collect()
}
