//! The runs of a sweep, one after the other, each a process of its own, and each recorded when it has ended.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::apply::Apply;
use super::child::{self, Ended, Interrupt};
use super::error::SweepError;
use super::given::{self, Given};
use super::grid::Setting;
use super::manifest::{MANIFEST, Manifest, Outcome, TurnRecord, is_taken};
use crate::clock::Clock;
use crate::report::read_summary;
use crate::stop::Stop;

/// The exit code of a run that refuses its flags.
const EXIT_USAGE: i32 = 2;
/// Exit codes of a run with a verdict: pass, fail, inconclusive.
const VERDICTS: [i32; 3] = [0, 1, 3];

/// What is told while a sweep goes on.
#[derive(Debug)]
pub enum Notice<'a> {
    /// A run begins.
    Begins {
        /// Its setting.
        setting: &'a Setting,
        /// Its number among all runs, from 1.
        number: usize,
        /// All runs.
        of: usize,
        /// Since the sweep began or was continued.
        elapsed: Duration,
        /// What the runs that are left will take; absent before the first one has ended.
        remaining: Option<Duration>,
    },
    /// It has ended.
    Ended {
        /// What became of it.
        outcome: &'a Outcome,
        /// Its setting.
        setting: &'a Setting,
        /// The folder of its report.
        folder: PathBuf,
    },
}

/// How a sweep came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every run was made, or tried.
    Done,
    /// It was interrupted; what is left can be continued.
    Interrupted,
}

/// Makes the runs of a sweep. While it lives, nobody else makes runs of the same sweep.
#[derive(Debug)]
pub struct Runner {
    program: PathBuf,
    dir: PathBuf,
    manifest: Manifest,
    given: Vec<Given>,
    apply: Apply,
    stop: Stop,
    /// Whether the sweep was begun before, so that there may be reports of runs that were not finished.
    resumed: bool,
    _lock: File,
}

impl Runner {
    /// Begins a sweep in `dir`, whose runs are made by `program run`.
    ///
    /// # Errors
    /// When the folder holds a sweep already or cannot be written, and when `given` cannot bring settings into effect.
    pub fn begin(
        program: PathBuf,
        dir: PathBuf,
        manifest: Manifest,
        given: Vec<Given>,
        stop: Stop,
    ) -> Result<Self, SweepError> {
        if is_taken(&dir) {
            return Err(SweepError::AlreadyThere { path: dir });
        }
        let apply = Apply::of(&given, Duration::from_micros(manifest.apply_timeout_us))?;
        fs::create_dir_all(&dir).map_err(|source| SweepError::Write { path: dir.clone(), source })?;
        let lock = lock(&dir)?;
        Ok(Self { program, dir, manifest, given, apply, stop, resumed: false, _lock: lock })
    }

    /// Continues the sweep in `dir`; `given` are flags whose values were not kept, `lang` another language for its reports.
    ///
    /// # Errors
    /// When there is no sweep, when somebody makes its runs now, and when `given` is not what is missing.
    pub fn resume(
        program: PathBuf,
        dir: PathBuf,
        given: &[Given],
        lang: Option<&str>,
        stop: Stop,
    ) -> Result<Self, SweepError> {
        // First, so that somebody who makes runs is not read in the middle of them; there may be no folder at all.
        let lock = if dir.join(MANIFEST).exists() {
            lock(&dir)
        } else {
            Manifest::read(&dir).and_then(|_| lock(&dir))
        }?;
        let mut manifest = Manifest::read(&dir)?;
        let given = given::complete(&manifest.arguments, given)?;
        if let Some(lang) = lang {
            lang.clone_into(&mut manifest.lang);
        }
        let apply = Apply::of(&given, Duration::from_micros(manifest.apply_timeout_us))?;
        Ok(Self { program, dir, manifest, given, apply, stop, resumed: true, _lock: lock })
    }

