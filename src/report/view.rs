//! What a KPI, an episode or a count reads like: decided once, laid out by each output. Pure.
//!
//! Every text is in the language that is asked for; figures look the same in all of them.

pub(crate) mod alerts;
pub(crate) mod chains;
pub(crate) mod comparison;
mod episode;
mod kpi;
mod kpi_words;
mod run;
pub(crate) mod standing;
pub(crate) mod state;
mod terms;

use schemars::JsonSchema;
use serde::Serialize;

use crate::analysis::Verdict;
use crate::analysis::model::{Episode, Outcome};
use crate::lang::Lang;

pub(crate) use comparison::amount_or;
pub(crate) use episode::{EpisodeView, PhaseView, all_phases, due, observed};
pub(crate) use kpi::{KpiView, pass_line, reason, reasons, unmet};
pub(crate) use kpi_words::{KpiTerm, kpi_definition, kpi_name};
pub(crate) use run::{ended, harness, ledger, load, stalls, unreadable};
pub(crate) use terms::{
    PHASES, headline, outcome, outcome_code, outcome_meaning, outcome_of, phase_meaning, phase_name, role,
    run_state,
};

/// A verdict as symbol, word and class name: never colour alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Mark {
    /// `✔`, `✘` or `?`.
    pub symbol: &'static str,
    /// The word for it.
    pub word: String,
    /// The word in English, as style sheets and programs know it: `pass`, `fail` or `inconclusive`.
    pub class: &'static str,
}

impl Mark {
    pub(crate) fn new(verdict: Verdict, lang: Lang) -> Self {
        let (symbol, class) = match verdict {
            Verdict::Pass => ("✔", "pass"),
            Verdict::Fail => ("✘", "fail"),
            Verdict::Inconclusive => ("?", "inconclusive"),
        };
        Self { symbol, word: lang.text(&format!("verdict-{class}")), class }
    }

    /// `✔ pass`
    pub(crate) fn said(&self) -> String {
        format!("{} {}", self.symbol, self.word)
    }
}

/// `12 of 3456`
pub(crate) fn of(n: u64, all: u64, lang: Lang) -> String {
    lang.say("n-of", [("n", n.into()), ("all", all.into())])
}

/// `a, b, c`
pub(crate) fn commas(parts: &[String], lang: Lang) -> String {
    parts.join(&lang.text("list-comma"))
}

/// `a; b; c`
pub(crate) fn semicolons(parts: &[String], lang: Lang) -> String {
    parts.join(&lang.text("list-semicolon"))
}

/// `text (detail)`
pub(crate) fn with_detail(text: &str, detail: &str, lang: Lang) -> String {
    lang.say("with-detail", [("text", text.into()), ("detail", detail.into())])
}

/// `name: text`
pub(crate) fn named(name: &str, text: &str, lang: Lang) -> String {
    lang.say("named", [("name", name.into()), ("text", text.into())])
}

/// Those of the counts that are not zero, each in its text.
pub(crate) fn counted<const N: usize>(counts: [(u64, &str); N], lang: Lang) -> Vec<String> {
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, id)| lang.say(id, [("n", n.into())])).collect()
}

/// How many there are and how many of them had which outcome: `3 episodes: 2 recovered, 1 void`. `noun` is the id of
/// the text that counts them.
pub(crate) fn tally(outcomes: &[Outcome], noun: &str, lang: Lang) -> String {
    use Outcome::{Aborted, Censored, Recovered, Void};
    let all = lang.say(noun, [("n", outcomes.len().into())]);
    let with = |of| outcomes.iter().filter(|outcome| **outcome == of).count();
    let parts: Vec<_> = [Recovered, Censored, Void, Aborted]
        .into_iter()
        .map(|of| (of, with(of)))
        .filter(|(_, n)| *n > 0)
        .map(|(of, n)| lang.say("count-outcome", [("n", n.into()), ("outcome", outcome(of, lang).into())]))
        .collect();
    if parts.is_empty() { all } else { named(&all, &commas(&parts, lang), lang) }
}

/// [`tally`] of episodes.
pub(crate) fn tally_episodes<'a>(episodes: impl IntoIterator<Item = &'a Episode>, lang: Lang) -> String {
    let all: Vec<_> = episodes.into_iter().map(|episode| episode.outcome).collect();
    tally(&all, "count-episodes", lang)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outcomes_are_counted_in_each_language() {
        let all = [Outcome::Void, Outcome::Recovered, Outcome::Recovered];
        assert_eq!(tally(&all, "count-episodes", Lang::En), "3 episodes: 2 recovered, 1 void");
        assert_eq!(tally(&[], "count-episodes", Lang::En), "0 episodes");
        assert_eq!(tally(&all, "count-episodes", Lang::Ja), "エピソード 3 件：復旧 2 件、無効 1 件");
    }

    #[test]
    fn a_verdict_is_said_with_its_symbol() {
        assert_eq!(Mark::new(Verdict::Fail, Lang::En).said(), "✘ fail");
        assert_eq!(Mark::new(Verdict::Fail, Lang::Ja).said(), "✘ 不合格");
    }
}
