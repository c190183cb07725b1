// error[E0382]
// A thread ends once, so it can be joined once: `join` takes the handle.

use std::thread;

fn main() {
    let worker = thread::spawn(|| println!("worker: begins and ends"));
    worker.join().expect("the worker does not panic");
    worker.join().expect("the worker does not panic");
}