    /// What is to do, and what of it is done.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Makes every run that has no verdict yet, and gives the target its own policy back. A run that fails is recorded, and
    /// the others are made nevertheless.
    ///
    /// Call it on a thread that outlives the sweep (the main thread): a run dies with the thread that started it.
    ///
    /// # Errors
    /// [`SweepError::Refused`] when the first of all runs refuses its flags; when the target has no policy to change or does
    /// not take its own back; when the manifest cannot be written.
    pub fn run(&mut self, tell: &mut dyn FnMut(&Notice<'_>)) -> Result<Ending, SweepError> {
        if let (Apply::Policy(api), None, Some(_)) =
            (&self.apply, &self.manifest.policy_before, self.manifest.next(0))
        {
            self.manifest.policy_before = Some(api.get()?);
        }
        let ending = self.manifest.write(&self.dir).and_then(|()| self.turns(tell));
        // Whatever has happened; but that is what is told first.
        let given_back = self.give_policy_back();
        let ending = ending?;
        given_back?;
        Ok(ending)
    }

    fn turns(&mut self, tell: &mut dyn FnMut(&Notice<'_>)) -> Result<Ending, SweepError> {
        let (clock, mut done, mut at) = (Clock::start(), 0, 0);
        while let Some(index) = self.manifest.next(at) {
            if self.stop.requested() {
                return Ok(Ending::Interrupted);
            }
            let turn = self.manifest.turns[index].clone();
            let setting = self.manifest.settings[turn.setting].clone();
            let elapsed = Duration::from_micros(clock.now());
            let remaining = elapsed.checked_div(done).map(|mean| mean * self.left(index));
            let (number, of) = (index + 1, self.manifest.turns.len());
            tell(&Notice::Begins { setting: &setting, number, of, elapsed, remaining });
            let outcome = self.turn(&turn, &setting)?;
            self.manifest.turns[index].outcome = Some(outcome.clone());
            self.manifest.write(&self.dir)?;
            tell(&Notice::Ended {
                outcome: &outcome,
                setting: &setting,
                folder: self.dir.join(&turn.folder),
            });
            if outcome == Outcome::Interrupted {
                return Ok(Ending::Interrupted);
            }
            (done, at) = (done + 1, index + 1);
        }
        Ok(Ending::Done)
    }

    /// How many runs are to be made from `index` on.
    fn left(&self, index: usize) -> u32 {
        let all = std::iter::successors(self.manifest.next(index), |index| self.manifest.next(index + 1));
        u32::try_from(all.count()).unwrap_or(u32::MAX)
    }

    /// Brings the setting into effect and makes the run.
    fn turn(&mut self, turn: &TurnRecord, setting: &Setting) -> Result<Outcome, SweepError> {
        let before = self.manifest.policy_before.as_ref();
        if let Err(reason) = self.apply.apply(setting, before, &self.stop) {
            return Ok(if self.stop.requested() {
                Outcome::Interrupted
            } else {
                Outcome::Failed { exit_code: None, reason }
            });
        }
        if self.stop.requested() {
            return Ok(Outcome::Interrupted);
        }
        let mut command = self.command(turn, setting);
        let ended = child::run(&mut command, &self.stop, Interrupt::Process, None)
            .map_err(|source| SweepError::Start { program: self.program.display().to_string(), source })?;
        let refused = ended.status.code() == Some(EXIT_USAGE) && self.manifest.finished() == 0;
        if refused && !self.stop.requested() {
            self.leave_nothing(turn);
            return Err(SweepError::Refused {
                said: ended.said.trim_start_matches("goose-recovery: ").to_owned(),
            });
        }
        Ok(self.outcome(turn, &ended))
    }

    fn command(&self, turn: &TurnRecord, setting: &Setting) -> Command {
        let mut own = self.apply.arguments(setting);
        own.push(format!("--seed={}", turn.seed));
        own.push(format!("--lang={}", self.manifest.lang));
        own.push("--quiet".to_owned());
        own.push(format!("--die-with-parent={}", std::process::id()));
        if self.resumed {
            own.push("--force".to_owned());
        }
        let mut command = Command::new(&self.program);
        command.arg("run").arg("--log").arg(&self.manifest.log);
        command.arg("--out").arg(self.dir.join(&turn.folder)).args(given::arguments(&self.given, &own));
        for (variable, value) in given::environment(&self.given) {
            match value {
                Some(value) => command.env(variable, value),
                None => command.env_remove(variable),
            };
        }
        command
    }

    fn outcome(&self, turn: &TurnRecord, ended: &Ended) -> Outcome {
        let exit_code = ended.status.code();
        let failed = |reason: String| Outcome::Failed { exit_code, reason };
        match exit_code {
            Some(code) if VERDICTS.contains(&code) => {
                match read_summary(&self.dir.join(&turn.folder).join("summary.json")) {
                    Ok(summary) => Outcome::Finished { exit_code: code, run_id: summary.run_id },
                    Err(error) => failed(error.to_string()),
                }
            }
            _ if self.stop.requested() => Outcome::Interrupted,
            _ => failed(format!("{}: {}", ended.status, ended.last_words())),
        }
    }

    /// After a first run that refused its flags: the same folder can be taken for the command that puts them right.
    fn leave_nothing(&self, turn: &TurnRecord) {
        if self.resumed || self.manifest.turns.iter().any(|turn| turn.outcome.is_some()) {
            return;
        }
        let _ = fs::remove_file(self.dir.join(MANIFEST));
        // What is not empty stays: it is not of this sweep.
        let folder = self.dir.join(&turn.folder);
        for folder in folder.ancestors().take_while(|folder| folder.starts_with(&self.dir)) {
            let _ = fs::remove_dir(folder);
        }
    }

    fn give_policy_back(&mut self) -> Result<(), SweepError> {
        let (Apply::Policy(api), Some(before)) = (&self.apply, &self.manifest.policy_before) else {
            return Ok(());
        };
        let path = self.dir.join(MANIFEST);
        api.set(before).map_err(|detail| SweepError::NotGivenBack { detail, path: path.clone() })?;
        self.manifest.policy_before = None;
        if path.exists() { self.manifest.write(&self.dir) } else { Ok(()) }
    }
}

/// Ends with the process, however that ends.
fn lock(dir: &Path) -> Result<File, SweepError> {
    let path = || dir.to_owned();
    let folder = File::open(dir).map_err(|source| SweepError::Write { path: path(), source })?;
    match rustix::fs::flock(&folder, rustix::fs::FlockOperation::NonBlockingLockExclusive) {
        Ok(()) => Ok(folder),
        Err(rustix::io::Errno::WOULDBLOCK) => Err(SweepError::Busy { path: path() }),
        Err(error) => Err(SweepError::Write { path: path(), source: error.into() }),
    }
}

/// Where a sweep goes when no folder is named.
#[must_use]
pub fn default_folder() -> PathBuf {
    Path::new("reports").join(format!("sweep-{}", crate::run::new_id(Clock::start())))
}

#[cfg(test)]
mod tests;
