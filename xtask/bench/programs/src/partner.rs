//! The process at the other end. Its own work is not timed.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::time::{Duration, Instant};

use shared::{Child, Exit, Process};

use crate::{measure, raw};

/// Starts a child that does `work`.
pub fn child(work: impl FnOnce()) -> Child {
    let work = || {
        work();
        Ok(())
    };
    Process::new(work).start().expect("a child starts")
}

/// Waits for a child, which must succeed.
pub fn join(child: Child) {
    assert_eq!(child.join().expect("it can be joined"), Exit::Code(0));
}

/// A line at which children wait until all have arrived, so that their start is not timed.
pub struct StartLine {
    arrivals: (PipeReader, PipeWriter),
    starts: (PipeReader, PipeWriter),
}

impl StartLine {
    /// A line at which no child waits yet.
    pub fn new() -> Self {
        let pipe = || io::pipe().expect("there are descriptors left");
        Self { arrivals: pipe(), starts: pipe() }
    }

    /// In a child: waits for the start.
    pub fn wait(&self) {
        (&self.arrivals.1).write_all(b"a").expect("the parent reads");
        (&self.starts.0).read_exact(&mut [0]).expect("the parent writes");
    }

    /// In the parent: waits for this many children, and starts them.
    pub fn start(&self, children: usize) -> Instant {
        let mut bytes = vec![0; children];
        (&self.arrivals.0).read_exact(&mut bytes).expect("the children write");
        let start = Instant::now();
        (&self.starts.1).write_all(&bytes).expect("the children read");
        start
    }
}

impl Default for StartLine {
    fn default() -> Self {
        Self::new()
    }
}

/// How long this many messages take from a child to us.
pub fn stream(count: u64, mut send: impl FnMut(), mut receive: impl FnMut()) -> Duration {
    let line = StartLine::new();
    let sender = child(|| {
        line.wait();
        (0..count).for_each(|_| send());
    });
    let start = line.start(1);
    (0..count).for_each(|_| receive());
    let elapsed = start.elapsed();
    join(sender);
    elapsed
}

/// The median time of `call` with a child that only calls `answer`, in microseconds.
pub fn round_trip(mut answer: impl FnMut(), call: impl FnMut()) -> f64 {
    let echo = child(|| {
        loop {
            answer();
        }
    });
    let p50 = measure::p50(call);
    drop(echo); // Kills it.
    p50
}

/// How long two children take, on separate cores, each to do half of `count`.
pub fn two(count: u64, half: impl Fn(u64)) -> Duration {
    let line = StartLine::new();
    let children = [0, 1].map(|core| {
        let (line, half) = (&line, &half);
        child(move || {
            raw::pin(core);
            line.wait();
            half(count / 2);
        })
    });
    let start = line.start(2);
    children.into_iter().for_each(join);
    start.elapsed()
}
