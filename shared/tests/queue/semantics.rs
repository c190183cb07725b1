//! put and get: waiting, not waiting, with a timeout; full, empty, closed.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use shared::{Child, Error, Queue};

use crate::children::{
    PATIENCE, TENTH, asleep, fails_after_its_timeout, join_all, keeps_short_timeouts, many_checks,
    start,
};
use crate::harness::{Body, descriptors, eventually, nothing_left};

pub(crate) const TESTS: &[Body] = &[
    ("what_is_put_is_got", what_is_put_is_got),
    ("a_full_queue_says_so", a_full_queue_says_so),
    ("an_empty_queue_says_so", an_empty_queue_says_so),
    ("len_counts", len_counts),
    ("a_capacity_of_zero_is_one", a_capacity_of_zero_is_one),
    ("a_queue_works_at_the_end_of_a_thread", a_queue_works_at_the_end_of_a_thread),
    ("more_memory_than_a_queue_can_use_is_refused", more_memory_than_a_queue_can_use_is_refused),
    ("put_waits_for_room", put_waits_for_room),
    ("get_waits_for_an_item", get_waits_for_an_item),
    ("a_sleeping_reader_is_woken", a_sleeping_reader_is_woken),
    ("a_sleeping_writer_is_woken", a_sleeping_writer_is_woken),
    ("a_sleeper_is_woken_by_close", a_sleeper_is_woken_by_close),
    ("timeouts_hold", timeouts_hold),
    ("short_timeouts_of_get_hold", short_timeouts_of_get),
    ("short_timeouts_of_put_hold", short_timeouts_of_put),
    ("an_endless_timeout_is_none", an_endless_timeout_is_none),
    ("a_closed_queue_gives_out_what_it_has", a_closed_queue_gives_out_what_it_has),
    ("a_loop_ends_when_the_queue_is_closed", a_loop_ends_when_the_queue_is_closed),
    ("close_wakes_all", close_wakes_all),
    ("a_child_has_the_same_queue", a_child_has_the_same_queue),
    ("a_queue_made_by_a_child_is_its_own", a_queue_made_by_a_child_is_its_own),
    ("dropped_ones_leave_no_memory", dropped_ones_leave_no_memory),
];

fn what_is_put_is_got() {
    let before = descriptors();
    let queue = Queue::new().unwrap();
    assert_eq!(queue.capacity(), None);
    let items = [("zzb".to_owned(), Some(25_u8)), (String::new(), None)];
    for item in &items {
        queue.put(item).unwrap();
    }
    assert_eq!(items.each_ref().map(|_| queue.get().unwrap()), items);
    nothing_left(&before);
}

fn a_full_queue_says_so() {
    let before = descriptors();
    let queue = Queue::bounded(3).unwrap();
    assert_eq!(queue.capacity(), Some(3));
    queue.put(&1).unwrap();
    queue.put_timeout(&2, PATIENCE).unwrap();
    queue.try_put(&3).unwrap();
    assert!(queue.is_full() && !queue.is_empty());
    for error in [queue.try_put(&4), queue.put_timeout(&4, TENTH / 2)] {
        assert!(matches!(error, Err(Error::Full { size: 3 })), "{error:?}");
    }
    assert_eq!(queue.get().unwrap(), 1);
    assert!(!queue.is_full());
    queue.try_put(&4).unwrap();
    assert_eq!([(); 3].map(|()| queue.try_get().unwrap()), [2, 3, 4]);
    nothing_left(&before);
}

fn an_empty_queue_says_so() {
    let before = descriptors();
    let queue = Queue::<u8>::new().unwrap();
    assert!(queue.is_empty() && !queue.is_full());
    for error in [queue.try_get(), queue.get_timeout(TENTH / 2)] {
        assert!(matches!(error, Err(Error::Empty)), "{error:?}");
    }
    queue.put(&1).unwrap();
    assert!(!queue.is_empty());
    assert_eq!(queue.try_get().unwrap(), 1);
    assert!(matches!(queue.try_get(), Err(Error::Empty)));
    nothing_left(&before);
}

fn len_counts() {
    let before = descriptors();
    let queue = Queue::new().unwrap();
    for (put, get) in [(0, 0), (1, 0), (3, 2), (5, 1), (0, 6)] {
        let length = queue.len();
        (0..put).for_each(|item| queue.put(&item).unwrap());
        assert_eq!(queue.len(), length + put);
        (0..get).for_each(|_| drop(queue.get().unwrap().to_string()));
        assert_eq!(queue.len(), length + put - get);
    }
    assert!(queue.is_empty());
    // And in every process.
    join_all([start(|| queue.put(&7))]);
    assert_eq!(queue.len(), 1);
    nothing_left(&before);
}

