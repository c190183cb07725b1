//! Thousands of kills at random moments: no process hangs, no message is seen in part, and a death loses at most the
//! message that the process had taken.

use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;
use std::time::Duration;

use shared::{Error, Memory, Queue, Result};

use crate::children::{PATIENCE, join_all, kills, start};
use crate::harness::{Body, descriptors, nothing_left};
use crate::steps::{kill_after, shares_of};

pub(crate) const TESTS: &[Body] = &[
    ("storm_over_readers", storm_over_readers),
    ("storm_over_writers", storm_over_writers),
    ("a_reader_killed_after_any_instruction", a_reader_killed_after_any_instruction),
    ("a_writer_killed_after_any_instruction", a_writer_killed_after_any_instruction),
];

/// More than are ever put.
const ITEMS: usize = 1 << 20;

/// An item, and as many copies of it as its number asks for.
type Message = (u32, Vec<u32>);

fn message(item: u32) -> Message {
    (item, vec![item; item as usize * 7919 % 300])
}

fn storm_over_readers() {
    let before = descriptors();
    let queue = Queue::<Message>::bounded(16).unwrap();
    let seen = Memory::new([const { AtomicU8::new(0) }; ITEMS]).unwrap();
    let read = || -> Result<()> {
        loop {
            match queue.get() {
                Err(Error::Closed) => return Ok(()),
                got => {
                    let got = got?;
                    assert_eq!(got, message(got.0));
                    seen[got.0 as usize].fetch_add(1, Ordering::Relaxed);
                }
            }
        }
    };
    let survivor = start(read);
    let mut put = 0;
    for _ in 0..kills(1_000) {
        let victim = start(read);
        for _ in 0..fastrand::u32(0..200) {
            queue.put_timeout(&message(put), PATIENCE).unwrap();
            put += 1;
        }
        drop(victim);
    }
    queue.close();
    join_all([survivor]);
    let seen = || seen[..put as usize].iter().map(|times| times.load(Ordering::Relaxed));
    assert!(seen().all(|times| times <= 1), "an item came out twice");
    let lost = seen().filter(|times| *times == 0).count();
    assert!(lost <= kills(1_000) as usize, "{lost} of {put} items lost");
    nothing_left(&before);
}

fn storm_over_writers() {
    let before = descriptors();
    let queue = Queue::<(u32, Message)>::bounded(16).unwrap();
    let take = |next: &mut [u32; 2], victim| {
        let (writer, got) = queue.get_timeout(PATIENCE).unwrap();
        assert_eq!(got, message(got.0), "not whole");
        // From the writer that writes all the time, and from the victims, each of which begins anew.
        let next = &mut next[usize::from(writer == victim)];
        assert_eq!(got.0, *next, "of writer {writer}");
        *next += 1;
    };
    let survivor = start(|| {
        for item in 0.. {
            match queue.put(&(0, message(item))) {
                Err(Error::Closed) => break,
                put => put?,
            }
        }
        Ok(())
    });
    let mut next = [0, 0];
    for victim in 1..=kills(1_000) {
        let writer = start(|| (0..).try_for_each(|item| queue.put(&(victim, message(item)))));
        next[1] = 0;
        for _ in 0..fastrand::u32(0..200) {
            take(&mut next, victim);
        }
        drop(writer);
        // What it had put is there, and then others go on.
        (0..40).for_each(|_| take(&mut next, victim));
    }
    queue.close();
    thread::sleep(Duration::from_millis(1));
    join_all([survivor]);
    nothing_left(&before);
}

fn a_reader_killed_after_any_instruction() {
    let before = descriptors();
    let queue = Queue::<u64>::new().unwrap();
    let get = || assert_eq!(queue.get().unwrap(), 1);
    queue.put(&1).unwrap();
    for instructions in shares_of(&get) {
        queue.put(&1).unwrap();
        queue.put(&2).unwrap();
        kill_after(instructions, &get);
        // The first item may be there or not; the second one is.
        let left = [queue.get_timeout(PATIENCE), queue.try_get()];
        assert!(
            matches!(left, [Ok(1), Ok(2)] | [Ok(2), Err(Error::Empty)]),
            "after {instructions} instructions: {left:?}"
        );
    }
    nothing_left(&before);
}

fn a_writer_killed_after_any_instruction() {
    let before = descriptors();
    let queue = Queue::<u64>::new().unwrap();
    let put = || queue.put(&2).unwrap();
    let shares = shares_of(&put);
    while queue.try_get().is_ok() {}
    for instructions in shares {
        queue.put(&1).unwrap();
        kill_after(instructions, &put);
        let next = queue.put_timeout(&3, PATIENCE);
        assert!(next.is_ok(), "after {instructions} instructions: {next:?}");
        let get = || queue.get_timeout(PATIENCE);
        let left = [get(), get(), queue.try_get()];
        // The item may be there or not; the two around it are.
        let is_whole = matches!(left, [Ok(1), Ok(2), Ok(3)] | [Ok(1), Ok(3), Err(Error::Empty)]);
        assert!(is_whole, "after {instructions} instructions: {left:?}");
    }
    nothing_left(&before);
}
