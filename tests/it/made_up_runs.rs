//! A folder of reports as a team has it after months: runs of several retry settings, sweeps among them, no two the same. The
//! verdicts are the judgement's own; what is made up is how fast each run healed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use goose_recovery::analysis::model::{Episode, Outcome, RunState};
use goose_recovery::analysis::{Summary, Verdict, pooled_kpis};
use goose_recovery::evaluate::{BadLines, evaluate};
use goose_recovery::report;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use rand_chacha::ChaCha8Rng;
use serde_json::json;

use crate::made_up::Shape;

/// Retries and the first backoff.
const SETTINGS: [(u32, &str); 5] = [(3, "100ms"), (0, "100ms"), (1, "100ms"), (5, "100ms"), (3, "1s")];
const USERS: [u32; 4] = [10, 50, 200, 1_000];
const BRANCHES: [&str; 4] = ["main", "feature/faster-resync", "release/1.2", "fix/stuck-session"];
/// From one run to the next on the average.
const BETWEEN_S: i64 = 5 * 60 * 60;
/// 2026-03-01T09:00:00Z
const FIRST_S: i64 = 1_772_355_600;

/// Writes the summaries of so many runs with at most `episodes` faults each into folders below `folder`, and gives those folders from the
/// oldest run to the newest. The same arguments give the same runs. The newest has its whole report, and the others a page that says which
/// run it is of.
pub(crate) fn made_up_runs(folder: &Path, runs: u32, episodes: u32, seed: u64) -> Vec<PathBuf> {
    let place = tempfile::tempdir().unwrap();
    let journal = place.path().join("journal.jsonl");
    Shape { seed, ..Shape::new(20_000, episodes) }.write(&journal).unwrap();
    let mut analysis = evaluate(&journal, &format!("generated-{seed}"), BadLines::Refuse).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    let mut folders = Vec::new();
    for number in 0..runs {
        let run = run(&analysis.summary, number, &mut random);
        let dir = folder.join(place_of(&run, number));
        fs::create_dir_all(&dir).unwrap();
        if number + 1 < runs {
            fs::write(dir.join("index.html"), format!("<!doctype html><title>{}</title>", run.run_id))
                .unwrap();
            fs::write(dir.join("summary.json"), report::json::summary(&run).unwrap()).unwrap();
        } else {
            analysis.summary = run;
            report::write(&analysis, &dir, goose_recovery::lang::Lang::En).unwrap();
        }
        folders.push(dir);
    }
    folders
}

/// Every tenth run is one of a sweep, and every seventh in a folder of a team's own.
fn place_of(run: &Summary, number: u32) -> String {
    match number {
        n if n % 10 == 9 => {
            let retries =
                run.plan.policy.as_ref().map_or(0, |policy| policy["max_retries"].as_u64().unwrap());
            format!("sweep-{}/cells/{retries:02}-max-retries={retries}/run-{}", n / 50 + 1, n % 50 + 1)
        }
        n if n % 7 == 6 => format!("nightly/{}", run.run_id),
        _ => run.run_id.clone(),
    }
}

fn run(of: &Summary, number: u32, random: &mut ChaCha8Rng) -> Summary {
    let mut run = of.clone();
    let started = FIRST_S + i64::from(number) * BETWEEN_S + random.random_range(-3_600..3_600);
    let started = jiff::Timestamp::from_second(started).unwrap();
    run.run_id = format!("{}-{:04x}", started.strftime("%Y%m%dT%H%M%SZ"), random.random::<u16>());
    // As written on a machine elsewhere.
    run.started_at =
        format!("{}", started.display_with_offset(jiff::tz::offset(*[0, 9, -5].choose(random).unwrap())));
    run.seed = random.random();
    run.duration_us = run.duration_us * random.random_range(50..200) / 100;
    run.plan.users = *USERS.choose(random).unwrap();
    run.labels = labels(number, random);
    let (retries, backoff) = *SETTINGS.choose(random).unwrap();
    // Somebody else's target gives no policy.
    run.plan.policy = (number % 25 != 3).then(|| policy(&run, retries, backoff));
    keep_some_scenarios(&mut run, random);
    heal(&mut run, retries, backoff, random);
    judge(&mut run);
    run.state = match number % 40 {
        11 => RunState::Interrupted,
        23 => RunState::Aborted,
        37 => RunState::Failed,
        _ => RunState::Completed,
    };
    run.state_detail = (run.state != RunState::Completed).then(|| "as made up".to_owned());
    run
}

