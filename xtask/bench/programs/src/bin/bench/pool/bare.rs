//! What a pool could be if all tasks were squares, nothing failed, and no caller needed a handle.

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::thread;

use programs::raw::{Forked, Ring, fork};
use programs::task::square;

use super::WORKERS;

const WORD: usize = 8;
/// The task that ends a worker.
const STOP: u64 = u64::MAX;
const TASKS: u32 = 1024;

/// Tasks and results in rings, which both workers share.
pub(super) struct InRings {
    tasks: Ring,
    results: Ring,
    workers: Vec<Forked>,
    at_a_time: usize,
}

impl InRings {
    /// A task is a number. Its result is the squares of a batch of numbers, from this one on.
    pub(super) fn start(at_a_time: usize) -> Self {
        let (tasks, results) = (Ring::new(TASKS, WORD), Ring::new(TASKS, WORD * at_a_time));
        let work = || {
            let mut squares = vec![0; WORD * at_a_time];
            loop {
                let first = get(&tasks);
                if first == STOP {
                    return;
                }
                for (number, place) in (first..).zip(squares.as_chunks_mut().0) {
                    *place = square(number).to_ne_bytes();
                }
                results.put(&squares);
            }
        };
        let workers = (0..WORKERS).map(|_| fork(work)).collect();
        Self { tasks, results, workers, at_a_time }
    }

    /// The sum of the squares below `count`, added as they come back.
    pub(super) fn sum(&self, count: u64) -> u64 {
        let mut squares = vec![0; WORD * self.at_a_time];
        let step = self.at_a_time as u64;
        let mut unsent = (0..count).step_by(self.at_a_time).peekable();
        let (mut sum, mut received) = (0_u64, 0);
        while received < count {
            // As many as there is room for; only the workers can make more room.
            while unsent.next_if(|first| self.tasks.try_put(&first.to_ne_bytes())).is_some() {}
            self.results.get(&mut squares);
            loop {
                let numbers = squares.as_chunks().0.iter().copied().map(u64::from_ne_bytes);
                sum = numbers.fold(sum, u64::wrapping_add);
                received += step;
                if !self.results.try_get(&mut squares) {
                    break;
                }
            }
        }
        sum
    }

    /// The round trip of one task and its result.
    pub(super) fn apply(&self, number: u64) -> u64 {
        self.tasks.put(&number.to_ne_bytes());
        get(&self.results)
    }

    pub(super) fn stop(self) {
        self.workers.iter().for_each(|_| self.tasks.put(&STOP.to_ne_bytes()));
        self.workers.into_iter().for_each(Forked::join);
    }
}

fn get(ring: &Ring) -> u64 {
    let mut word = [0; WORD];
    ring.get(&mut word);
    u64::from_ne_bytes(word)
}

/// Tasks and results in pipes.
pub(super) struct InPipes {
    tasks: PipeWriter,
    results: PipeReader,
    workers: Vec<Forked>,
}

impl InPipes {
    pub(super) fn start() -> Self {
        let pipe = || io::pipe().expect("there are descriptors left");
        let ((inbox, tasks), (results, outbox)) = (pipe(), pipe());
        let work = || {
            loop {
                let number = read(&inbox);
                if number == STOP {
                    return;
                }
                write(&outbox, square(number));
            }
        };
        let workers = (0..WORKERS).map(|_| fork(work)).collect();
        Self { tasks, results, workers }
    }

    /// The sum of the squares below `count`. A thread takes the results out meanwhile.
    pub(super) fn sum(&self, count: u64) -> u64 {
        thread::scope(|scope| {
            let sum = scope.spawn(|| {
                let mut results = io::BufReader::new((&self.results).take(count * WORD as u64));
                let mut word = [0; WORD];
                let next = |_| {
                    results.read_exact(&mut word).expect("the workers write");
                    u64::from_ne_bytes(word)
                };
                (0..count).map(next).fold(0, u64::wrapping_add)
            });
            (0..count).for_each(|number| write(&self.tasks, number));
            sum.join().expect("it does not panic")
        })
    }

    pub(super) fn stop(self) {
        self.workers.iter().for_each(|_| write(&self.tasks, STOP));
        self.workers.into_iter().for_each(Forked::join);
    }
}

/// A word is small enough for a pipe to take it in one piece, so that writes of two processes do not mix.
fn write(mut pipe: &PipeWriter, word: u64) {
    pipe.write_all(&word.to_ne_bytes()).expect("the other one reads");
}

fn read(mut pipe: &PipeReader) -> u64 {
    let mut word = [0; WORD];
    pipe.read_exact(&mut word).expect("the other one writes");
    u64::from_ne_bytes(word)
}
