//! When is a thread's value dropped, and when not?

use std::sync::mpsc;
use std::thread;

use shared::{Error, Result, clock};

thread_local! {
    static VALUE: Value = Value::new();
}

/// Five threads, and five ways to end. Each value says when it is made and when it is dropped.
pub(crate) fn scene() -> Result<()> {
    let ends: [(&str, fn()); 3] =
        [("returns", touch), ("panics", touch_and_panic), ("idle", || ())];
    for (name, end) in ends {
        let _ = thread::Builder::new().name(name.to_owned()).spawn(end)?.join();
        println!("main: has joined {name}");
    }

    let (is_there, waits) = mpsc::channel();
    thread::Builder::new().name("detached".to_owned()).spawn(move || {
        touch();
        let _ = is_there.send(());
        clock::sleep(3600.0); // Main does not wait for it.
    })?;
    waits.recv().map_err(Error::other)?;

    touch();
    println!("main: my last line");
    Ok(())
}

fn touch() {
    VALUE.with(|_| ());
}

fn touch_and_panic() {
    touch();
    panic!("this thread ends by a panic");
}

struct Value {
    thread: String,
}

impl Value {
    /// Prints, so that you see when it is called.
    fn new() -> Self {
        let thread = thread::current().name().expect("each thread has a name").to_owned();
        println!("{thread}: its value is made");
        Self { thread }
    }
}

impl Drop for Value {
    fn drop(&mut self) {
        println!("{}: its value is dropped", self.thread);
    }
}
