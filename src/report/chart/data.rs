//! The figures behind a picture, as a table. Pure.

use serde::Serialize;

/// A table under a picture.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct DataTable {
    pub(crate) columns: Vec<(String, Column)>,
    /// As many cells as columns in each.
    pub(crate) rows: Vec<Vec<String>>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub(crate) enum Column {
    /// Figures: at the right.
    Figure,
    /// Words: at the left.
    Text,
    /// Numbers of episodes: links to their sections.
    Episode,
}

impl DataTable {
    /// An empty table.
    pub(crate) fn new(columns: impl IntoIterator<Item = (String, Column)>) -> Self {
        Self { columns: columns.into_iter().collect(), rows: Vec::new() }
    }
}
