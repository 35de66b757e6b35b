//! Running migrations against a database: one runner at a time, one step after the other.

mod apply;
mod baseline;
mod batches;
mod concurrently;
mod event;
mod failure;
mod lock;
mod order;
mod pause;
mod premise;
mod preview;
mod repair;
mod report;
mod session;
mod standalone;
mod step_sql;

pub use event::Event;
pub(super) use order::Order;
pub use repair::{Repair, RepairPlan};
pub use report::{Preview, Report, Status, Verification};
pub use standalone::run_steps;
