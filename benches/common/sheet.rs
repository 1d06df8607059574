//! The journal while it is written: lines wait until it is their turn, and get what is known only then.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter, Write};

use goose_recovery::journal::encode::write_line;
use goose_recovery::journal::event::{Event, Micros};

/// A line that waits.
type Waiting = (Micros, Event<'static>);

pub(super) struct Sheet {
    out: BufWriter<File>,
    text: Vec<u8>,
    /// By when they are written, and in the order in which they were handed in.
    waiting: BTreeMap<(Micros, u64), Waiting>,
    handed_in: u64,
    lines: u64,
    counts: Counts,
}

/// Numbers that only the order of writing gives.
#[derive(Default)]
struct Counts {
    backend_events: u64,
    alerts: u64,
    acknowledged: u64,
    spooled: u64,
    replayed: u64,
}

impl Sheet {
    pub(super) fn new(file: File) -> Self {
        Self {
            out: BufWriter::with_capacity(1 << 20, file),
            text: Vec::with_capacity(1 << 12),
            waiting: BTreeMap::new(),
            handed_in: 0,
            lines: 0,
            counts: Counts::default(),
        }
    }

    /// What is stamped `t` is written at `written`.
    pub(super) fn later(&mut self, written: Micros, t: Micros, event: impl Into<Event<'static>>) {
        self.waiting.insert((written, self.handed_in), (t, event.into()));
        self.handed_in += 1;
    }

    /// Writes all that is due before `now`.
    pub(super) fn until(&mut self, now: Micros) -> io::Result<()> {
        while self.waiting.first_key_value().is_some_and(|((written, _), _)| *written < now) {
            if let Some((_, (t, event))) = self.waiting.pop_first() {
                self.line(t, event)?;
            }
        }
        Ok(())
    }

    /// Writes at once.
    pub(super) fn line(&mut self, t: Micros, event: impl Into<Event<'static>>) -> io::Result<()> {
        let mut event = event.into();
        self.counts.fill(&mut event);
        self.text.clear();
        write_line(&mut self.text, t, &event)?;
        self.lines += 1;
        self.out.write_all(&self.text)
    }

    /// An entry was acknowledged, from the database or from the spool.
    pub(super) fn acknowledged(&mut self, spooled: bool) {
        self.counts.acknowledged += 1;
        self.counts.spooled += u64::from(spooled);
    }

    /// The number of lines.
    pub(super) fn close(mut self) -> io::Result<u64> {
        self.out.flush()?;
        Ok(self.lines)
    }
}

impl Counts {
    fn fill(&mut self, event: &mut Event<'static>) {
        match event {
            Event::BackendEvent(event) => {
                self.backend_events += 1;
                event.seq = self.backend_events;
                if let Some(resync) = event.resync.as_mut().filter(|resync| resync.trigger == "automatic") {
                    resync.replayed = self.spooled - self.replayed;
                    self.replayed = self.spooled;
                }
            }
            Event::AlertReceived(alert) => {
                self.alerts += 1;
                alert.id = self.alerts.to_string();
                // Any text that is not given twice.
                alert.key = format!("{:032x}", u128::from(self.alerts) << 64 | 0x9e37_79b9_7f4a_7c15);
            }
            Event::Ledger(ledger) => {
                (ledger.acknowledged, ledger.stable) = (self.acknowledged, self.acknowledged);
                ledger.spooled = Some(self.spooled);
            }
            _ => {}
        }
    }
}
