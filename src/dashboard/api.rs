//! The JSON API: a table of its routes, each with its description, and their handlers.

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::{Path, State};
use axum::http::header;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::stream::{self, Stream};
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::live::feed::Newest;
use super::live::model::Live;
use super::openapi::{self, Body, Operation, Parameter};
use super::refusal::Refusal;
use super::runs::model::{Run, Runs};
use super::site::{Handler, Site};

/// So many may watch at a time.
pub(super) const MOST_VIEWERS: usize = 200;

/// A browser that lost us tries again after this.
const RETRY: Duration = Duration::from_secs(1);

/// A stream on which nothing is new says so this often: so both ends notice when the other one is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(10);

/// A route of the API.
pub(super) struct Route {
    pub(super) path: &'static str,
    pub(super) handler: Handler,
    pub(super) operation: Operation,
}

/// The API. The router and the description are made of it.
pub(super) const ROUTES: [Route; 4] = [
    Route {
        path: "/api/live",
        handler: || get(live),
        operation: Operation {
            id: "live",
            summary: "How the last run of the journal stands, as server-sent events: the first at once, then whenever \
                      something is newer. Each event is whole by itself; a reader that is slow gets the newest.",
            parameter: None,
            body: Body::Events(|schemas| schemas.subschema_for::<Live>()),
            refusals: &[503],
        },
    },
    Route {
        path: "/api/runs",
        handler: || get(runs),
        operation: Operation {
            id: "runs",
            summary: "Every run below the folder of reports, the newest first.",
            parameter: None,
            body: Body::Json(|schemas| schemas.subschema_for::<Runs>()),
            refusals: &[],
        },
    },
    Route {
        path: "/api/runs/{id}",
        handler: || get(run),
        operation: Operation {
            id: "run",
            summary: "A run and its summary.",
            parameter: Some(Parameter {
                name: "id",
                description: "The path of its folder below that of the reports, as one percent-encoded segment (a%2Fb).",
            }),
            body: Body::Json(|schemas| schemas.subschema_for::<Run>()),
            refusals: &[400, 404],
        },
    },
    Route {
        path: "/api/openapi.json",
        handler: || get(description),
        operation: Operation {
            id: "openapi",
            summary: "This description, OpenAPI 3.1.",
            parameter: None,
            body: Body::Json(|_| schemars::json_schema!({ "type": "object" })),
            refusals: &[],
        },
    },
];

async fn live(State(site): State<Site>) -> Result<Response, Refusal> {
    // Handlers take turns on one thread, so nobody comes in between.
    if site.feed.viewers() >= MOST_VIEWERS {
        return Err(Refusal::TooManyViewers);
    }
    let events = events(site.feed.subscribe(), site.close);
    Ok(Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response())
}

/// What one viewer gets. Nothing is queued: an event is taken when the connection has room for one, and it is the newest then.
fn events(
    mut newest: watch::Receiver<Newest>,
    close: CancellationToken,
) -> impl Stream<Item = Result<Event, Infallible>> {
    newest.mark_changed();
    stream::unfold((newest, close), |(mut newest, close)| async move {
        let newer = async {
            loop {
                newest.changed().await.ok()?;
                if let Some(event) = newest.borrow_and_update().clone() {
                    return Some(event);
                }
            }
        };
        let event = tokio::select! {
            biased;
            event = newer => event?,
            () = close.cancelled() => return None,
        };
        Some((Ok(Event::default().retry(RETRY).data(&*event)), (newest, close)))
    })
}

async fn runs(State(site): State<Site>) -> Result<Response, Refusal> {
    site.ask(|index| json(&index.runs())).await?
}

async fn run(State(site): State<Site>, Path(id): Path<String>) -> Result<Response, Refusal> {
    site.ask(move |index| index.run(&id).map_or(Err(Refusal::NoRun), |run| json(&run))).await?
}

async fn description() -> Result<Response, Refusal> {
    json(&openapi::description())
}

fn json(value: &impl Serialize) -> Result<Response, Refusal> {
    let bytes = serde_json::to_vec(value).map_err(|_| Refusal::Broken)?;
    Ok(([(header::CONTENT_TYPE, "application/json")], bytes).into_response())
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use futures::StreamExt as _;

    use super::*;

    #[tokio::test]
    async fn a_viewer_gets_what_there_is_then_only_the_newest_and_at_the_end_the_last() {
        let (sender, receiver) = watch::channel(Some(Arc::<str>::from("1")));
        let close = CancellationToken::new();
        let mut events = std::pin::pin!(events(receiver, close.clone()));
        let said = |event: Option<Result<Event, Infallible>>| format!("{:?}", event.unwrap().unwrap());
        assert!(said(events.next().await).contains("data: 1"));
        for newer in ["2", "3"] {
            sender.send_replace(Some(newer.into()));
        }
        let event = said(events.next().await);
        assert!(event.contains("data: 3") && event.contains("retry: 1000"), "{event}");
        sender.send_replace(Some("4".into()));
        close.cancel();
        assert!(said(events.next().await).contains("data: 4"));
        assert!(events.next().await.is_none());
    }

    #[tokio::test]
    async fn the_streams_end_with_the_one_who_follows() {
        let (sender, receiver) = watch::channel(Some(Arc::<str>::from("1")));
        let mut events = std::pin::pin!(events(receiver, CancellationToken::new()));
        assert!(events.next().await.is_some());
        drop(sender);
        assert!(events.next().await.is_none());
    }
}
