// error[E0373]
// Python keeps the list alive as long as any thread knows it. Rust sees that `greet` may return,
// and its list be gone, while the thread still reads. Lend it within thread::scope, or move it.

use std::thread::{self, JoinHandle};

fn greet() -> JoinHandle<()> {
    let guests = vec!["zzb", "wang"];
    thread::spawn(|| println!("hello {guests:?}"))
}

fn main() {
    greet().join().unwrap();
}
