//! A KPI of one's own: `cargo run --example custom_kpi -- --users 10 --increase-rate 10 --recovery-iterations 2`.
//!
//! However fast the shop is well again: how many requests of an outage failed? It is a function of the analysis. Requests whose
//! start is known to the microsecond are `get_stamped` here.

use std::time::Duration;

use goose::prelude::*;
use goose_recovery::analysis::Analysis;
use goose_recovery::prelude::*;

mod shop;

/// At most so large a share of the requests that an episode touched may fail.
const MOST: f64 = 0.95;

fn worst_share(analysis: &Analysis) -> KpiOutcome {
    let touched = analysis.summary.episodes.iter().filter(|episode| episode.requests > 0);
    let shares = touched.map(|episode| (episode.failed_requests, episode.requests));
    let share = |(failed, all): (u64, u64)| failed as f64 / all as f64;
    match shares.max_by(|one, other| share(*one).total_cmp(&share(*other))) {
        Some(worst) => KpiOutcome::at_most(share(worst), MOST, Unit::Ratio).counted(worst.0, worst.1),
        None => KpiOutcome::no_data("no request met an outage", Unit::Ratio),
    }
}

#[tokio::main]
async fn main() -> Result<Outcome, RecoveryError> {
    let host = shop::host();
    RecoveryAttack::initialize()?
        .register_scenario(
            scenario!("Visitor")
                .set_wait_time(Duration::from_millis(50), Duration::from_millis(150))?
                .register_transaction(transaction!(index)),
        )
        .set_default(GooseDefault::Host, host.as_str())?
        .set_plan(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/shop/plan.toml"))
        .register_kpi("worst share of failed requests", worst_share)
        .execute()
        .await
}

async fn index(user: &mut GooseUser) -> TransactionResult {
    user.get_stamped("/").await?;
    Ok(())
}
