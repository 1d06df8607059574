//! A goose load test: `cargo run --example load_test_before -- --users 10 --increase-rate 10 --run-time 10`.
//!
//! `load_test_recovery` is the same, made a recovery test.

use goose::prelude::*;
use std::time::Duration;

mod shop;

#[tokio::main]
async fn main() -> Result<(), GooseError> {
    let host = shop::host();
    GooseAttack::initialize()?
        .register_scenario(
            scenario!("Visitor")
                .set_wait_time(Duration::from_millis(50), Duration::from_millis(150))?
                .register_transaction(transaction!(index).set_on_start())
                .register_transaction(transaction!(index).set_weight(3)?)
                .register_transaction(transaction!(basket)),
        )
        .set_default(GooseDefault::Host, host.as_str())?
        .execute()
        .await?;

    Ok(())
}

/// Everybody looks at the front page.
async fn index(user: &mut GooseUser) -> TransactionResult {
    let _goose = user.get("/").await?;

    Ok(())
}

/// Some look into their basket, which must hold something.
async fn basket(user: &mut GooseUser) -> TransactionResult {
    let mut goose = user.get("/basket").await?;
    let body = match goose.response {
        Ok(response) => response.text().await.unwrap_or_default(),
        Err(_) => return Ok(()),
    };
    if !body.contains("apples") {
        return user.set_failure("empty basket", &mut goose.request, None, Some(&body));
    }

    Ok(())
}
