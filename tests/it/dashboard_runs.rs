//! The runs of the dashboard: all that there are, and the comparison page.

use std::collections::BTreeSet;

use goose_recovery::analysis::Summary;
use goose_recovery::report::read_summary;

use crate::made_up_runs::made_up_runs;

#[test]
fn made_up_runs_are_all_different_and_read_back() {
    let place = tempfile::tempdir().unwrap();
    let folders = made_up_runs(place.path(), 60, 12, 7);
    let runs: Vec<Summary> =
        folders.iter().map(|folder| read_summary(&folder.join("summary.json")).unwrap()).collect();
    let distinct = |of: fn(&Summary) -> String| runs.iter().map(of).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|run| run.run_id.clone()), 60);
    assert!(distinct(|run| format!("{:?}", run.plan.policy)) > 4);
    assert!(distinct(|run| format!("{:?}", run.verdict)) > 1);
    assert!(distinct(|run| format!("{:?}", run.scenarios.len())) > 1);
    assert_eq!(distinct(|run| run.plan.users.to_string()), 4);
    let again = tempfile::tempdir().unwrap();
    let same = made_up_runs(again.path(), 60, 12, 7);
    let paths = |folders: &[std::path::PathBuf], from: &std::path::Path| {
        folders.iter().map(|folder| folder.strip_prefix(from).unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&folders, place.path()), paths(&same, again.path()));
    assert_eq!(runs[0], read_summary(&same[0].join("summary.json")).unwrap());
}
