//! A fault that a load test brings along: two methods, and a third if it can prove its effect itself.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;

use crate::fault::{Act, Context, Effect, Fault, FaultError, FaultSource, Injection, OwedAlert};
use crate::journal::Micros;
use crate::journal::event::AlertExpected;

/// The kind by which journals and reports name such faults.
const KIND: &str = "custom";

/// What injecting and reverting gives; any error will do.
pub type FaultResult = Result<(), Box<dyn Error + Send + Sync>>;

/// A fault that a load test brings along.
///
/// The methods run on the fault thread, apart from the load. `revert` is called on every way out: when the fault's time is
/// over, when its episode is, when the run ends early, and when it panics.
///
/// ```
/// use goose_recovery::prelude::*;
///
/// /// Takes a server's configuration away, and puts it back.
/// struct NoConfiguration;
///
/// impl CustomFault for NoConfiguration {
///     async fn inject(&mut self) -> FaultResult {
///         Ok(tokio::fs::rename("server.conf", "server.conf.away").await?)
///     }
///
///     async fn revert(&mut self) -> FaultResult {
///         Ok(tokio::fs::rename("server.conf.away", "server.conf").await?)
///     }
/// }
/// ```
pub trait CustomFault: Send + 'static {
    /// Acts. Its start is the instant of the action, so it should do nothing else.
    ///
    /// # Errors
    /// When nothing was done: it is tried again until the recovery deadline.
    fn inject(&mut self) -> impl Future<Output = FaultResult> + Send;

    /// Undoes what [`inject`](Self::inject) did. It is called once for each injection, also when the effect could not be
    /// shown, or [`inject`](Self::inject) failed half-way.
    ///
    /// # Errors
    /// When the effect goes on: the run ends then, because nothing more can be measured.
    fn revert(&mut self) -> impl Future<Output = FaultResult> + Send;

    /// Waits until the effect has begun and says what proves it, such as `process 4711 is gone`. Without this, or with
    /// `None`, the first canary or look at the target's health that fails is the proof; where none does, the episode is void.
    ///
    /// # Errors
    /// Why there is no effect: the episode is void then.
    fn effect(
        &mut self,
    ) -> impl Future<Output = Result<Option<String>, Box<dyn Error + Send + Sync>>> + Send {
        async { Ok(None) }
    }
}

/// A fault with its name in reports, its length, and the alerts that are owed for it.
///
/// ```
/// use std::time::Duration;
/// use goose_recovery::prelude::*;
/// # struct Hang;
/// # impl CustomFault for Hang {
/// #     async fn inject(&mut self) -> FaultResult { Ok(()) }
/// #     async fn revert(&mut self) -> FaultResult { Ok(()) }
/// # }
/// let fault = RecoveryFault::new("server", Hang).lasts(Duration::from_secs(3));
/// ```
pub struct RecoveryFault {
    name: String,
    fault: Arc<Mutex<dyn Custom>>,
    lasts: Option<Duration>,
    owed: Vec<OwedAlert>,
}

impl fmt::Debug for RecoveryFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RecoveryFault")
            .field("name", &self.name)
            .field("lasts", &self.lasts)
            .finish_non_exhaustive()
    }
}

impl RecoveryFault {
    /// A fault that goes on until its episode is over: that the target recovered, or did not in time. Such a one the target
    /// heals itself, as a killed process is started again; one that it cannot heal needs [`lasts`](Self::lasts).
    ///
    /// `name` is what reports call the target of the fault; it must be unique.
    pub fn new(name: impl Into<String>, fault: impl CustomFault) -> Self {
        Self { name: name.into(), fault: Arc::new(Mutex::new(fault)), lasts: None, owed: Vec::new() }
    }

    /// Reverts it this long after it was injected; the recovery is measured from its effect as well as from its end.
    #[must_use]
    pub fn lasts(mut self, length: Duration) -> Self {
        self.lasts = Some(length);
        self
    }

