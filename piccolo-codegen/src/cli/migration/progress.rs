//! What is shown while migrations run.

use std::time::Duration;

use piccolo_runtime::migrate::{Event, Migrations};

use crate::cli::terminal::Terminal;

/// The same migrations, which tell the terminal what happens.
pub(super) fn shown(migrations: &Migrations, terminal: &Terminal) -> Migrations {
    let terminal = *terminal;
    migrations.observe(move |event| tell(&event, &terminal))
}

fn tell(event: &Event, terminal: &Terminal) {
    match event {
        Event::Waiting { holder, waited } => {
            let holder = holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default();
            terminal
                .say(format_args!("waiting for another runner of migrations{holder}, for {} so far", seconds(*waited)));
        }
        Event::Step { id, direction, number, of, title } => {
            let title = title.as_ref().map(|title| format!(": {title}")).unwrap_or_default();
            terminal.detail(format_args!("{id} {direction}, step {number} of {of}{title}"));
        }
        Event::Retry { id, number, reason } => {
            terminal.say(format_args!("{id}, step {number}: trying again, because {reason}"));
        }
        Event::Done { id, direction, took } => {
            terminal.detail(format_args!("{id} {direction}: done in {}", seconds(*took)));
        }
        // Later versions of the runtime may tell more than this one knows how to show.
        _ => {}
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
