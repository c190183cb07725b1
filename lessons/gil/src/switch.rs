//! How long does a switch take?

use std::io::{self, PipeReader, PipeWriter, Read, Write};
use std::thread;

use rustix::thread::{CpuSet, sched_getaffinity, sched_getcpu, sched_setaffinity};
use shared::{Process, Result};

use crate::real_time::microseconds;

/// Each is two switches: there, and back.
const ROUND_TRIPS: u32 = 1000;

/// In microseconds. Each switch includes the write that wakes the other thread, and the read that waits for it.
pub(crate) fn between_threads() -> Result<f64> {
    let (near, far) = pair()?;
    on_one_processor(|| {
        thread::scope(|scope| {
            scope.spawn(|| echo(far));
            switches(near)
        })
    })
}

/// The same between two processes.
pub(crate) fn between_processes() -> Result<f64> {
    let (near, far) = pair()?;
    on_one_processor(|| {
        let child = Process::new(move || echo(far)).start()?;
        let microseconds = switches(near)?;
        child.join()?;
        Ok(microseconds)
    })
}

/// Both ends of two pipes: what goes into one writer comes out of the other side's reader.
type End = (PipeReader, PipeWriter);

fn pair() -> Result<(End, End)> {
    let (near_reader, far_writer) = io::pipe()?;
    let (far_reader, near_writer) = io::pipe()?;
    Ok(((near_reader, near_writer), (far_reader, far_writer)))
}

/// Two that share a processor cannot run at once, so each byte that goes there and back costs two switches.
pub(crate) fn on_one_processor<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    let all = sched_getaffinity(None).map_err(io::Error::from)?;
    let mut one = CpuSet::new();
    one.set(sched_getcpu());
    sched_setaffinity(None, &one).map_err(io::Error::from)?;
    let result = work();
    sched_setaffinity(None, &all).map_err(io::Error::from)?;
    result
}

fn switches((mut reader, mut writer): End) -> Result<f64> {
    let round_trips = || {
        for _ in 0..ROUND_TRIPS {
            writer.write_all(&[0])?;
            reader.read_exact(&mut [0])?;
        }
        Ok(())
    };
    Ok(microseconds(round_trips)? / f64::from(2 * ROUND_TRIPS))
}

/// Runs in the other thread or process: returns each byte.
fn echo((mut reader, mut writer): End) -> Result<()> {
    let mut byte = [0];
    for _ in 0..ROUND_TRIPS {
        reader.read_exact(&mut byte)?;
        writer.write_all(&byte)?;
    }
    Ok(())
}
