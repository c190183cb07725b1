//! Two writers, one pipe: do their messages stay whole?

use std::io::{self, PipeWriter, Read, Write};
use std::time::Duration;

use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::signal::{Signal, kill};
use nix::sys::wait::{Id, WaitPidFlag, waitid};
use shared::sync::Lock;
use shared::{Process, Result, clock, join_all};

const ROOM: usize = 65_536; // What a pipe holds, in bytes.

/// A long message is torn by another writer, unless a lock keeps that writer out.
pub(crate) fn scene() -> Result<()> {
    let write = |mut pipe: &PipeWriter, message: &[u8]| Ok(pipe.write_all(message)?);
    println!("no lock: {}", pieces(&two_writers(write, clock::seconds(60.0))?));

    let lock = Lock::new(())?;
    let write_locked = |pipe: &PipeWriter, message: &[u8]| {
        let _guard = lock.acquire()?; // New: no one else writes before the whole message is in the pipe.
        write(pipe, message)
    };
    println!("locked: {}", pieces(&two_writers(write_locked, clock::seconds(1.0))?));
    Ok(())
}

/// Two children write one message each into a pipe: 100,000 `a` and 5,000 `b`. Returns what came out.
fn two_writers(
    write: impl Fn(&PipeWriter, &[u8]) -> Result<()>,
    timeout: Duration,
) -> Result<Vec<u8>> {
    let (mut reader, pipe) = io::pipe()?;
    fcntl(&pipe, FcntlArg::F_SETPIPE_SZ(ROOM as i32))?;
    let first = Process::new(|| write(&pipe, &[b'a'; 100_000])).start()?;
    let mut bytes = vec![0; ROOM];
    reader.read_exact(&mut bytes[..1])?; // The first writer has begun, and the pipe is full.
    kill(first.pid(), Signal::SIGSTOP)?; // It stops in the middle of its message: bad luck, made certain.
    waitid(Id::Pid(first.pid()), WaitPidFlag::WSTOPPED)?;
    reader.read_exact(&mut bytes[1..])?; // Now there is room again.

    let mut second = Process::new(|| write(&pipe, &[b'b'; 5_000])).start()?;
    second.join_timeout(timeout)?; // It has ended, unless it waits for a lock.
    kill(first.pid(), Signal::SIGCONT)?;
    drop(pipe); // While the parent has a write end, there is no end-of-file.
    reader.read_to_end(&mut bytes)?;
    join_all([first, second])?;
    Ok(bytes)
}

/// The pieces in their order: `3 a, 1 b`.
fn pieces(bytes: &[u8]) -> String {
    let pieces =
        bytes.chunk_by(u8::eq).map(|piece| format!("{} {}", piece.len(), char::from(piece[0])));
    pieces.collect::<Vec<_>>().join(", ")
}
