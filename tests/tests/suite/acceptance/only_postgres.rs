//! What Postgres alone has, and SQLite refuses before any SQL is sent: rows A56 and A57.

use chrono::NaiveDate;
use piccolo_runtime::query::{LockStrength, LockWait, RowLock};
use piccolo_runtime::sql::Dialect;
use piccolo_runtime::{Engine, Error};
use piccolo_tests::{on, on_both};

use crate::fixture::d3;
use crate::fixture::tables::{Album, Band};

#[test]
fn a56_distinct_on_keeps_the_newest_album_of_each_band() {
    on_both(async |db| {
        let engine = d3(db).await;
        Album::create_table().run(&engine).await.unwrap();
        let day = |year| NaiveDate::from_ymd_opt(year, 6, 1).unwrap();
        let albums = [(1, "first", 2001), (2, "early", 1999), (1, "second", 2011), (2, "late", 2009)];
        let rows = albums.map(|(band, name, year)| Album::new(band, name, day(year)));
        Album::insert(rows).run(&engine).await.unwrap();
        let newest = Album::select((Album.band.name, Album.name))
            .distinct_on(Album.band)
            .order_by((Album.band, Album.released.desc()))
            .run(&engine)
            .await;
        match engine.dialect() {
            Dialect::Postgres => {
                let expected = [("Pythonistas", "second"), ("Rustaceans", "late")];
                assert_eq!(newest.unwrap(), expected.map(|(band, name)| (band.to_owned(), name.to_owned())));
            }
            Dialect::Sqlite => assert!(matches!(newest, Err(Error::Unsupported { engine: "sqlite", .. }))),
        }
    });
    // No table exists here, so any SQL would fail in another way.
    on(Dialect::Sqlite, async |db| {
        let engine = Engine::connect(db.url()).await.unwrap();
        let error = Band::select(Band.name).distinct_on(Band.name).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::Unsupported { engine: "sqlite", .. }), "{error:?}");
    });
}

#[test]
fn a57_rows_are_locked_on_postgres() {
    let locks = [
        (RowLock::default(), "FOR UPDATE"),
        (RowLock::new(LockStrength::KeyShare), "FOR KEY SHARE"),
        (RowLock::default().wait(LockWait::SkipLocked), "FOR UPDATE SKIP LOCKED"),
        (RowLock::default().wait(LockWait::NoWait), "FOR UPDATE NOWAIT"),
        (RowLock::default().of_root(), "FOR UPDATE OF \"band\""),
    ];
    for (lock, end) in &locks {
        let sql = Band::objects().lock_rows(lock.clone()).sql(Dialect::Postgres).unwrap().sql;
        assert!(sql.ends_with(end), "{sql}");
    }
    on(Dialect::Postgres, async |db| {
        let engine = d3(db).await;
        for (lock, _) in &locks {
            Band::objects().where_(Band.manager.name.eq("Guido")).lock_rows(lock.clone()).run(&engine).await.unwrap();
        }
    });
    on(Dialect::Sqlite, async |db| {
        let engine = Engine::connect(db.url()).await.unwrap();
        let error = Band::objects().lock_rows(RowLock::default()).run(&engine).await.unwrap_err();
        assert!(matches!(error, Error::Unsupported { engine: "sqlite", .. }), "{error:?}");
    });
}

/// A57, as the lock is seen from elsewhere.
#[test]
fn a57_a_locked_row_is_waited_for_skipped_or_refused() {
    on(Dialect::Postgres, async |db| {
        let engine = d3(db).await;
        let first = engine.begin().await.unwrap();
        let guidos = Band::objects().where_(Band.name.eq("Pythonistas"));
        assert_eq!(guidos.clone().lock_rows(RowLock::default()).run(&first).await.unwrap().len(), 1);
        let second = engine.begin().await.unwrap();
        let left = Band::select(Band.name).order_by(Band.id).lock_rows(RowLock::default().wait(LockWait::SkipLocked));
        assert_eq!(left.run(&second).await.unwrap(), ["Rustaceans", "CSharps"]);
        let refused = guidos.lock_rows(RowLock::default().wait(LockWait::NoWait)).run(&second).await;
        assert!(matches!(refused, Err(Error::Serialization { .. })), "{refused:?}");
        second.rollback().await.unwrap();
        first.rollback().await.unwrap();
    });
}
