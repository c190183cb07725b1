//! How do 100 MB get to a worker?

use std::io::{self, PipeReader, Read, Write};
use std::thread;

use shared::{Error, Process, Result, chart, join_all};

use crate::real_time::microseconds;

const SIZE: usize = 100_000_000;

/// A worker gets 100 MB, reads the last byte and ends: a thread, a forked process, and a process with a pipe.
pub(crate) fn scene() -> Result<()> {
    let block = vec![7; SIZE];
    let ways = [
        ("to a thread", microseconds(|| to_a_thread(&block))?),
        ("with a fork", microseconds(|| with_a_fork(&block))?),
        ("through a pipe", microseconds(|| through_a_pipe(&block))?),
    ];
    let longest = ways.iter().map(|&(_, time)| time).fold(0.0, f64::max);
    for (way, time) in ways {
        println!("{way:<14} {} {:.2} ms", chart::bar(time, longest, 40), time / 1000.0);
    }
    Ok(())
}

/// The thread gets an address and a length.
fn to_a_thread(block: &[u8]) -> Result<()> {
    thread::scope(|scope| scope.spawn(|| read_last(block)).join().expect("it does not panic"))
}

/// The child has the block, as it has all that its parent had.
fn with_a_fork(block: &[u8]) -> Result<()> {
    join_all([Process::new(|| read_last(block)).start()?])
}

/// The child gets a copy of the block, in pieces of 64 KiB at most.
fn through_a_pipe(block: &[u8]) -> Result<()> {
    let (reader, mut writer) = io::pipe()?;
    let child = Process::new(move || receive(reader)).start()?;
    writer.write_all(block)?;
    join_all([child])
}

/// Runs in the child.
fn receive(mut reader: PipeReader) -> Result<()> {
    let mut block = vec![0; SIZE];
    reader.read_exact(&mut block)?;
    read_last(&block)
}

/// Runs in the worker.
fn read_last(block: &[u8]) -> Result<()> {
    match block.last() {
        Some(7) => Ok(()),
        _ => Err(Error::other("the last byte is wrong")),
    }
}
