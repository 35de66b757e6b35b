//! `diff --resolve`: settles the snapshot after a merge, whether git found a conflict in it or not.

use piccolo_runtime::introspect::Shape;

use crate::cli::exit::{Failure, Outcome, Status};
use crate::cli::proof::scratch_url;
use crate::cli::terminal::Terminal;
use crate::cli::{database, replayed};
use crate::config::Settings;
use crate::project::{self, MigrationFolder, shown};
use crate::proof::Grounds;
use crate::{print, schema_from_sources};

/// Writes the snapshot anew from the schema, once replaying all migrations gives that schema.
pub(super) fn run(settings: &Settings, terminal: &Terminal) -> Outcome {
    let (Some(folder), Some(snapshot)) = (&settings.migrations, settings.snapshot()) else {
        return Err(Failure::bad_input("this application has no migrations by its own choice"));
    };
    let schema = schema_from_sources(&project::read_schema(settings)?, &settings.engines)?.schema;
    let folder = project::read_folder(folder)?;
    let migrations: Result<Vec<_>, _> = folder.migrations.iter().map(MigrationFolder::migration).collect();
    let migrations = migrations.map_err(crate::Error::from)?;
    let text = print::snapshot(&schema);
    if project::read_text_if_there(&snapshot)?.is_some_and(|there| there == text) {
        terminal.say("nothing to resolve: the snapshot is that of the schema");
        return Ok(Status::Fine);
    }
    let (differences, unreached) = database::block_on(async {
        let grounds = Grounds::open(&settings.engines, scratch_url(settings).as_deref()).await;
        let compared = async {
            let shapes: Vec<Shape> = replayed::shapes(&grounds, &migrations).await?;
            let mut lines = Vec::new();
            for shape in &shapes {
                let differences =
                    replayed::against(&grounds, shape.dialect, shape, &schema).await.map_err(Failure::new)?;
                let said = |difference: &piccolo_runtime::introspect::Difference| {
                    format!("{}: {}", shape.dialect, difference.describe("the replayed database", "the schema"))
                };
                lines.extend(differences.iter().map(said));
            }
            Ok::<_, Failure>(lines)
        };
        let compared = compared.await;
        let unreached: Vec<String> =
            grounds.unreached().map(|(dialect, reason)| format!("{dialect}: {reason}")).collect();
        grounds.close().await;
        compared.map(|lines| (lines, unreached))
    })?;
    if !differences.is_empty() {
        return Err(Failure::new(format!(
            "replaying all migrations does not give the schema, so the snapshot stays as it is:\n  {}\n\
             Make the schema what the migrations of both branches give together, and run `piccolo-codegen diff --resolve` again; \
             what no migration has yet comes after that, by `piccolo-codegen diff`. Where two migrations are in each other's way, \
             `piccolo-codegen diff --rebase <id>` plans one of them anew",
            differences.join("\n  ")
        )));
    }
    for reason in unreached {
        terminal.warn(format_args!("not replayed on {reason}"));
    }
    project::write(&snapshot, &text)?;
    terminal.say(format_args!(
        "{} is written anew: replaying {} migrations gives this schema",
        shown(&snapshot).display(),
        migrations.len()
    ));
    Ok(Status::Fine)
}
