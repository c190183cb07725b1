//! When is a global made, and by which thread?

use std::collections::HashMap;
use std::sync::Mutex;
use std::thread;

use once_cell::sync::Lazy;
use shared::Result;

/// How many there are of each fruit.
static STOCK: Lazy<Mutex<HashMap<&str, u32>>> = Lazy::new(|| {
    println!("{}: makes the map", thread::current().name().expect("each thread is named"));
    Mutex::new(HashMap::from([("apples", 100)]))
});

/// A global map, which two threads use one after the other.
pub(crate) fn scene() -> Result<()> {
    println!("main: starts");
    for (name, more) in [("work1", 3), ("work2", 0)] {
        let builder = thread::Builder::new().name(name.to_owned());
        let thread = builder.spawn(move || work(name, more))?;
        thread.join().expect("work does not panic");
    }
    Ok(())
}

/// Runs in both threads.
fn work(name: &str, more: u32) {
    let mut stock = STOCK.lock().expect("no thread panics");
    let apples = stock.entry("apples").or_default();
    *apples += more;
    println!("{name}: there are {apples} apples");
}
