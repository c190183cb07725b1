//! Readers and writers that are killed or stopped: what Python's queue does not survive.
//!
//! A lock of the queue is held only for a moment. To kill its holder for certain, messages of some MiB make the moment
//! longer, and a child is stopped at a random moment. If a call that needs the same lock then fails, the child holds
//! it.

use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

use nix::sys::signal::{Signal, kill, killpg, raise};
use nix::unistd::{Pid, pause};
use shared::{Child, Error, Exit, Queue};

use crate::children::{
    PATIENCE, SECOND, TENTH, actor, all_end_within, asleep, fails_after_its_timeout, join_all,
    kills, start, start_and_stay, stop,
};
use crate::harness::{Body, descriptors, eventually, nothing_left, state};

pub(crate) const TESTS: &[Body] = &[
    ("reader_killed_while_it_waits_in_get", reader_killed_while_it_waits),
    ("reader_killed_inside_get_with_the_lock_held", reader_killed_with_the_lock_held),
    ("writer_killed_while_it_waits_in_put", writer_killed_while_it_waits),
    ("writer_killed_in_mid_message", writer_killed_in_mid_message),
    ("put_then_exit", put_then_exit),
    ("put_then_killed", put_then_killed),
    ("reader_stopped_with_the_lock_held_timeouts_hold", reader_stopped_timeouts_hold),
    ("writer_stopped_with_the_lock_held_timeouts_hold", writer_stopped_timeouts_hold),
    ("partners_stopped_outside_timeouts_hold", partners_stopped_outside),
    ("close_beside_a_stopped_writer", close_beside_a_stopped_writer),
    ("group_sigkilled_with_queues", || queues_die(|pid| killpg(pid, Signal::SIGKILL))),
    ("parent_of_readers_and_writers_sigkilled", || queues_die(|pid| kill(pid, Signal::SIGKILL))),
];

pub(crate) const ACTS: &[Body] = &[("queues in use", act_queues_in_use)];

/// A message whose copying takes a while.
const LONG: usize = 8 << 20;
const PROBE: &[u8] = b"probe";
/// How often a lock's holder is killed, in a full run.
const KILLS: u32 = 30;
/// The most attempts for one of them.
const TRIES: usize = 300;

fn long() -> &'static [u8] {
    static MESSAGE: OnceLock<Vec<u8>> = OnceLock::new();
    // No two words of it are the same for a long way.
    MESSAGE.get_or_init(|| (0..=250).collect::<Vec<u8>>().repeat(LONG / 251))
}

/// The queue's first message, if there is one, which must be a whole one.
fn take_a_whole_one(queue: &Queue<[u8]>) -> bool {
    match queue.try_get() {
        Ok(bytes) => {
            assert!(bytes == PROBE || bytes == long(), "a part of a message");
            true
        }
        Err(Error::Empty) => false,
        Err(error) => panic!("{error:?}"),
    }
}

/// A reader that is stopped while it holds the readers' lock, and the queue, with the message that it is taking.
fn stopped_reader() -> (Queue<[u8]>, Child) {
    let queue = Queue::<[u8]>::with_room(usize::MAX, 2 * LONG).unwrap();
    let reader = start(|| {
        loop {
            queue.get()?;
        }
    });
    for _ in 0..TRIES {
        queue.put(long()).unwrap();
        thread::sleep(Duration::from_micros(fastrand::u64(0..8_000)));
        stop(reader.pid());
        // It holds the lock if no one else gets what is there.
        if matches!(queue.try_get(), Err(Error::Empty)) && !queue.is_empty() {
            return (queue, reader);
        }
        kill(reader.pid(), Signal::SIGCONT).unwrap();
    }
    panic!("stopped {TRIES} times, and never with the lock held");
}

