//! What does a child know, and how do I stop it?

use std::collections::BTreeMap;

use shared::clock::{self, Stopwatch};
use shared::{Process, Result};

/// A child has its arguments from its closure, and prints a line each half second until it is terminated.
pub(crate) fn scene() -> Result<()> {
    let options = BTreeMap::from([("city", "Wuhan"), ("tea", "green")]);
    let watch = Stopwatch::start();
    // The closure borrows: the child has a copy of all memory, and so of what is lent.
    let child = Process::new(|| introduce("zzb", 18, &options)).start()?;
    clock::sleep(1.0);
    child.terminate()?;
    let exit = child.join()?;
    println!("parent: the child has ended after {:.1} s", watch.seconds());
    println!("parent: its exit status: {exit}");
    Ok(())
}

/// Runs in the child.
fn introduce(name: &str, age: u32, options: &BTreeMap<&str, &str>) -> Result<()> {
    for _ in 0..10 {
        println!("child: {name} is {age}, options {options:?}");
        clock::sleep(0.5);
    }
    Ok(())
}
