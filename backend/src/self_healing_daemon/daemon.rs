//! The daemon's thread: carries out what the state machine decides.
//!
//! A thread of its own, with a runtime of its own, for two reasons: requests that pass through the manager cannot delay
//! a restart, and the modules' parent-death signal is bound to the thread that started them, so that thread must live
//! as long as the manager.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use rustix::process::Signal;
use tokio::sync::{mpsc, oneshot, watch};

use super::change::PolicyInForce;
use super::event::EventLog;
use super::launcher::{Launcher, Message, Running};
use super::machine::{Action, Incarnation, Input, Machine, ModuleSpec};
use super::policy::Policy;
use super::record::Record;
use crate::alert_dispatcher::AlertDispatcher;
use crate::clock::{Clock, Stamp};
use crate::module::Patience;

/// What modules say and how they end: a few messages per module and second.
const MESSAGES: usize = 1_024;
/// Requests of the API that may wait.
const COMMANDS: usize = 64;
/// How long the API waits for the daemon's answer.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// What the rest of the manager asks of the daemon.
enum Command {
    Restart { module: usize, id: String, answer: oneshot::Sender<Option<String>> },
    SetPolicy { policy: Policy, answer: oneshot::Sender<Option<()>> },
    Shutdown,
}

/// Something asked of the daemon that cannot be taken on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CommandError {
    #[error("the manager is shutting down")]
    ShuttingDown,
    #[error("the daemon does not answer")]
    NoAnswer,
}

/// The handle of the daemon's thread.
#[derive(Debug)]
pub(crate) struct SelfHealingDaemon {
    commands: mpsc::Sender<Command>,
    status: watch::Receiver<Arc<Vec<Record>>>,
    policy: watch::Receiver<Arc<PolicyInForce>>,
    events: Arc<EventLog>,
}

impl SelfHealingDaemon {
    /// Starts the thread and, on it, every module in order. The receiver hears (or is dropped) when the thread ends,
    /// which it does only after a shutdown, with every module gone.
    pub(crate) fn start(
        policy: Policy,
        specs: &[ModuleSpec],
        launcher: Launcher,
        alerts: Arc<AlertDispatcher>,
        clock: Clock,
    ) -> std::io::Result<(Self, oneshot::Receiver<()>)> {
        let machine = Machine::new(policy, specs, rand::random(), clock.now());
        let (commands, asked) = mpsc::channel(COMMANDS);
        let (messages, said) = mpsc::channel(MESSAGES);
        let (status, status_seen) = watch::channel(Arc::new(machine.modules().to_vec()));
        let (in_force, policy) = watch::channel(Arc::new(machine.policy_in_force()));
        let events = Arc::new(EventLog::default());
        let (ended, end) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let running = specs.iter().map(|_| None).collect();
        let driver = Driver {
            machine,
            launcher,
            running,
            messages,
            alerts,
            clock,
            status,
            in_force,
            events: Arc::clone(&events),
        };
        std::thread::Builder::new().name("self-healing".to_owned()).spawn(move || {
            runtime.block_on(driver.run(said, asked));
            let _ = ended.send(());
        })?;
        Ok((Self { commands, status: status_seen, policy, events }, end))
    }

    /// Every module as it is now, in dependency order.
    pub(crate) fn modules(&self) -> Arc<Vec<Record>> {
        Arc::clone(&self.status.borrow())
    }

    /// The policy that is followed now, and whatever follows it.
    pub(crate) fn policy(&self) -> watch::Receiver<Arc<PolicyInForce>> {
        self.policy.clone()
    }

    /// What the daemon saw and did.
    pub(crate) fn events(&self) -> &EventLog {
        &self.events
    }

    /// Has `module` restarted under `id`. Answers the id under which that happens, which is another one when a restart
    /// of this module was already under way.
    pub(crate) async fn restart(&self, module: usize, id: String) -> Result<String, CommandError> {
        self.ask(|answer| Command::Restart { module, id, answer }).await
    }

    /// Has `policy`, which must be valid, followed from now on.
    pub(crate) async fn set_policy(&self, policy: Policy) -> Result<(), CommandError> {
        self.ask(|answer| Command::SetPolicy { policy, answer }).await
    }

