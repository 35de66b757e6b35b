//! The printed tables, line by line as the figures are taken.

use std::time::Duration;

use crate::measure::Pair;

/// A heading for figures on their own, some beside what the project wants to stay under.
pub fn heading(title: &str) {
    println!("\n## {title}\n\n{:<50} {:>12} {:>12}", "", "time", "goal");
}

/// A heading for figures beside a plain driver's.
pub fn heading_of_pairs(title: &str, plain: &str) {
    println!("\n## {title}\n\n{:<50} {plain:>12} {:>12} {:>8} {:>10}", "", "here", "ratio", "more");
}

/// A figure on its own.
pub fn line(what: &str, time: Duration) {
    println!("{what:<50} {:>12}", text(time));
}

/// A figure beside what the project wants to stay under.
pub fn goal(what: &str, time: Duration, goal: Duration) {
    let share = 100.0 * time.as_secs_f64() / goal.as_secs_f64();
    println!("{what:<50} {:>12} {:>12} {share:>7.0}%", text(time), text(goal));
}

/// A figure beside the plain driver's.
pub fn pair(what: &str, Pair { plain, ours }: Pair) {
    let ratio = ours.as_secs_f64() / plain.as_secs_f64();
    let more = text(ours.saturating_sub(plain));
    println!("{what:<50} {:>12} {:>12} {ratio:>7.2}x {more:>10}", text(plain), text(ours));
}

fn text(time: Duration) -> String {
    let micros = time.as_secs_f64() * 1e6;
    match micros {
        _ if micros < 1_000.0 => format!("{micros:.1} us"),
        _ if micros < 1_000_000.0 => format!("{:.2} ms", micros / 1e3),
        _ => format!("{:.2} s", micros / 1e6),
    }
}
