// error[E0373]
// Python keeps the list alive while any thread refers to it. Rust sees that `greet` may return and
// drop its list while the thread still reads it. Move the list into the thread, or lend it within
// thread::scope.

use std::thread::{self, JoinHandle};

fn greet() -> JoinHandle<()> {
    let guests = vec!["zzb", "wang"];
    thread::spawn(|| println!("hello {guests:?}"))
}

fn main() {
    greet().join().unwrap();
}
