//! `goose-recovery compare`: runs side by side.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use goose_recovery::analysis::Summary;
use goose_recovery::clock::Clock;
use goose_recovery::compare::{self, Incomparable, NoSuchSetting, Options, Side};
use goose_recovery::evaluate::{BadLines, RunRef, RunRefError};
use goose_recovery::lang::Lang;
use goose_recovery::report::{self, Compared};
use goose_recovery::run;

use super::display::styling;
use super::exit::Exit;
use super::output::{FormArgs, Format, print, tell};
use super::value::share;

/// [`compare::NOISE`] as people write it.
pub(crate) const NOISE: &str = "5%";

#[derive(Debug, Args)]
#[command(after_long_help = "\
The first RUN is the baseline. A change is claimed only where its interval, corrected for the number of questions, lies wholly
beyond the noise: what is not claimed is unchanged (shown to be within the noise) or inconclusive (the data do not decide).

Examples:
  goose-recovery compare reports/before reports/after
      two runs: what changed, and how sure that is
  goose-recovery compare reports/20* --by max_retries --baseline max_retries=3
      many runs, repeats of one setting taken together
  goose-recovery compare 'logs/all.jsonl#20261126T120000Z-1a2b' reports/after --fail-on-regression
      in CI: exit 1 when anything is claimed to be worse
  goose-recovery compare reports/before reports/after --format json | jq '.metrics[].changes'
      for a program")]
pub(crate) struct CompareArgs {
    /// A run's folder, its summary.json, or JOURNAL#RUN_ID
    #[arg(value_name = "RUN", required = true, num_args = 1.., value_hint = ValueHint::AnyPath)]
    runs: Vec<String>,
    /// What the others are compared with: one of the RUNs, or with --by a value such as max_retries=3 [default: the first]
    #[arg(long, value_name = "RUN")]
    baseline: Option<String>,
    /// Take runs together that have the same label, or the same field of the restart policy; several with commas
    #[arg(long, value_name = "FIELD", value_delimiter = ',')]
    by: Vec<String>,
    /// A change within this share of the baseline counts as none; of a rate, a change within so many points
    #[arg(long, value_name = "SHARE", default_value = NOISE, value_parser = share)]
    noise: f64,
    /// Compare even runs that do not measure the same; every output then says so
    #[arg(long)]
    force: bool,
    /// Exit 1 when any change is claimed to be for the worse
    #[arg(long)]
    fail_on_regression: bool,
    /// Seed of the resamples
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// Analyse the rest when lines of a journal cannot be read
    #[arg(long)]
    skip_bad_lines: bool,
    #[command(flatten)]
    output: CompareOutput,
}

/// Where the comparison goes, and how it reads.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub(crate) struct CompareOutput {
    /// Folder of the page, the figures and compare.json [default: reports/compare-<time>]
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
    /// Write over a report that is already there
    #[arg(long)]
    overwrite: bool,
    #[command(flatten)]
    forms: FormArgs,
}

/// Why runs are not set side by side.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CompareError {
    /// A RUN cannot be had.
    #[error(transparent)]
    Run(#[from] RunRefError),
    /// A run lacks the setting.
    #[error(transparent)]
    Setting(#[from] NoSuchSetting),
    /// They are not compared.
    #[error("{0}{remedy}", remedy = remedy(.0))]
    Incomparable(Incomparable),
    /// Nothing to compare with.
    #[error("there is no side {asked}: --baseline takes one of {known}")]
    Baseline { asked: String, known: String },
    /// One side is none.
    #[error("all runs have the same {0}: a comparison needs at least two values of it")]
    OneValue(String),
}

fn remedy(error: &Incomparable) -> &'static str {
    match error {
        Incomparable::Differs(_) => " with --force, and every output will say so",
        Incomparable::TooFew => ": name at least two runs",
        Incomparable::Twice(_) | Incomparable::Noise(_) => "",
    }
}

