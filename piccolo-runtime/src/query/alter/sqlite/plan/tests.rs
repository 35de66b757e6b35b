use super::*;
use crate::codegen_support::{Borrowed, column};
use crate::query::alter::change::ColumnName;
use crate::query::alter::live::described;
use crate::schema::Table;
use crate::schema::{Check, ColumnType, PrimaryKey, Unique};

static TABLE: Table = Table {
    sql_name: QualifiedName { schema: None, name: Borrowed("band") },
    columns: Borrowed(&[column("id", ColumnType::BigSerial), column("name", ColumnType::Varchar { length: 50 })]),
    primary_key: PrimaryKey { name: Borrowed("band_pkey"), columns: Borrowed(&[Borrowed("id")]) },
    ..crate::codegen_support::TABLE
};
static META: TableMeta = TableMeta::new(&TABLE, &[], &[]);

/// How the change is made by a version: the statements in place, or `rebuild`.
fn planned(version: Version, changes: &[Change]) -> Vec<String> {
    let state = State::of(&META, &TABLE.sql_name, described(&TABLE, SQLITE)).unwrap();
    let options = CreateTable { name: &TABLE.sql_name, deferred: &[], if_not_exists: false };
    let sql = create_table_statement(&TABLE, META.enums(), options, SQLITE).unwrap();
    let live = Live { state, text: TableText::parse(&sql).unwrap(), version };
    let units = live.units(changes).unwrap();
    let words = units.into_iter().flat_map(|unit| match unit {
        Unit::InPlace(statements) => statements.into_iter().map(|statement| statement.sql).collect(),
        Unit::Rebuild { .. } => vec!["rebuild".to_owned()],
    });
    words.collect()
}

#[test]
fn what_is_done_in_place_depends_on_the_version() {
    let name = || ColumnName::Named("name".to_owned());
    let check = || Change::AddConstraint(Constraint::Check(Check::new("name <> ''").named("named")));
    let drop = || Change::DropConstraint("named".to_owned());
    let null = Change::SetNull { column: name(), null: true };
    let renamed = [
        Change::RenameColumn { column: name(), to: "title".to_owned() },
        Change::RenameTypeCheck { from: name(), to: "title".to_owned() },
    ];
    let unique = Change::AddConstraint(Constraint::Unique(Unique::on(["name"])));
    let (old, new) = ((3, 51, 3), (3, 54, 0));
    assert_eq!(planned(new, std::slice::from_ref(&null)), ["ALTER TABLE \"band\" ALTER COLUMN \"name\" DROP NOT NULL"]);
    assert_eq!(planned(old, std::slice::from_ref(&null)), ["rebuild"]);
    assert_eq!(
        planned(new, &[check(), drop()]),
        [
            "ALTER TABLE \"band\" ADD CONSTRAINT \"named\" CHECK (name <> '')",
            "ALTER TABLE \"band\" DROP CONSTRAINT \"named\""
        ]
    );
    let rename = "ALTER TABLE \"band\" RENAME COLUMN \"name\" TO \"title\"";
    assert_eq!(planned(old, &renamed), [rename, "rebuild"]);
    assert_eq!(
        planned(new, &renamed),
        [
            rename,
            "ALTER TABLE \"band\" DROP CONSTRAINT \"piccolo:length:name\"",
            "ALTER TABLE \"band\" ADD CONSTRAINT \"piccolo:length:title\" CHECK (length(\"title\") <= 50)"
        ]
    );
    for version in [old, new] {
        // Consecutive changes are one rebuild, whatever of them could be done in place.
        assert_eq!(planned(version, &[unique.clone(), check(), drop()]), ["rebuild"]);
    }
}

#[test]
fn an_unknown_version_is_taken_for_an_old_one() {
    assert_eq!(parse_version("3.54.1"), (3, 54, 1));
    assert_eq!(parse_version("3.54"), (3, 54, 0));
    assert_eq!(parse_version("new"), (0, 0, 0));
}
