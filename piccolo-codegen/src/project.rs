//! The disk: nothing else in this crate touches it.
//!
//! | Module | Represents |
//! |---|---|
//! | `authoring` | writing a new migration, whole or not at all |
//! | `draft` | the folder of the draft that a `build.rs` may keep |
//! | `files` | reading texts, writing them atomically, finding them |
//! | `folder` | the folder of migrations as it is on disk, and what is wrong with it |
//! | `input` | everything that generated modules are made from, and its fingerprint |
//! | `output` | the folder of generated modules: what is current, what is written, what is stale |
//!
//! A build script runs at every save in an editor, twice at once, with other target folders, and on read-only sources. So
//! nothing is written but the output, only where bytes differ, and by a rename.

#[cfg(feature = "cli")]
mod authoring;
mod cache;
mod draft;
mod files;
mod folder;
mod input;
mod output;

#[cfg(feature = "cli")]
pub(crate) use authoring::{remove_migration, write_migration};
pub(crate) use draft::{is_packaged, remove_draft, write_draft};
#[cfg(feature = "cli")]
pub(crate) use files::read_text_if_there;
pub(crate) use files::working_folder;
pub use files::{read as read_schema_file, read_text, write};
#[cfg(feature = "cli")]
pub(crate) use folder::{FaultKind, Folder, MigrationFolder, read as read_folder};
pub use input::schema_paths;
pub(crate) use input::{Input, Snapshot};
#[cfg(feature = "cli")]
pub(crate) use input::{read_schema, shown};
pub(crate) use output::Output;
#[cfg(feature = "cli")]
pub(crate) use output::generated_folders;
pub use output::{Generated, Mode};
