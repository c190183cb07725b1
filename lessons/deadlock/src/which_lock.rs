//! A program hangs: which lock is it?

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Barrier, Mutex};
use std::thread::{self, Builder};

use shared::{Error, Result, clock, lesson};

/// Linux shows in which system call each thread of a process sleeps, and with which address.
pub(crate) fn scene() -> Result<()> {
    if !Path::new("/proc/thread-self/syscall").exists() {
        return Err(lesson::skip("/proc/thread-self/syscall is missing; play this scene on Linux"));
    }
    let seconds: f64 = lesson::option("seconds")?;
    println!("main: process {}", std::process::id());
    let locks = Arc::new([Mutex::new(()), Mutex::new(())]);
    let all_are_here = Arc::new(Barrier::new(3)); // The third one is main.
    for (name, first, second) in [("left", 0, 1), ("right", 1, 0)] {
        let (locks, all_are_here) = (locks.clone(), all_are_here.clone());
        let thread = Builder::new().name(name.to_owned());
        thread.spawn(move || up_and_down(name, &locks[first], &locks[second], &all_are_here))?;
    }
    all_are_here.wait();
    let [a, b] = [format!("{:p}", &locks[0]), format!("{:p}", &locks[1])];
    for name in ["left", "right"] {
        let entry = entry_of(name)?;
        println!("{name}: syscall: {}", call_with([&a, &b], &entry)?);
        println!("{name}: wchan: {}", first_line(&entry.join("wchan")));
        println!("{name}: stack: {}", first_line(&entry.join("stack")));
    }
    println!("main: lock a is at {a}, lock b at {b}");
    clock::sleep(seconds); // Time for another terminal.
    Ok(())
}

/// Runs in each thread.
fn up_and_down(name: &str, first: &Mutex<()>, second: &Mutex<()>, all_are_here: &Barrier) {
    let _first = first.lock().expect("no thread panics");
    println!("{name}: up");
    all_are_here.wait();
    let _second = second.lock().expect("no thread panics");
    println!("{name}: down");
}

/// The thread's folder, /proc/self/task/TID.
fn entry_of(name: &str) -> Result<PathBuf> {
    for entry in fs::read_dir("/proc/self/task")? {
        let entry = entry?.path();
        if fs::read_to_string(entry.join("comm"))?.trim_end() == name {
            return Ok(entry);
        }
    }
    Err(Error::other(format!("{name} has ended")))
}

/// Polls until the thread is in a system call whose first argument is one of the addresses. Returns the call's number
/// and the address.
fn call_with(addresses: [&str; 2], entry: &Path) -> Result<String> {
    loop {
        let call = fs::read_to_string(entry.join("syscall"))?;
        let mut words = call.split_whitespace();
        if let (Some(number), Some(address)) = (words.next(), words.next())
            && addresses.contains(&address)
        {
            return Ok(format!("{number} {address}"));
        }
        thread::yield_now();
    }
}

/// A kernel may hide a file's content: then 0 comes out, or an error.
fn first_line(file: &Path) -> String {
    match fs::read_to_string(file) {
        Ok(text) => text.lines().next().unwrap_or("(empty)").to_owned(),
        Err(error) => error.to_string(),
    }
}
