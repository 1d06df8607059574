//! `goose-recovery report`: the same verdict and files from the journal alone.

use std::path::PathBuf;

use clap::Args;
use goose_recovery::evaluate::BadLines;
use goose_recovery::report;

use super::display::Output;
use super::exit::Exit;

#[derive(Debug, Args)]
pub(crate) struct ReportArgs {
    /// The journal
    journal: PathBuf,
    /// Which run of the journal [default: the last one]
    #[arg(long, value_name = "ID")]
    run: Option<String>,
    /// Folder of the report [default: reports/<run id>]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Write over a report that is already in the folder
    #[arg(long)]
    force: bool,
    /// Analyse the rest when lines cannot be read; the report says how many were left out
    #[arg(long)]
    skip_bad_lines: bool,
}

impl ReportArgs {
    pub(crate) fn execute(self) -> anyhow::Result<Exit> {
        if let Some(out) = &self.out {
            report::prepare(out, self.force)?;
        }
        let run_id = match self.run {
            Some(run) => run,
            None => goose_recovery::evaluate::last_run(&self.journal)?,
        };
        let out = self.out.unwrap_or_else(|| goose_recovery::run::default_report_folder(&run_id));
        Output {
            journal: &self.journal,
            run_id: &run_id,
            out: &out,
            force: self.force,
            bad_lines: if self.skip_bad_lines { BadLines::Skip } else { BadLines::Refuse },
        }
        .produce()
    }
}
