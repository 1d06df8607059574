//! The alert sink: an HTTP receiver; each alert is journalled at its arrival.
//!
//! `server` receives it, and `outage` closes the sink for a while on purpose.

mod outage;
mod server;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use self::server::Server;
use super::alerts::TextRule;
use super::thread::Observer;
use crate::clock::{Clock, duration_us};
use crate::fault::Observation;
use crate::journal::JournalHandle;
use crate::journal::event::{AlertReceived, FinishReason, SinkOutage};
use crate::progress::Progress;
use crate::stop::{Stop, Stopped};

/// What the sink needs.
#[derive(Debug, Clone)]
pub struct SinkTask {
    /// The run's clock.
    pub clock: Clock,
    /// Where it writes.
    pub journal: JournalHandle,
    /// Who watches live.
    pub observer: Observer,
    /// Says when the first fault was injected.
    pub progress: Arc<Progress>,
    /// Ends the run, when the sink cannot go on.
    pub run: Stop,
    /// How messages for people are read.
    pub text: TextRule,
    /// When the sink is closed on purpose, if it is.
    pub outage: Option<PlannedOutage>,
}

/// An outage of the sink, once in the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedOutage {
    /// It begins this long after the first fault.
    pub after: Duration,
    /// It lasts this long.
    pub length: Duration,
}

/// A listening socket on `address` for the sink, bound before anybody is told of it.
///
/// # Errors
/// When the address is in use or not ours.
pub fn bind(address: SocketAddr) -> std::io::Result<std::net::TcpListener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}

/// The path at which alerts are taken: random, so that nobody posts there by accident.
#[must_use]
pub fn random_path() -> String {
    format!("/alerts/{:016x}{:016x}", rand::random::<u64>(), rand::random::<u64>())
}

impl SinkTask {
    /// Receives alerts at `path` until `stop`.
    pub async fn run(self, listener: std::net::TcpListener, path: String, stop: Stop) {
        if let Err(error) = self.receive(listener, &path, &stop).await {
            let detail = format!("alerts can no longer be received: {error}");
            self.run.request(FinishReason::Failed, Some(detail));
        }
    }

    async fn receive(&self, listener: std::net::TcpListener, path: &str, stop: &Stop) -> std::io::Result<()> {
        let address = listener.local_addr()?;
        let mut server = Some(Server::start(self, listener, path)?);
        if let Some(planned) = self.outage
            && stop.or_stopped(self.outage_begins(planned)).await.is_ok()
        {
            if let Some(server) = server.take() {
                server.cut().await;
            }
            if let Some(listener) = self.be_away(planned, address, stop).await? {
                server = Some(Server::start(self, listener, path)?);
            }
        }
        stop.wait().await;
        if let Some(server) = server {
            server.close().await;
        }
        Ok(())
    }

    async fn outage_begins(&self, planned: PlannedOutage) {
        self.progress.first_episode().await;
        self.clock.sleep_until(self.clock.now() + duration_us(planned.after)).await;
    }

    /// Waits until the outage is over and gives the listener, unless the run ends before. Either way it is journalled.
    async fn be_away(
        &self,
        planned: PlannedOutage,
        address: SocketAddr,
        stop: &Stop,
    ) -> std::io::Result<Option<std::net::TcpListener>> {
        let from = self.clock.now();
        let until = from + duration_us(planned.length);
        self.observer.tell(Observation::SinkOutage { from, until });
        let back = stop.or_stopped(outage::wait(self.clock, address, until)).await;
        let until_us = self.clock.now();
        self.observer.tell(Observation::SinkOutage { from, until: until_us });
        self.journal.control(from, SinkOutage { until_us });
        match back {
            Ok(listener) => listener.map(Some),
            Err(Stopped) => Ok(None),
        }
    }

    /// Takes alerts that have just arrived.
    fn take(&self, alerts: Vec<AlertReceived>) {
        let now = self.clock.now();
        for alert in alerts {
            self.observer.tell(Observation::Alert(now, alert.clone()));
            self.journal.control(now, alert);
        }
    }
}