    async fn ask<T>(
        &self,
        command: impl FnOnce(oneshot::Sender<Option<T>>) -> Command,
    ) -> Result<T, CommandError> {
        let (answer, answered) = oneshot::channel();
        self.commands.try_send(command(answer)).map_err(|_| CommandError::NoAnswer)?;
        match tokio::time::timeout(ANSWER_TIMEOUT, answered).await {
            Ok(Ok(Some(answer))) => Ok(answer),
            Ok(Ok(None)) => Err(CommandError::ShuttingDown),
            Ok(Err(_)) | Err(_) => Err(CommandError::NoAnswer),
        }
    }

    /// Stops every module, dependants first; asked again, kills them at once.
    pub(crate) async fn shut_down(&self) {
        // Fails only when the thread has ended, and then there is nothing to stop.
        let _ = self.commands.send(Command::Shutdown).await;
    }
}

struct Driver {
    machine: Machine,
    launcher: Launcher,
    running: Vec<Option<Running>>,
    messages: mpsc::Sender<Message>,
    alerts: Arc<AlertDispatcher>,
    clock: Clock,
    status: watch::Sender<Arc<Vec<Record>>>,
    in_force: watch::Sender<Arc<PolicyInForce>>,
    events: Arc<EventLog>,
}

impl Driver {
    async fn run(mut self, mut said: mpsc::Receiver<Message>, mut asked: mpsc::Receiver<Command>) {
        self.take(self.clock.now(), Input::Start);
        while !self.machine.all_stopped() {
            let deadline = self.machine.next_deadline().map(|at| self.clock.instant_at(at));
            let tick = async {
                match deadline {
                    Some(at) => tokio::time::sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            // What modules say comes first, so that a beat that is already here is not missed.
            tokio::select! {
                biased;
                Some((stamp, input)) = said.recv() => self.take(stamp, input),
                Some(command) = asked.recv() => self.obey(command),
                () = tick => self.take(self.clock.now(), Input::Tick),
            }
        }
    }

    fn obey(&mut self, command: Command) {
        let now = self.clock.now();
        match command {
            Command::Shutdown => self.take(now, Input::Shutdown),
            Command::Restart { module, id, answer } => {
                let (id, actions) = self.machine.restart(now, module, id);
                self.perform(actions);
                self.publish();
                let _ = answer.send(id);
            }
            Command::SetPolicy { policy, answer } => {
                let actions = self.machine.set_policy(now, policy);
                let done = actions.is_some().then_some(());
                self.perform(actions.unwrap_or_default());
                self.in_force.send_replace(Arc::new(self.machine.policy_in_force()));
                self.publish();
                let _ = answer.send(done);
            }
        }
    }

    fn take(&mut self, stamp: Stamp, input: Input) {
        let actions = self.machine.handle(stamp, input);
        if !actions.is_empty() {
            self.perform(actions);
        }
        self.publish();
    }

    fn publish(&self) {
        self.status.send_replace(Arc::new(self.machine.modules().to_vec()));
    }

    /// Does `actions`, and what follows from them.
    fn perform(&mut self, mut actions: VecDeque<Action>) {
        while let Some(action) = actions.pop_front() {
            match action {
                Action::Spawn { module, incarnation } => {
                    let (stamp, input) = self.launch(module, incarnation);
                    actions.extend(self.machine.handle(stamp, input));
                }
                Action::Terminate { module, incarnation } => self.signal(module, incarnation, Signal::TERM),
                Action::Kill { module, incarnation } => self.signal(module, incarnation, Signal::KILL),
                Action::Log(event) => {
                    tracing::info!(kind = ?event.kind, module = event.module, pid = event.pid, exit = ?event.exit);
                    self.events.push(event);
                }
                Action::Alert(draft) => self.alerts.submit(draft),
            }
        }
    }

    fn launch(&mut self, module: usize, incarnation: Incarnation) -> Message {
        let patience = Patience::from(&self.machine.policy_in_force());
        match self.launcher.launch(module, incarnation, patience, &self.messages, self.clock) {
            Ok((stamp, running)) => {
                let pid = running.pid;
                self.running[module] = Some(running);
                (stamp, Input::Spawned { module, incarnation, pid })
            }
            Err(error) => {
                let error = error.to_string();
                (self.clock.now(), Input::SpawnFailed { module, incarnation, error })
            }
        }
    }

    fn signal(&self, module: usize, incarnation: u64, signal: Signal) {
        if let Some(running) = &self.running[module]
            && running.incarnation == incarnation
        {
            running.signal(signal);
        }
    }
}
