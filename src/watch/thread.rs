//! A thread with a runtime of its own, and the way from there to whoever watches live.

use std::thread::JoinHandle;

use tokio::sync::mpsc;

use crate::fault::{Observation, Symptoms};

/// Observations that may wait for the fault thread: over ten minutes of canaries and polls.
const QUEUE: usize = 1 << 16;

/// Tells the fault thread, and whoever else listens, what was seen. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Observer {
    queue: mpsc::Sender<Observation>,
    others: Vec<mpsc::Sender<Observation>>,
    symptoms: Symptoms,
}

impl Observer {
    /// An observer and the end at which the fault thread listens.
    #[must_use]
    pub fn new() -> (Self, mpsc::Receiver<Observation>) {
        let (queue, observations) = mpsc::channel(QUEUE);
        (Self { queue, others: Vec::new(), symptoms: Symptoms::default() }, observations)
    }

    /// Another end at which what is told to this observer, and to clones that are made from now on, is heard.
    pub fn listen(&mut self) -> mpsc::Receiver<Observation> {
        let (queue, observations) = mpsc::channel(QUEUE);
        self.others.push(queue);
        observations
    }

    /// The failures among what this observer and its clones are told.
    #[must_use]
    pub fn symptoms(&self) -> Symptoms {
        self.symptoms.clone()
    }

    /// Tells what was seen. Never waits: the journal has it anyway, and the analysis judges from there; an
    /// observation lost here can only make the live run wait longer.
    pub fn tell(&self, observation: Observation) {
        self.symptoms.note(&observation);
        for queue in &self.others {
            let _ = queue.try_send(observation.clone());
        }
        let _ = self.queue.try_send(observation);
    }
}

/// Runs `work` on a thread named `name` with a single-threaded runtime of its own.
///
/// # Errors
/// When the thread or its runtime cannot be made.
pub fn spawn<F>(name: &str, work: F) -> std::io::Result<JoinHandle<()>>
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::Builder::new().name(name.to_owned()).spawn(move || runtime.block_on(work))
}
