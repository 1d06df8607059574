//! What the terminal can show.

/// How the table may look; whoever knows the terminal decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Styling {
    /// Colour beside the symbols and words (they alone carry the meaning).
    pub colour: bool,
    /// Lines and symbols outside of ASCII.
    pub unicode: bool,
    /// Columns of the terminal; 100 when unknown.
    pub width: Option<u16>,
}

impl Default for Styling {
    /// For a file or a pipe: no colour, UTF-8, 100 columns.
    fn default() -> Self {
        Self { colour: false, unicode: true, width: None }
    }
}

/// Whether the values of `LC_ALL`, `LC_CTYPE` and `LANG` (the first one set counts) name a UTF-8 locale.
///
/// ```
/// use goose_recovery::report::locale_is_utf8;
/// assert!(locale_is_utf8([None, None, Some("en_US.UTF-8")]));
/// assert!(!locale_is_utf8([Some("C"), None, Some("en_US.UTF-8")]));
/// ```
#[must_use]
pub fn locale_is_utf8(variables: [Option<&str>; 3]) -> bool {
    let name = variables.into_iter().flatten().find(|value| !value.is_empty());
    name.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.ends_with("utf-8") || name.ends_with("utf8")
    })
}
