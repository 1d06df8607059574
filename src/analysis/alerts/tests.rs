use proptest::prelude::*;

use super::*;

const END: Micros = 1_000_000;

fn expect(t: Micros, episode: u32, module: &str, kinds: &[&str]) -> At<AlertExpected> {
    let what = AlertExpected {
        episode,
        module: module.to_owned(),
        kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
        min_severity: "warning".to_owned(),
        deadline_us: 100,
    };
    At { t, what }
}

fn alert(t: Micros, key: &str, severity: &str, kind: &str, module: &str) -> At<AlertReceived> {
    let what = AlertReceived {
        id: key.to_owned(),
        key: key.to_owned(),
        severity: severity.to_owned(),
        kind: kind.to_owned(),
        module: module.to_owned(),
        message: String::new(),
        raised_at: None,
    };
    At { t, what }
}

fn span(id: u32, t0: Micros, end: Micros) -> Span {
    Span { id, t0, from: t0, end, void: false }
}

fn crash(t: Micros, key: &str) -> At<AlertReceived> {
    alert(t, key, "warning", "crashed", "a")
}

#[track_caller]
fn check(
    expected: &[At<AlertExpected>],
    received: &[At<AlertReceived>],
    spans: &[Span],
    roles: &[(AlertRole, Option<u32>)],
) -> Matched {
    let matched = match_alerts(expected, received, spans, &[], END);
    assert_eq!(matched.roles, roles);
    matched
}

#[test]
fn an_alert_in_time_is_matched_with_its_delay_from_t0() {
    let matched = check(
        &[expect(12, 1, "a", &["crashed"])],
        &[crash(15, "k")],
        &[span(1, 10, 50)],
        &[(AlertRole::Matched, Some(1))],
    );
    assert_eq!(matched.episodes[&1].delay_us, [5]);
    assert_eq!((matched.totals.expected, matched.totals.matched, matched.totals.missed), (1, 1, 0));
}

#[test]
fn another_module_kind_or_a_lesser_severity_is_collateral() {
    let received = [
        alert(15, "1", "warning", "crashed", "b"),
        alert(15, "2", "warning", "recovered", "a"),
        alert(15, "3", "info", "crashed", "a"),
        alert(151, "4", "critical", "crashed", "b"),
    ];
    let matched = check(
        &[expect(10, 1, "a", &["crashed"])],
        &received,
        &[span(1, 10, 50)],
        &[
            (AlertRole::Collateral, Some(1)),
            (AlertRole::Collateral, Some(1)),
            (AlertRole::Collateral, Some(1)),
            (AlertRole::False, None),
        ],
    );
    assert_eq!((matched.totals.missed, matched.totals.collateral, matched.totals.false_alarms), (1, 3, 1));
}

#[test]
fn a_late_alert_is_missed_and_shown_as_late() {
    let matched = check(
        &[expect(10, 1, "a", &["crashed"])],
        &[crash(111, "k")],
        &[span(1, 10, 50)],
        &[(AlertRole::Late, Some(1))],
    );
    let episode = &matched.episodes[&1];
    assert_eq!((episode.expected, episode.matched, episode.late, episode.missed), (1, 0, 1, 1));
}

#[test]
fn the_same_key_again_is_a_duplicate_wherever_it_falls() {
    check(
        &[expect(10, 1, "a", &["crashed"])],
        &[crash(900, "k"), crash(15, "k")],
        &[span(1, 10, 50)],
        &[(AlertRole::Duplicate, Some(1)), (AlertRole::Matched, Some(1))],
    );
}

#[test]
fn an_alert_before_its_expectation_does_not_count() {
    check(
        &[expect(10, 1, "a", &["crashed"])],
        &[crash(9, "k")],
        &[span(1, 10, 50)],
        &[(AlertRole::False, None)],
    );
}

#[test]
fn each_alert_answers_one_expectation_in_time_order() {
    let expected = [expect(30, 2, "a", &["crashed"]), expect(10, 1, "a", &["crashed"])];
    let matched = check(
        &expected,
        &[crash(35, "2"), crash(31, "1")],
        &[span(1, 10, 20), span(2, 30, 40)],
        &[(AlertRole::Matched, Some(2)), (AlertRole::Matched, Some(1))],
    );
    assert_eq!(matched.totals.missed, 0);
}

