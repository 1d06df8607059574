//! One direction of a connection: reads from one side, does what the setting says, writes to the other.

use std::sync::Arc;

use rand::RngExt as _;
use rand_chacha::ChaCha8Rng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;

use super::line::Line;
use super::shared::Shared;
use super::toxic::{Setting, Toxic};
use crate::clock::duration_us;
use crate::journal::Micros;

/// What is read at once.
const CHUNK: usize = 16 << 10;
/// A limited line is used by one connection for this part of a second at most, then by the next.
const TURNS_A_SECOND: usize = 20;
/// What is read at once from a very thin line.
const SMALLEST_TURN: usize = 256;

/// Why a connection does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Break {
    /// It is to be closed.
    Cut,
    /// It is to be reset: a side is gone, or something was lost.
    Reset,
}

/// Which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// Requests: from the client to the upstream.
    Up,
    /// Answers: from the upstream to the client.
    Down,
}

/// One direction.
#[derive(Debug)]
pub(super) struct Pump {
    shared: Arc<Shared>,
    settings: watch::Receiver<Setting>,
    setting: Setting,
    way: Way,
    draws: ChaCha8Rng,
    line: Line,
    /// The reading side has said that no more comes.
    ended: bool,
    /// Something was swallowed.
    lost: bool,
    /// Bytes that a pending reset has seen.
    seen: u64,
    /// To be reset as soon as the line is empty.
    doomed: bool,
}

impl Pump {
    /// A pump of connection `number`, which was accepted under `setting`.
    pub(super) fn new(shared: &Arc<Shared>, way: Way, setting: Setting, number: u64) -> Self {
        Self {
            settings: shared.settings.subscribe(),
            draws: shared.draws(number),
            shared: Arc::clone(shared),
            setting,
            way,
            line: Line::default(),
            ended: false,
            lost: false,
            seen: 0,
            doomed: false,
        }
    }

    /// Pumps until the end of the stream was handed on.
    ///
    /// # Errors
    /// [`Break`] says how both directions are to end.
    pub(super) async fn run(mut self, mut from: ReadHalf<'_>, mut to: WriteHalf<'_>) -> Result<(), Break> {
        let mut buffer = vec![0; CHUNK];
        loop {
            self.obey()?;
            if self.line.is_empty() {
                if self.doomed {
                    self.count_reset();
                    return Err(Break::Reset);
                }
                if self.ended && !self.swallows() {
                    return to.shutdown().await.map_err(|_| Break::Reset);
                }
            }
            let may_read = !self.ended && !self.doomed && self.has_room();
            let limit = self.turn();
            let (due, front) = self.line.front().unwrap_or((Micros::MAX, &[]));
            let is_due = due <= self.shared.clock.now();
            tokio::select! {
                changed = self.settings.changed() => changed.map_err(|_| Break::Cut)?,
                read = from.read(&mut buffer[..limit]), if may_read => {
                    match read.map_err(|_| Break::Reset)? {
                        0 => self.end(),
                        count => self.take(&buffer[..count]),
                    }
                }
                wrote = to.write(front), if is_due => {
                    match wrote.map_err(|_| Break::Reset)? {
                        0 => return Err(Break::Reset),
                        count => self.line.went(count),
                    }
                }
                () = self.shared.clock.sleep_until(due), if !front.is_empty() && !is_due => {}
            }
        }
    }

    /// Looks at the setting, and does what a change of it means for what is under way.
    fn obey(&mut self) -> Result<(), Break> {
        let setting = *self.settings.borrow_and_update();
        if setting.cuts != self.setting.cuts {
            return Err(Break::Cut);
        }
        if setting.epoch != self.setting.epoch {
            if self.lost {
                return Err(Break::Reset);
            }
            self.setting = setting;
            self.seen = 0;
            self.line.hurry();
        }
        if self.swallows() && !self.line.is_empty() {
            let waiting = self.line.clear();
            self.swallow(waiting);
        }
        Ok(())
    }

    fn swallows(&self) -> bool {
        self.setting.toxic == Some(Toxic::Blackhole)
    }

    /// The toxic, if it concerns this direction.
    fn toxic(&self) -> Option<Toxic> {
        self.setting.toxic.filter(|toxic| self.way == Way::Down || *toxic == Toxic::Blackhole)
    }

    fn has_room(&self) -> bool {
        match self.toxic() {
            // One chunk at a time, so that connections take turns on the line that they share.
            Some(Toxic::Bandwidth { .. }) => self.line.is_empty(),
            _ => self.line.has_room(),
        }
    }

    /// How much is read at once.
    fn turn(&self) -> usize {
        match self.toxic() {
            Some(Toxic::Bandwidth { rate_kib }) => {
                let turn = rate_kib.get() as usize * 1024 / TURNS_A_SECOND;
                turn.clamp(SMALLEST_TURN, CHUNK)
            }
            _ => CHUNK,
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        let now = self.shared.clock.now();
        let due = match self.toxic() {
            Some(Toxic::Blackhole) => return self.swallow(bytes.len()),
            Some(Toxic::Latency { latency, jitter }) => {
                let (latency, jitter) = (duration_us(latency), duration_us(jitter));
                let drawn = self.draws.random_range(0..=jitter.saturating_mul(2));
                now + (latency + drawn).saturating_sub(jitter)
            }
            Some(Toxic::Bandwidth { rate_kib }) => self.shared.reserve(bytes.len(), rate_kib),
            Some(Toxic::Reset { after_bytes }) => {
                let left = usize::try_from(after_bytes - self.seen).unwrap_or(usize::MAX);
                self.doomed = bytes.len() >= left;
                let passing = &bytes[..bytes.len().min(left)];
                self.seen += passing.len() as u64;
                return self.line.push(passing, now);
            }
            Some(Toxic::Cut | Toxic::Refuse) | None => now,
        };
        if due > now {
            self.count_chunk(bytes.len());
        }
        self.line.push(bytes, due);
    }

    fn end(&mut self) {
        self.ended = true;
        // That the other side is not told of the end is a loss like any other.
        self.lost |= self.swallows();
    }

    fn swallow(&mut self, bytes: usize) {
        self.lost = true;
        self.count_chunk(bytes);
    }

    fn count_chunk(&self, bytes: usize) {
        self.shared.count(self.setting.epoch, self.shared.clock.now(), |effects| {
            effects.chunks += 1;
            effects.bytes += bytes as u64;
        });
    }

    fn count_reset(&self) {
        self.shared.count(self.setting.epoch, self.shared.clock.now(), |effects| effects.connections += 1);
    }
}
