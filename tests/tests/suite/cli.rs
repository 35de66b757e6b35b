//! The command line, as a process: output, exit status and files.

mod authoring;
mod draft;
mod repair;
mod running;
mod terminal;
