//! The manual's example: managers, the bands that they look after, and the concerts that those give.
//!
//! ```sh
//! cargo run -p bands                                       # on bands.sqlite in the working folder
//! DATABASE_URL=postgres:///bands cargo run -p bands        # on Postgres, with the same output
//! ```

mod data;
mod show;

use std::process::ExitCode;

use piccolo_runtime::{Engine, Result};
use show::show;
use tables::{Band, Concert, MIGRATIONS};

piccolo_runtime::include_tables!(pub mod tables);

#[tokio::main]
async fn main() -> ExitCode {
    let url = std::env::var("DATABASE_URL").unwrap_or_else(|_| "sqlite://bands.sqlite".to_owned());
    match run(&url).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Brings the database up to date, fills it anew, and asks it a few questions.
async fn run(url: &str) -> Result<()> {
    let db = Engine::connect(url).await?;
    MIGRATIONS.forwards(&db).await?;
    data::replace(&db).await?;

    show(
        "All bands, the best known first",
        Band::select((Band.name, Band.popularity, Band.genre)).order_by((Band.popularity.desc(), Band.name)),
        &db,
    )
    .await?;
    show(
        "Bands with their managers: a band that has none is there as well",
        Band::select((Band.name, Band.manager.name)).order_by(Band.name),
        &db,
    )
    .await?;
    show(
        "The known bands of Guido, and all that are very well known",
        Band::select((Band.name, Band.manager.name))
            .where_((Band.popularity.gte(100) & Band.manager.name.eq("Guido")) | Band.popularity.gte(1000))
            .order_by(Band.name.asc()),
        &db,
    )
    .await?;
    // One table is joined twice here, and each of the two leads on to its own manager.
    show(
        "Who meets whom, and where",
        Concert::select((
            Concert.band_1.name,
            Concert.band_1.manager.name,
            Concert.band_2.name,
            Concert.band_2.manager.name,
            Concert.venue.name,
            Concert.starts,
        ))
        .order_by(Concert.starts),
        &db,
    )
    .await?;
    show(
        "Concerts of Guido's bands in places for more than a thousand",
        Concert::select((Concert.venue.name, Concert.venue.capacity, Concert.starts))
            .where_(Concert.band_1.manager.name.eq("Guido") | Concert.band_2.manager.name.eq("Guido"))
            .where_(Concert.venue.capacity.gt(1000)),
        &db,
    )
    .await?;

    let unmanaged = Band::count().where_(Band.manager.is_null()).run(&db).await?;
    println!("{unmanaged} of the bands have no manager.");
    Ok(())
}