#[test]
fn an_expectation_that_can_take_another_alert_gives_way() {
    let expected = [expect(10, 1, "a", &["crashed", "hung"]), expect(11, 2, "a", &["crashed"])];
    let received = [crash(15, "1"), alert(16, "2", "warning", "hung", "a")];
    check(
        &expected,
        &received,
        &[span(1, 10, 20), span(2, 11, 20)],
        &[(AlertRole::Matched, Some(2)), (AlertRole::Matched, Some(1))],
    );
}

#[test]
fn a_void_fault_expects_nothing() {
    let void = Span { void: true, ..span(1, 10, 50) };
    let matched = check(&[expect(10, 1, "a", &["crashed"])], &[], &[void], &[]);
    assert_eq!((matched.totals.expected, matched.totals.missed), (0, 0));
}

#[test]
fn a_deadline_beyond_the_end_of_the_run_decides_nothing() {
    let matched = match_alerts(&[expect(10, 1, "a", &["crashed"])], &[], &[span(1, 10, 50)], &[], 109);
    assert_eq!((matched.totals.expected, matched.totals.missed, matched.undecided), (0, 0, 1));
    let matched = match_alerts(&[expect(10, 1, "a", &["crashed"])], &[], &[span(1, 10, 50)], &[], 110);
    assert_eq!((matched.totals.expected, matched.totals.missed, matched.undecided), (1, 1, 0));
}

fn any_expected() -> impl Strategy<Value = Vec<At<AlertExpected>>> {
    let one = (
        0u64..1000,
        1u32..5,
        prop::sample::select(vec!["a", "b"]),
        prop::sample::subsequence(vec!["x", "y"], 1..3),
    );
    prop::collection::vec(one, 0..12)
        .prop_map(|all| all.into_iter().map(|(t, id, module, kinds)| expect(t, id, module, &kinds)).collect())
}

fn any_received() -> impl Strategy<Value = Vec<At<AlertReceived>>> {
    let one = (
        0u64..1200,
        0u8..20,
        prop::sample::select(vec!["info", "warning", "critical"]),
        prop::sample::select(vec!["x", "y"]),
        prop::sample::select(vec!["a", "b"]),
    );
    prop::collection::vec(one, 0..20).prop_map(|all| {
        all.into_iter()
            .map(|(t, key, severity, kind, module)| alert(t, &key.to_string(), severity, kind, module))
            .collect()
    })
}

proptest! {
    #[test]
    fn every_alert_has_one_role_and_every_expectation_one_fate(
        expected in any_expected(),
        received in any_received(),
        end in 0u64..2000,
    ) {
        let spans: Vec<_> = (1..5).map(|id| span(id, u64::from(id) * 200, u64::from(id) * 200 + 50)).collect();
        let matched = match_alerts(&expected, &received, &spans, &[], end);
        let totals = &matched.totals;
        prop_assert_eq!(totals.matched + totals.missed, totals.expected);
        prop_assert_eq!(totals.expected + matched.undecided, expected.len() as u64);
        prop_assert_eq!(
            totals.matched + totals.late + totals.duplicates + totals.collateral + totals.false_alarms,
            received.len() as u64
        );
        let keys: BTreeSet<_> = received.iter().map(|alert| &alert.what.key).collect();
        prop_assert_eq!(totals.duplicates, (received.len() - keys.len()) as u64);
        prop_assert!(totals.late <= totals.missed + matched.undecided);
    }

    #[test]
    fn the_order_in_the_journal_plays_no_part(
        expected in any_expected(),
        (received, order) in any_received().prop_flat_map(|all| {
            let order: Vec<usize> = (0..all.len()).collect();
            (Just(all), Just(order).prop_shuffle())
        }),
        reversed in any::<bool>(),
    ) {
        let spans = [span(1, 100, 400), span(2, 500, 600)];
        let matched = match_alerts(&expected, &received, &spans, &[], END);
        let shuffled: Vec<_> = order.iter().map(|index| received[*index].clone()).collect();
        let mut other = expected.clone();
        if reversed {
            other.reverse();
        }
        let again = match_alerts(&other, &shuffled, &spans, &[], END);
        prop_assert_eq!(&again.totals, &matched.totals);
        prop_assert_eq!(&again.episodes, &matched.episodes);
    }
}
