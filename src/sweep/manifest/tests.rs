use super::*;

fn manifest() -> Manifest {
    let values = ["1", "3", "5"].map(str::to_owned).to_vec();
    let axes = vec![Axis { flag: "max-retries".to_owned(), values }];
    let grid = Grid::new(&axes).unwrap();
    Manifest::new(Intent { grid, axes, repeats: 2, seed: 7 })
}

fn finished(exit_code: i32) -> Option<Outcome> {
    Some(Outcome::Finished { exit_code, run_id: "20260101T000000Z-0001".to_owned() })
}

#[test]
fn what_is_written_reads_back_the_same_and_fits_the_schema() {
    let dir = tempfile::tempdir().unwrap();
    let mut manifest = manifest();
    manifest.turns[0].outcome = finished(1);
    manifest.turns[1].outcome =
        Some(Outcome::Failed { exit_code: Some(4), reason: "the target does not answer".to_owned() });
    manifest.turns[2].outcome = Some(Outcome::Interrupted);
    manifest.policy_before = Some(serde_json::json!({ "max_retries": 9 }));
    manifest.write(dir.path()).unwrap();
    assert_eq!(Manifest::read(dir.path()).unwrap(), manifest);
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "no temporary file is left");

    let validator = jsonschema::draft202012::new(&schema()).unwrap();
    let written = serde_json::to_value(&manifest).unwrap();
    let errors: Vec<_> = validator.iter_errors(&written).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
}

#[test]
fn every_run_has_a_folder_of_its_own_below_its_settings() {
    let manifest = manifest();
    let folders: std::collections::BTreeSet<_> = manifest.turns.iter().map(|turn| &turn.folder).collect();
    assert_eq!(folders.len(), 6);
    assert!(folders.contains(&"cells/02-alert-after=4,max-retries=3/run-2".to_owned()), "{folders:?}");
}

#[test]
fn what_has_no_verdict_is_left_to_do() {
    let mut manifest = manifest();
    manifest.turns[0].outcome = finished(0);
    manifest.turns[1].outcome = Some(Outcome::Interrupted);
    manifest.turns[2].outcome = finished(3);
    manifest.turns[3].outcome = Some(Outcome::Failed { exit_code: None, reason: String::new() });
    let mut left = Vec::new();
    let mut from = 0;
    while let Some(turn) = manifest.next(from) {
        left.push(turn);
        from = turn + 1;
    }
    assert_eq!(left, [1, 3, 4, 5]);
    assert_eq!((manifest.finished(), manifest.failed()), (2, 1));
}

#[test]
fn the_finished_runs_stand_with_their_setting() {
    let mut manifest = manifest();
    for turn in &mut manifest.turns[..4] {
        turn.outcome = finished(0);
    }
    let runs = manifest.runs(Path::new("sweep"));
    assert_eq!(runs.iter().map(|runs| runs.planned).collect::<Vec<_>>(), [false, true, false]);
    assert_eq!(runs.iter().map(|runs| runs.folders.len()).sum::<usize>(), 4);
    assert!(runs.iter().all(|runs| runs.folders.len() + runs.missing == 2));
    assert!(runs[1].folders[0].starts_with("sweep/cells/02-alert-after=4,max-retries=3"));
}

#[test]
fn what_is_no_manifest_of_this_version_is_refused_with_a_remedy() {
    let dir = tempfile::tempdir().unwrap();
    let check = |says: &str| {
        let error = Manifest::read(dir.path()).unwrap_err().to_string();
        assert!(error.contains(says), "{error}");
    };
    check("--resume takes the folder of a sweep");
    fs::write(dir.path().join(MANIFEST), r#"{"schema": 2, "all": "new"}"#).unwrap();
    check("update goose-recovery");
    fs::write(dir.path().join(MANIFEST), "{}").unwrap();
    check("is no manifest of a sweep");
    let mut manifest = manifest();
    manifest.turns[0].folder = "../../elsewhere".to_owned();
    manifest.write(dir.path()).unwrap();
    check("../../elsewhere");
    manifest.turns[0].setting = 9;
    manifest.write(dir.path()).unwrap();
    check("setting 9");
}