/// A writer that is stopped while it holds the writers' lock, and the queue that it is writing to.
fn stopped_writer() -> (Queue<[u8]>, Child) {
    let queue = Queue::<[u8]>::with_room(usize::MAX, 2 * LONG).unwrap();
    long();
    let writer = start(|| {
        loop {
            queue.put(long())?;
        }
    });
    for _ in 0..TRIES {
        thread::sleep(Duration::from_micros(fastrand::u64(0..8_000)));
        stop(writer.pid());
        // It holds the lock if no one else can put, though two long messages would fit.
        if matches!(queue.try_put(PROBE), Err(Error::Full { size: 0 | 1 })) {
            return (queue, writer);
        }
        kill(writer.pid(), Signal::SIGCONT).unwrap();
        while take_a_whole_one(&queue) {}
    }
    panic!("stopped {TRIES} times, and never with the lock held");
}

fn reader_killed_while_it_waits() {
    let before = descriptors();
    let queue = Queue::<u32>::new().unwrap();
    let victims = [(); 5].map(|()| start(|| queue.get().map(drop)));
    let survivors = [(); 3].map(|()| start(|| queue.get().map(drop)));
    victims.iter().chain(&survivors).for_each(|child| asleep(child.pid()));
    drop(victims);
    (0..3).for_each(|item| queue.put(&item).unwrap());
    join_all(survivors);
    assert!(queue.is_empty());
    queue.put(&4).unwrap();
    assert_eq!((queue.len(), queue.get().unwrap()), (1, 4));
    nothing_left(&before);
}

fn reader_killed_with_the_lock_held() {
    let before = descriptors();
    for _ in 0..kills(KILLS) {
        let (queue, reader) = stopped_reader();
        let other = start(|| {
            assert!(queue.get()? == long(), "what was being taken is not there as it was");
            Ok(())
        });
        drop(reader);
        join_all([other]);
        queue.put(PROBE).unwrap();
        assert_eq!(queue.len(), 1);
        assert!(take_a_whole_one(&queue) && !take_a_whole_one(&queue));
    }
    nothing_left(&before);
}

fn writer_killed_while_it_waits() {
    let before = descriptors();
    let queue = Queue::bounded(1).unwrap();
    queue.put(&0).unwrap();
    let victims = [(); 5].map(|()| start(|| queue.put(&13)));
    let survivors = [1, 2, 3].map(|item| {
        let queue = &queue;
        start(move || queue.put(&item))
    });
    victims.iter().chain(&survivors).for_each(|child| asleep(child.pid()));
    drop(victims);
    let mut items = [(); 4].map(|()| queue.get_timeout(PATIENCE).unwrap());
    items.sort_unstable();
    assert_eq!(items, [0, 1, 2, 3]);
    join_all(survivors);
    nothing_left(&before);
}

fn writer_killed_in_mid_message() {
    let before = descriptors();
    for _ in 0..kills(KILLS) {
        let (queue, writer) = stopped_writer();
        while take_a_whole_one(&queue) {}
        assert_eq!(queue.len(), 0, "a message that is not whole is none");
        let empty = |error: &Error| matches!(error, Error::Empty);
        fails_after_its_timeout("get", empty, |timeout| queue.get_timeout(timeout));
        drop(writer);
        fails_after_its_timeout("get from the dead", empty, |timeout| queue.get_timeout(timeout));
        // The half message is overwritten.
        for message in [PROBE, long(), PROBE] {
            queue.put_timeout(message, PATIENCE).unwrap();
        }
        assert!([(); 4].map(|()| take_a_whole_one(&queue)) == [true, true, true, false]);
    }
    nothing_left(&before);
}

fn put_then_exit() {
    let before = descriptors();
    for item in 0..20_u32 {
        let queue = Queue::new().unwrap();
        let writer = start(|| {
            queue.put(&item)?;
            shared::exit(1)
        });
        assert_eq!(writer.join().unwrap(), Exit::Code(1));
        assert_eq!(queue.try_get().unwrap(), item);
    }
    nothing_left(&before);
}

