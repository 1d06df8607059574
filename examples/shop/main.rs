//! The shop of the other examples alone, on port 8080 or the one that is given: `cargo run --example shop -- 8081`.

#[path = "mod.rs"]
#[expect(dead_code, reason = "nobody has to tell it a host")]
mod shop;

#[expect(clippy::print_stdout, reason = "whoever starts it reads its address")]
fn main() {
    shop::work_if_told();
    let port = std::env::args().nth(1).map_or(8080, |port| port.parse().expect("a port"));
    println!("{}", shop::start(port));
    loop {
        std::thread::park();
    }
}
