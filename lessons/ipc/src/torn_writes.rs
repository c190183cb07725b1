//! Two writers, one pipe: do their messages stay whole?

use std::io::{self, PipeWriter, Read, Write};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use shared::sync::{Event, Lock};
use shared::{Process, Result};

const ROOM: usize = 65_536;
static LONG: [u8; 100_000] = [b'a'; 100_000]; // More than a pipe holds: it goes in piece by piece.
static SHORT: [u8; 5_000] = [b'b'; 5_000];

/// One pipe for two writers, and two events in place of bad luck.
struct Road {
    pipe: PipeWriter,
    full: Event,
    go_on: Event,
    lock: Lock<()>,
}

/// A long message is torn by another writer, unless a lock keeps that one out.
pub(crate) fn scene() -> Result<()> {
    let short = |road: &Road| Ok((&road.pipe).write_all(&SHORT)?);
    let bytes = carry(|road| write_long(road, &LONG), short)?;
    println!("no lock: {}", pieces(&bytes));
    let mut rest = &carry(send_long, send_short)?[..];
    while let Some((length, behind)) = rest.split_first_chunk() {
        let length = usize::from_ne_bytes(*length).min(behind.len());
        println!("locked: a message of {}", pieces(&behind[..length]));
        rest = &behind[length..];
    }
    Ok(())
}

/// Runs both writers, and returns everything that comes out of the pipe.
fn carry(long: fn(&Road) -> Result<()>, short: fn(&Road) -> Result<()>) -> Result<Vec<u8>> {
    let (mut reader, pipe) = io::pipe()?;
    fcntl(&pipe, FcntlArg::F_SETPIPE_SZ(ROOM as i32))?;
    fcntl(&pipe, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?; // write takes what there is room for, and says how much.
    let road = Road { pipe, full: Event::new()?, go_on: Event::new()?, lock: Lock::new(())? };
    let first = Process::new(|| long(&road)).start()?;
    road.full.wait();
    let mut bytes = vec![0; ROOM];
    reader.read_exact(&mut bytes)?; // Now there is room again. Who takes it?
    Process::new(|| short(&road)).start()?.join()?;
    road.go_on.set();
    first.join()?;
    drop(road); // While this write end is open, there is no end-of-file.
    reader.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Runs in the first child. Where it waits, a write of the usual kind waits as well, inside, until there is room.
fn write_long(road: &Road, message: &[u8]) -> Result<()> {
    let taken = (&road.pipe).write(message)?;
    road.full.set();
    road.go_on.wait();
    Ok((&road.pipe).write_all(&message[taken..])?)
}

/// Runs in the first child. The length in front tells the reader where the next message begins.
fn send_long(road: &Road) -> Result<()> {
    let _guard = road.lock.acquire()?; // New: nobody else writes before all of it is in the pipe.
    write_long(road, &[&LONG.len().to_ne_bytes(), &LONG[..]].concat())
}

/// Runs in the second child.
fn send_short(road: &Road) -> Result<()> {
    if road.lock.try_acquire()?.is_none() {
        road.go_on.set(); // The holder must not wait for one who waits for the lock.
    }
    let _guard = road.lock.acquire()?;
    Ok((&road.pipe).write_all(&[&SHORT.len().to_ne_bytes(), &SHORT[..]].concat())?)
}

/// How often each byte, run by run: `3 a, 1 b`.
fn pieces(bytes: &[u8]) -> String {
    let runs = bytes.chunk_by(u8::eq).map(|run| format!("{} {}", run.len(), run[0].escape_ascii()));
    runs.collect::<Vec<_>>().join(", ")
}
