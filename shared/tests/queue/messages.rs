//! What a message may be: its size, its bytes, and its place in the ring.

use nix::sys::wait::waitpid;
use serde::de::{self, Deserializer};
use serde::ser::{self, Serializer};
use serde::{Deserialize, Serialize};
use shared::{Error, Fork, Queue, Result, exit, fork};

use crate::children::{PATIENCE, TENTH, join_all, start};
use crate::harness::{Body, descriptors, nothing_left};

pub(crate) const TESTS: &[Body] = &[
    ("too_large_is_reported_with_both_sizes", too_large_is_reported_with_both_sizes),
    ("the_largest_fits", the_largest_fits),
    ("bytes_are_carried_as_they_are", bytes_are_carried_as_they_are),
    ("bytes_keep_their_timeouts", bytes_keep_their_timeouts),
    ("messages_wrap_around_at_every_place", messages_wrap_around_at_every_place),
    ("a_stream_longer_than_the_ring", a_stream_longer_than_the_ring),
    ("full_in_bytes_before_it_is_full_in_items", full_in_bytes),
    ("an_item_that_cannot_be_encoded_is_not_put", an_item_that_cannot_be_encoded),
    ("an_item_that_cannot_be_decoded_is_gone", an_item_that_cannot_be_decoded),
    ("fork_while_others_put_and_get", fork_while_others_put_and_get),
];

/// Bytes that show the message and the place that they belong to.
fn pattern(start: usize, length: usize) -> Vec<u8> {
    (start..start + length).map(|place| (place % 251) as u8).collect()
}

fn too_large_is_reported_with_both_sizes() {
    let before = descriptors();
    let queue = Queue::<[u8]>::with_room(10, 1 << 10).unwrap();
    for length in [1 << 10, 1 << 20] {
        let error = queue.put(&pattern(0, length)).unwrap_err();
        let Error::TooLarge { size, room } = error else { panic!("{error:?}") };
        assert_eq!((size, room), (length, (1 << 10) - 8));
        let text = error.to_string();
        assert!(
            text.contains(&format!("{size} bytes")) && text.contains("room for 1016"),
            "{text}"
        );
    }
    assert!(queue.is_empty(), "not even a part of it");
    // Whether it would fit is known at once, even where there is no room now.
    let queue = Queue::<String>::with_room(1, 1 << 10).unwrap();
    queue.put(&"first".to_owned()).unwrap();
    assert!(matches!(queue.put(&"x".repeat(1 << 10)), Err(Error::TooLarge { .. })));
    assert_eq!(queue.get().unwrap(), "first");
    nothing_left(&before);
}

fn the_largest_fits() {
    let before = descriptors();
    let queue = Queue::<[u8]>::with_room(10, 1 << 12).unwrap();
    for length in (0..40).chain((1 << 12) - 40..=(1 << 12) - 8) {
        // From different places of the ring.
        queue.put_timeout(&pattern(length, length), PATIENCE).unwrap();
        assert_eq!(queue.get().unwrap(), pattern(length, length));
    }
    // The default: almost 16 MiB.
    let queue = Queue::<[u8]>::new().unwrap();
    let large = vec![7; Queue::<[u8]>::ROOM - 8];
    queue.put_timeout(&large, PATIENCE).unwrap();
    assert!(queue.get().unwrap() == large);
    nothing_left(&before);
}

fn bytes_are_carried_as_they_are() {
    let before = descriptors();
    let queue = Queue::<[u8]>::new().unwrap();
    let messages = [&b""[..], b"\0", b"\xff\xfe", b"a longer one", &[0; 1_000]];
    join_all([start(|| messages.iter().try_for_each(|message| queue.put(message)))]);
    for message in messages {
        assert_eq!(queue.get().unwrap(), message);
    }
    nothing_left(&before);
}

fn bytes_keep_their_timeouts() {
    let before = descriptors();
    let queue = Queue::<[u8]>::bounded(1).unwrap();
    let error = queue.get_timeout(TENTH).unwrap_err();
    assert!(matches!(error, Error::Empty), "{error:?}");
    queue.put(b"one").unwrap();
    let error = queue.put_timeout(b"two", TENTH).unwrap_err();
    assert!(matches!(error, Error::Full { size: 1 }), "{error:?}");
    queue.close();
    assert_eq!(queue.get().unwrap(), b"one");
    assert!(matches!(queue.get(), Err(Error::Closed)));
    assert!(matches!(queue.put(b"two"), Err(Error::Closed)));
    nothing_left(&before);
}

