//! How do I hand arguments to a child, and how do I stop it?

use std::collections::BTreeMap;
use std::process::id;

use shared::clock::{self, Stopwatch};
use shared::{Process, Result};

/// A child gets its arguments from its closure. It prints every half second, until it is terminated.
pub(crate) fn scene() -> Result<()> {
    let options = BTreeMap::from([("m", 20)]);
    let watch = Stopwatch::start();
    let child = Process::new(|| introduce("zzb", 18, &options)).start()?;
    println!("parent {}: has started {}", id(), child.pid());
    clock::sleep(1.0);
    child.terminate()?; // Sends SIGTERM.
    let exit = child.join()?;
    println!("parent {}: the child has ended after {:.1} s", id(), watch.seconds());
    println!("parent {}: its exit status: {exit}", id());
    Ok(())
}

/// Runs in the child.
fn introduce(name: &str, age: u32, options: &BTreeMap<&str, u32>) -> Result<()> {
    for _ in 0..10 {
        println!("child {}: {name} is {age}, options {options:?}", id());
        clock::sleep(0.5);
    }
    Ok(())
}
