//! Two writers, one pipe: do their messages stay whole?

use std::io::{self, PipeWriter, Read, Write};

use nix::fcntl::{FcntlArg, OFlag, fcntl};
use shared::sync::{Event, Lock};
use shared::{Process, Result, clock};

const ROOM: usize = 65_536;
/// More than a pipe has room for: such a message goes in piece by piece.
const SIZE: usize = 100_000;

/// A long message is torn by another writer, unless a lock keeps that one out.
pub(crate) fn scene() -> Result<()> {
    torn()?;
    framed()
}

fn torn() -> Result<()> {
    let (mut reader, writer) = io::pipe()?;
    fcntl(&writer, FcntlArg::F_SETPIPE_SZ(ROOM as i32))?;
    fcntl(&writer, FcntlArg::F_SETFL(OFlag::O_NONBLOCK))?; // write takes what there is room for, and says how much.
    let (full, go_on) = (Event::new()?, Event::new()?);
    let first = Process::new(|| write_in_two_pieces(&writer, &full, &go_on)).start()?;
    full.wait();
    let mut bytes = vec![0; ROOM];
    reader.read_exact(&mut bytes)?; // Now there is room again. Who takes it?
    Process::new(|| Ok((&writer).write_all(&[b'b'; 5_000])?)).start()?.join()?;
    go_on.set();
    first.join()?;
    drop(writer);
    reader.read_to_end(&mut bytes)?;
    let runs = bytes.chunk_by(|one, next| one == next);
    let runs = runs.map(|run| format!("{} {}", run.len(), run[0].escape_ascii()));
    println!("no lock: {}", runs.collect::<Vec<_>>().join(", "));
    Ok(())
}

/// Runs in the first child. Where it waits, a write of the usual kind waits as well, inside, until there is room.
fn write_in_two_pieces(mut pipe: &PipeWriter, full: &Event, go_on: &Event) -> Result<()> {
    let message = [b'a'; SIZE];
    let taken = pipe.write(&message)?;
    full.set();
    go_on.wait();
    Ok(pipe.write_all(&message[taken..])?)
}

/// Each message has its length in front, so that the reader knows where the next one begins.
fn framed() -> Result<()> {
    let (mut reader, writer) = io::pipe()?;
    let lock = Lock::new(())?;
    let first = Process::new(|| send_three(b'a', &writer, &lock)).start()?;
    let second = Process::new(|| send_three(b'b', &writer, &lock)).start()?;
    drop(writer);
    clock::sleep(0.5); // Stands for work. Meanwhile the pipe fills up, and both writers wait.
    let (mut length, mut all_whole) = ([0; 8], true);
    while reader.read_exact(&mut length).is_ok() {
        let mut message = Vec::new();
        (&reader).take(u64::from_ne_bytes(length)).read_to_end(&mut message)?;
        all_whole &= message == [b'a'; SIZE] || message == [b'b'; SIZE];
    }
    first.join()?;
    second.join()?;
    println!("locked: every message is whole: {all_whole}");
    Ok(())
}

/// Runs in each of two children.
fn send_three(letter: u8, mut pipe: &PipeWriter, lock: &Lock<()>) -> Result<()> {
    for _ in 0..3 {
        let _guard = lock.acquire()?; // New: nobody else writes before all of it is in the pipe.
        pipe.write_all(&SIZE.to_ne_bytes())?;
        pipe.write_all(&[letter; SIZE])?;
    }
    Ok(())
}
