//! An [`Analysis`](crate::analysis::Analysis) becomes files and a table in the terminal.
//!
//! [`folder::write`] makes the report folder: one module per output ([`json`], `html`) and one per figure
//! (`chart`). [`table`] is what the terminal shows. What a KPI or an episode reads like is decided once,
//! in `view` and `words`; the outputs only lay it out.

mod chart;
mod error;
#[cfg(test)]
pub(crate) mod fixture;
pub mod folder;
mod html;
pub mod json;
pub mod table;
mod view;
mod words;

pub use error::ReportError;
pub use folder::{prepare, write};
pub use json::read_summary;
pub use table::{Styling, locale_is_utf8, print};
