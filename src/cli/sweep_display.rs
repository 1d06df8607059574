//! What a person sees on stderr while a sweep goes on: a display on a terminal, lines elsewhere.

use std::io::{IsTerminal, Write};
use std::time::Duration;

use goose_recovery::sweep::{Notice, Outcome};
use indicatif::{ProgressBar, ProgressStyle};

/// How often the display is drawn anew.
const REFRESH: Duration = Duration::from_millis(200);

/// Tells how far a sweep is.
pub(crate) struct SweepDisplay {
    bar: Option<ProgressBar>,
    quiet: bool,
}

impl SweepDisplay {
    /// For a sweep of so many runs.
    pub(crate) fn start(runs: usize, quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| ProgressBar::new(runs as u64));
        if let Some(bar) = &bar {
            if let Ok(style) =
                ProgressStyle::with_template("{spinner} [{elapsed_precise}] {bar:20} {wide_msg}")
            {
                bar.set_style(style);
            }
            bar.enable_steady_tick(REFRESH);
        }
        Self { bar, quiet }
    }

    /// Shows it. That a run failed is said even to those who want it quiet.
    pub(crate) fn tell(&mut self, notice: &Notice<'_>) {
        match notice {
            Notice::Begins { number, .. } => match &self.bar {
                Some(bar) => {
                    bar.set_position(number.saturating_sub(1) as u64);
                    bar.set_message(words(notice, true));
                }
                None if self.quiet => {}
                None => say(&words(notice, false)),
            },
            Notice::Ended { outcome: Outcome::Failed { .. }, .. } => match &self.bar {
                Some(bar) => bar.suspend(|| say(&words(notice, false))),
                None => say(&words(notice, false)),
            },
            Notice::Ended { .. } => {}
        }
    }

    /// Takes the display away.
    pub(crate) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// What a notice says; the elapsed time only where no clock stands beside it.
fn words(notice: &Notice<'_>, clock: bool) -> String {
    match notice {
        Notice::Begins { setting, number, of, elapsed, remaining } => {
            let elapsed = (!clock).then(|| format!("{} elapsed", length(*elapsed)));
            let rest = remaining.map(|rest| format!("about {} left", length(rest)));
            let times: Vec<_> = elapsed.into_iter().chain(rest).collect();
            let times = if times.is_empty() { String::new() } else { format!(" ({})", times.join(", ")) };
            format!("run {number} of {of}{times}: {setting}")
        }
        Notice::Ended { outcome, setting, folder } => {
            let end = match outcome {
                Outcome::Finished { exit_code, .. } => format!("finished with exit {exit_code}"),
                Outcome::Failed { reason, .. } => format!("failed: {reason}"),
                Outcome::Interrupted => "was interrupted".to_owned(),
            };
            format!("the run of {setting} in {} {end}", folder.display())
        }
    }
}

/// In whole seconds, such as `1h 2m 3s`.
fn length(length: Duration) -> String {
    let seconds = length.as_secs();
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds}s"),
        (hours, minutes, seconds) => format!("{hours}h {minutes}m {seconds}s"),
    }
}

#[cfg(test)]
mod tests {
    use goose_recovery::sweep::{Axis, Grid};

    use super::*;

    #[test]
    fn says_how_far_it_is_and_what_is_left_once_that_is_known() {
        let values = vec!["1".to_owned(), "3".to_owned()];
        let grid = Grid::new(&[Axis { flag: "max-retries".to_owned(), values }]).unwrap();
        let begins = |elapsed: u64, remaining: Option<u64>, clock: bool| {
            let remaining = remaining.map(Duration::from_secs);
            let elapsed = Duration::from_secs(elapsed);
            let notice = Notice::Begins { setting: &grid.settings[0], number: 2, of: 6, elapsed, remaining };
            words(&notice, clock)
        };
        assert_eq!(begins(0, None, false), "run 2 of 6 (0s elapsed): alert-after=2 max-retries=1");
        assert_eq!(begins(0, None, true), "run 2 of 6: alert-after=2 max-retries=1");
        let later = "run 2 of 6 (1m 5s elapsed, about 1h 1m 1s left): alert-after=2 max-retries=1";
        assert_eq!(begins(65, Some(3661), false), later);
        let beside = "run 2 of 6 (about 1h 1m 1s left): alert-after=2 max-retries=1";
        assert_eq!(begins(65, Some(3661), true), beside);
    }
}
