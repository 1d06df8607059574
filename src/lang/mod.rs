//! What people read, in their language. Pure.
//!
//! Every text of a report has an id and stands once per language, in `en/` and `ja/` ([Fluent] files by subject). What the
//! analysis has to say is a [`Sentence`]: an id and its figures, so that it can be said in any language later.
//! Figures look the same in every language: [`mod@format`].
//!
//! [Fluent]: https://projectfluent.org

mod arg;
mod catalogue;
pub mod format;
mod language;
mod sentence;

pub use arg::Arg;
pub use language::Lang;
pub use sentence::Sentence;
