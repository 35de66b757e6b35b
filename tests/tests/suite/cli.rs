//! The command line, as a process: output, exit status and files.

mod authoring;
mod draft;
mod running;
mod repair;
