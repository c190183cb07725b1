//! What does a panic take with it?

use std::any::Any;
use std::thread;

use shared::Result;

/// Two threads divide, the second one by zero. Main prints what each join returns.
pub(crate) fn scene() -> Result<()> {
    for divisor in [2, 0] {
        let thread = thread::spawn(move || divide(10, divisor));
        match thread.join() {
            Ok(quotient) => println!("main: the quotient is {quotient}"),
            Err(panic) => println!("main: the thread panicked: {}", text(&*panic)),
        }
    }
    println!("main: goes on");
    Ok(())
}

/// Runs in the thread.
fn divide(dividend: u32, divisor: u32) -> u32 {
    println!("thread: divides {dividend} by {divisor}");
    dividend / divisor
}

/// The text of a panic. A panic can carry any value; that of `panic!` is a `&str` or a `String`.
fn text(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "(no text)",
    }
}
