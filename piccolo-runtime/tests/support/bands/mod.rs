//! The tables of the manual's schema, written by hand exactly as the generator writes them.

#![deny(missing_docs)]

pub mod band;
pub mod concert;
pub mod genre;
pub mod manager;
pub mod venue;

pub use band::{Band, NewBand};
pub use concert::{Concert, NewConcert};
pub use genre::Genre;
pub use manager::{Manager, NewManager};
pub use venue::{NewVenue, Venue};
