//! A fault of one's own: `cargo run --example custom_fault -- --users 10 --increase-rate 10 --recovery-iterations 2`.
//!
//! The shop stops answering, and answers again. That it does is seen by canaries, so two methods are enough.

use std::time::Duration;

use goose::prelude::*;
use goose_recovery::prelude::*;

mod shop;

/// The shop accepts connections and gives no answer.
struct Hang {
    host: String,
}

impl Hang {
    async fn post(&self, path: &str) -> FaultResult {
        let url = format!("{}{path}", self.host.trim_end_matches('/'));
        reqwest::Client::new().post(url).send().await?.error_for_status()?;
        Ok(())
    }
}

impl CustomFault for Hang {
    async fn inject(&mut self) -> FaultResult {
        self.post("/hang").await
    }

    async fn revert(&mut self) -> FaultResult {
        self.post("/go-on").await
    }
}

#[tokio::main]
async fn main() -> Result<Outcome, RecoveryError> {
    let host = shop::host();
    let hang = RecoveryFault::new("shop", Hang { host: host.clone() }).lasts(Duration::from_secs(2));
    RecoveryAttack::initialize()?
        .register_scenario(
            scenario!("Visitor")
                .set_wait_time(Duration::from_millis(50), Duration::from_millis(150))?
                .register_transaction(transaction!(index)),
        )
        .set_default(GooseDefault::Host, host.as_str())?
        .register_fault(hang)
        .execute()
        .await
}

async fn index(user: &mut GooseUser) -> TransactionResult {
    user.get("/").await?;
    Ok(())
}