fn labels(number: u32, random: &mut ChaCha8Rng) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    if !number.is_multiple_of(8) {
        labels.insert("branch".to_owned(), (*BRANCHES.choose(random).unwrap()).to_owned());
    }
    if number.is_multiple_of(3) {
        labels.insert("build".to_owned(), (1_000 + number).to_string());
    }
    labels
}

fn policy(run: &Summary, retries: u32, backoff: &str) -> serde_json::Value {
    let mut policy = run.plan.policy.clone().unwrap();
    policy["max_retries"] = json!(retries);
    policy["alert_after"] = json!(4.min(retries + 1));
    policy["backoff_initial"] = json!(backoff);
    policy
}

/// All of them, or one, or all but one.
fn keep_some_scenarios(run: &mut Summary, random: &mut ChaCha8Rng) {
    let all: Vec<String> = run.scenarios.iter().map(|scenario| scenario.name.clone()).collect();
    let chosen = all.choose(random).unwrap().clone();
    let keep = |name: &String, way: u32| match way {
        0 => *name == chosen,
        1 => *name != chosen,
        _ => true,
    };
    let way = random.random_range(0..4);
    run.plan.scenarios.retain(|scenario| keep(&scenario.name, way));
    run.scenarios.retain(|scenario| keep(&scenario.name, way));
    run.episodes.retain(|episode| keep(&episode.scenario, way));
    run.chains.retain(|chain| keep(&chain.scenario, way));
    let episodes = &run.episodes;
    let is_hit =
        |target: &str, fault: &str| episodes.iter().any(|it| it.target == target && it.fault == fault);
    run.stores.retain(|store| is_hit(&store.target, &store.fault));
}

/// More retries and a longer backoff take longer; with none some faults are not healed at all.
fn heal(run: &mut Summary, retries: u32, backoff: &str, random: &mut ChaCha8Rng) {
    let slow = f64::from(10 + retries) / 10.0 * if backoff == "1s" { 1.8 } else { 1.0 };
    let day = random.random_range(0.8..1.25);
    let given_up = if retries == 0 { 0.04 } else { 0.001 };
    for episode in &mut run.episodes {
        let factor = slow * day * random.random_range(0.7..1.4);
        let times = |us: Option<u64>| us.map(|us| (us as f64 * factor) as u64);
        let phases = &mut episode.phases_us;
        for phase in [
            &mut phases.detect,
            &mut phases.restart,
            &mut phases.ready,
            &mut phases.restore,
            &mut phases.recover,
        ] {
            *phase = times(*phase);
        }
        episode.recovery_us = times(episode.recovery_us);
        episode.end_us = episode.t0_us + episode.recovery_us.unwrap_or(0);
        if episode.chain.is_none() && random.random_bool(given_up) {
            give_up(episode, run.plan.recovery_deadline_us);
        }
    }
    for chain in &mut run.chains {
        let factor = slow * day * random.random_range(0.7..1.4);
        chain.recovery_us = chain.recovery_us.map(|us| (us as f64 * factor) as u64);
        chain.end_us = chain.t0_us + chain.recovery_us.unwrap_or(0);
    }
}

fn give_up(episode: &mut Episode, deadline_us: u64) {
    (episode.outcome, episode.automatic, episode.recovery_us) = (Outcome::Censored, false, None);
    episode.end_us = episode.t0_us + deadline_us;
    (episode.alerts.missed, episode.alerts.matched) = (episode.alerts.expected, 0);
    episode.alerts.delay_us.clear();
}

fn judge(run: &mut Summary) {
    run.kpis = pooled_kpis(&[&*run]);
    for scenario in &mut run.scenarios {
        let own = run.kpis.iter().filter(|kpi| kpi.scenario == scenario.name);
        scenario.verdict = own.map(|kpi| kpi.verdict).max().unwrap_or(Verdict::Inconclusive);
    }
    run.verdict =
        run.scenarios.iter().map(|scenario| scenario.verdict).max().unwrap_or(Verdict::Inconclusive);
}
