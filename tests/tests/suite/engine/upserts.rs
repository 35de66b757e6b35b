//! Inserts that meet rows which are there already: what they give back stands in the order in which it went in.

use piccolo_runtime::Engine;
use piccolo_tests::{TestDb, on_both};

use super::engine;
use super::tables::{Badge, NewBadge, NewOwner, Owner};

/// An engine with an owner and a badge called `old`.
async fn with_old(db: &TestDb) -> Engine {
    let engine = engine(db).await;
    Owner::create_table().run(&engine).await.unwrap();
    Badge::create_table().run(&engine).await.unwrap();
    Owner::insert(Owner::new("old").rank(1)).run(&engine).await.unwrap();
    Badge::insert(Badge::new("old").grade(1)).run(&engine).await.unwrap();
    engine
}

/// New rows around the one that is there.
fn owners() -> [NewOwner; 4] {
    ["z", "old", "a", "m"].map(|name| Owner::new(name).rank(7))
}

fn badges() -> [NewBadge; 4] {
    ["z", "old", "a", "m"].map(|name| Badge::new(name).grade(7))
}

#[test]
fn keys_of_an_upsert_come_in_the_order_of_its_rows() {
    on_both(async |db| {
        let engine = with_old(db).await;
        let keys = Owner::insert(owners()).on_conflict(Owner.name).do_update(Owner.rank).run(&engine).await.unwrap();
        let mut names = Vec::new();
        for key in keys {
            names.push(Owner::get(key).run(&engine).await.unwrap().name);
        }
        assert_eq!(names, ["z", "old", "a", "m"]);
        let keys = Badge::insert(badges()).on_conflict(Badge.name).do_update(Badge.grade).run(&engine).await.unwrap();
        let mut names = Vec::new();
        for key in keys {
            names.push(Badge::get(key).run(&engine).await.unwrap().name);
        }
        assert_eq!(names, ["z", "old", "a", "m"]);
    });
}

#[test]
fn what_an_upsert_gives_back_comes_in_the_order_of_its_rows() {
    on_both(async |db| {
        let engine = with_old(db).await;
        let upsert = Owner::insert(owners()).on_conflict(Owner.name).do_update(Owner.rank);
        let given = upsert.returning((Owner.name, Owner.rank)).run(&engine).await.unwrap();
        assert_eq!(given, ["z", "old", "a", "m"].map(|name| (name.to_owned(), 7)));
        // What the condition leaves alone gives nothing back.
        let again = Owner::insert(["q", "old", "b"].map(|name| Owner::new(name).rank(9)));
        let again = again.on_conflict(Owner.name).do_update(Owner.rank).where_(Owner.rank.gt(8));
        assert_eq!(again.returning(Owner.name).run(&engine).await.unwrap(), ["q", "b"]);
        // Nor does what is left out.
        let left_out = Owner::insert(["y", "old", "c"].map(Owner::new)).on_conflict(Owner.name).do_nothing();
        assert_eq!(left_out.returning(Owner.name).run(&engine).await.unwrap(), ["y", "c"]);
        // The columns of the conflict themselves may change.
        let renamed = Owner::insert(["n", "old", "d"].map(Owner::new)).on_conflict(Owner.name);
        let renamed = renamed.do_set(Owner.name, Owner.name + "er").returning(Owner.name).run(&engine).await.unwrap();
        assert_eq!(renamed, ["n", "older", "d"]);
    });
}

#[test]
fn rows_of_different_columns_that_give_nothing_back_leave_the_others_in_order() {
    on_both(async |db| {
        let engine = with_old(db).await;
        let own = uuid::Uuid::from_u128(3);
        let gold = |name: &str| Badge::new(name).metal("gold");
        let rows = [gold("old"), Badge::new("x").id(own), gold("w"), Badge::new("old").id(own), Badge::new("a"), gold("v")];
        let given = Badge::insert(rows).on_conflict(Badge.name).do_nothing().returning(Badge.name).run(&engine).await;
        assert_eq!(given.unwrap(), ["x", "w", "a", "v"]);
    });
}
