//! How does each thread get its own static?

use std::cell::{Cell, RefCell};
use std::thread;

use shared::Result;

thread_local! {
    static STUDENT: RefCell<Option<String>> = const { RefCell::new(None) };
    static GREETINGS: Cell<u32> = const { Cell::new(0) }; // A second value beside the first.
}

/// Two threads set the student, a third one does not. Each thread greets, and counts its greetings.
pub(crate) fn scene() -> Result<()> {
    let students = [("Thread-A", Some("zzb")), ("Thread-B", Some("老王")), ("Thread-C", None)];
    let mut threads = Vec::new();
    for (thread, student) in students {
        let thread = thread::Builder::new().name(thread.to_owned());
        threads.push(thread.spawn(move || process(student))?);
    }
    for thread in threads {
        thread.join().expect("process does not panic");
    }
    println!("main: greetings: {}", GREETINGS.get());
    Ok(())
}

/// Runs in each thread.
fn process(student: Option<&str>) {
    if let Some(student) = student {
        STUDENT.set(Some(student.to_owned()));
    }
    hello();
}

/// Takes no student, and acquires no lock.
fn hello() {
    let thread = thread::current();
    let name = thread.name().expect("the three threads are named");
    STUDENT.with_borrow(|student| match student {
        Some(student) => println!("Hello, {student} (in {name})"),
        None => println!("Hello, stranger (in {name})"),
    });
    GREETINGS.set(GREETINGS.get() + 1);
    println!("{name}: greetings: {}", GREETINGS.get());
}
