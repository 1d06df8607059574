//! What a page does besides showing itself: what it asks for, and what the browser has to say about it.

use std::sync::Arc;
use std::time::Duration;

use chromiumoxide::Page;
use chromiumoxide::cdp::IntoEventKind;
use chromiumoxide::cdp::browser_protocol::log::EventEntryAdded;
use chromiumoxide::cdp::browser_protocol::network::{
    EmulateNetworkConditionsByRuleParams, EventRequestWillBeSent, NetworkConditions,
};
use chromiumoxide::cdp::js_protocol::runtime::{
    ConsoleApiCalledType, EventConsoleApiCalled, EventExceptionThrown,
};
use chromiumoxide::listeners::EventStream;
use futures::StreamExt as _;

/// A page that does all of it. A report is left for this one: what comes before it is all that the report has done.
const LAST: &str = "data:text/html,<meta http-equiv='Content-Security-Policy' content=\"default-src 'none'; \
    script-src 'nonce-last'\"><script>refused()</script><script nonce='last'>console.error('the last'); \
    setTimeout(() => { throw new Error('the last') })</script>";

/// What is of one kind comes in order, and within this time.
const PATIENCE: Duration = Duration::from_secs(20);

pub(super) struct Observer {
    requests: EventStream<EventRequestWillBeSent>,
    log: EventStream<EventEntryAdded>,
    console: EventStream<EventConsoleApiCalled>,
    exceptions: EventStream<EventExceptionThrown>,
}

/// What was seen.
pub(super) struct Seen {
    /// The address of everything that was asked for, the page itself included.
    pub(super) requests: Vec<String>,
    /// Errors on the console, exceptions, and what the browser refused.
    pub(super) complaints: Vec<String>,
}

impl Observer {
    /// From here on the page has no network, and everything is seen.
    pub(super) async fn watch(page: &Page) -> Self {
        // No pattern stands for every address, and -1 for as fast as can be.
        let all = NetworkConditions::new("", 0.0, -1.0, -1.0);
        page.execute(EmulateNetworkConditionsByRuleParams::new(true, vec![all])).await.unwrap();
        Self::online(page).await
    }

    /// From here on everything is seen, and the page may ask whom it likes.
    pub(super) async fn online(page: &Page) -> Self {
        Self {
            requests: page.event_listener().await.unwrap(),
            log: page.event_listener().await.unwrap(),
            console: page.event_listener().await.unwrap(),
            exceptions: page.event_listener().await.unwrap(),
        }
    }

    /// Leaves the page.
    pub(super) async fn finish(self, page: &Page) -> Seen {
        page.goto(LAST).await.unwrap();
        let requests =
            before_the_last(self.requests, |event| event.request.url.starts_with("data:text/html")).await;
        let log = before_the_last(self.log, |event| event.entry.text.contains("nonce-last")).await;
        let console = before_the_last(self.console, |event| said(event) == "the last").await;
        let exceptions = before_the_last(self.exceptions, |event| thrown(event).contains("the last")).await;
        let mut complaints: Vec<_> =
            log.iter().map(|event| format!("logged: {}", event.entry.text)).collect();
        let bad = |event: &&Arc<EventConsoleApiCalled>| {
            matches!(event.r#type, ConsoleApiCalledType::Error | ConsoleApiCalledType::Warning)
        };
        complaints.extend(console.iter().filter(bad).map(|event| format!("said: {}", said(event))));
        complaints.extend(exceptions.iter().map(|event| format!("thrown: {}", thrown(event))));
        Seen { requests: requests.iter().map(|event| event.request.url.clone()).collect(), complaints }
    }
}

/// Everything up to what the last page has done.
async fn before_the_last<T: IntoEventKind + Unpin>(
    mut events: EventStream<T>,
    is_last: impl Fn(&T) -> bool,
) -> Vec<Arc<T>> {
    let mut seen = Vec::new();
    loop {
        match tokio::time::timeout(PATIENCE, events.next()).await {
            Ok(Some(event)) if is_last(&event) => return seen,
            Ok(Some(event)) => seen.push(event),
            ended => panic!("what the last page does was not seen: {}", ended.is_err()),
        }
    }
}

fn said(event: &EventConsoleApiCalled) -> String {
    let values = event.args.iter().filter_map(|argument| argument.value.as_ref());
    let words = values.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    words.collect::<Vec<_>>().join(" ")
}

fn thrown(event: &EventExceptionThrown) -> String {
    let details = &event.exception_details;
    let described = details.exception.as_ref().and_then(|exception| exception.description.clone());
    described.unwrap_or_else(|| details.text.clone())
}
