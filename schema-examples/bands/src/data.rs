//! The rows of the example.

use chrono::{DateTime, TimeDelta, Utc};
use piccolo_runtime::{Engine, Result};

use crate::tables::{Band, Concert, Genre, Manager, Venue};

/// Why the keys that an insert gives back can be taken apart.
const ONE_EACH: &str = "an insert gives back the keys of its rows, in their order";

/// Takes out whatever is there and puts the example in, all or nothing.
pub(crate) async fn replace(db: &Engine) -> Result<()> {
    let transaction = db.begin().await?;
    Concert::delete().force().run(&transaction).await?;
    Band::delete().force().run(&transaction).await?;
    Manager::delete().force().run(&transaction).await?;
    Venue::delete().force().run(&transaction).await?;

    let managers = Manager::insert([Manager::new("Guido"), Manager::new("Graydon")]).run(&transaction).await?;
    let [guido, graydon] = managers[..] else { unreachable!("{ONE_EACH}") };
    let bands = Band::insert([
        Band::new("Pythonistas").manager(guido).popularity(1000),
        Band::new("Rustaceans").manager(graydon).popularity(500),
        Band::new("C-Sharps").popularity(10).genre(Genre::Jazz),
    ])
    .run(&transaction)
    .await?;
    let [pythonistas, rustaceans, c_sharps] = bands[..] else { unreachable!("{ONE_EACH}") };
    let venues = Venue::insert([
        Venue::new("Amazing Venue").capacity(5000),
        Venue::new("Royal Albert Hall").capacity(5272),
        Venue::new("The Cellar").capacity(60),
    ])
    .run(&transaction)
    .await?;
    let [amazing, albert_hall, cellar] = venues[..] else { unreachable!("{ONE_EACH}") };
    Concert::insert([
        Concert::new(pythonistas, rustaceans, evening(0)).venue(amazing),
        Concert::new(rustaceans, c_sharps, evening(1)).venue(cellar),
        Concert::new(c_sharps, pythonistas, evening(2)).venue(albert_hall),
        Concert::new(rustaceans, pythonistas, evening(3)),
    ])
    .run(&transaction)
    .await?;
    transaction.commit().await
}

/// Half past seven in the evening, some days after the turn of the year 2027.
fn evening(day: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::days(57 * 365 + 14 + day) + TimeDelta::minutes(19 * 60 + 30)
}
