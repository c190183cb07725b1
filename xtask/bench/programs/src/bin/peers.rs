//! The peers written in Rust: `peers OPERATION CONTENDER`.

use std::hint::black_box;
use std::process::{self, ExitCode};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ipc_channel::ipc;
use programs::measure::{self, timed};
use programs::partner::{round_trip, stream};
use programs::task::{square, sum_of_squares};
use rayon::ThreadPoolBuilder;

const WORKERS: usize = 2;
/// procspawn keeps files open for each waiting task: with many more it would run out of descriptors.
const BACKLOG: u64 = 1024;
const SMALL: usize = 64;
const LARGE: usize = 1 << 20;

fn main() -> ExitCode {
    procspawn::init(); // In a process that procspawn has started, it does not return.
    programs::run(figure)
}

fn figure(operation: &str, contender: &str) -> Option<f64> {
    Some(match (operation, contender) {
        ("process", "procspawn") => {
            measure::rate_of(|| procspawn::spawn((), |()| ()).join().expect("it goes well"))
        }
        ("pool", "procspawn") => pool(),
        ("pool-apply", "procspawn") => pool_apply(),
        ("pool-start", "procspawn") => measure::rate_of(|| procspawn_pool().shutdown()),
        ("memory", "procspawn") => memory(),
        ("queue-64", "ipc-channel") => measure::rate(queue_small),
        ("queue-1m", "ipc-channel bytes") => measure::rate(queue_large) * LARGE as f64 / 1e6,
        ("queue-round-trip", "ipc-channel") => queue_round_trip(),
        ("lock", "parking_lot") => {
            let lock = parking_lot::Mutex::new(0_u64);
            measure::rate_of(|| *black_box(&lock).lock() += 1)
        }
        ("thread-pool", "rayon spawn") => {
            let pool = ThreadPoolBuilder::new().num_threads(WORKERS).build().expect("it starts");
            measure::rate(|count| thread_pool(count, &pool))
        }
        ("thread-pool", "threadpool") => {
            let pool = threadpool::ThreadPool::new(WORKERS);
            measure::rate(|count| thread_pool(count, &pool))
        }
        _ => return None,
    })
}

fn procspawn_pool() -> procspawn::Pool {
    procspawn::Pool::new(WORKERS).expect("it starts")
}

fn pool() -> f64 {
    let pool = procspawn_pool();
    measure::rate(|count| {
        timed(|| {
            for start in (0..count).step_by(BACKLOG as usize) {
                let numbers = start..count.min(start + BACKLOG);
                let handles: Vec<_> = numbers.map(|number| pool.spawn(number, square)).collect();
                for (number, handle) in (start..).zip(handles) {
                    assert_eq!(handle.join().expect("it goes well"), square(number));
                }
            }
        })
    })
}

fn pool_apply() -> f64 {
    let pool = procspawn_pool();
    measure::p50(|| assert_eq!(pool.spawn(3, square).join().expect("it goes well"), 9))
}

fn memory() -> f64 {
    let pool = procspawn_pool();
    let mut pids = Vec::new();
    // Until both workers have had a task.
    while pids.len() < WORKERS {
        let handle = pool.spawn((), |()| {
            thread::sleep(Duration::from_millis(1));
            process::id()
        });
        let other = pool.spawn((), |()| process::id());
        pids.extend([handle, other].map(|handle| handle.join().expect("it goes well")));
        pids.sort_unstable();
        pids.dedup();
    }
    measure::memory(&pids)
}

fn queue_small(count: u64) -> Duration {
    let (sender, receiver) = ipc::channel::<Vec<u8>>().expect("there are descriptors left");
    let message = [1; SMALL];
    stream(
        count,
        || sender.send(message.to_vec()).expect("the parent receives"),
        || assert_eq!(receiver.recv().expect("the child sends").len(), SMALL),
    )
}

fn queue_large(count: u64) -> Duration {
    let (sender, receiver) = ipc::bytes_channel().expect("there are descriptors left");
    let message = vec![1; LARGE];
    stream(
        count,
        || sender.send(&message).expect("the parent receives"),
        || assert_eq!(receiver.recv().expect("the child sends").len(), LARGE),
    )
}

fn queue_round_trip() -> f64 {
    let channel = || ipc::channel::<Vec<u8>>().expect("there are descriptors left");
    let ((sender, inbox), (back, receiver)) = (channel(), channel());
    round_trip(
        || back.send(inbox.recv().expect("the parent sends")).expect("the parent receives"),
        || {
            sender.send(vec![1; SMALL]).expect("the child receives");
            receiver.recv().expect("the child sends");
        },
    )
}

trait Threads {
    fn submit(&self, task: impl FnOnce() + Send + 'static);
}

impl Threads for rayon::ThreadPool {
    fn submit(&self, task: impl FnOnce() + Send + 'static) {
        self.spawn(task);
    }
}

impl Threads for threadpool::ThreadPool {
    fn submit(&self, task: impl FnOnce() + Send + 'static) {
        self.execute(task);
    }
}

/// How long this many tasks take, if their results come back through a channel.
fn thread_pool(count: u64, pool: &impl Threads) -> Duration {
    timed(|| {
        let (results, outbox) = mpsc::channel();
        for number in 0..count {
            let results = results.clone();
            pool.submit(move || results.send(square(number)).expect("we listen"));
        }
        drop(results);
        assert_eq!(outbox.iter().fold(0, u64::wrapping_add), sum_of_squares(count));
    })
}
