use super::*;
use crate::fault::testing::context;

fn fault(url: &str, database: Option<&str>) -> TerminateBackends {
    let database = database.map(str::to_owned);
    TerminateBackends::new(PostgresSpec { name: "db".to_owned(), url: Secret::new(url.to_owned()), database })
}

async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap()
}

#[tokio::test]
async fn backends_of_the_database_are_terminated_and_those_of_others_are_not() {
    let Some(stores) = local_stores::for_tests() else { return };
    let (context, url) = (context(), stores.database().url());
    let mut victims = [connect(url).await, connect(url).await];
    let mut elsewhere = url::Url::parse(url).unwrap();
    elsewhere.set_path("/template1");
    let mut bystander = connect(elsewhere.as_str()).await;
    let mut fault = fault(url, None);
    fault.spec.check().await.unwrap();
    let action_us = fault.inject(&context).await.unwrap().action_us;
    let effect = fault.confirm(&context).await.unwrap();
    assert_eq!(effect.evidence, "PostgreSQL shows none of the 2 backends that it terminated");
    assert!(effect.confirmed_us >= action_us && fault.over_at() == Some(effect.confirmed_us));
    for victim in &mut victims {
        sqlx::query("SELECT 1").execute(victim).await.unwrap_err();
    }
    sqlx::query("SELECT 1").execute(&mut bystander).await.unwrap();
    assert_eq!(fault.revert(&context).await.unwrap(), None);

    let mut named = self::fault(url, Some("template1"));
    named.inject(&context).await.unwrap();
    named.confirm(&context).await.unwrap();
    sqlx::query("SELECT 1").execute(&mut bystander).await.unwrap_err();
    stores.stop().unwrap();
}

#[tokio::test]
async fn a_database_that_nobody_uses_shows_no_effect() {
    let Some(stores) = local_stores::for_tests() else { return };
    let context = context();
    let mut fault = fault(stores.database().url(), Some("template1"));
    fault.inject(&context).await.unwrap();
    let error = fault.confirm(&context).await.unwrap_err();
    assert!(matches!(error, FaultError::NoEffect(_)), "{error}");
    stores.stop().unwrap();
}

#[tokio::test]
async fn a_password_is_not_told() {
    let context = context();
    let mut fault = fault("postgres://me:s3cret@127.0.0.1:9/app", None);
    let error = fault.inject(&context).await.unwrap_err();
    assert!(matches!(error, FaultError::NotInjected(_)), "{error}");
    assert!(!format!("{fault:?} {error}").contains("s3cret"), "{fault:?} {error}");
}
