//! Every run that has a report below one folder.

pub(crate) mod index;
pub mod model;
