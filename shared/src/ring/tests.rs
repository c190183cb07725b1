//! Between threads, where the tools that look for races can see both sides.

use std::thread;

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
