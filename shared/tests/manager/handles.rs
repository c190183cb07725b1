//! Where handles go: to workers, through queues, to other programs and to threads.

use std::fmt::Write;
use std::time::Duration;
use std::{env, thread};

use shared::{Error, Exit, Manager, ManagerQueue, Pool, Result, decode, encode};

use crate::harness::{Body, descriptors, nothing_left, play};
use crate::timeouts::TENTH;
use crate::{sent, start};

pub(crate) const TESTS: &[Body] = &[
    ("a_handle_is_a_tasks_argument", a_handle_is_a_tasks_argument),
    ("a_handle_crosses_another_queue", a_handle_crosses_another_queue),
    ("unrelated_programs_share_a_bound", unrelated_programs_share_a_bound),
    ("a_closed_queue_is_closed_for_all", a_closed_queue_is_closed_for_all),
    ("bytes_cross_as_they_are", bytes_cross_as_they_are),
    ("threads_share_a_handle", threads_share_a_handle),
    ("writers_and_readers_lose_nothing", writers_and_readers_lose_nothing),
];

pub(crate) const ACTS: &[Body] = &[("put until full", act_put_until_full)];

/// How the act gets a handle: its bytes, in hexadecimal digits.
const HANDLE: &str = "HANDLE";

/// Runs in a worker.
fn put_letter((queue, letter): (ManagerQueue<char>, char)) -> u32 {
    queue.open().unwrap().put(&letter).expect("there is room");
    std::process::id()
}

/// Runs in a worker.
#[expect(clippy::needless_pass_by_value, reason = "a task owns its argument")]
fn take_letter(queue: ManagerQueue<char>) -> char {
    queue.open().unwrap().get_timeout(Duration::from_secs(5)).expect("a letter is there")
}

fn a_handle_is_a_tasks_argument() {
    let before = descriptors();
    let pool = Pool::new(3).unwrap();
    // After the workers were forked: they can have inherited nothing.
    let manager = Manager::start().unwrap();
    let handle = manager.queue().unwrap();
    for letter in "zzb".chars() {
        assert_ne!(pool.apply(put_letter, (handle.clone(), letter)).unwrap(), std::process::id());
    }
    let queue = handle.open().unwrap();
    assert_eq!(queue.len(), 3);
    let letters: String =
        (0..3).map(|_| pool.apply(take_letter, handle.clone()).unwrap()).collect();
    assert_eq!(letters, "zzb");
    assert!(queue.is_empty());
    assert!(matches!(queue.try_get(), Err(Error::Empty)));
    pool.close().join().unwrap();
    drop((handle, manager));
    nothing_left(&before);
}

fn a_handle_crosses_another_queue() {
    let manager = Manager::start().unwrap();
    let handles = manager.queue::<ManagerQueue<u32>>().unwrap();
    let child = start(|| sent(&handles).open()?.get()?.open()?.put(&42));
    let numbers = manager.queue().unwrap();
    handles.open().unwrap().put(&numbers).unwrap();
    assert_eq!(numbers.open().unwrap().get().unwrap(), 42);
    assert_eq!(child.join().unwrap(), Exit::Code(0));
}

fn unrelated_programs_share_a_bound() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let handle = manager.bounded_queue::<u32>(3).unwrap();
    let queue = handle.open().unwrap();
    assert_eq!(queue.capacity(), Some(3));
    queue.put(&0).unwrap();
    let digits = encode(&handle).unwrap().iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    });
    assert!(play("put until full").env(HANDLE, digits).status().unwrap().success());
    assert!(queue.is_full());
    assert!(matches!(queue.try_put(&4), Err(Error::Full { size: 3 })));
    assert_eq!([0, 1, 2].map(|_| queue.try_get().unwrap()), [0, 1, 2]);
    drop((handle, manager));
    nothing_left(&before);
}

/// Runs as a separate program, which has inherited nothing.
fn act_put_until_full() {
    let digits = env::var(HANDLE).unwrap();
    let byte = |at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap();
    let bytes: Vec<u8> = (0..digits.len()).step_by(2).map(byte).collect();
    let handle: ManagerQueue<u32> = decode(&bytes).unwrap();
    let queue = handle.open().unwrap();
    queue.put(&1).unwrap();
    queue.put_timeout(&2, Duration::from_secs(5)).unwrap();
    assert!(matches!(queue.put_timeout(&3, TENTH), Err(Error::Full { size: 3 })));
}

fn a_closed_queue_is_closed_for_all() {
    let manager = Manager::start().unwrap();
    let handle = manager.queue().unwrap();
    let queue = handle.open().unwrap();
    queue.put(&'a').unwrap();
    let other = sent(&handle);
    let reader = start(|| {
        let letters: Vec<char> = other.open()?.iter().collect::<Result<_>>()?;
        assert_eq!(letters, ['a']);
        Ok(())
    });
    queue.close();
    assert!(matches!(sent(&handle).open().unwrap().put(&'b'), Err(Error::Closed)));
    assert_eq!(reader.join().unwrap(), Exit::Code(0));
}

fn bytes_cross_as_they_are() {
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<[u8]>().unwrap();
    let other: ManagerQueue<[u8]> = decode(&encode(&queue).unwrap()).unwrap();
    let long: Vec<u8> = (0..100_000_u32).map(|number| number as u8).collect();
    let writer = start(|| other.open()?.put(&long));
    assert_eq!(queue.open().unwrap().get().unwrap(), long);
    assert_eq!(writer.join().unwrap(), Exit::Code(0));
    let size = Manager::ROOM;
    let refused = queue.open().unwrap().put(&vec![0; size]);
    assert!(matches!(refused, Err(Error::TooLarge { size: reported, .. }) if reported == size));
}

fn threads_share_a_handle() {
    let before = descriptors();
    let manager = Manager::start().unwrap();
    let queue = manager.queue::<u32>().unwrap();
    let handle = sent(&queue);
    thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                (0..1000).for_each(|number| handle.open().unwrap().put(&number).unwrap());
            });
        }
    });
    assert_eq!(queue.open().unwrap().len(), 8000);
    drop((handle, queue, manager));
    nothing_left(&before);
}

fn writers_and_readers_lose_nothing() {
    const ITEMS: u64 = 20_000;
    let manager = Manager::start().unwrap();
    let queue = manager.bounded_queue::<(u64, u64)>(100).unwrap();
    let sums = manager.queue::<u64>().unwrap();
    let writer = |writer| {
        let queue = sent(&queue);
        start(move || {
            let queue = queue.open()?;
            (0..ITEMS).try_for_each(|item| queue.put(&(writer, item)))
        })
    };
    let reader = || {
        let (queue, sums) = (sent(&queue), sent(&sums));
        start(move || {
            let (mut sum, mut last) = (0, [None; 3]);
            for item in queue.open()? {
                let (writer, item) = item?;
                assert!(last[writer as usize] < Some(item), "not in the writer's order");
                last[writer as usize] = Some(item);
                sum += item;
            }
            sums.open()?.put(&sum)
        })
    };
    let writers: Vec<_> = (0..3).map(writer).collect();
    let readers: Vec<_> = (0..3).map(|_| reader()).collect();
    for writer in writers {
        assert_eq!(writer.join().unwrap(), Exit::Code(0));
    }
    queue.open().unwrap().close();
    for reader in readers {
        assert_eq!(reader.join().unwrap(), Exit::Code(0));
    }
    let sum: u64 = (0..3).map(|_| sums.open().unwrap().get().unwrap()).sum();
    assert_eq!(sum, 3 * ITEMS * (ITEMS - 1) / 2);
}
