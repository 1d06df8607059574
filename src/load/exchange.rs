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

/// Sends a request named `name`, journals it, and says whether it met its contract: a status of 2xx and a whole
/// body.
///
/// # Errors
/// [`Stopped`] when the run ends while the answer is awaited.
pub(super) async fn exchange(
    user: &mut GooseUser,
    shared: &Shared,
    name: &'static str,
    request: GooseRequest<'_>,
) -> Result<bool, Stopped> {
    let started = shared.clock.now();
    let (status, outcome) = shared.stop.or_stopped(send(user, request)).await?;
    let duration_us = shared.clock.now().saturating_sub(started);
    let (ok, error) = (outcome.is_ok(), outcome.err().map(Cow::Owned));
    shared.progress.count_request(ok);
    let number = u32::try_from(user.weighted_users_index).unwrap_or(u32::MAX);
    let line = Request { duration_us, user: number, name: Cow::Borrowed(name), status, ok, error };
    shared.journal.request(started, line).await;
    Ok(ok)
}

/// The status, and the body or the cause of the failure.
async fn send(user: &mut GooseUser, request: GooseRequest<'_>) -> (Option<u16>, Result<(), String>) {
    let mut answer = match user.request(request).await {
        Ok(answer) => answer,
        Err(error) => return (None, Err(cut(error.to_string()))),
    };
    let response = match answer.response {
        Ok(response) => response,
        Err(error) => return (None, Err(cause(&error))),
    };
    let status = response.status();
    let outcome = if status.is_success() {
        read_body(response).await
    } else {
        Err(format!("HTTP {}", status.as_u16()))
    };
    if let Err(cause) = &outcome {
        // goose judged by the status alone; a torn body is a failure as well. Its own error is ours already.
        let _ = user.set_failure(cause, &mut answer.request, None, None);
    }
    (Some(status.as_u16()), outcome)
}

/// Reads the body to its end: an answer that breaks off is no answer.
async fn read_body(mut response: reqwest::Response) -> Result<(), String> {
    let mut length = 0;
    loop {
        match response.chunk().await {
            Ok(Some(chunk)) if length + chunk.len() <= MAX_BODY => length += chunk.len(),
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
