//! What does a turn cost?

use std::sync::atomic::{AtomicUsize, Ordering, fence};
use std::sync::{Condvar, Mutex, OnceLock, mpsc};
use std::thread::{self, Thread};

use shared::Result;

use crate::semaphores::Semaphore;
use crate::tally::tally;

/// Four ways to wait for a turn and to pass it on, measured with many turns and nothing else to do.
pub(crate) fn scene() -> Result<()> {
    let semaphores = [true, false, false].map(Semaphore::new);
    let wait = |task: usize| semaphores[task].acquire();
    let pass = |task| semaphores[next(task)].release();
    tally("semaphores", wait, pass)?;

    let (turn, changed) = (Mutex::new(0), Condvar::new());
    let wait = |task| {
        let turn = turn.lock().expect("no task panics");
        drop(changed.wait_while(turn, |turn| *turn != task));
    };
    let pass = |task| {
        let mut turn = turn.lock().expect("no task panics");
        *turn = next(task);
        changed.notify_all();
    };
    tally("condvar", wait, pass)?;

    let turn = AtomicUsize::new(0);
    let threads = [const { OnceLock::<Thread>::new() }; 3];
    let wait = |task: usize| {
        threads[task].get_or_init(thread::current);
        fence(Ordering::SeqCst);
        while turn.load(Ordering::Acquire) != task {
            thread::park();
        }
    };
    let pass = |task| {
        turn.store(next(task), Ordering::Release);
        fence(Ordering::SeqCst);
        // A thread that is not there yet has not asked whose turn it is.
        threads[next(task)].get().inspect(|thread| thread.unpark());
    };
    tally("park", wait, pass)?;

    let channels = [(); 3].map(|()| mpsc::channel());
    let channels = channels.map(|(sender, receiver)| (sender, Mutex::new(receiver)));
    let wait =
        |task: usize| channels[task].1.lock().expect("no task panics").recv().expect("a turn");
    let pass = |task| channels[next(task)].0.send(()).expect("all receivers live");
    channels[0].0.send(()).expect("all receivers live");
    tally("channels", wait, pass)
}

/// The task after this one.
fn next(task: usize) -> usize {
    (task + 1) % 3
}
