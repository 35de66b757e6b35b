//! The same on a thread that may block.

use super::Migrations;
use crate::Result;
use crate::engine::Engine;
use crate::migrate::{Direction, Preview, Report, Status, Target, Verification};

impl Migrations {
    /// [`Migrations::forwards`] on a thread that may block.
    ///
    /// # Errors
    ///
    /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn forwards_sync(&self, db: &Engine) -> Result<Report> {
        db.drive(self.forwards(db))
    }

    /// [`Migrations::forwards_to`] on a thread that may block.
    ///
    /// # Errors
    ///
    /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn forwards_to_sync(&self, db: &Engine, target: impl Into<Target>) -> Result<Report> {
        db.drive(self.forwards_to(db, target))
    }

    /// [`Migrations::backwards`] on a thread that may block.
    ///
    /// # Errors
    ///
    /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn backwards_sync(&self, db: &Engine, target: impl Into<Target>) -> Result<Report> {
        db.drive(self.backwards(db, target))
    }

    /// [`Migrations::fake`] on a thread that may block.
    ///
    /// # Errors
    ///
    /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn fake_sync(&self, db: &Engine, target: impl Into<Target>) -> Result<Report> {
        db.drive(self.fake(db, target))
    }

    /// [`Migrations::status`] on a thread that may block.
    ///
    /// # Errors
    ///
    /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn status_sync(&self, db: &Engine) -> Result<Status> {
        db.drive(self.status(db))
    }

    /// [`Migrations::verify`] on a thread that may block.
    ///
    /// # Errors
    ///
    /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn verify_sync(&self, db: &Engine) -> Result<Verification> {
        db.drive(self.verify(db))
    }

    /// [`Migrations::preview`] on a thread that may block.
    ///
    /// # Errors
    ///
    /// As the async form, and [`Error::Usage`](crate::Error::Usage) inside an async runtime.
    pub fn preview_sync(&self, db: &Engine, direction: Direction, target: impl Into<Target>) -> Result<Preview> {
        db.drive(self.preview(db, direction, target))
    }
}
