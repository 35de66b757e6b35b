//! The engine that the configuration names.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::wait::refuse_inside_runtime;
use super::{Engine, EngineBuilder};
use crate::config::{FILE_VARIABLE, URL_VARIABLE, find, no_database};
use crate::{Error, Result};

/// The engines that were found so far, each with what it was opened with.
static FOUND: Mutex<Vec<(EngineBuilder, Engine)>> = Mutex::new(Vec::new());

/// The engine that `piccolo.toml` names, which is opened by the first call and shared by all later ones of the process.
///
/// The file is looked for in the working folder and above it; the environment variable `PICCOLO_CONF` names another one, with or without
/// `.toml`. `DATABASE_URL` wins over the url in it. See [`config`](crate::config) for its keys.
///
/// ```no_run
/// # async fn example() -> piccolo_runtime::Result<()> {
/// let db = piccolo_runtime::engine_finder().await?;
/// # Ok(()) }
/// ```
///
/// # Errors
///
/// [`Error::Config`] where no database is named, with the places that were looked at, or where the file is wrong; what
/// [`EngineBuilder::connect`] gives.
pub async fn engine_finder() -> Result<Engine> {
    let builder = EngineBuilder::from_configuration()?;
    match shared(&builder) {
        Some(engine) => Ok(engine),
        None => Ok(share(builder.clone(), builder.connect().await?)),
    }
}

/// The same on a thread that may block.
///
/// # Errors
///
/// As [`engine_finder`], and [`Error::Usage`] inside an async runtime.
pub fn engine_finder_sync() -> Result<Engine> {
    refuse_inside_runtime()?;
    let builder = EngineBuilder::from_configuration()?;
    match shared(&builder) {
        Some(engine) => Ok(engine),
        None => Ok(share(builder.clone(), builder.connect_sync()?)),
    }
}

impl EngineBuilder {
    /// Starts with the url and the settings that [`engine_finder`] would find, for an application that changes some of them.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] where no database is named, with the places that were looked at, or where the file is wrong.
    pub fn from_configuration() -> Result<Self> {
        let here = std::env::current_dir()
            .map_err(|error| Error::Config { message: format!("cannot find the working folder: {error}") })?;
        let found = find(&here, std::env::var_os(FILE_VARIABLE).as_deref().map(Path::new))?;
        let url = match std::env::var_os(URL_VARIABLE).filter(|url| !url.is_empty()) {
            Some(url) => {
                url.into_string().map_err(|_| Error::Config { message: format!("{URL_VARIABLE} is not UTF-8 text") })?
            }
            None => found.database_url().ok_or_else(|| no_database(found.path.as_deref(), &found.from))?,
        };
        Ok(Self::new(url).settings(&found.file.database.engine))
    }
}

/// The engine that was opened with this, if there is one.
fn shared(builder: &EngineBuilder) -> Option<Engine> {
    lock().iter().find(|(opened_with, _)| opened_with == builder).map(|(_, engine)| engine.clone())
}

/// Keeps an engine for later calls, unless another call was faster.
fn share(builder: EngineBuilder, engine: Engine) -> Engine {
    let mut found = lock();
    if let Some((_, earlier)) = found.iter().find(|(opened_with, _)| *opened_with == builder) {
        return earlier.clone();
    }
    found.push((builder, engine.clone()));
    engine
}

fn lock() -> MutexGuard<'static, Vec<(EngineBuilder, Engine)>> {
    FOUND.lock().unwrap_or_else(PoisonError::into_inner)
}
