// error[E0277]
// A Python queue may have any number of readers. The receiver of std's channel belongs to one thread:
// give each task a channel of its own, or take crossbeam's channel, whose receiver can be cloned.

use std::sync::mpsc;
use std::thread;

fn main() {
    let (sender, receiver) = mpsc::channel();
    sender.send(()).unwrap();
    thread::scope(|scope| {
        for _ in 1..=3 {
            scope.spawn(|| receiver.recv().unwrap());
        }
    });
}
