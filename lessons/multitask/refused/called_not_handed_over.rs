// error[E0277]
// Thread(target=dance()) in Python dances in the main thread, then starts a thread that does nothing. Here `dance()` is
// a value, and a thread cannot call it.

use std::thread;

fn dance() {
    println!("dance");
}

fn main() {
    thread::spawn(dance()).join().unwrap();
}
