//! How do fast and slow work together?
//!
//! Producers put products into a queue, and consumers take them out. The queue evens out their speeds. How many may it
//! hold, and how does a consumer learn that no more will come?

mod bounded; // What does a full queue do to a producer?
mod by_hand; // What is inside a channel?
mod closing; // How does a consumer learn that no more will come?
mod decide_under_lock; // How does what a thread has seen stay true until it acts?
mod fifo_lifo_priority; // Which product is next?
mod look_then_act; // Is what a thread has seen still true when it acts?
mod select; // How does one thread wait for two channels?
mod sentinel; // What goes wrong when a last product says that no more will come?
mod stop_a_thread; // How do I stop a thread?
mod three_queues; // Does it matter what the queue is made from?
mod two_and_five; // Two producers, five consumers: who decides that there are enough products?
mod unbounded; // Where are the products when the producer is faster than the consumer?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("two-and-five --seconds 3", two_and_five::scene),
        ("look-then-act", look_then_act::scene),
        ("decide-under-lock", decide_under_lock::scene),
        ("bounded", bounded::scene),
        ("unbounded", unbounded::scene),
        ("closing", closing::scene),
        // More scenes.
        ("one-sentinel", sentinel::one_sentinel),
        ("early-sentinel", sentinel::early_sentinel),
        ("stop-a-thread", stop_a_thread::scene),
        ("select", select::scene),
        ("fifo-lifo-priority", fifo_lifo_priority::scene),
        ("three-queues --queue crossbeam", three_queues::scene),
    ])
}
