//! The command `goose-recovery`.
fn main() {}
