//! What a sweep comes to: its finished runs side by side, and which setting to keep.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::Path;

use clap::Args;
use goose_recovery::analysis::{Summary, Verdict};
use goose_recovery::compare::{Options, Side};
use goose_recovery::lang::Lang;
use goose_recovery::report::{self, Compared, comparison};
use goose_recovery::sweep::recommendation::{impossible, missing};
use goose_recovery::sweep::{
    Cell, Findings, Manifest, Recommendation, SettingRuns, in_order, recommend, side,
};

use super::compare::{CompareError, NOISE, printed};
use super::exit::Exit;
use super::output::{Format, print, tell};
use super::value::share;

/// How the result of a sweep is made and printed.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct ConclusionArgs {
    /// A change within this share of the plan's own setting counts as none; of a rate, a change within so many points
    #[arg(long, value_name = "SHARE", default_value = NOISE, value_parser = share, help_heading = "Judgement")]
    noise: f64,
    /// What is printed on stdout: the comparison for people, recommendation.json, or report.md
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = Format::Table, help_heading = "Output")]
    format: Format,
}

impl ConclusionArgs {
    /// Compares what is there, also when runs are missing, and says so.
    pub(crate) fn conclude(self, manifest: &Manifest, dir: &Path) -> anyhow::Result<Exit> {
        let settings = manifest.runs(dir);
        let runs = settings.iter().map(runs).collect::<anyhow::Result<Vec<_>>>()?;
        if runs.iter().all(Vec::is_empty) {
            writeln!(std::io::stderr(), "no run came to a verdict: there is nothing to compare")?;
            return Ok(Exit::Invalid);
        }
        let cells: Vec<Cell<'_>> = settings
            .iter()
            .zip(&runs)
            .map(|(of, runs)| Cell { setting: &of.setting, planned: of.planned, runs: runs.iter().collect() })
            .collect();
        let cells = in_order(&cells);
        let options =
            Options { noise: self.noise, by: varied(manifest), seed: manifest.seed, ..Options::default() };
        let Findings { comparison, mut recommendation } =
            recommend(&cells, &options).map_err(CompareError::Incomparable)?;
        let repeats = u64::from(manifest.repeats);
        recommendation.undecided.extend(impossible(&manifest.impossible));
        recommendation
            .undecided
            .extend(settings.iter().filter_map(|of| missing(&of.setting, of.missing as u64, repeats)));

        let sides: Vec<Side<'_>> = cells.iter().map(side).collect();
        let lang = if manifest.lang == Lang::Ja.code() { Lang::Ja } else { Lang::En };
        match &comparison {
            Some(found) => {
                let compared =
                    Compared { sides: &sides, comparison: found, recommendation: Some(&recommendation) };
                let printed = print(&printed(&compared, self.format, dir, lang)?);
                report::write_comparison(&compared, dir, lang)?;
                printed?;
                tell(self.format, &dir.join("index.html"))?;
            }
            // With one setting alone there is no page: its runs have theirs.
            None => {
                comparison::write_recommendation(&recommendation, dir)?;
                let said = recommendation.reasons.iter().chain([&recommendation.planned]);
                let lines: String =
                    said.chain(&recommendation.undecided).map(|said| Lang::En.read(said) + "\n").collect();
                print(lines.as_bytes())?;
            }
        }
        Ok(exit(&recommendation))
    }
}

/// The summaries of a setting's finished runs.
fn runs(of: &SettingRuns) -> anyhow::Result<Vec<Summary>> {
    let summaries = of.folders.iter().map(|folder| report::read_summary(&folder.join("summary.json")));
    Ok(summaries.collect::<Result<_, _>>()?)
}

/// The fields of the policy in which settings differ, as the policy spells them.
fn varied(manifest: &Manifest) -> Vec<String> {
    let flags: BTreeSet<_> =
        manifest.settings.iter().flat_map(|setting| setting.values()).map(|(flag, _)| flag).collect();
    flags.into_iter().map(|flag| flag.replace('-', "_")).collect()
}

/// Whether there is a setting to keep.
fn exit(found: &Recommendation) -> Exit {
    match found.chosen {
        Some(_) => Exit::Pass,
        None if found.standings.iter().any(|standing| standing.verdict == Verdict::Inconclusive) => {
            Exit::Inconclusive
        }
        None => Exit::Fail,
    }
}