fn a_capacity_of_zero_is_one() {
    let before = descriptors();
    let queue = Queue::bounded(0).unwrap();
    assert_eq!(queue.capacity(), Some(1));
    queue.try_put(&1).unwrap();
    assert!(matches!(queue.try_put(&2), Err(Error::Full { size: 1 })));
    assert_eq!(queue.get().unwrap(), 1);
    nothing_left(&before);
}

/// Puts an item and takes it out again, when a thread ends.
struct AtTheEnd(Arc<Queue<String>>);

impl Drop for AtTheEnd {
    fn drop(&mut self) {
        self.0.put(&"the last".to_owned()).unwrap();
        assert_eq!(self.0.get().unwrap(), "the last");
        self.0.put(&"the very last".to_owned()).unwrap();
    }
}

thread_local! {
    static AT_THE_END: RefCell<Option<AtTheEnd>> = const { RefCell::new(None) };
}

fn a_queue_works_at_the_end_of_a_thread() {
    let before = descriptors();
    let queue = Arc::new(Queue::new().unwrap());
    let own = Arc::clone(&queue);
    let thread = thread::spawn(move || {
        // Registered before the buffer that a queue keeps for each thread, so it is dropped after that.
        AT_THE_END.set(Some(AtTheEnd(Arc::clone(&own))));
        own.put(&"the first".to_owned()).unwrap();
        assert_eq!(own.get().unwrap(), "the first");
    });
    thread.join().unwrap();
    assert_eq!(queue.get().unwrap(), "the very last");
    drop(queue);
    nothing_left(&before);
}

fn more_memory_than_a_queue_can_use_is_refused() {
    let before = descriptors();
    for bytes in [(16 << 30) + 1, usize::MAX] {
        let refused = Queue::<u8>::with_room(usize::MAX, bytes).unwrap_err().to_string();
        assert!(refused.contains("16 GiB"), "{refused}");
    }
    nothing_left(&before);
}

fn put_waits_for_room() {
    let before = descriptors();
    let queue = Queue::bounded(2).unwrap();
    let writer = start(|| (1..=5).try_for_each(|item| queue.put(&item)));
    thread::sleep(TENTH);
    assert_eq!(queue.len(), 2);
    asleep(writer.pid());
    (1..=5).for_each(|item| assert_eq!(queue.get().unwrap(), item));
    join_all([writer]);
    nothing_left(&before);
}

fn get_waits_for_an_item() {
    let before = descriptors();
    let (there, back) = (Queue::<u32>::new().unwrap(), Queue::new().unwrap());
    let echo = start(|| (0..5).try_for_each(|_| back.put(&there.get()?)));
    for item in 0..5 {
        asleep(echo.pid());
        there.put(&item).unwrap();
        assert_eq!(back.get().unwrap(), item);
    }
    join_all([echo]);
    nothing_left(&before);
}

/// A child that puts back what it gets.
fn start_echo(there: &Queue<u32>, back: &Queue<u32>) -> Child {
    start(|| {
        loop {
            back.put(&there.get()?)?;
        }
    })
}

fn a_sleeping_reader_is_woken() {
    let before = descriptors();
    let (there, back) = (Queue::new().unwrap(), Queue::new().unwrap());
    let echo = start_echo(&there, &back);
    for _ in 0..many_checks() {
        asleep(echo.pid());
        there.put(&1).unwrap();
        assert_eq!(back.get().unwrap(), 1);
    }
    drop(echo);
    nothing_left(&before);
}

fn a_sleeping_writer_is_woken() {
    let before = descriptors();
    let (there, back) = (Queue::new().unwrap(), Queue::bounded(1).unwrap());
    let echo = start_echo(&there, &back);
    back.put(&1).unwrap();
    for _ in 0..many_checks() {
        there.put(&1).unwrap();
        eventually("it has the item", PATIENCE, || there.is_empty());
        asleep(echo.pid());
        assert_eq!(back.get().unwrap(), 1);
        eventually("its item is there", PATIENCE, || back.is_full());
    }
    drop(echo);
    nothing_left(&before);
}

fn a_sleeper_is_woken_by_close() {
    let before = descriptors();
    for _ in 0..many_checks() {
        let queue = Queue::<u32>::new().unwrap();
        let reader = start(|| {
            assert!(matches!(queue.get(), Err(Error::Closed)));
            Ok(())
        });
        asleep(reader.pid());
        queue.close();
        join_all([reader]);
    }
    nothing_left(&before);
}

fn timeouts_hold() {
    let before = descriptors();
    let queue = Queue::bounded(1).unwrap();
    let empty = |error: &Error| matches!(error, Error::Empty);
    fails_after_its_timeout("get", empty, |timeout| queue.get_timeout(timeout));
    queue.put(&1).unwrap();
    let full = |error: &Error| matches!(error, Error::Full { size: 1 });
    fails_after_its_timeout("put", full, |timeout| queue.put_timeout(&2, timeout));
    nothing_left(&before);
}

fn short_timeouts_of_get() {
    let queue = Queue::<u8>::new().unwrap();
    keeps_short_timeouts(|timeout| queue.get_timeout(timeout));
}