    /// The target owes this alert for it; whether it comes is judged (`missed_alerts`).
    #[must_use]
    pub fn owes(mut self, alert: OwedAlert) -> Self {
        self.owed.push(alert);
        self
    }
}

impl FaultSource for RecoveryFault {
    fn name(&self) -> &str {
        &self.name
    }

    fn make(&self) -> Result<Box<dyn Fault>, String> {
        Ok(Box::new(Injected {
            name: self.name.clone(),
            fault: Arc::clone(&self.fault),
            ended_by_us: self.lasts.is_some(),
            action_us: 0,
            in_effect: false,
        }))
    }

    fn lasts(&self) -> Option<Duration> {
        self.lasts
    }

    fn owed(&self) -> &[OwedAlert] {
        &self.owed
    }
}

/// [`CustomFault`], of whatever type.
trait Custom: Send {
    fn inject(&mut self) -> Act<'_, ()>;
    fn revert(&mut self) -> Act<'_, ()>;
    fn effect(&mut self) -> Act<'_, Option<String>>;
}

impl<F: CustomFault> Custom for F {
    fn inject(&mut self) -> Act<'_, ()> {
        Box::pin(async {
            CustomFault::inject(self).await.map_err(|error| FaultError::NotInjected(error.to_string()))
        })
    }

    fn revert(&mut self) -> Act<'_, ()> {
        Box::pin(async {
            CustomFault::revert(self).await.map_err(|error| FaultError::NotUndone(error.to_string()))
        })
    }

    fn effect(&mut self) -> Act<'_, Option<String>> {
        Box::pin(async {
            CustomFault::effect(self).await.map_err(|error| FaultError::NoEffect(error.to_string()))
        })
    }
}

/// One injection.
struct Injected {
    name: String,
    fault: Arc<Mutex<dyn Custom>>,
    /// The run ends its effect, not the target.
    ended_by_us: bool,
    action_us: Micros,
    in_effect: bool,
}

impl Fault for Injected {
    fn kind(&self) -> &'static str {
        KIND
    }

    fn target(&self) -> &str {
        &self.name
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async move {
            let mut fault = self.fault.lock().await;
            self.action_us = context.clock.now();
            // From here on: one that fails half-way may have done something.
            self.in_effect = true;
            match fault.inject().await {
                Ok(()) => Ok(Injection { action_us: self.action_us, pid: None, status: None }),
                Err(error) => {
                    self.in_effect = false;
                    match fault.revert().await {
                        Ok(()) => Err(error),
                        Err(undoing) => Err(FaultError::NotUndone(format!("{error}; {undoing}"))),
                    }
                }
            }
        })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async move {
            let limit_us = context.effect_within_us;
            let mut fault = self.fault.lock().await;
            let limit = Duration::from_micros(limit_us);
            let proven = tokio::time::timeout(limit, fault.effect()).await.map_err(|_| {
                FaultError::NoEffect(format!("it could not be proven within {} s", limit.as_secs()))
            })??;
            match proven {
                Some(evidence) => Ok(Effect { confirmed_us: context.clock.now(), evidence }),
                None => context.symptoms.since(self.action_us, context.clock, limit_us).await,
            }
        })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        // Its source declares them.
        Vec::new()
    }

    fn revert<'a>(&'a mut self, context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async move {
            if !self.in_effect {
                return Ok(None);
            }
            self.fault.lock().await.revert().await?;
            self.in_effect = false;
            Ok(self.ended_by_us.then(|| context.clock.now()))
        })
    }
}

