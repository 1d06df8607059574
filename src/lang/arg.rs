//! A figure or a name inside of a text.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Lang, Sentence, format};

/// What takes the place of a variable.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    /// A number of things; texts may depend on whether it is one.
    Count(u64),
    /// A length in µs.
    LengthUs(u64),
    /// An instant in µs since the run began.
    InstantUs(u64),
    /// A share between 0 and 1, read in per cent.
    Share(f64),
    /// Another number, with three digits that matter.
    Number(f64),
    /// A name, or words that somebody else chose: not translated.
    Text(String),
    /// A text of ours inside of a text.
    Sentence(Box<Sentence>),
    /// Several, read one after the other.
    List(Vec<Arg>),
}

impl Arg {
    /// A length in µs that may not have been observed.
    #[must_use]
    pub fn length_or(us: Option<u64>) -> Self {
        us.map_or_else(|| Sentence::new("not-observed").into(), Self::LengthUs)
    }

    /// As it reads in a language.
    #[must_use]
    pub fn read(&self, lang: Lang) -> String {
        match self {
            Self::Count(n) => format::count(*n),
            Self::LengthUs(us) => format::length(*us),
            Self::InstantUs(us) => format::instant(*us),
            Self::Share(share) => format::ratio(*share),
            Self::Number(n) => format::number(*n),
            Self::Text(text) => text.clone(),
            Self::Sentence(sentence) => lang.read(sentence),
            Self::List(all) => lang.list(&all.iter().map(|arg| arg.read(lang)).collect::<Vec<_>>()),
        }
    }
}

impl From<u64> for Arg {
    fn from(n: u64) -> Self {
        Self::Count(n)
    }
}

impl From<u32> for Arg {
    fn from(n: u32) -> Self {
        Self::Count(n.into())
    }
}

impl From<usize> for Arg {
    fn from(n: usize) -> Self {
        Self::Count(n as u64)
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Sentence> for Arg {
    fn from(sentence: Sentence) -> Self {
        Self::Sentence(Box::new(sentence))
    }
}
