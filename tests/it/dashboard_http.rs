//! The dashboard on the wire: what is served to whom, and what is not.

mod access;
mod described;
mod files;
mod life;
mod served;

use std::fs;

use crate::command::{Workplace, goose_recovery, told};
use crate::made_up::Shape;

/// A folder with a journal of one run, and its report at `reports/run` and at `reports/group/run`.
fn workplace() -> Workplace {
    let place = Workplace::new();
    Shape::new(3_000, 4).write(place.journal()).unwrap();
    for folder in ["reports/run", "reports/group/run"] {
        let mut command = goose_recovery();
        command.arg("report").arg(place.journal()).arg("--out").arg(place.path(folder));
        fs::create_dir_all(place.path(folder)).unwrap();
        let output = command.output().unwrap();
        assert!(place.path(folder).join("index.html").is_file(), "{}", told(&output));
    }
    place
}
