// error[E0382]
// In Python the producer can still change a list that it has put into a queue, while a consumer reads it. Here send
// takes the list, and the consumer is its only owner. Send a clone if the producer needs the list too.

use std::sync::mpsc;
use std::thread;

fn main() {
    let (to_consumer, products) = mpsc::channel();
    let consumer = thread::spawn(move || println!("{:?}", products.recv()));
    let mut batch = vec!["1-1", "1-2"];
    to_consumer.send(batch).unwrap();
    batch.push("1-3");
    consumer.join().unwrap();
}
