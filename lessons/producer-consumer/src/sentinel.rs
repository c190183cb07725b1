//! What goes wrong when a last product says that no more will come?

use std::thread;

use crossbeam::channel::{self, Receiver};
use shared::Result;
use shared::watchdog::{self, Ending};

/// Two products and one sentinel go to two consumers.
pub(crate) fn one_sentinel() -> Result<()> {
    let ending = watchdog::run(|| {
        let (to_consumers, products) = channel::unbounded();
        let consumers = [1, 2].map(|number| {
            let products = products.clone();
            let thread = thread::Builder::new().name(format!("consumer {number}"));
            thread.spawn(move || consume(&products)).expect("the system has room for a thread")
        });
        for product in [Some(1), Some(2), None] {
            to_consumers.send(product).expect("a consumer listens"); // None is the sentinel.
        }
        for consumer in consumers {
            consumer.join().expect("consume does not panic");
        }
    })?;
    if let Ending::Stuck(threads) = ending {
        for thread in threads {
            println!("watchdog: {thread}, and for ever");
        }
    }
    Ok(())
}

/// Two producers put a sentinel after their last product. The first one is done before the second one begins.
pub(crate) fn early_sentinel() -> Result<()> {
    let (to_consumer, products) = channel::unbounded();
    let left = products.clone(); // Main looks into it at the end.
    let consumer =
        thread::Builder::new().name("consumer 1".to_owned()).spawn(move || consume(&products))?;
    for batch in [[11, 12], [21, 22]] {
        let to_consumer = to_consumer.clone();
        let producer = thread::spawn(move || {
            for product in batch.map(Some).into_iter().chain([None]) {
                to_consumer.send(product).expect("main has a receiver");
            }
        });
        producer.join().expect("the producer does not panic");
    }
    consumer.join().expect("consume does not panic");
    for product in left.try_iter().flatten() {
        println!("main: {product} is left in the queue");
    }
    Ok(())
}

/// Runs in each consumer.
fn consume(products: &Receiver<Option<u32>>) {
    let thread = thread::current();
    let name = thread.name().expect("every consumer is named");
    while let Some(product) = products.recv().expect("a sender is left") {
        println!("{name}: got {product}");
    }
    println!("{name}: got the sentinel");
}