fn put_then_killed() {
    let before = descriptors();
    for item in 0..20_u32 {
        let queue = Queue::new().unwrap();
        let writer = start(|| {
            queue.put(&vec![item; 10_000])?;
            Ok(raise(Signal::SIGKILL)?)
        });
        assert_eq!(queue.get_timeout(PATIENCE).unwrap(), vec![item; 10_000]);
        assert_eq!(writer.join().unwrap(), Exit::Signal(Signal::SIGKILL.into()));
    }
    nothing_left(&before);
}

fn reader_stopped_timeouts_hold() {
    let before = descriptors();
    let (queue, reader) = stopped_reader();
    let empty = |error: &Error| matches!(error, Error::Empty);
    fails_after_its_timeout("get", empty, |timeout| queue.get_timeout(timeout));
    queue.put(PROBE).unwrap(); // Writers have another lock.
    kill(reader.pid(), Signal::SIGCONT).unwrap();
    eventually("it goes on", PATIENCE, || queue.is_empty());
    drop(reader);
    nothing_left(&before);
}

fn writer_stopped_timeouts_hold() {
    let before = descriptors();
    let (queue, writer) = stopped_writer();
    let full = |error: &Error| matches!(error, Error::Full { size: 0 | 1 });
    fails_after_its_timeout("put", full, |timeout| queue.put_timeout(PROBE, timeout));
    while take_a_whole_one(&queue) {} // Readers have another lock.
    kill(writer.pid(), Signal::SIGCONT).unwrap();
    eventually("it goes on", PATIENCE, || take_a_whole_one(&queue));
    drop(writer);
    nothing_left(&before);
}

fn partners_stopped_outside() {
    let before = descriptors();
    let (empty, full) = (Queue::<u8>::new().unwrap(), Queue::bounded(1).unwrap());
    full.put(&1).unwrap();
    let reader = start(|| empty.get().map(drop));
    let writer = start(|| full.put(&2));
    for child in [&reader, &writer] {
        asleep(child.pid());
        stop(child.pid());
    }
    let is_empty = |error: &Error| matches!(error, Error::Empty);
    let is_full = |error: &Error| matches!(error, Error::Full { size: 1 });
    fails_after_its_timeout("get", is_empty, |timeout| empty.get_timeout(timeout));
    fails_after_its_timeout("put", is_full, |timeout| full.put_timeout(&2, timeout));
    // Nor does a call wait for the partners, which stay stopped to the end.
    empty.put(&1).unwrap();
    assert_eq!(empty.get().unwrap(), 1);
    assert_eq!(full.get().unwrap(), 1);
    full.put(&3).unwrap();
    drop((reader, writer));
    nothing_left(&before);
}

fn close_beside_a_stopped_writer() {
    let before = descriptors();
    let (queue, writer) = stopped_writer();
    queue.close();
    assert!(matches!(queue.try_put(PROBE), Err(Error::Closed)));
    assert_eq!(state(writer.pid()).unwrap().0, 'T', "closing has not waited for the writer");
    drop(writer);
    assert!(matches!(queue.put(PROBE), Err(Error::Closed)));
    while !queue.is_empty() {
        assert!(take_a_whole_one(&queue));
    }
    assert!(matches!(queue.get(), Err(Error::Closed)));
    nothing_left(&before);
}

fn act_queues_in_use() {
    let queue = Queue::bounded(2).unwrap();
    let _readers = [(); 2].map(|()| {
        start(|| {
            loop {
                queue.get()?;
            }
        })
    });
    let _writers = [(); 2].map(|()| {
        start(|| {
            loop {
                queue.put(&vec![7_u64; 100])?;
            }
        })
    });
    let _waiting = start_and_stay(|| Ok(()));
    println!("ready");
    std::io::stdout().flush().unwrap();
    loop {
        pause();
    }
}

fn queues_die(send: fn(Pid) -> nix::Result<()>) {
    let before = descriptors();
    let mut actor = actor("queues in use");
    thread::sleep(TENTH / 5);
    send(Pid::from_raw(actor.id().cast_signed())).unwrap();
    assert_eq!(actor.wait().unwrap().signal(), Some(Signal::SIGKILL as i32));
    all_end_within(SECOND);
    drop(actor);
    nothing_left(&before);
}
