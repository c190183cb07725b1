//! First in, first out; and nothing lost or doubled, however many write and read.

use std::sync::atomic::{AtomicU8, Ordering};
use std::{env, thread};

use shared::{Error, Memory, Queue, Result};

use crate::children::{PATIENCE, TENTH, join_all, start};
use crate::harness::{Body, descriptors, nothing_left};

pub(crate) const TESTS: &[Body] = &[
    ("first_in_first_out", first_in_first_out),
    ("each_writers_items_stay_in_order", each_writers_items_stay_in_order),
    ("a_million_items_from_four_writers_to_four_readers", a_million_items),
    ("four_writers_and_four_readers_in_little_room", in_little_room),
    ("readers_share_the_work", readers_share_the_work),
    ("calls_that_do_not_wait_say_full_or_empty", calls_that_do_not_wait),
];

fn first_in_first_out() {
    let before = descriptors();
    for queue in [Queue::new().unwrap(), Queue::bounded(1).unwrap(), Queue::bounded(7).unwrap()] {
        let writer = start(|| (0..500_u32).try_for_each(|item| queue.put(&item)));
        assert!((0..500).all(|item| queue.get_timeout(PATIENCE).unwrap() == item));
        join_all([writer]);
        assert!(queue.is_empty());
    }
    nothing_left(&before);
}

const WRITERS: usize = 4;
const READERS: usize = 4;

fn each_writers_items_stay_in_order() {
    let before = descriptors();
    let queue = Queue::bounded(10).unwrap();
    let writers = [0, 1, 2, 3].map(|writer| {
        let queue = &queue;
        start(move || (0..1_000).try_for_each(|item| queue.put(&(writer, item))))
    });
    let mut next = [0; WRITERS];
    for _ in 0..4 * 1_000 {
        let (writer, item): (usize, u32) = queue.get_timeout(PATIENCE).unwrap();
        assert_eq!(item, next[writer], "of writer {writer}");
        next[writer] += 1;
    }
    join_all(writers);
    nothing_left(&before);
}

/// All at the same time, until the queue is closed and empty. Each item must come out once, and each reader must get a
/// writer's items in order.
fn many_to_many<const ITEMS: usize>(queue: &Queue<(u8, u32)>) {
    let before = descriptors();
    let seen = Memory::new([const { [const { AtomicU8::new(0) }; ITEMS] }; WRITERS]).unwrap();
    let read = || -> Result<()> {
        let mut last = [None; WRITERS];
        loop {
            let (writer, item) = match queue.get() {
                Err(Error::Closed) => return Ok(()),
                got => got?,
            };
            let writer = usize::from(writer);
            assert!(last[writer].is_none_or(|last| last < item), "{item} of {writer}, too late");
            last[writer] = Some(item);
            seen[writer][item as usize].fetch_add(1, Ordering::Relaxed);
        }
    };
    let readers = [(); READERS].map(|()| start(read));
    let writers = [0, 1, 2, 3].map(|writer| {
        start(move || (0..ITEMS as u32).try_for_each(|item| queue.put(&(writer, item))))
    });
    join_all(writers);
    queue.close();
    join_all(readers);
    for writer in &*seen {
        assert!(writer.iter().all(|times| times.load(Ordering::Relaxed) == 1), "lost, or twice");
    }
    nothing_left(&before);
}

/// A million with `STORM=full`, a tenth of it in a plain run.
fn a_million_items() {
    let queue = Queue::new().unwrap();
    if env::var_os("STORM").is_some_and(|storm| storm == "full") {
        many_to_many::<250_000>(&queue);
    } else {
        many_to_many::<25_000>(&queue);
    }
}

fn in_little_room() {
    many_to_many::<600>(&Queue::bounded(3).unwrap());
    many_to_many::<600>(&Queue::with_room(usize::MAX, 64).unwrap());
}

fn readers_share_the_work() {
    let before = descriptors();
    let (queue, answers) = (Queue::<u32>::new().unwrap(), Queue::new().unwrap());
    let readers = [1, 2, 3].map(|reader| {
        let (queue, answers) = (&queue, &answers);
        start(move || {
            loop {
                match queue.get() {
                    Err(Error::Closed) => return Ok(()),
                    got => drop(got?.to_string()),
                }
                answers.put(&reader)?;
                thread::sleep(TENTH / 10);
            }
        })
    });
    (0..30).for_each(|item| queue.put(&item).unwrap());
    queue.close();
    join_all(readers);
    let answers: Vec<i32> = (0..30).map(|_| answers.try_get().unwrap()).collect();
    assert!([1, 2, 3].iter().all(|reader| answers.contains(reader)), "{answers:?}");
    nothing_left(&before);
}

/// Most calls find a lock held, by a process that is running. That must not become an error of another kind.
fn calls_that_do_not_wait() {
    let before = descriptors();
    let queue = Queue::<[u8]>::bounded(3).unwrap();
    let long = vec![7; 1 << 16]; // To copy it takes a while, under the lock.
    let work = || {
        for _ in 0..500 {
            match queue.try_put(&long) {
                Ok(()) | Err(Error::Full { .. }) => {}
                Err(error) => return Err(error),
            }
            match queue.try_get() {
                Ok(item) => assert!(item == long),
                Err(Error::Empty) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    };
    join_all([(); 8].map(|()| start(work)));
    nothing_left(&before);
}
