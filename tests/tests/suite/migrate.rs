//! Migrations, authored and run: the rows of the acceptance list that begin with E.

mod concurrent;
mod faults;
mod pooler;
mod rebuild;
mod run;
mod support;
