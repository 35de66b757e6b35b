//! Two branches that add migrations, merged by git: whatever comes out is proven or refused, and there is a way on.

mod pairs;
mod rebase;
mod repo;
mod resolve;

pub(crate) use repo::Repo;
