//! The guide: how to work with Piccolo, chapter by chapter, in the order of the manual of the Python library.
//!
//! Every block of Rust in it is compiled, and those that need no server are run, on the tables and rows of the manual: managers,
//! who look after bands, which play concerts at venues.
//!
//! A link of a page names what it leads to, and `links.md`, which stands before every page here, says where that is in this documentation. The
//! same names at the end of each page say where it is for who reads the file itself: of two definitions Markdown takes the first.
//!
//! | Page | What it is about |
//! |---|---|
//! | [`getting_started`] | a new application, async and blocking |
//! | [`query_types`] | select, alter, count, create, delete, exists, insert, objects, raw, update |
//! | [`clauses`] | first, limit, offset, `order_by`, where, batch, and what SQL has besides |
//! | [`expressions`] | computing, `coalesce`, `case`, aggregates, names, sub-queries, SQL of your own |
//! | [`transactions`] | guards, closures, savepoints, queues, trying again |
//! | [`schema`] | the schema language: tables, columns, types |
//! | [`engines`] | connecting, configuration, pools, what the engines do not share |
//! | [`migrations`] | authoring and running them |
//! | [`serde`] | rows as JSON and as types of your own |
//! | [`translation`] | every example of the Python manual beside ours |

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/getting_started.md")]
pub mod getting_started {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/query_types.md")]
pub mod query_types {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/clauses.md")]
pub mod clauses {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/expressions.md")]
pub mod expressions {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/transactions.md")]
pub mod transactions {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/schema.md")]
pub mod schema {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/engines.md")]
pub mod engines {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/migrations.md")]
pub mod migrations {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/serde.md")]
pub mod serde {}

#[doc = include_str!("guide/links.md")]
#[doc = include_str!("guide/translation.md")]
pub mod translation {}
