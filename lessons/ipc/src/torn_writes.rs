//! Two writers, one pipe: do their messages stay whole?

use std::io::{self, PipeWriter, Write};

use shared::sync::{Event, Lock};
use shared::{Process, Result, join_all};

/// A message in two pieces is torn by another writer, unless a lock keeps that writer out.
pub(crate) fn scene() -> Result<()> {
    println!("no lock: {}", two_writers(None)?);
    println!("locked: {}", two_writers(Some(&Lock::new(())?))?);
    Ok(())
}

/// Two children write into one pipe: the length of a word, then the word. Returns what comes out.
fn two_writers(lock: Option<&Lock<()>>) -> Result<String> {
    let (reader, pipe) = io::pipe()?;
    let (half_written, go_on) = (Event::new()?, Event::new()?);
    let first = Process::new(|| write_tea(&pipe, lock, &half_written, &go_on)).start()?;
    half_written.wait();
    let second = Process::new(|| write_cake(&pipe, lock, &go_on)).start()?;
    join_all([first, second])?;
    drop(pipe); // While the parent has a write end, there is no end-of-file.
    Ok(io::read_to_string(reader)?)
}

/// Runs in one child. It waits between its two pieces: bad luck, made certain.
fn write_tea(
    mut pipe: &PipeWriter,
    lock: Option<&Lock<()>>,
    half_written: &Event,
    go_on: &Event,
) -> Result<()> {
    let _guard = lock.map(Lock::acquire).transpose()?; // New: held until both pieces are in the pipe.
    pipe.write_all(b"3")?;
    half_written.set();
    go_on.wait();
    Ok(pipe.write_all(b"tea")?)
}

/// Runs in the other child. The first one may go on when this one has to wait for the lock, or has written.
fn write_cake(mut pipe: &PipeWriter, lock: Option<&Lock<()>>, go_on: &Event) -> Result<()> {
    if let Some(lock) = lock
        && lock.try_acquire()?.is_none()
    {
        go_on.set();
    }
    let _guard = lock.map(Lock::acquire).transpose()?;
    pipe.write_all(b"4")?;
    pipe.write_all(b"cake")?;
    go_on.set();
    Ok(())
}
