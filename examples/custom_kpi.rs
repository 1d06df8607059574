//! A KPI of one's own: `cargo run --example custom_kpi -- --users 10 --increase-rate 10 --recovery-iterations 2`.
//!
//! However fast the shop is well again: how often did a visitor run into the closed door? It is a function of the analysis.
//! Requests whose start is known to the microsecond are `get_stamped` here.

use std::time::Duration;

use goose::prelude::*;
use goose_recovery::analysis::Analysis;
use goose_recovery::prelude::*;

mod shop;

/// A visitor may be turned away so often in one outage.
const MOST: f64 = 20.0;

fn turned_away(analysis: &Analysis) -> KpiOutcome {
    let users = analysis.summary.plan.users;
    let worst = analysis.summary.episodes.iter().max_by_key(|episode| episode.failed_requests);
    match worst {
        Some(worst) => {
            let per_user = worst.failed_requests as f64 / f64::from(users);
            KpiOutcome::at_most(per_user, MOST, Unit::Count).counted(worst.failed_requests, worst.requests)
        }
        None => KpiOutcome::no_data("there was no outage", Unit::Count),
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
        .register_kpi("failed requests per visitor in the worst outage", turned_away)
        .execute()
        .await
}

async fn index(user: &mut GooseUser) -> TransactionResult {
    user.get_stamped("/").await?;
    Ok(())
}
