//! Between threads, where the tools that look for races can see both sides.

use std::sync::atomic::AtomicBool;
use std::thread;
use std::time::Duration;

use super::*;

#[test]
fn threads_lose_nothing_and_see_whole_messages() {
    const MESSAGES: u32 = 5_000;
    let ring = Ring::new(7, 1 << 10).unwrap();
    let write = |writer: u8| {
        for number in 0..MESSAGES {
            let [a, b, c, d] = number.to_ne_bytes();
            let mut message = vec![writer, a, b, c, d];
            message.resize(5 + number as usize % 90, writer); // Each length, at each place of the ring.
            ring.put(&message, None).unwrap();
        }
    };
    let read = || {
        let mut message = Vec::new();
        let mut last = [None; 2];
        let mut count = 0;
        while ring.get(&mut message, None, |_, _| {}).is_ok() {
            let (head, tail) = message.split_at(5);
            let writer = head[0];
            let number = u32::from_ne_bytes(head[1..].try_into().unwrap());
            assert!(tail.len() == number as usize % 90 && tail.iter().all(|byte| *byte == writer));
            assert!(last[writer as usize].replace(number) < Some(number), "in a writer's order");
            count += 1;
        }
        count
    };
    let counts: u32 = thread::scope(|scope| {
        let readers = [(); 2].map(|()| scope.spawn(read));
        let writers = [0, 1].map(|writer| {
            scope.spawn({
                let write = &write;
                move || write(writer)
            })
        });
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        ring.close();
        readers.into_iter().map(|reader| reader.join().unwrap()).sum()
    });
    assert_eq!(counts, 2 * MESSAGES);
}

#[test]
fn a_limit_holds_though_each_ring_comes_to_nothing() {
    let ring = Ring::new(1, 64).unwrap();
    let has_given_up = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            // As if others had taken each message before it could be got. After a minute there is one.
            let end = Instant::now() + Duration::from_secs(60);
            while !has_given_up.load(Ordering::SeqCst) && Instant::now() < end {
                ring.arrived().notify(1);
            }
            let _ = ring.put(b"late", Some(end));
        });
        let deadline = Instant::now() + Duration::from_millis(250);
        let got = ring.get(&mut Vec::new(), Some(deadline), |_, _| {});
        has_given_up.store(true, Ordering::SeqCst);
        assert!(matches!(got, Err(Error::Empty)), "{got:?}");
    });
}
