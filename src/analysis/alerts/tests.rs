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
    let matched = match_alerts(expected, received, spans, &[], &SinkOutages::default(), END);
    assert_eq!(matched.roles, roles);
    assert_eq!(fates(&matched), counted(&matched));
    matched
}

/// How many expectations came in time and late, did not come in time, and are not decided.
fn fates(matched: &Matched) -> [usize; 4] {
    let of = |fate: fn(&Met) -> bool| matched.expectations.iter().filter(|e| fate(&e.met)).count();
    [
        of(|met| matches!(met, Met::InTime(_))),
        of(|met| matches!(met, Met::Late(_))),
        of(|met| matches!(met, Met::Late(_) | Met::Missed)),
        of(|met| *met == Met::Undecided),
    ]
}

/// The same as the totals count them.
fn counted(matched: &Matched) -> [usize; 4] {
    let AlertTotals { matched: in_time, late, missed, .. } = matched.totals;
    [in_time, late, missed, matched.undecided].map(|n| usize::try_from(n).unwrap())
}

#[test]
fn an_alert_that_never_came_is_missed_by_the_expectation_that_it_was_for() {
    // Three crashes within one deadline; the alert of the first is lost.
    let expected = [10, 40, 70].map(|t| expect(t, u32::try_from(t).unwrap(), "a", &["crashed"]));
    let spans = [span(10, 10, 30), span(40, 40, 60), span(70, 70, 90)];
    let both = [(AlertRole::Matched, Some(40)), (AlertRole::Matched, Some(70))];
    let matched = check(&expected, &[crash(45, "k"), crash(75, "l")], &spans, &both);
    assert_eq!(matched.episodes[&10].missed, 1);
    assert_eq!(
        (&matched.episodes[&40].delay_us[..], &matched.episodes[&70].delay_us[..]),
        (&[5][..], &[5][..])
    );
    // When all come, each is met by its own, even when all are late.
    let all = [10, 40, 70].map(|episode| (AlertRole::Matched, Some(episode)));
    let matched = check(&expected, &[crash(75, "k"), crash(76, "l"), crash(77, "m")], &spans, &all);
    assert_eq!(matched.episodes[&10].delay_us, [65]);
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
    let expectation = &matched.expectations[0];
    // The deadline runs from where the alert was expected, the delay from t0.
    assert_eq!((expectation.t0_us, expectation.deadline_us, expectation.met), (10, 112, Met::InTime(15)));
    assert_eq!((expectation.module.as_str(), &expectation.kinds[..]), ("a", &["crashed".to_owned()][..]));
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
    assert_eq!(matched.expectations[0].met, Met::Late(111));
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
    let fates: Vec<_> = matched.expectations.iter().map(|e| (e.episode, e.met)).collect();
    assert_eq!(fates, [(1, Met::InTime(31)), (2, Met::InTime(35))]);
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
    assert_eq!(matched.expectations, []);
}

#[test]
fn a_deadline_beyond_the_end_of_the_run_decides_nothing() {
    let matched = match_alerts(
        &[expect(10, 1, "a", &["crashed"])],
        &[],
        &[span(1, 10, 50)],
        &[],
        &SinkOutages::default(),
        109,
    );
    assert_eq!((matched.totals.expected, matched.totals.missed, matched.undecided), (0, 0, 1));
    assert_eq!(matched.expectations[0].met, Met::Undecided);
    let matched = match_alerts(
        &[expect(10, 1, "a", &["crashed"])],
        &[],
        &[span(1, 10, 50)],
        &[],
        &SinkOutages::default(),
        110,
    );
    assert_eq!((matched.totals.expected, matched.totals.missed, matched.undecided), (1, 1, 0));
    assert_eq!(matched.expectations[0].met, Met::Missed);
}

