//! What if a map has an entry for each thread?

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex};
use std::thread::{self, ThreadId};

use shared::Result;

/// All threads share the map. The key is the thread's number, so each one finds its own student.
static STUDENTS: LazyLock<Mutex<HashMap<ThreadId, String>>> = LazyLock::new(Mutex::default);

/// No function has the student as a parameter. Each looks into the map.
pub(crate) fn scene() -> Result<()> {
    for (thread, student) in [("Thread-A", "zzb"), ("Thread-B", "老王")] {
        let thread = thread::Builder::new().name(thread.to_owned());
        thread.spawn(move || process(student))?.join().expect("process does not panic");
    }
    for number in 1..=100 {
        let thread = thread::spawn(move || enter(&format!("student {number}")));
        thread.join().expect("enter does not panic");
    }
    let entries = STUDENTS.lock().expect("no thread panics").len();
    println!("main: all 102 threads have ended; entries in the map: {entries}");
    Ok(())
}

/// Runs in Thread-A and Thread-B.
fn process(student: &str) {
    enter(student);
    hello();
}

fn enter(student: &str) {
    let mut students = STUDENTS.lock().expect("no thread panics");
    students.insert(thread::current().id(), student.to_owned());
}

fn hello() {
    let thread = thread::current();
    let students = STUDENTS.lock().expect("no thread panics");
    let name = thread.name().expect("both threads are named");
    println!("Hello, {} (in {name})", students[&thread.id()]);
}
