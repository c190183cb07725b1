//! Where are the products when the producer is faster than the consumer?

use std::thread;

use crossbeam::channel::{self, Receiver, Sender};
use shared::{Result, chart, clock};

const PRODUCTS: usize = 30;
const MIB: usize = 1024 * 1024;

/// A producer is three times as fast as its consumer. Each product has a size of 1 MiB.
pub(crate) fn scene() -> Result<()> {
    for (name, queue) in [("unbounded", channel::unbounded()), ("bounded", channel::bounded(4))] {
        let watch = clock::Stopwatch::start();
        let (to_consumer, products) = queue;
        let producer = thread::spawn(move || produce(&to_consumer, watch));
        let levels = consume(&products);
        let consumer_end = watch.seconds();
        let producer_end = producer.join().expect("produce does not panic");

        let most = levels.iter().copied().fold(0.0, f64::max);
        println!("{name:>9}: {}", chart::sparkline(&levels, 20.0));
        println!("{name:>9}: at most {most} MiB wait");
        println!(
            "{name:>9}: the producer ends after {producer_end:.1} s, the consumer after {consumer_end:.1} s"
        );
    }
    Ok(())
}

/// Runs in the producer, and returns when it has put the last product into the queue.
fn produce(to_consumer: &Sender<Vec<u8>>, watch: clock::Stopwatch) -> f64 {
    for _ in 0..PRODUCTS {
        clock::sleep(0.03); // Makes a product.
        to_consumer.send(vec![1; MIB]).expect("the consumer listens");
    }
    watch.seconds()
}

/// The consumer. Returns how many products wait in the queue each time that it has used one.
fn consume(products: &Receiver<Vec<u8>>) -> Vec<f64> {
    let mut levels = Vec::new();
    for _product in products {
        clock::sleep(0.09); // Uses the product.
        levels.push(products.len() as f64);
    }
    levels
}
