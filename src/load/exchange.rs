//! One request of a goose user: sent through goose (so that goose counts it), stamped by the run's clock from
//! start to the last byte, and journalled.

use std::borrow::Cow;

use goose::prelude::*;

use super::Shared;
use crate::journal::event::Request;
use crate::stop::Stopped;
use crate::target::api::cause;

/// A body longer than this is not read to its end.
const MAX_BODY: usize = 8 << 20;
/// Causes are cut here: they are for grouping.
const MAX_CAUSE: usize = 160;

/// An answer, or that there was none.
#[derive(Debug, Default)]
pub(super) struct Exchanged {
    /// Whether it met its contract: a status that is expected and a whole body.
    pub(super) ok: bool,
    /// HTTP status, if there was an answer.
    pub(super) status: Option<u16>,
    /// The body as far as it was read.
    pub(super) body: Vec<u8>,
}

/// The contract of most requests.
pub(super) fn success(status: u16) -> bool {
    (200..300).contains(&status)
}

/// Sends a request named `name` and journals it; `contract` says which statuses meet it.
///
/// # Errors
/// [`Stopped`] when the run ends while the answer is awaited.
pub(super) async fn exchange(
    user: &mut GooseUser,
    shared: &Shared,
    name: Cow<'static, str>,
    request: GooseRequest<'_>,
    contract: impl Fn(u16) -> bool,
) -> Result<Exchanged, Stopped> {
    let started = shared.clock.now();
    let mut body = Vec::new();
    let (status, outcome) = shared.stop.or_stopped(send(user, request, contract, &mut body)).await?;
    let duration_us = shared.clock.now().saturating_sub(started);
    let (ok, error) = (outcome.is_ok(), outcome.err().map(Cow::Owned));
    shared.progress.count_request(ok);
    let number = u32::try_from(user.weighted_users_index).unwrap_or(u32::MAX);
    let line = Request { duration_us, user: number, name, status, ok, error };
    shared.journal.request(started, line).await;
    Ok(Exchanged { ok, status, body })
}

/// The status, and the cause of the failure if there was one; `body` is filled.
async fn send(
    user: &mut GooseUser,
    request: GooseRequest<'_>,
    contract: impl Fn(u16) -> bool,
    body: &mut Vec<u8>,
) -> (Option<u16>, Result<(), String>) {
    let mut answer = match user.request(request).await {
        Ok(answer) => answer,
        Err(error) => return (None, Err(cut(error.to_string()))),
    };
    let response = match answer.response {
        Ok(response) => response,
        Err(error) => return (None, Err(cause(&error))),
    };
    let status = response.status();
    // A refusal is read as well: it may say why.
    let read = read_body(response, body).await;
    let expected = contract(status.as_u16());
    let outcome = if expected { read } else { Err(format!("HTTP {}", status.as_u16())) };
    if expected && !status.is_success() {
        // goose judges by the status alone.
        let _ = user.set_success(&mut answer.request);
    }
    if let Err(cause) = &outcome {
        // goose judged by the status alone; a torn body is a failure as well. Its own error is ours already.
        let _ = user.set_failure(cause, &mut answer.request, None, None);
    }
    (Some(status.as_u16()), outcome)
}

/// Reads the body to its end: an answer that breaks off is no answer.
async fn read_body(mut response: reqwest::Response, body: &mut Vec<u8>) -> Result<(), String> {
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if body.len() + chunk.len() <= MAX_BODY => body.extend_from_slice(&chunk),
            Ok(Some(_)) => return Err("the body is over 8 MiB".to_owned()),
            Ok(None) => return Ok(()),
            Err(error) => return Err(cause(&error)),
        }
    }
}

fn cut(mut text: String) -> String {
    if let Some((at, _)) = text.char_indices().nth(MAX_CAUSE) {
        text.truncate(at);
    }
    text
}
