use std::path::Path;

use super::super::episode::{Fault as _, FaultError};
use super::super::scripted::{Script, Scripted};
use super::super::testing::context;
use super::*;
use crate::analysis::sample::CanarySample;
use crate::fault::Observation;

/// What makes the file `broken` in `folder`, looks for it, and removes it.
fn script(folder: &Path) -> Script<Command> {
    let file = folder.join("broken");
    let file = file.display();
    Script {
        name: "worker".to_owned(),
        inject: Command(format!("touch {file}")),
        revert: Some(Command(format!("rm {file}"))),
        verify: Some(Command(format!("test -e {file}"))),
        lasts: Some(Duration::from_secs(20)),
        timeout: Duration::from_secs(10),
    }
}

#[tokio::test]
async fn commands_inject_prove_and_undo() {
    let (folder, context) = (tempfile::tempdir().unwrap(), context());
    let mut fault = Scripted::new(script(folder.path()));
    assert_eq!((fault.kind(), fault.target()), ("command", "worker"));
    assert_eq!(fault.lasts(), Some(Duration::from_secs(20)));
    let action_us = fault.inject(&context).await.unwrap().action_us;
    let effect = fault.confirm(&context).await.unwrap();
    assert!(effect.confirmed_us >= action_us);
    assert_eq!(effect.evidence, "the verify command succeeded");
    assert!(fault.revert(&context).await.unwrap().is_some());
    assert!(!folder.path().join("broken").exists());
    // It would fail now, because nothing is there to be removed.
    assert_eq!(fault.revert(&context).await.unwrap(), None, "twice is harmless");
}

#[tokio::test]
async fn an_effect_that_shows_late_is_waited_for_and_one_that_does_not_show_is_none() {
    let (folder, context) = (tempfile::tempdir().unwrap(), context());
    let file = folder.path().join("broken");
    let late = Command(format!("(sleep 0.4; touch {}) >/dev/null 2>&1 &", file.display()));
    let mut fault = Scripted::new(Script { inject: late, ..script(folder.path()) });
    let action_us = fault.inject(&context).await.unwrap().action_us;
    let effect = fault.confirm(&context).await.unwrap();
    assert!(effect.confirmed_us >= action_us + 350_000, "{effect:?} {action_us}");
    fault.revert(&context).await.unwrap();

    let never = Script {
        verify: Some(Command("echo not there; false".to_owned())),
        lasts: Some(Duration::from_millis(300)),
        ..script(folder.path())
    };
    let mut fault = Scripted::new(never);
    fault.inject(&context).await.unwrap();
    let error = fault.confirm(&context).await.unwrap_err();
    let expected = "no effect was seen: the verify command failed (exit status: 1): not there";
    assert_eq!(error.to_string(), expected);
    fault.revert(&context).await.unwrap();
}

#[tokio::test]
async fn without_a_command_that_proves_it_a_canary_has_to_fail() {
    let (folder, context) = (tempfile::tempdir().unwrap(), context());
    let mut fault = Scripted::new(Script { verify: None, ..script(folder.path()) });
    let action_us = fault.inject(&context).await.unwrap().action_us;
    let failed = CanarySample { t: action_us + 5, duration_us: 1, ok: false };
    context.symptoms.note(&Observation::Canary(failed));
    assert_eq!(fault.confirm(&context).await.unwrap().confirmed_us, action_us + 5);
    fault.revert(&context).await.unwrap();
}

#[tokio::test]
async fn half_of_an_injection_is_undone_and_what_cannot_be_undone_is_said() {
    let (folder, context) = (tempfile::tempdir().unwrap(), context());
    let half =
        Command(format!("touch {}; echo no such unit; exit 3", folder.path().join("broken").display()));
    let mut fault = Scripted::new(Script { inject: half.clone(), ..script(folder.path()) });
    let error = fault.inject(&context).await.unwrap_err();
    let expected = "nothing was injected: the inject command failed (exit status: 3): no such unit";
    assert_eq!(error.to_string(), expected);
    assert!(!folder.path().join("broken").exists());

    let stuck = Some(Command("echo locked; exit 4".to_owned()));
    let mut fault = Scripted::new(Script { inject: half, revert: stuck, ..script(folder.path()) });
    let error = fault.inject(&context).await.unwrap_err();
    assert!(matches!(error, FaultError::NotUndone(_)), "{error}");
    assert!(error.to_string().ends_with("the revert command failed (exit status: 4): locked"), "{error}");
}

#[tokio::test]
async fn a_fault_that_is_dropped_in_effect_is_undone() {
    let (folder, context) = (tempfile::tempdir().unwrap(), context());
    let mut fault = Scripted::new(script(folder.path()));
    fault.inject(&context).await.unwrap();
    assert!(folder.path().join("broken").exists());
    drop(fault);
    assert!(!folder.path().join("broken").exists());
}

#[tokio::test]
async fn without_an_undo_it_ends_by_itself() {
    let (folder, context) = (tempfile::tempdir().unwrap(), context());
    let mut fault = Scripted::new(Script { revert: None, ..script(folder.path()) });
    fault.inject(&context).await.unwrap();
    assert_eq!((fault.lasts(), fault.revert(&context).await.unwrap()), (None, None));
}
