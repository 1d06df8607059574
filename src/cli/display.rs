//! What a person sees: progress on stderr while a run goes on, and how the table on stdout may look.

use std::io::{IsTerminal, Write};
use std::os::fd::{AsFd, OwnedFd};
use std::sync::Arc;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::JoinHandle;
use std::time::Duration;

use goose_recovery::plan::Plan;
use goose_recovery::progress::Progress;
use goose_recovery::report::{self, Styling};
use indicatif::{ProgressBar, ProgressStyle};

/// How often the display is drawn anew.
const REFRESH: Duration = Duration::from_millis(200);

/// The progress display of a run; silent when stderr is no terminal or when asked to be.
pub(crate) struct Display {
    running: Option<(mpsc::Sender<()>, JoinHandle<()>)>,
}

impl Display {
    /// Shows `progress` until [`Display::finish`].
    pub(crate) fn start(plan: &Plan, progress: Arc<Progress>, quiet: bool) -> Self {
        if quiet || !std::io::stderr().is_terminal() {
            return Self { running: None };
        }
        let bar = ProgressBar::new(plan.episodes().into());
        if let Ok(style) = ProgressStyle::with_template("{spinner} [{elapsed_precise}] {wide_msg}") {
            bar.set_style(style);
        }
        let episodes = plan.episodes();
        let (finish, finished) = mpsc::channel();
        let thread = std::thread::spawn(move || {
            while finished.recv_timeout(REFRESH) == Err(RecvTimeoutError::Timeout) {
                let now = progress.snapshot();
                bar.set_message(format!(
                    "{} · episode {}/{episodes} · health {} · {} requests, {} failed",
                    now.text.phase, now.episode, now.text.health, now.requests, now.failures
                ));
                bar.tick();
            }
            bar.finish_and_clear();
        });
        Self { running: Some((finish, thread)) }
    }

    /// Takes the display away.
    pub(crate) fn finish(self) {
        if let Some((finish, thread)) = self.running {
            let _ = finish.send(());
            let _ = thread.join();
        }
    }
}

/// While it lives, what is written to stdout goes to stderr, or nowhere: goose says on stdout how many users it
/// launched, and stdout is for the verdict.
pub(crate) struct StdoutDiverted {
    stdout: OwnedFd,
}

impl StdoutDiverted {
    pub(crate) fn new(quiet: bool) -> std::io::Result<Self> {
        let stdout = std::io::stdout().as_fd().try_clone_to_owned()?;
        if quiet || std::io::stderr().is_terminal() {
            // On a terminal the progress display says the same, and would be torn apart.
            rustix::stdio::dup2_stdout(std::fs::OpenOptions::new().write(true).open("/dev/null")?)?;
        } else {
            rustix::stdio::dup2_stdout(std::io::stderr())?;
        }
        Ok(Self { stdout })
    }
}

impl Drop for StdoutDiverted {
    fn drop(&mut self) {
        let _ = std::io::stdout().flush();
        let _ = rustix::stdio::dup2_stdout(&self.stdout);
    }
}

/// Colour and width as the terminal and `NO_COLOR` (<https://no-color.org>) want them.
pub(crate) fn styling() -> Styling {
    let stdout = std::io::stdout();
    let variable = |name| std::env::var(name).ok();
    let [all, ctype, lang] = ["LC_ALL", "LC_CTYPE", "LANG"].map(variable);
    Styling {
        colour: stdout.is_terminal() && variable("NO_COLOR").is_none_or(|value| value.is_empty()),
        unicode: report::locale_is_utf8([all.as_deref(), ctype.as_deref(), lang.as_deref()]),
        width: rustix::termios::tcgetwinsize(&stdout).ok().map(|size| size.ws_col).filter(|width| *width > 0),
    }
}
