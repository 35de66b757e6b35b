//! Migrations, authored and run: the rows of the acceptance list that begin with E.

mod batches;
mod concurrent;
mod faults;
mod kills;
mod pooler;
mod processes;
mod rebuild;
mod run;
mod support;
