//! An [`Analysis`](crate::analysis::Analysis) becomes files and a table in the terminal.
//!
//! [`folder::write`] makes the report folder: one module per form ([`json`], `html`, `markdown`, `evidence`, `junit`) and one
//! per figure (`chart`). [`table`] is what the terminal shows, `github` what a CI job shows. What a KPI or an episode reads
//! like is decided once, in `view`; the forms only lay it out.

mod chart;
pub mod comparison;
mod copy;
mod error;
mod evidence;
mod files;
#[cfg(test)]
pub(crate) mod fixture;
pub mod folder;
mod github;
mod html;
pub mod json;
mod junit;
mod markdown;
mod pngs;
mod schema;
mod specification;
pub mod table;
pub(crate) mod view;

pub use comparison::{Compared, write_comparison};
pub use copy::{markdown_text, prepare_markdown, write_markdown};
pub use error::ReportError;
pub(crate) use files::write_whole;
pub(crate) use folder::files;
pub use folder::{prepare, prepare_comparison, write};
pub use github::{append_step_summary, prepare_step_summary};
pub(crate) use html::SCRIPTS_SHA256;
pub(crate) use json::parse_summary;
pub use json::read_summary;
pub use schema::{comparison_schema, recommendation_schema, schema};
pub use table::{Styling, locale_is_utf8, print, print_comparison};
pub use view::Mark;
