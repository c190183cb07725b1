//! Links xtask at a fixed address.
//!
//! Each run of a scene starts xtask again, as the runner's supervisor. The loader would have to adjust 58,000 pointers
//! each time, most of which the supervisor never uses: a third of the processor time of its start.

use std::env;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // With another C library, a fixed address may need other start files, which rustc has chosen already.
    if env::var("CARGO_CFG_TARGET_ENV").is_ok_and(|library| library == "gnu") {
        println!("cargo::rustc-link-arg-bins=-no-pie");
    }
}
