//! Deletes: rows B22 to B24.

use piccolo_runtime::Error;
use piccolo_runtime::query::Predicate;
use piccolo_tests::on_both;

use crate::fixture::tables::Band;
use crate::fixture::{band_names, d3, d3_and_lone};

#[test]
fn b22_a_delete_of_everything_has_to_be_forced() {
    on_both(async |db| {
        let engine = d3(db).await;
        let none: Option<Predicate<Band>> = None;
        let error = Band::delete().where_(none).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::Deletion { operation: "delete", .. }), "{error:?}");
        let error =
            Band::delete().where_(Vec::<Predicate<Band>>::new()).returning(Band.id).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::Deletion { operation: "delete", .. }), "{error:?}");
        assert_eq!(Band::count().run(&engine).await.unwrap(), 3);
        assert_eq!(Band::delete().force().run(&engine).await.unwrap(), 3);
        assert_eq!(Band::count().run(&engine).await.unwrap(), 0);
    });
}

#[test]
fn b23_a_delete_follows_keys_and_gives_back_what_is_gone() {
    on_both(async |db| {
        let engine = d3(db).await;
        let guido = Band::delete().where_(Band.manager.name.eq("Guido"));
        assert_eq!(guido.returning(Band.name).run(&engine).await.unwrap(), ["Pythonistas"]);
        assert_eq!(band_names(&engine).await, ["CSharps", "Rustaceans"]);
    });
}

#[test]
fn b24_a_delete_finds_rows_that_point_nowhere() {
    on_both(async |db| {
        let engine = d3_and_lone(db).await;
        assert_eq!(Band::delete().where_(Band.manager.name.is_null()).run(&engine).await.unwrap(), 1);
        assert_eq!(band_names(&engine).await, ["CSharps", "Pythonistas", "Rustaceans"]);
    });
}
