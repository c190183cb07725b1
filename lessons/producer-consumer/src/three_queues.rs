//! Does it matter what the queue is made from?

use std::sync::{Mutex, mpsc};
use std::thread;

use crossbeam::channel;
use shared::{Error, Result, lesson};

use crate::by_hand;

/// A product is the number of its producer and a number of its own.
type Product = (u32, u32);

/// Two producers and two consumers work alike with each of three queues. The queue has one place.
pub(crate) fn scene() -> Result<()> {
    match lesson::option::<String>("queue")?.as_str() {
        "crossbeam" => {
            let (sender, receiver) = channel::bounded(1);
            work(move |product| sender.send(product).expect(LISTENS), || receiver.recv().ok());
        }
        "std" => {
            let (sender, receiver) = mpsc::sync_channel(1);
            let receiver = Mutex::new(receiver); // One thread at a time may use it.
            let take = || receiver.lock().expect("recv does not panic").recv().ok();
            work(move |product| sender.send(product).expect(LISTENS), take);
        }
        "by-hand" => {
            let (sender, receiver) = by_hand::bounded(1);
            work(move |product| sender.send(product), || receiver.recv());
        }
        other => return Err(Error::other(format!("no queue {other}: crossbeam, std or by-hand"))),
    }
    Ok(())
}

const LISTENS: &str = "a consumer listens";

/// Each producer has a clone of `put`, and with it a sender. The consumers share `take`.
fn work(put: impl Fn(Product) + Clone + Send, take: impl Fn() -> Option<Product> + Sync) {
    let take = &take;
    thread::scope(|scope| {
        for producer in 1..=2 {
            let put = put.clone();
            scope.spawn(move || {
                for own in 1..=4 {
                    println!("producer {producer}: puts {producer}-{own}");
                    put((producer, own));
                }
            });
        }
        drop(put); // And with it main's sender.
        for consumer in 1..=2 {
            scope.spawn(move || {
                while let Some((producer, own)) = take() {
                    println!("consumer {consumer}: got {producer}-{own}");
                }
                println!("consumer {consumer}: no more will come");
            });
        }
    });
}
