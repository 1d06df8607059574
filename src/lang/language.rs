//! The languages of a report.

use std::collections::BTreeMap;

use super::catalogue::Catalogue;
use super::{Arg, Sentence, format};

/// A language of a report.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Lang {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::En, Self::Ja];

    /// As in `<html lang>` and `--lang`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
        }
    }

    /// A text without variables.
    ///
    /// ```
    /// use goose_recovery::lang::Lang;
    /// assert_eq!(Lang::En.text("not-observed"), "not observed");
    /// ```
    #[must_use]
    pub fn text(self, id: &str) -> String {
        self.fill(id, &BTreeMap::new())
    }

    /// A text with its variables.
    #[must_use]
    pub fn say<const N: usize>(self, id: &str, args: [(&str, Arg); N]) -> String {
        self.fill(id, &args.into_iter().map(|(name, arg)| (name.to_owned(), arg)).collect())
    }

    /// A sentence in this language; one that this version does not know stays in English.
    #[must_use]
    pub fn read(self, sentence: &Sentence) -> String {
        if self == Self::En || !Catalogue::of(self).knows(&sentence.id) {
            return sentence.text.clone();
        }
        self.fill(&sentence.id, &sentence.args)
    }

    /// `a, b and c`
    #[must_use]
    pub fn list(self, all: &[String]) -> String {
        match (self, all) {
            (_, []) => String::new(),
            (_, [only]) => only.clone(),
            (Self::En, [first @ .., last]) => format!("{} and {last}", first.join(", ")),
            (Self::Ja, all) => all.join("、"),
        }
    }

    /// A length in µs, or that nobody observed it.
    #[must_use]
    pub fn length_or(self, us: Option<u64>) -> String {
        us.map_or_else(|| self.text("not-observed"), format::length)
    }

    /// A count, or that nobody made it.
    #[must_use]
    pub fn count_or(self, n: Option<u64>) -> String {
        n.map_or_else(|| self.text("not-observed"), format::count)
    }

    pub(super) fn fill(self, id: &str, args: &BTreeMap<String, Arg>) -> String {
        Catalogue::of(self).fill(self, id, args)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_reads_the_same_in_english_and_is_translated_otherwise() {
        let said =
            Sentence::with("caveat-few-trials", [("scenario", "cascade".into()), ("trials", 1u64.into())]);
        assert_eq!(said.text, "Scenario cascade has 1 trial, which says little about a rate.");
        assert_eq!(Lang::En.read(&said), said.text);
        assert!(Lang::Ja.read(&said).contains("cascade"));
        assert_ne!(Lang::Ja.read(&said), said.text);
    }

    #[test]
    fn a_sentence_of_another_version_stays_in_english() {
        let said = Sentence {
            text: "Something new.".to_owned(),
            id: "of-tomorrow".to_owned(),
            args: BTreeMap::new(),
        };
        assert_eq!(Lang::Ja.read(&said), "Something new.");
    }

    #[test]
    fn large_counts_are_grouped_and_lists_are_joined() {
        let said =
            Lang::En.say("caveat-few-trials", [("scenario", "x".into()), ("trials", 12_345u64.into())]);
        assert!(said.contains("12\u{202f}345 trials"), "{said}");
        let all = ["1", "2", "3"].map(str::to_owned);
        assert_eq!((Lang::En.list(&all).as_str(), Lang::Ja.list(&all).as_str()), ("1, 2 and 3", "1、2、3"));
    }
}
