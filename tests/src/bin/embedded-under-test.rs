//! An application that holds its migrations: it brings `DATABASE_URL` forwards or backwards, or says where it stands.

use std::process::ExitCode;

use piccolo_runtime::{Engine, Result};

piccolo_runtime::include_tables!(mod tables = "embedded");

use tables::MIGRATIONS;

#[tokio::main(worker_threads = 1)]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let command = arguments.next().unwrap_or_default();
    match run(&command, &arguments.next().unwrap_or_else(|| "all".to_owned())).await {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: &str, target: &str) -> Result<String> {
    let db = Engine::connect(std::env::var("DATABASE_URL").unwrap_or_default()).await?;
    let said = match command {
        "forwards" => MIGRATIONS.forwards_to(&db, target).await?.to_string(),
        "backwards" => MIGRATIONS.backwards(&db, target).await?.to_string(),
        _ => MIGRATIONS.verify(&db).await?.to_string(),
    };
    db.close().await;
    Ok(said)
}
