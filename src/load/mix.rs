//! A weighted mix of requests, for targets that offer no sessions.

use std::borrow::Cow;

use goose::prelude::*;
use rand::RngExt;
use reqwest::header::HeaderMap;

use super::attack::Shared;
use super::exchange::exchange;
use crate::plan::RequestSpec;
use crate::stop::Stopped;
use crate::target::ApiError;
use crate::target::api::header_map;

/// What users ask for, drawn by weight.
#[derive(Debug)]
pub struct Mix {
    requests: Vec<Prepared>,
    /// Of all requests.
    weight: u32,
}

/// A request whose headers are known to be some.
#[derive(Debug)]
pub(super) struct Prepared {
    spec: RequestSpec,
    headers: HeaderMap,
}

impl Mix {
    /// Prepares `requests`.
    ///
    /// # Errors
    /// [`ApiError::Header`] for a header that HTTP does not allow.
    pub fn new(requests: Vec<RequestSpec>) -> Result<Self, ApiError> {
        let weight = requests.iter().map(|request| request.weight).sum();
        let prepared =
            requests.into_iter().map(|spec| Ok(Prepared { headers: header_map(&spec.headers)?, spec }));
        Ok(Self { requests: prepared.collect::<Result<_, _>>()?, weight })
    }

    /// One of the requests, each as likely as its weight says.
    pub(super) fn draw(&self, rng: &mut impl RngExt) -> Option<&Prepared> {
        let mut drawn = rng.random_range(0..self.weight.max(1));
        self.requests.iter().find(|request| {
            let hit = drawn < request.spec.weight;
            drawn = drawn.saturating_sub(request.spec.weight);
            hit
        })
    }
}

/// Sends `request` as the `seq`th of this user: whether it met its contract.
pub(super) async fn send(
    user: &mut GooseUser,
    shared: &Shared,
    request: &Prepared,
    seq: u64,
) -> Result<bool, Stopped> {
    let Prepared { spec, headers } = request;
    let place = Place { user: user.weighted_users_index, seq };
    let path = place.filled_in(&spec.path);
    let Ok(url) = user.build_url(path.trim_start_matches('/')) else { return Ok(false) };
    let mut builder = user.client.request(spec.method.clone(), url);
    builder = builder.headers(shared.headers.clone()).headers(headers.clone());
    if let Some(body) = &spec.body {
        builder = builder.body(place.filled_in(body.expose()).into_owned());
    }
    let request = GooseRequest::builder().name(spec.name.as_str()).set_request_builder(builder).build();
    let answer =
        exchange(user, shared, Cow::Owned(spec.name.clone()), request, |status| spec.accepts(status));
    Ok(answer.await?.ok)
}

/// Who sends, and what number of request it is.
#[derive(Debug, Clone, Copy)]
struct Place {
    user: usize,
    seq: u64,
}

impl Place {
    /// `{user}` is the number of the user, `{seq}` that of the request, from 1; together they are unique in a run.
    fn filled_in(self, text: &str) -> Cow<'_, str> {
        if !text.contains('{') {
            return Cow::Borrowed(text);
        }
        let filled = text.replace("{user}", &self.user.to_string()).replace("{seq}", &self.seq.to_string());
        Cow::Owned(filled)
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    use super::*;

    #[test]
    fn requests_come_as_often_as_their_weight_says() {
        let weighed = |path: &str, weight| RequestSpec { weight, ..RequestSpec::get(path) };
        let mix = Mix::new(vec![weighed("/a", 3), weighed("/b", 1), weighed("/never", 0)]).unwrap();
        let mut rng = ChaCha8Rng::seed_from_u64(7);
        let mut counts = [0; 3];
        for _ in 0..10_000 {
            let path = &mix.draw(&mut rng).unwrap().spec.path;
            counts[["/a", "/b", "/never"].iter().position(|known| known == path).unwrap()] += 1;
        }
        // Four standard deviations of a binomial of 10,000 trials at 3 in 4 are 173.
        assert!((7_327..=7_673).contains(&counts[0]), "{counts:?}");
        assert_eq!((counts[0] + counts[1], counts[2]), (10_000, 0));
    }

    #[test]
    fn placeholders_are_filled_in_and_other_braces_stay() {
        let place = Place { user: 3, seq: 12 };
        assert_eq!(place.filled_in("/items/{user}-{seq}?q={other}"), "/items/3-12?q={other}");
        assert_eq!(place.filled_in(r#"{"seq": {seq}}"#), r#"{"seq": 12}"#);
        assert!(matches!(place.filled_in("/plain"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_header_that_http_does_not_allow_is_refused_without_its_value() {
        let headers = vec![("X-Token".to_owned(), "s3cret\nx".to_owned().into())];
        let error = Mix::new(vec![RequestSpec { headers, ..RequestSpec::get("/") }]).unwrap_err().to_string();
        assert!(error.contains("X-Token") && !error.contains("s3cret"), "{error}");
    }
}
