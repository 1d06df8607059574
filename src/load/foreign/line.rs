//! One line of goose's request log, as goose 0.19 writes it in JSON.

use std::borrow::Cow;

use serde::Deserialize;

use super::stamp;

/// Causes are cut here: they are for grouping.
const MAX_CAUSE: usize = 160;

/// One request of a goose user, on goose's clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Logged {
    /// When it began, in whole ms since goose did: it is cut off, not rounded.
    pub(super) elapsed_ms: u64,
    /// When it began on the run's clock, where it was stamped by that (see [`stamp`]).
    pub(super) stamped_us: Option<u64>,
    /// Until the answer's head had come.
    pub(super) duration_us: u64,
    pub(super) user: u32,
    pub(super) name: String,
    pub(super) status: Option<u16>,
    pub(super) ok: bool,
    pub(super) error: Option<String>,
    /// Sent by the harness for alignment only.
    pub(super) is_marker: bool,
}

/// The fields of interest, in no particular order.
#[derive(Deserialize)]
struct Fields<'a> {
    elapsed: u64,
    #[serde(borrow)]
    raw: Raw<'a>,
    #[serde(borrow)]
    name: Cow<'a, str>,
    response_time: u64,
    #[serde(default)]
    response_time_fraction_us: u64,
    status_code: u16,
    success: bool,
    update: bool,
    user: usize,
    #[serde(borrow)]
    error: Cow<'a, str>,
    coordinated_omission_elapsed: u64,
}

#[derive(Deserialize)]
struct Raw<'a> {
    #[serde(borrow)]
    url: Cow<'a, str>,
}

impl Logged {
    /// Reads a line; `None` for one that tells of no request of its own: goose's mitigation of coordinated omission
    /// repeats a request that was slow, and a correction of one repeats it as well.
    ///
    /// # Errors
    /// Why it is no line of a request log.
    pub(super) fn read(line: &[u8]) -> Result<Option<Self>, serde_json::Error> {
        let fields: Fields<'_> = serde_json::from_slice(line)?;
        if fields.update || fields.coordinated_omission_elapsed > 0 {
            return Ok(None);
        }
        let status = (fields.status_code > 0).then_some(fields.status_code);
        let mark = stamp::read(&fields.raw.url);
        Ok(Some(Self {
            elapsed_ms: fields.elapsed,
            stamped_us: mark.map(|mark| mark.at_us),
            duration_us: fields.response_time.saturating_mul(1_000) + fields.response_time_fraction_us,
            user: u32::try_from(fields.user).unwrap_or(u32::MAX),
            ok: fields.success,
            error: (!fields.success).then(|| cause(&fields.error, &fields.name, status)),
            status,
            name: fields.name.into_owned(),
            is_marker: mark.is_some_and(|mark| mark.is_marker),
        }))
    }
}

/// What went wrong, without the request's name, so that the same cause reads the same for all.
fn cause(error: &str, name: &str, status: Option<u16>) -> String {
    if let Some(status) = status
        && error.starts_with(&status.to_string())
    {
        return format!("HTTP {status}");
    }
    let mut cause = error.replacen(&format!(" {name}"), "", 1);
    if let Some((at, _)) = cause.char_indices().nth(MAX_CAUSE) {
        cause.truncate(at);
    }
    cause
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(change: &[(&str, &str)]) -> String {
        let mut line = r#"{"elapsed":1234,"scenario_index":0,"scenario_name":"Web","transaction_index":0,
            "transaction_name":{"InheritNameByRequests":""},
            "raw":{"method":"Get","url":"http://h/a","headers":[],"body":"","custom_method":""},
            "name":"/a","final_url":"http://h/a","redirected":false,"response_time":7,"status_code":200,"success":true,
            "update":false,"user":3,"error":"","coordinated_omission_elapsed":0,"user_cadence":0,
            "response_time_fraction_us":89}"#
            .to_owned();
        for (from, to) in change {
            assert!(line.contains(from), "{from}");
            line = line.replace(from, to);
        }
        line
    }

    fn read(change: &[(&str, &str)]) -> Option<Logged> {
        Logged::read(line(change).as_bytes()).unwrap()
    }

    #[test]
    fn a_request_keeps_its_microseconds() {
        let expected = Logged {
            elapsed_ms: 1234,
            stamped_us: None,
            duration_us: 7_089,
            user: 3,
            name: "/a".to_owned(),
            status: Some(200),
            ok: true,
            error: None,
            is_marker: false,
        };
        assert_eq!(read(&[]), Some(expected.clone()));
        // Logs of a goose that kept milliseconds only can be read as well.
        let old = read(&[(",\n            \"response_time_fraction_us\":89", "")]);
        assert_eq!(old, Some(Logged { duration_us: 7_000, ..expected }));
    }

    #[test]
    fn what_repeats_a_request_is_no_request() {
        assert_eq!(read(&[("\"update\":false", "\"update\":true")]), None);
        assert_eq!(
            read(&[("\"coordinated_omission_elapsed\":0", "\"coordinated_omission_elapsed\":9")]),
            None
        );
        assert!(Logged::read(b"elapsed,raw,name").is_err());
    }

    #[test]
    fn causes_are_the_same_for_all_names() {
        let failed = [("\"success\":true", "\"success\":false")];
        let status = [failed[0], ("\"status_code\":200", "\"status_code\":503")];
        let unavailable =
            [&status[..], &[("\"error\":\"\"", "\"error\":\"503 Service Unavailable: /a\"")]].concat();
        assert_eq!(read(&unavailable).unwrap().error.as_deref(), Some("HTTP 503"));
        let refused = [
            failed[0],
            ("\"status_code\":200", "\"status_code\":0"),
            ("\"error\":\"\"", "\"error\":\"error sending request /a: client error (Connect)\""),
        ];
        let refused = read(&refused).unwrap();
        assert_eq!(refused.status, None);
        assert_eq!(refused.error.as_deref(), Some("error sending request: client error (Connect)"));
    }

    #[test]
    fn a_stamp_in_the_url_is_read() {
        let stamped =
            read(&[("\"url\":\"http://h/a\"", "\"url\":\"http://h/a#goose-recovery=55\"")]).unwrap();
        assert_eq!((stamped.stamped_us, stamped.is_marker), (Some(55), false));
    }
}