fn messages_wrap_around_at_every_place() {
    let before = descriptors();
    // 16 words. A message of each length is put at each place, beside one that stays there meanwhile.
    let queue = Queue::<[u8]>::with_room(usize::MAX, 128).unwrap();
    let check = |expected: &[u8]| {
        assert_eq!(queue.get().unwrap(), expected);
    };
    for place in 0..16 {
        for length in 0..=112 {
            let (first, second) = (pattern(place, length), pattern(length, 112 - length));
            queue.put(&first).unwrap();
            match queue.put_timeout(&second, std::time::Duration::ZERO) {
                Ok(()) => {
                    check(&first);
                    check(&second);
                }
                Err(Error::Full { size: 1 }) => check(&first),
                Err(error) => panic!("{error:?}"),
            }
        }
        queue.put(&[]).unwrap(); // One word, so that the next round begins at another place.
        check(&[]);
    }
    nothing_left(&before);
}

fn a_stream_longer_than_the_ring() {
    let before = descriptors();
    let queue = Queue::<[u8]>::with_room(usize::MAX, 1 << 10).unwrap();
    let lengths = || (0..1_500_usize).map(|n| n * 7919 % 900);
    let writer = start(|| lengths().try_for_each(|length| queue.put(&pattern(length, length))));
    for length in lengths() {
        assert_eq!(queue.get_timeout(PATIENCE).unwrap(), pattern(length, length));
    }
    join_all([writer]);
    assert!(queue.is_empty());
    nothing_left(&before);
}

fn full_in_bytes() {
    let before = descriptors();
    let queue = Queue::<[u8]>::with_room(100, 256).unwrap();
    let put = |length| queue.put_timeout(&pattern(0, length), std::time::Duration::ZERO);
    put(120).unwrap(); // 16 words of 32.
    put(112).unwrap(); // 15.
    assert!(matches!(put(1), Err(Error::Full { size: 2 })));
    assert!(!queue.is_full(), "of its 100 items it has 2");
    put(0).unwrap(); // The last one.
    assert!(matches!(put(0), Err(Error::Full { size: 3 })));
    // A large one waits until there is room for all of it.
    let writer = start(|| queue.put(&pattern(9, 200)));
    for length in [120, 112, 0] {
        assert_eq!(queue.get().unwrap(), pattern(0, length));
    }
    assert_eq!(queue.get().unwrap(), pattern(9, 200));
    join_all([writer]);
    nothing_left(&before);
}

/// An item that only some of its numbers can cross as.
#[derive(Debug, PartialEq, Eq)]
struct Picky(u8);

const NOT_OUT: Picky = Picky(13);
const NOT_IN: Picky = Picky(17);

impl Serialize for Picky {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            &NOT_OUT => Err(ser::Error::custom("not out")),
            Self(number) => serializer.serialize_u8(*number),
        }
    }
}

impl<'de> Deserialize<'de> for Picky {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Self(Deserialize::deserialize(deserializer)?) {
            NOT_IN => Err(de::Error::custom("not in")),
            picky => Ok(picky),
        }
    }
}

fn an_item_that_cannot_be_encoded() {
    let before = descriptors();
    let queue = Queue::new().unwrap();
    queue.put(&Picky(1)).unwrap();
    let error = queue.put(&NOT_OUT).unwrap_err();
    assert!(matches!(&error, Error::Encode { type_name, .. } if type_name.ends_with("Picky")));
    queue.put(&Picky(2)).unwrap();
    assert_eq!([(); 2].map(|()| queue.get().unwrap()), [Picky(1), Picky(2)]);
    assert!(queue.is_empty());
    nothing_left(&before);
}

fn an_item_that_cannot_be_decoded() {
    let before = descriptors();
    let queue = Queue::new().unwrap();
    for item in [Picky(1), NOT_IN, Picky(2)] {
        queue.put(&item).unwrap();
    }
    assert_eq!(queue.get().unwrap(), Picky(1));
    let error = queue.get().unwrap_err();
    assert!(matches!(&error, Error::Decode { type_name, .. } if type_name.ends_with("Picky")));
    assert_eq!(queue.get().unwrap(), Picky(2));
    assert!(queue.is_empty());
    // It does not end a loop.
    for item in [NOT_IN, Picky(3)] {
        queue.put(&item).unwrap();
    }
    queue.close();
    let items: Vec<_> = queue.iter().map(Result::ok).collect();
    assert_eq!(items, [None, Some(Picky(3))]);
    nothing_left(&before);
}

fn fork_while_others_put_and_get() {
    let before = descriptors();
    let queue = Queue::<u64>::bounded(10).unwrap();
    let others = [(); 2].map(|()| {
        start(|| {
            loop {
                queue.put(&7)?;
                assert_eq!(queue.get()?, 7);
            }
        })
    });
    // Whatever the others hold at that moment, a child can use the queue.
    for _ in 0..200 {
        match fork().unwrap() {
            Fork::Child => {
                let works = queue.put_timeout(&7, PATIENCE).is_ok()
                    && queue.get_timeout(PATIENCE).is_ok_and(|item| item == 7);
                exit(i32::from(!works));
            }
            Fork::Parent { child } => {
                let status = waitpid(child, None).unwrap();
                assert!(matches!(status, nix::sys::wait::WaitStatus::Exited(_, 0)), "{status:?}");
            }
        }
    }
    drop(others);
    nothing_left(&before);
}