#[test]
fn a_sender_that_drops_every_third_doubles_one_and_sends_one_for_nothing_is_counted_exactly() {
    let (mut expected, mut received, mut spans) = (vec![], vec![], vec![]);
    for id in 1..=9_u32 {
        let t = 10_000 * u64::from(id);
        expected.push(expect(t, id, "a", &["crashed"]));
        spans.push(span(id, t, t + 50));
        if !id.is_multiple_of(3) {
            received.push(crash(t + 10 * u64::from(id), &format!("k{id}")));
        }
    }
    received.push(crash(20_030, "k2"));
    // Before the first fault, so that no episode can have caused it.
    received.push(crash(500, "nothing"));
    let matched = match_alerts(&expected, &received, &spans, &[], &SinkOutages::default(), END);
    let expected = AlertTotals {
        received: 8,
        expected: 9,
        matched: 6,
        late: 0,
        missed: 3,
        duplicates: 1,
        collateral: 0,
        false_alarms: 1,
        recall: Some(6.0 / 9.0),
        precision: Some(6.0 / 7.0),
        // 10, 20, 40, 50, 70 and 80.
        delay_p50_us: Some(40),
        delay_p95_us: Some(80),
        delay_max_us: Some(80),
        sink_closed_us: 0,
    };
    assert_eq!(matched.totals, expected);
    assert_eq!(fates(&matched), [6, 0, 3, 0]);
    let missed: Vec<_> = matched.episodes.iter().filter(|(_, of)| of.missed > 0).map(|(id, _)| *id).collect();
    assert_eq!(missed, [3, 6, 9]);
    assert_eq!(matched.episodes[&2].duplicates, 1);
}

#[test]
fn while_our_own_sink_is_closed_no_deadline_runs() {
    let outages = SinkOutages::new(vec![(50, 90)]);
    let role = |t: Micros, kind: &str| {
        let received = [alert(t, "k", "warning", kind, "a")];
        let expected = [expect(10, 1, "a", &["crashed"])];
        match_alerts(&expected, &received, &[span(1, 10, 20)], &[], &outages, END).roles[0].0
    };
    // Due at 110, and 40 later as the sink was closed so long.
    assert_eq!([150, 151].map(|t| role(t, "crashed")), [AlertRole::Matched, AlertRole::Late]);
    // What nobody expected may come so much later as well.
    assert_eq!([160, 161].map(|t| role(t, "recovered")), [AlertRole::Collateral, AlertRole::False]);
    // Not decided before the extended deadline.
    let undecided = |end| {
        match_alerts(&[expect(10, 1, "a", &["crashed"])], &[], &[span(1, 10, 20)], &[], &outages, end)
            .undecided
    };
    assert_eq!([149, 150].map(undecided), [1, 0]);
}

#[test]
fn without_alerts_there_are_no_shares_of_them() {
    let totals = check(&[], &[], &[span(1, 10, 50)], &[]).totals;
    assert_eq!((totals.recall, totals.precision, totals.delay_p50_us), (None, None, None));
    let totals = check(&[], &[crash(5, "k")], &[span(1, 10, 50)], &[(AlertRole::False, None)]).totals;
    assert_eq!((totals.recall, totals.precision), (None, Some(0.0)));
}

#[test]
fn overlapping_episodes_of_different_modules_do_not_take_each_others_alerts() {
    let expected = [expect(10, 1, "a", &["crashed"]), expect(12, 2, "b", &["crashed"])];
    let received = [alert(20, "b", "warning", "crashed", "b"), crash(21, "a"), crash(22, "again")];
    check(
        &expected,
        &received,
        &[span(1, 10, 50), span(2, 12, 60)],
        &[(AlertRole::Matched, Some(2)), (AlertRole::Matched, Some(1)), (AlertRole::Collateral, Some(2))],
    );
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
        let matched = match_alerts(&expected, &received, &spans, &[], &SinkOutages::default(), end);
        let totals = &matched.totals;
        prop_assert_eq!(totals.matched + totals.missed, totals.expected);
        prop_assert_eq!(totals.expected + matched.undecided, expected.len() as u64);
        prop_assert_eq!(
            totals.matched + totals.late + totals.duplicates + totals.collateral + totals.false_alarms,
            received.len() as u64
        );
        let keys: BTreeSet<_> = received.iter().map(|alert| &alert.what.key).collect();
        prop_assert_eq!(totals.duplicates, (received.len() - keys.len()) as u64);
        prop_assert!(totals.late <= totals.missed);
        prop_assert_eq!(fates(&matched), counted(&matched));
        prop_assert!(matched.expectations.is_sorted_by_key(|expectation| expectation.episode));
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
        let matched = match_alerts(&expected, &received, &spans, &[], &SinkOutages::default(), END);
        let shuffled: Vec<_> = order.iter().map(|index| received[*index].clone()).collect();
        let mut other = expected.clone();
        if reversed {
            other.reverse();
        }
        let again = match_alerts(&other, &shuffled, &spans, &[], &SinkOutages::default(), END);
        prop_assert_eq!(&again.totals, &matched.totals);
        prop_assert_eq!(&again.episodes, &matched.episodes);
        prop_assert_eq!(&again.expectations, &matched.expectations);
    }
}