impl PlannedOutage {
    /// An outage of `length` at a moment drawn from `seed`: after the first fault, and within the time for which the
    /// run looks at the target after each (`hold`), so that no run is over before.
    #[must_use]
    pub fn draw(seed: u64, length: Duration, hold: Duration) -> Self {
        Self { after: outage::moment(seed, hold), length }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt as _;
    use tokio::net::TcpStream;

    use super::*;
    use crate::journal::Journal;

    const ALERTMANAGER: &str = r#"{"version":"4","alerts":[
        {"status":"firing","labels":{"alertname":"Down","module":"m"},"fingerprint":"f","startsAt":"s"}]}"#;

    struct Scene {
        folder: tempfile::TempDir,
        journal: Journal,
        progress: Arc<Progress>,
        stop: Stop,
        address: SocketAddr,
        task: tokio::task::JoinHandle<()>,
    }

    impl Scene {
        fn start(outage: Option<PlannedOutage>) -> Self {
            let folder = tempfile::tempdir().unwrap();
            let clock = Clock::start();
            let journal = Journal::open(folder.path().join("j"), move || clock.now(), |_| {}).unwrap();
            let (progress, stop) = (Arc::new(Progress::default()), Stop::default());
            let sink = SinkTask {
                clock,
                journal: journal.handle(),
                observer: Observer::new().0,
                progress: Arc::clone(&progress),
                run: Stop::default(),
                text: TextRule::default(),
                outage,
            };
            let listener = bind("127.0.0.1:0".parse().unwrap()).unwrap();
            let address = listener.local_addr().unwrap();
            let task = tokio::spawn(sink.run(listener, "/alerts".to_owned(), stop.clone()));
            Self { folder, journal, progress, stop, address, task }
        }

        async fn post(&self, body: impl Into<reqwest::Body>) -> (u16, String) {
            let answer = reqwest::Client::new()
                .post(format!("http://{}/alerts", self.address))
                .body(body)
                .send()
                .await;
            let answer = answer.unwrap();
            (answer.status().as_u16(), answer.text().await.unwrap())
        }

        /// What was journalled, once the sink has ended.
        async fn end(self) -> String {
            self.stop.request(FinishReason::Completed, None);
            self.task.await.unwrap();
            self.journal.finish(0, FinishReason::Completed, None).unwrap();
            std::fs::read_to_string(self.folder.path().join("j")).unwrap()
        }
    }

    #[tokio::test]
    async fn takes_both_formats_and_refuses_everything_else_with_the_reason() {
        let scene = Scene::start(None);
        assert_eq!(scene.post(ALERTMANAGER).await.0, 200);
        assert_eq!(scene.post(r#"{"id":1,"kind":"Own","severity":"info"}"#).await.0, 200);
        let (status, reason) = scene.post("{}").await;
        assert_eq!((status, reason.contains("not an alert")), (422, true), "{reason}");
        assert_eq!(scene.post(vec![b' '; (1 << 20) + 1]).await.0, 413);
        let journal = scene.end().await;
        assert_eq!(journal.matches("alert_received").count(), 2, "{journal}");
        assert!(journal.contains(r#""kind":"Down""#) && journal.contains(r#""kind":"Own""#), "{journal}");
    }

    #[tokio::test]
    async fn an_outage_cuts_open_connections_refuses_new_ones_and_ends() {
        let length = Duration::from_secs(1);
        let scene = Scene::start(Some(PlannedOutage { after: Duration::ZERO, length }));
        assert_eq!(scene.post(ALERTMANAGER).await.0, 200, "before the first fault");
        let mut open = TcpStream::connect(scene.address).await.unwrap();
        scene.progress.set_episode(1);
        let cut = tokio::time::timeout(Duration::from_secs(10), open.read(&mut [0; 1])).await.unwrap();
        assert!(!matches!(cut, Ok(1..)), "{cut:?}");
        // The listener ends with the same runtime, but perhaps a moment after the connection.
        let refused = async {
            loop {
                match TcpStream::connect(scene.address).await.map_err(|error| error.kind()) {
                    // One that is half open when the listener ends is reset.
                    Ok(_) | Err(std::io::ErrorKind::ConnectionReset) => tokio::task::yield_now().await,
                    Err(refused) => break refused,
                }
            }
        };
        let refused = tokio::time::timeout(Duration::from_secs(10), refused).await.unwrap();
        assert_eq!(refused, std::io::ErrorKind::ConnectionRefused);
        let back = async {
            while TcpStream::connect(scene.address).await.is_err() {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(Duration::from_secs(10), back).await.unwrap();
        assert_eq!(scene.post(ALERTMANAGER).await.0, 200, "afterwards");
        let journal = scene.end().await;
        let outage = journal.lines().find(|line| line.contains("sink_outage")).unwrap();
        let outage: serde_json::Value = serde_json::from_str(outage).unwrap();
        let lasted = outage["until_us"].as_u64().unwrap() - outage["t"].as_u64().unwrap();
        assert!(lasted >= 1_000_000, "{outage}");
        assert_eq!(journal.matches("alert_received").count(), 2);
    }

    #[tokio::test]
    async fn an_outage_that_the_run_does_not_outlive_is_journalled_as_far_as_it_went() {
        let length = Duration::from_hours(1);
        let scene = Scene::start(Some(PlannedOutage { after: Duration::ZERO, length }));
        scene.progress.set_episode(1);
        let away = async {
            while TcpStream::connect(scene.address).await.is_ok() {
                tokio::task::yield_now().await
            }
        };
        tokio::time::timeout(Duration::from_secs(10), away).await.unwrap();
        let journal = tokio::time::timeout(Duration::from_secs(10), scene.end()).await.unwrap();
        assert!(journal.contains("sink_outage"), "{journal}");
    }
}
