// error[E0277]
// The receiver of std's mpsc is for one thread at a time: the name says multi-producer, single-consumer. It has no lock
// for several consumers, so it is not Sync. Use a crossbeam channel, or put the receiver into a Mutex.

use std::sync::mpsc;
use std::thread;

fn main() {
    let (to_consumers, products) = mpsc::channel();
    to_consumers.send("1-1").unwrap();
    drop(to_consumers);
    thread::scope(|scope| {
        scope.spawn(|| println!("{:?}", products.recv()));
        scope.spawn(|| println!("{:?}", products.recv()));
    });
}
