use std::sync::Arc;
use std::time::Duration;

use super::{Director, Setup};
use crate::clock::Clock;
use crate::fault::Symptoms;
use crate::fault::episode::{Act, Context, Effect, Fault, Injection};
use crate::fault::step::StepResult;
use crate::journal::event::AlertExpected;
use crate::journal::{Journal, Micros};
use crate::plan::{Options, Plan, TargetRecord};
use crate::progress::Progress;
use crate::stop::Stop;
use crate::target::Api;

/// Takes effect at once, wherever it is injected.
struct Harmless(&'static str);

impl Fault for Harmless {
    fn kind(&self) -> &'static str {
        "kill"
    }

    fn target(&self) -> &str {
        self.0
    }

    fn inject<'a>(&'a mut self, context: &'a Context) -> Act<'a, Injection> {
        Box::pin(async { Ok(Injection { action_us: context.clock.now(), pid: None, status: None }) })
    }

    fn confirm<'a>(&'a mut self, context: &'a Context) -> Act<'a, Effect> {
        Box::pin(async { Ok(Effect { confirmed_us: context.clock.now(), evidence: "said so".to_owned() }) })
    }

    fn expected_alerts(&self, _episode: u32, _context: &Context) -> Vec<AlertExpected> {
        Vec::new()
    }

    fn revert<'a>(&'a mut self, _context: &'a Context) -> Act<'a, Option<Micros>> {
        Box::pin(async { Ok(None) })
    }
}

fn director(journal: &Journal, clock: Clock) -> Director {
    let plan = Arc::new(Plan::new(Options::default(), 1).unwrap());
    let base_url = url::Url::parse("http://127.0.0.1:9/").unwrap();
    let record = plan.record(&TargetRecord {
        base_url: &base_url,
        stores: None,
        alert_source: false,
        canary_request: "GET /",
        policy: None,
    });
    let api = Api::new(base_url, Duration::from_secs(1)).unwrap();
    Director::new(Setup {
        context: Context {
            clock,
            api,
            alert_deadline_us: 1,
            symptoms: Symptoms::default(),
            effect_within_us: 1,
        },
        plan,
        record,
        journal: journal.handle(),
        progress: Arc::new(Progress::default()),
        stop: Stop::default(),
        address: None,
        stores: None,
        observations: tokio::sync::mpsc::channel(1).1,
        first_probe: 0,
    })
    .0
}

#[tokio::test]
async fn a_fault_on_a_target_whose_episode_is_open_is_refused_and_one_on_another_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let clock = Clock::start();
    let journal = Journal::open(folder.path().join("j.jsonl"), move || clock.now(), |_| {}).unwrap();
    let mut director = director(&journal, clock);
    let mut inject = async |target| director.try_inject("cascade", Some(1), Box::new(Harmless(target))).await;
    assert_eq!(inject("session").await, Ok(StepResult::Injected(1)));
    assert_eq!(inject("ingest").await, Ok(StepResult::Injected(2)));
    let refused = inject("session").await.unwrap_err();
    assert_eq!(refused, "an episode of session is still open");
    director.close_all("recovered").await;
    let injected = director.try_inject("cascade", Some(2), Box::new(Harmless("session"))).await;
    assert_eq!(injected, Ok(StepResult::Injected(3)), "the episode before it is closed");
}
