//! Something to say, not yet in any language.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Arg, Lang};

/// A text by its id and the figures in it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Sentence {
    /// In English: for those who read the file as it is.
    pub text: String,
    /// Which text it is; the same in every version.
    pub id: String,
    /// What it is about, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub args: BTreeMap<String, Arg>,
}

impl Sentence {
    /// A text without variables.
    ///
    /// ```
    /// use goose_recovery::lang::{Lang, Sentence};
    /// let said = Sentence::new("not-observed");
    /// assert_eq!((said.text.as_str(), Lang::Ja.read(&said).as_str()), ("not observed", "未観測"));
    /// ```
    #[must_use]
    pub fn new(id: &str) -> Self {
        Self::with(id, [])
    }

    /// A text with its variables.
    #[must_use]
    pub fn with<const N: usize>(id: &str, args: [(&str, Arg); N]) -> Self {
        let args: BTreeMap<_, _> = args.into_iter().map(|(name, arg)| (name.to_owned(), arg)).collect();
        Self { text: Lang::En.fill(id, &args), id: id.to_owned(), args }
    }

    /// Words that somebody else chose: said as they are.
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        Self::with("verbatim", [("text", Arg::Text(text.into()))])
    }
}
