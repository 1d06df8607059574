//! Requests of which the run's own clock has the start.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use goose::goose::GooseResponse;
use goose::prelude::*;
use reqwest::RequestBuilder;
use reqwest::header::HeaderMap;

use super::stamp::Stamp;
use crate::clock::Clock;
use crate::stop::Stop;

/// How often a marker is sent: a run of half a minute has some sixty, and a target does not feel them.
const MARKER_EVERY: Duration = Duration::from_millis(500);
/// What markers are called in goose's request log.
const MARKER_NAME: &str = "goose-recovery marker";

/// The clock of the run that goes on in this process. goose's own state is one for the process as well.
static CLOCK: RwLock<Option<Clock>> = RwLock::new(None);

/// Requests whose start is stamped by the run's own clock.
///
/// goose logs when a request began in whole milliseconds. That is fine for most; where more is wanted, such as for a request
/// that is compared with an instant of a fault, these give microseconds. They take the place of goose's methods of similar
/// names, are counted by goose as those are, and do the same when no recovery run goes on.
///
/// The stamp travels in the *fragment* of the URL (`#goose-recovery=…`), which HTTP clients do not send. goose's request log
/// shows it; goose's metrics and reports go by the request's name and do not.
///
/// ```
/// use goose::prelude::*;
/// use goose_recovery::prelude::*;
///
/// async fn checkout(user: &mut GooseUser) -> TransactionResult {
///     user.get("/basket").await?;            // start known to half a millisecond
///     user.get_stamped("/checkout").await?;  // start known to some microseconds
///     Ok(())
/// }
/// ```
pub trait StampedRequests {
    /// As [`GooseUser::get`].
    ///
    /// # Errors
    /// As that.
    fn get_stamped(
        &mut self,
        path: &str,
    ) -> impl Future<Output = Result<GooseResponse, Box<TransactionError>>> + Send;

    /// As [`GooseUser::get_request_builder`] and [`GooseUser::request`] in one: `adapt` gives the request its headers and body.
    ///
    /// ```
    /// # use goose::prelude::*;
    /// # use goose_recovery::prelude::*;
    /// async fn order(user: &mut GooseUser) -> TransactionResult {
    ///     let order = |request: reqwest::RequestBuilder| request.header("x-tenant", "a").body("one");
    ///     user.request_stamped(GooseMethod::Post, "/orders", order).await?;
    ///     Ok(())
    /// }
    /// ```
    ///
    /// # Errors
    /// As those.
    fn request_stamped(
        &mut self,
        method: GooseMethod,
        path: &str,
        adapt: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
    ) -> impl Future<Output = Result<GooseResponse, Box<TransactionError>>> + Send;
}

impl StampedRequests for GooseUser {
    async fn get_stamped(&mut self, path: &str) -> Result<GooseResponse, Box<TransactionError>> {
        self.request_stamped(GooseMethod::Get, path, |request| request).await
    }

    async fn request_stamped(
        &mut self,
        method: GooseMethod,
        path: &str,
        adapt: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
    ) -> Result<GooseResponse, Box<TransactionError>> {
        let builder = adapt(self.get_request_builder(&method, path)?);
        let request = GooseRequest::builder().method(method).path(path);
        let clock = *CLOCK.read().unwrap_or_else(PoisonError::into_inner);
        let Some(clock) = clock else {
            return self.request(request.set_request_builder(builder).build()).await;
        };
        // goose would wait for its throttle after the stamp.
        let throttled = self.is_throttled;
        if let Some(throttle) = self.throttle.clone().filter(|_| throttled) {
            throttle.send_async(true).await.map_err(|error| Box::new(error.into()))?;
        }
        let builder = stamped(builder, clock, false)?;
        self.is_throttled = false;
        let answer = self.request(request.set_request_builder(builder).build()).await;
        self.is_throttled = throttled;
        answer
    }
}

/// While it lives, requests are stamped by this clock.
pub(super) struct Stamping;

impl Stamping {
    pub(super) fn by(clock: Clock) -> Self {
        *CLOCK.write().unwrap_or_else(PoisonError::into_inner) = Some(clock);
        Self
    }
}

impl Drop for Stamping {
    fn drop(&mut self) {
        *CLOCK.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

/// The same request with the present instant in its URL.
fn stamped(
    builder: RequestBuilder,
    clock: Clock,
    is_marker: bool,
) -> Result<RequestBuilder, Box<TransactionError>> {
    let (client, request) = builder.build_split();
    let mut request = request.map_err(|error| Box::new(error.into()))?;
    let stamp = Stamp { at_us: clock.now(), is_marker };
    request.url_mut().set_fragment(Some(&stamp.to_string()));
    Ok(RequestBuilder::from_parts(client, request))
}

/// Asks for `path` until the run ends, only so that both clocks know when.
pub(super) async fn mark(mut user: GooseUser, path: String, headers: HeaderMap, clock: Clock, stop: Stop) {
    loop {
        // What comes of it is nobody's business; canaries see more.
        let _ = stop.or_stopped(send_marker(&mut user, &path, &headers, clock)).await;
        if stop.or_stopped(tokio::time::sleep(MARKER_EVERY)).await.is_err() {
            return;
        }
    }
}

async fn send_marker(
    user: &mut GooseUser,
    path: &str,
    headers: &HeaderMap,
    clock: Clock,
) -> Result<(), Box<TransactionError>> {
    let builder = user.get_request_builder(&GooseMethod::Get, path)?.headers(headers.clone());
    let builder = stamped(builder, clock, true)?;
    user.request(GooseRequest::builder().name(MARKER_NAME).set_request_builder(builder).build()).await?;
    Ok(())
}
