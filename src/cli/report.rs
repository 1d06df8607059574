//! `goose-recovery report`: the same verdict and files from the journal alone.

use std::path::PathBuf;

use clap::{Args, ValueHint};
use goose_recovery::evaluate::{self, BadLines};

use super::exit::Exit;
use super::output::{OutputArgs, Source};

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  goose-recovery report logs/r_v0_2_1_poc.jsonl
      the last run again: the verdict on stdout, the report in reports/<run id>
  goose-recovery report logs/r_v0_2_1_poc.jsonl --lang ja --markdown docs/operations/r_v0_2_1_poc_report.md
      in Japanese, with the report for the repository in its place
  goose-recovery report logs/r_v0_2_1_poc.jsonl --out ci-report --github-summary
      in a job of GitHub Actions; ci-report/junit.xml is for its test view
  goose-recovery report logs/r_v0_2_1_poc.jsonl --format json | jq .verdict
      for a program")]
pub(crate) struct ReportArgs {
    /// The journal
    #[arg(value_hint = ValueHint::FilePath)]
    journal: PathBuf,
    /// Which run of the journal [default: the last one]
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// Analyse the rest when lines cannot be read; the report says how many were left out
    #[arg(long)]
    skip_bad_lines: bool,
    #[command(flatten)]
    output: OutputArgs,
}

impl ReportArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        let output = self.output.prepare()?;
        let run_id = match self.run {
            Some(run) => run,
            None => evaluate::last_run(&self.journal)?,
        };
        let bad_lines = if self.skip_bad_lines { BadLines::Skip } else { BadLines::Refuse };
        output.produce(Source { journal: &self.journal, run_id: &run_id, bad_lines })
    }
}
