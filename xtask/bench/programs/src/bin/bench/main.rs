//! Ours, and the limits: `bench OPERATION CONTENDER`.

mod event;
mod lock;
mod pool;
mod process;
mod processor;
mod queue;
mod thread;
mod thread_pool;

use std::process::ExitCode;

fn main() -> ExitCode {
    programs::run(figure)
}

fn figure(operation: &str, contender: &str) -> Option<f64> {
    Some(match (operation, contender) {
        ("process", "Process") => process::ours(),
        ("process", "fork") => process::limit(),
        ("process", "Command") => process::std_peer(),
        ("pool", "Pool") => pool::tasks(),
        ("pool-map", "Pool") => pool::list(),
        ("pool-apply", "Pool") => pool::apply(),
        ("pool-start", "Pool") => pool::start_and_stop(),
        ("memory", "Pool") => pool::memory(),
        ("queue-64", "Queue") => queue::small(),
        ("queue-1m", "Queue") => queue::large(),
        ("queue-round-trip", "Queue") => queue::there_and_back(),
        ("pool", "robust rings") => pool::tasks_in_rings(),
        ("pool", "pipes") => pool::tasks_in_pipes(),
        ("pool-map", "robust rings, 64 at a time") => pool::list_in_rings(),
        ("pool-apply", "robust rings") => pool::apply_in_rings(),
        ("pool-start", "fork and robust rings") => pool::start_of_rings(),
        ("memory", "fork") => pool::memory_of_fork(),
        ("queue-64", "robust ring, serialised") => queue::small_in_ring(),
        ("queue-64", "pipe") => queue::small_in_pipe(),
        ("queue-1m", "robust ring") => queue::large_in_ring(),
        ("queue-1m", "unix stream") => queue::large_in_stream(),
        ("queue-round-trip", "robust ring, serialised") => queue::there_and_back_in_rings(),
        ("queue-round-trip", "pipe") => queue::there_and_back_in_pipes(),
        ("lock", "Lock") => lock::ours(),
        ("lock", "robust mutex") => lock::limit(),
        ("lock-2", "Lock") => lock::ours_between_two(),
        ("lock-2", "robust mutex") => lock::limit_between_two(),
        ("event", "Event") => event::ours(),
        ("event", "futex") => event::limit(),
        ("thread", "std::thread") => thread::ours(),
        ("thread", "pthread") => thread::limit(),
        ("thread", "crossbeam scope") => thread::scoped(),
        ("thread-pool", "crossbeam, handles") => thread_pool::ours(),
        ("thread-pool", "crossbeam, one channel back") => thread_pool::limit(),
        ("thread-queue", "crossbeam bounded") => thread::queue(),
        ("thread-queue", "std sync_channel") => thread::std_peer(),
        ("cpu", "Process") => processor::processes(),
        ("cpu", "std::thread") => processor::threads(),
        ("cpu", "fork") => processor::limit(),
        _ => return None,
    })
}