fn short_timeouts_of_put() {
    let queue = Queue::bounded(1).unwrap();
    queue.put(&1).unwrap();
    keeps_short_timeouts(|timeout| queue.put_timeout(&2, timeout));
}

fn an_endless_timeout_is_none() {
    let before = descriptors();
    let queue = Queue::bounded(1).unwrap();
    let writer = start(|| {
        thread::sleep(TENTH);
        queue.put_timeout(&1, Duration::MAX)?;
        queue.put_timeout(&2, Duration::MAX)
    });
    assert_eq!(queue.get_timeout(Duration::MAX).unwrap(), 1);
    assert_eq!(queue.get_timeout(Duration::MAX).unwrap(), 2);
    join_all([writer]);
    nothing_left(&before);
}

fn a_closed_queue_gives_out_what_it_has() {
    let before = descriptors();
    let queue = Queue::bounded(4).unwrap();
    (0..3).for_each(|item| queue.put(&item).unwrap());
    queue.close();
    for error in [queue.put(&4), queue.try_put(&4), queue.put_timeout(&4, PATIENCE)] {
        assert!(matches!(error, Err(Error::Closed)), "{error:?}");
    }
    assert_eq!(queue.len(), 3);
    assert_eq!([(); 3].map(|()| queue.get().unwrap()), [0, 1, 2]);
    for error in [queue.get(), queue.try_get(), queue.get_timeout(PATIENCE)] {
        assert!(matches!(error, Err(Error::Closed)), "{error:?}");
    }
    queue.close(); // Again.
    assert!(matches!(queue.get(), Err(Error::Closed)));
    nothing_left(&before);
}

fn a_loop_ends_when_the_queue_is_closed() {
    let before = descriptors();
    let queue = Queue::bounded(2).unwrap();
    let writer = start(|| {
        (0..100).try_for_each(|item| queue.put(&item))?;
        queue.close();
        Ok(())
    });
    let mut items = Vec::new();
    for item in &queue {
        items.push(item.unwrap());
    }
    assert!(items.into_iter().eq(0..100_u32));
    assert!(queue.iter().next().is_none(), "closed is closed");
    join_all([writer]);
    nothing_left(&before);
}

fn close_wakes_all() {
    let before = descriptors();
    let (empty, full) = (Queue::<u8>::new().unwrap(), Queue::bounded(1).unwrap());
    full.put(&1_u8).unwrap();
    let closed = |result: Result<(), Error>| match result {
        Err(Error::Closed) => Ok(()),
        other => Err(Error::other(format!("{other:?}"))),
    };
    let readers = [(); 3].map(|()| start(|| closed(empty.get().map(drop))));
    let writers = [(); 3].map(|()| start(|| closed(full.put(&2))));
    readers.iter().chain(&writers).for_each(|child| asleep(child.pid()));
    // By a child: closing is for all.
    join_all([start(|| {
        empty.close();
        full.close();
        Ok(())
    })]);
    join_all(readers.into_iter().chain(writers));
    assert_eq!(full.get().unwrap(), 1);
    nothing_left(&before);
}

fn a_child_has_the_same_queue() {
    let before = descriptors();
    let queue = Queue::new().unwrap();
    queue.put(&1).unwrap();
    // A child's child, too.
    join_all([start(|| {
        assert_eq!(queue.get()?, 1);
        join_all([start(|| queue.put(&2))]);
        queue.put(&3)
    })]);
    assert_eq!([queue.get().unwrap(), queue.get().unwrap()], [2, 3]);
    // What a child drops is its own copy.
    let queue = std::rc::Rc::new(queue);
    let copy = std::rc::Rc::clone(&queue);
    join_all([start(move || {
        copy.put(&4)?;
        drop(copy);
        Ok(())
    })]);
    assert_eq!(queue.get().unwrap(), 4);
    nothing_left(&before);
}

fn a_queue_made_by_a_child_is_its_own() {
    let before = descriptors();
    let children = [(); 3].map(|()| {
        start(|| {
            let queue = Queue::new()?;
            let grandchild = start(|| (0..1_000).try_for_each(|item| queue.put(&item)));
            assert!((0..1_000).all(|item| queue.get().unwrap() == item));
            join_all([grandchild]);
            Ok(())
        })
    });
    join_all(children);
    nothing_left(&before);
}

fn dropped_ones_leave_no_memory() {
    let before = descriptors();
    let mappings = || std::fs::read_to_string("/proc/self/maps").unwrap().lines().count();
    let fill = || {
        let queue = Queue::<String>::new().unwrap();
        (0..4).for_each(|_| queue.put(&"x".repeat(1 << 14)).unwrap());
    };
    fill();
    let mappings_before = mappings();
    (0..50).for_each(|_| fill());
    assert_eq!(mappings(), mappings_before);
    nothing_left(&before);
}