impl CompareArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        let bad_lines = if self.skip_bad_lines { BadLines::Skip } else { BadLines::Refuse };
        let refs: Vec<RunRef> = self
            .runs
            .iter()
            .map(|run| RunRef::find(run))
            .collect::<Result<_, _>>()
            .map_err(CompareError::from)?;
        let runs: Vec<Summary> = refs
            .iter()
            .map(|run| run.load(bad_lines))
            .collect::<Result<_, _>>()
            .map_err(CompareError::from)?;
        let sides = self.sides(&refs, &runs)?;
        let options = Options {
            noise: self.noise,
            force: self.force,
            by: self.by.clone(),
            seed: self.seed,
            ..Options::default()
        };
        let comparison = compare::compare(&sides, &options).map_err(CompareError::Incomparable)?;
        self.output.produce(&Compared { sides: &sides, comparison: &comparison, recommendation: None })?;
        Ok(if self.fail_on_regression && comparison.regressed() { Exit::Fail } else { Exit::Pass })
    }

    /// What stands side by side, the baseline first.
    fn sides<'a>(&self, refs: &[RunRef], runs: &'a [Summary]) -> Result<Vec<Side<'a>>, CompareError> {
        let all: Vec<&Summary> = runs.iter().collect();
        let mut sides = if self.by.is_empty() {
            all.iter().map(|run| Side { label: run.run_id.clone(), runs: vec![*run] }).collect()
        } else {
            compare::group(&all, &self.by)?
        };
        if sides.len() == 1 && runs.len() > 1 {
            return Err(CompareError::OneValue(self.by.join(", ")));
        }
        if let Some(asked) = &self.baseline {
            let of_run = refs.iter().zip(&self.runs).zip(runs).find(|((reference, text), run)| {
                *text == asked
                    || run.run_id == *asked
                    || RunRef::find(asked).is_ok_and(|other| other == **reference)
            });
            let id = of_run.map(|(_, run)| run.run_id.as_str());
            let has = |side: &Side<'_>| {
                side.label == *asked || side.runs.iter().any(|run| Some(run.run_id.as_str()) == id)
            };
            let Some(place) = sides.iter().position(has) else {
                let known: Vec<_> = sides.iter().map(|side| side.label.clone()).collect();
                return Err(CompareError::Baseline { asked: asked.clone(), known: known.join(", ") });
            };
            let baseline = sides.remove(place);
            sides.insert(0, baseline);
        }
        Ok(sides)
    }
}

impl CompareOutput {
    /// Makes the places ready, prints what was asked for, and writes the folder: only once there is something to put there.
    fn produce(&self, compared: &Compared<'_>) -> anyhow::Result<()> {
        let new = || run::default_report_folder(&format!("compare-{}", run::new_id(Clock::start())));
        let out = &self.out.clone().unwrap_or_else(new);
        report::prepare_comparison(out, self.overwrite)?;
        let step_summary = self.forms.prepare(self.overwrite)?;
        let lang = self.forms.lang.into();
        let printed = print(&printed(compared, self.forms.format, out, lang)?);
        report::write_comparison(compared, out, lang)?;
        printed?;
        tell(self.forms.format, &out.join("index.html"))?;
        if let Some(path) = &self.forms.markdown {
            report::comparison::write_comparison_markdown(compared, path, out, lang)?;
            tell(self.forms.format, path)?;
        }
        if let Some(path) = step_summary {
            report::comparison::append_comparison_step_summary(compared, &path, lang)?;
        }
        Ok(())
    }
}

/// A comparison in a form for stdout. It is printed first: it is there even when the disk takes no report.
pub(crate) fn printed(
    compared: &Compared<'_>,
    format: Format,
    out: &Path,
    lang: Lang,
) -> anyhow::Result<Vec<u8>> {
    Ok(match (format, compared.recommendation) {
        (Format::Table, _) => {
            let mut table = Vec::new();
            report::print_comparison(compared, styling(), &mut table)?;
            table
        }
        // Of a sweep, the answer is the setting.
        (Format::Json, Some(found)) => report::comparison::recommendation_json(found)?.into_bytes(),
        (Format::Json, None) => report::comparison::comparison_json(compared.comparison)?.into_bytes(),
        (Format::Markdown, _) => {
            report::comparison::comparison_markdown(compared, Path::new("."), out, lang).into_bytes()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_noise_that_the_help_names_is_that_of_every_comparison() {
        assert_eq!(share(NOISE), Ok(compare::NOISE));
    }
}
