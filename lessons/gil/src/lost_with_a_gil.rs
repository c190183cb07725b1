//! Does a GIL protect a counter?

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Barrier, Mutex};
use std::thread;

use shared::{Result, clock};

use crate::with_a_gil::Gil;

/// Two threads under a GIL add 1 to a total. For each of them a slice ends between load and store.
pub(crate) fn scene() -> Result<()> {
    let (gil, total) = (Gil::default(), AtomicU32::new(0));
    let both_have_loaded = Barrier::new(2);
    thread::scope(|scope| {
        for number in 1..=2 {
            let (gil, total, both_have_loaded) = (&gil, &total, &both_have_loaded);
            scope.spawn(move || add(number, gil, total, both_have_loaded));
        }
    });
    println!("main: two additions, and the total is {}", total.into_inner());
    Ok(())
}

/// Runs in both threads.
fn add(number: u32, gil: &Gil, total: &AtomicU32, both_have_loaded: &Barrier) {
    let loaded = gil.slice(|| {
        let loaded = total.load(Ordering::Relaxed);
        println!("thread {number}: loads {loaded}");
        loaded
    });
    both_have_loaded.wait(); // The GIL goes to the other thread here. The barrier makes this certain.
    gil.slice(|| {
        println!("thread {number}: stores {}", loaded + 1);
        total.store(loaded + 1, Ordering::Relaxed);
    });
}

/// The same two threads and their GIL. The total has a lock of its own.
pub(crate) fn locked() -> Result<()> {
    let (gil, total) = (Gil::default(), Mutex::new(0));
    thread::scope(|scope| {
        for number in 1..=2 {
            let (gil, total) = (&gil, &total);
            scope.spawn(move || add_locked(number, gil, total));
        }
    });
    println!(
        "main: two additions, and the total is {}",
        total.into_inner().expect("no thread panics")
    );
    Ok(())
}

/// Runs in both threads.
fn add_locked(number: u32, gil: &Gil, total: &Mutex<u32>) {
    // New: a lock from load to store. The thread waits for it outside of a slice, so it does not keep the GIL.
    let mut guard = total.lock().expect("no thread panics");
    let loaded = gil.slice(|| {
        println!("thread {number}: loads {guard}");
        *guard
    });
    clock::sleep(0.5); // The GIL is free. The other thread has time to interfere.
    gil.slice(|| {
        println!("thread {number}: stores {}", loaded + 1);
        *guard = loaded + 1;
    });
}
