//! Messages from one process to another.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;

use programs::measure;
use programs::partner::{round_trip, stream};
use programs::raw::Ring;
use shared::Queue;

const SMALL: usize = 64;
const LARGE: usize = 1 << 20;
/// A ring of slots. Each holds a small message after its length, or a part of a large message.
const SLOTS: u32 = 1024;
const SLOT: usize = SMALL + 2;
const PARTS: u32 = 16;
const PART: usize = 64 << 10;

pub(crate) fn small() -> f64 {
    let (queue, message) = (queue(), vec![1; SMALL]);
    let put = || queue.put(&message).expect("it is open");
    let get = || assert_eq!(queue.get().expect("it is open").len(), SMALL);
    measure::rate(|count| stream(count, put, get))
}

/// Each message as bytes, into a new vector.
pub(crate) fn large() -> f64 {
    let queue: Queue<[u8]> = Queue::new().expect("there is memory");
    let (message, mut received) = (vec![1; LARGE], Vec::new());
    megabytes(|count| {
        let get = || received = queue.get().expect("it is open");
        let elapsed = stream(count, || queue.put(&message).expect("it is open"), get);
        assert_eq!(received, message);
        elapsed
    })
}

pub(crate) fn there_and_back() -> f64 {
    let (there, back) = (queue(), queue());
    let message = vec![1; SMALL];
    let get = |queue: &Queue<Vec<u8>>| queue.get().expect("it is open");
    round_trip(
        || back.put(&get(&there)).expect("it is open"),
        || {
            there.put(&message).expect("it is open");
            assert_eq!(get(&back).len(), SMALL);
        },
    )
}

fn queue() -> Queue<Vec<u8>> {
    Queue::new().expect("there is memory")
}

/// A queue of byte vectors that are treated like other values: serialised, and made anew at the other end.
struct Serialised(Ring);

impl Serialised {
    fn new() -> Self {
        Self(Ring::new(SLOTS, SLOT))
    }

    fn put(&self, message: &Vec<u8>) {
        let mut slot = [0; SLOT];
        postcard::to_slice(message, &mut slot).expect("there is room");
        self.0.put(&slot);
    }

    fn get(&self) -> Vec<u8> {
        let mut slot = [0; SLOT];
        self.0.get(&mut slot);
        postcard::from_bytes(&slot).expect("it is what was put in")
    }
}

pub(crate) fn small_in_ring() -> f64 {
    measure::rate(|count| {
        let (ring, message) = (Serialised::new(), vec![1; SMALL]);
        stream(count, || ring.put(&message), || assert_eq!(ring.get().len(), SMALL))
    })
}

pub(crate) fn there_and_back_in_rings() -> f64 {
    let (there, back) = (Serialised::new(), Serialised::new());
    let message = vec![1; SMALL];
    round_trip(
        || back.put(&there.get()),
        || {
            there.put(&message);
            assert_eq!(back.get().len(), SMALL);
        },
    )
}

/// In parts, and into a new vector at the other end.
pub(crate) fn large_in_ring() -> f64 {
    let message = vec![1; LARGE];
    megabytes(|count| {
        let ring = Ring::new(PARTS, PART);
        let get = || {
            let mut message = vec![0; LARGE];
            message.chunks_mut(PART).for_each(|part| ring.get(part));
            assert_eq!(message.last(), Some(&1));
        };
        stream(count, || message.chunks(PART).for_each(|part| ring.put(part)), get)
    })
}

pub(crate) fn large_in_stream() -> f64 {
    let message = vec![1; LARGE];
    megabytes(|count| {
        let (reader, writer) = UnixStream::pair().expect("there are descriptors left");
        let mut received = vec![0; LARGE];
        stream(
            count,
            || (&writer).write_all(&message).expect("the parent reads"),
            || (&reader).read_exact(&mut received).expect("the child writes"),
        )
    })
}

pub(crate) fn small_in_pipe() -> f64 {
    measure::rate(|count| {
        let (reader, writer) = pipe();
        stream(count, || write(&writer), || read(&reader))
    })
}

pub(crate) fn there_and_back_in_pipes() -> f64 {
    let ((inbox, there), (outbox, back)) = (pipe(), pipe());
    let answer = || {
        read(&inbox);
        write(&back);
    };
    round_trip(answer, || {
        write(&there);
        read(&outbox);
    })
}

fn megabytes(batch: impl FnMut(u64) -> Duration) -> f64 {
    measure::rate(batch) * LARGE as f64 / 1e6
}

fn pipe() -> (PipeReader, PipeWriter) {
    io::pipe().expect("there are descriptors left")
}

fn write(mut writer: &PipeWriter) {
    writer.write_all(&[1; SMALL]).expect("the other one reads");
}

fn read(mut reader: &PipeReader) {
    reader.read_exact(&mut [0; SMALL]).expect("the other one writes");
}
