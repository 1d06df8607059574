//! Runs side by side, as `goose-recovery compare` sets them. Pure.

use crate::analysis::Summary;
use crate::compare::{Incomparable, Options, Side, compare};
use crate::lang::Lang;
use crate::report::comparison::comparison_page;
use crate::report::view::semicolons;
use crate::report::{Compared, ReportError};

use super::unreadable;

/// So many runs are set side by side at most: more are a matter for `goose-recovery compare`, which takes them together by setting.
pub(super) const MOST: usize = 20;

/// Why runs are not set side by side, in words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct NotCompared {
    pub(crate) reason: String,
    /// Whether it can be done all the same.
    pub(crate) can_be_forced: bool,
}

impl NotCompared {
    fn for_good(reason: String) -> Self {
        Self { reason, can_be_forced: false }
    }

    /// There is no run of this id.
    pub(super) fn no_such_run(id: &str, lang: Lang) -> Self {
        Self::for_good(lang.say("runs-compare-no-such", [("id", id.into())]))
    }

    /// What was judged of it cannot be read.
    pub(super) fn unreadable(id: &str, error: &ReportError, lang: Lang) -> Self {
        let reason = unreadable::summary(error, lang);
        Self::for_good(lang.say("named", [("name", id.into()), ("text", reason.into())]))
    }

    fn incomparable(error: &Incomparable, lang: Lang) -> Self {
        match error {
            Incomparable::TooFew => Self::for_good(lang.text("runs-compare-too-few")),
            Incomparable::Twice(run) => Self::for_good(lang.say("runs-compare-twice", [("run", run.into())])),
            Incomparable::Differs(differences) => {
                let said: Vec<_> = differences.iter().map(|it| lang.read(&it.sentence())).collect();
                let reason =
                    lang.say("runs-compare-differ", [("differences", semicolons(&said, lang).into())]);
                Self { reason, can_be_forced: true }
            }
            // Nobody asks for another one than the usual.
            Incomparable::Noise(_) => Self::for_good(error.to_string()),
        }
    }
}

/// Whether so many runs can be set side by side.
pub(super) fn check(runs: usize, lang: Lang) -> Result<(), NotCompared> {
    match runs {
        0 | 1 => Err(NotCompared::incomparable(&Incomparable::TooFew, lang)),
        2..=MOST => Ok(()),
        _ => Err(NotCompared::for_good(lang.say("runs-compare-too-many", [("most", MOST.into())]))),
    }
}

/// The page of the comparison with the first of the runs.
pub(super) fn page(runs: &[Summary], force: bool, lang: Lang) -> Result<String, NotCompared> {
    let sides: Vec<Side<'_>> =
        runs.iter().map(|run| Side { label: run.run_id.clone(), runs: vec![run] }).collect();
    let options = Options { force, ..Options::default() };
    let comparison = compare(&sides, &options).map_err(|error| NotCompared::incomparable(&error, lang))?;
    let compared = Compared { sides: &sides, comparison: &comparison, recommendation: None };
    // What is said then is for whoever mends it.
    comparison_page(&compared, lang).map_err(|error| NotCompared::for_good(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    /// Runs of these ids that differ in their seeds.
    fn runs(ids: &[&str]) -> Vec<Summary> {
        let run = |(seed, id): (u64, &&str)| {
            let mut run = fixture::many(12).summary;
            (run.run_id, run.seed) = ((*id).to_owned(), seed);
            run
        };
        (0..).zip(ids).map(run).collect()
    }

    #[test]
    fn the_first_run_is_the_baseline_and_each_goes_by_its_id() {
        for lang in Lang::ALL {
            let page = page(&runs(&["run-before", "run-after", "run-third"]), false, lang).unwrap();
            assert!(page.contains(&format!("lang=\"{}\"", lang.code())));
            let places = ["run-before", "run-after", "run-third"].map(|id| page.find(id).unwrap());
            assert!(places.is_sorted(), "{places:?}");
        }
    }

    #[test]
    fn what_does_not_measure_the_same_is_refused_and_can_be_forced() {
        let mut all = runs(&["a", "b"]);
        (all[1].plan.users, all[1].plan.hold_us) = (7, 1);
        let refused = page(&all, false, Lang::En).unwrap_err();
        assert!(refused.can_be_forced);
        assert_eq!(refused.reason, "these runs do not measure the same: users (50 | 7); hold (2 s | 1 µs)");
        assert!(page(&all, true, Lang::En).unwrap().contains("FORCED"));
        assert!(page(&all, false, Lang::Ja).unwrap_err().reason.contains("ユーザー数（50 | 7）"));
    }

    #[test]
    fn what_cannot_be_compared_at_all_is_said_in_words() {
        for force in [false, true] {
            let twice = page(&runs(&["a", "b", "a"]), force, Lang::En).unwrap_err();
            assert_eq!(
                twice,
                NotCompared {
                    reason: "run a stands there twice, and a run counts once; choose another one".to_owned(),
                    can_be_forced: false,
                }
            );
        }
        for (runs, says) in [(0, "at least two"), (1, "at least two"), (MOST + 1, "at most 20 runs")] {
            let refused = check(runs, Lang::En).unwrap_err();
            assert!(refused.reason.contains(says) && !refused.can_be_forced, "{refused:?}");
        }
        assert_eq!((check(2, Lang::En), check(MOST, Lang::En)), (Ok(()), Ok(())));
    }

    #[test]
    fn an_id_that_is_markup_stays_text() {
        let markup = "<script>alert(1)</script>";
        let page = page(&runs(&[markup, "b"]), false, Lang::En).unwrap();
        assert!(!page.contains(markup) && page.contains("alert(1)"));
        assert_eq!(
            NotCompared::no_such_run(markup, Lang::En).reason,
            format!("there is no run {markup}; choose one of the list")
        );
    }
}
