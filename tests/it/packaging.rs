//! What a user of the library gets.

use std::process::Command;

#[test]
fn the_library_brings_no_database_driver() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--edges",
        "normal",
        "--offline",
        "--locked",
        "--prefix",
        "none",
        "--package",
        "goose-recovery",
    ]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let tree = String::from_utf8(output.stdout).unwrap();
    assert!(tree.starts_with("goose-recovery ") && tree.contains("\ngoose "), "{tree}");
    for driver in [
        "sqlx",
        "redis",
        "rusqlite",
        "libsqlite3-sys",
        "tokio-postgres",
        "local-stores",
        "fault-recovery-manager",
    ] {
        let brought = tree.lines().any(|line| line.split(' ').next() == Some(driver));
        assert!(!brought, "the default features bring {driver}");
    }
}