impl Drop for Injected {
    /// The last resort: the fault thread has panicked, or could not undo it before.
    fn drop(&mut self) {
        if !self.in_effect {
            return;
        }
        let fault = Arc::clone(&self.fault);
        // A runtime may be dropping us, so it is done on another.
        let undo = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.map(|runtime| runtime.block_on(async { fault.lock().await.revert().await.is_ok() }))
        });
        let _ = undo.join();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex as StdMutex;

    use super::*;
    use crate::analysis::sample::CanarySample;
    use crate::clock::Clock;
    use crate::fault::{Observation, Symptoms};
    use crate::target::Api;

    #[derive(Clone, Default)]
    struct Recorded {
        calls: Arc<StdMutex<Vec<&'static str>>>,
        fails: bool,
        proof: Option<String>,
    }

    impl Recorded {
        fn call(&self, what: &'static str) {
            self.calls.lock().unwrap().push(what);
        }
    }

    impl CustomFault for Recorded {
        async fn inject(&mut self) -> FaultResult {
            self.call("inject");
            if self.fails { Err("no such server".into()) } else { Ok(()) }
        }

        async fn revert(&mut self) -> FaultResult {
            self.call("revert");
            Ok(())
        }

        async fn effect(&mut self) -> Result<Option<String>, Box<dyn Error + Send + Sync>> {
            Ok(self.proof.clone())
        }
    }

    fn context() -> Context {
        Context {
            clock: Clock::start(),
            api: Api::new("http://127.0.0.1:9/".parse().unwrap(), Duration::from_secs(1)).unwrap(),
            alert_deadline_us: 1,
            symptoms: Symptoms::default(),
            effect_within_us: 50_000,
        }
    }

    #[tokio::test]
    async fn it_is_undone_once_however_often_that_is_asked_for() {
        let (fault, context) = (Recorded::default(), context());
        let calls = Arc::clone(&fault.calls);
        let mut made = RecoveryFault::new("server", fault).lasts(Duration::from_secs(1)).make().unwrap();
        let injection = made.inject(&context).await.unwrap();
        context.symptoms.note(&Observation::Canary(CanarySample {
            t: injection.action_us + 5,
            duration_us: 1,
            ok: false,
        }));
        let effect = made.confirm(&context).await.unwrap();
        assert_eq!(effect.confirmed_us, injection.action_us + 5, "the canary is the proof");
        assert!(made.revert(&context).await.unwrap().is_some(), "we have ended it");
        assert!(made.revert(&context).await.unwrap().is_none());
        drop(made);
        assert_eq!(*calls.lock().unwrap(), ["inject", "revert"]);
    }

    #[tokio::test]
    async fn its_own_proof_comes_first_and_without_any_it_had_no_effect() {
        let context = context();
        let proof = Some("the port is closed".to_owned());
        let mut proven =
            RecoveryFault::new("server", Recorded { proof, ..Recorded::default() }).make().unwrap();
        proven.inject(&context).await.unwrap();
        assert_eq!(proven.confirm(&context).await.unwrap().evidence, "the port is closed");
        assert!(proven.revert(&context).await.unwrap().is_none(), "the target has healed it");
        let mut idle = RecoveryFault::new("server", Recorded::default()).make().unwrap();
        idle.inject(&context).await.unwrap();
        assert!(matches!(idle.confirm(&context).await, Err(FaultError::NoEffect(_))));
    }

    #[tokio::test]
    async fn one_that_fails_half_way_is_undone_and_may_be_tried_again() {
        let fault = Recorded { fails: true, ..Recorded::default() };
        let calls = Arc::clone(&fault.calls);
        let error = RecoveryFault::new("server", fault).make().unwrap().inject(&context()).await.unwrap_err();
        assert!(error.to_string().contains("no such server"), "{error}");
        assert_eq!(*calls.lock().unwrap(), ["inject", "revert"]);
    }

    #[tokio::test]
    async fn one_that_is_dropped_in_effect_is_undone() {
        let fault = Recorded::default();
        let calls = Arc::clone(&fault.calls);
        let mut made = RecoveryFault::new("server", fault).make().unwrap();
        made.inject(&context()).await.unwrap();
        drop(made);
        assert_eq!(*calls.lock().unwrap(), ["inject", "revert"]);
    }
}
