//! What is shown while migrations run.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use piccolo_runtime::migrate::{Event, Migrations};

use crate::cli::terminal::Terminal;

/// The same migrations, which tell the terminal what happens.
pub(super) fn shown(migrations: &Migrations, terminal: &Terminal) -> Migrations {
    let show = Show { terminal: *terminal, has_bar: AtomicBool::new(false) };
    migrations.observe(move |event| show.tell(&event))
}

/// The terminal and what stands on its last line. It goes with the migrations that it belongs to, and the bar with it.
struct Show {
    terminal: Terminal,
    has_bar: AtomicBool,
}

impl Show {
    fn tell(&self, event: &Event) {
        let terminal = &self.terminal;
        if let Event::Progress { id, number, rows, of } = event {
            let far = far(*rows, *of);
            if terminal.draws() {
                self.has_bar.store(true, Ordering::Relaxed);
                terminal.draw(format_args!("{}{id}, step {number}: {far}", bar(*rows, *of)));
            } else {
                terminal.detail(format_args!("{id}, step {number}: {far}"));
            }
            return;
        }
        self.take_bar_away();
        match event {
            Event::Waiting { holder, waited } => {
                let holder = holder.as_ref().map(|holder| format!(" ({holder})")).unwrap_or_default();
                let waited = seconds(*waited);
                terminal.say(format_args!("waiting for another runner of migrations{holder}, for {waited} so far"));
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
            Event::Progress { .. } | _ => {}
        }
    }

    fn take_bar_away(&self) {
        if self.has_bar.swap(false, Ordering::Relaxed) {
            self.terminal.draw("");
        }
    }
}

impl Drop for Show {
    fn drop(&mut self) {
        self.take_bar_away();
    }
}

/// How far a step has come, in words. The number of all rows is an estimate, which may be too low.
fn far(rows: u64, of: Option<u64>) -> String {
    match of {
        Some(of) if of > rows => format!("{rows} of about {of} rows"),
        Some(_) | None => format!("{rows} rows"),
    }
}

/// How far a step has come, as a bar; nothing where nobody knows how far it is.
fn bar(rows: u64, of: Option<u64>) -> String {
    const WIDTH: u64 = 20;
    let Some(of) = of.filter(|of| *of > 0) else { return String::new() };
    let part = |whole: u64| usize::try_from(rows.min(of).saturating_mul(whole) / of).unwrap_or_default();
    let (full, width) = (part(WIDTH), usize::try_from(WIDTH).unwrap_or_default());
    format!("[{:width$}] {:>3}%  ", "#".repeat(full), part(100))
}

fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}

#[cfg(test)]
mod tests {
    use super::{bar, far};

    #[test]
    fn a_bar_grows_and_never_beyond_its_end() {
        assert_eq!(bar(0, Some(10)), "[                    ]   0%  ");
        assert_eq!(bar(5, Some(10)), "[##########          ]  50%  ");
        assert_eq!(bar(15, Some(10)), "[####################] 100%  ");
        assert_eq!((bar(15, None), bar(1, Some(0))), (String::new(), String::new()));
        assert_eq!((far(5, Some(10)), far(12, Some(10))), ("5 of about 10 rows".into(), "12 rows".into()));
    }
}
