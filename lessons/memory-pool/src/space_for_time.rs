//! What is kept in reserve, and what does it buy?

use shared::{Result, chart, lesson};

use crate::memory::Memory;
use crate::real_time::milliseconds;
use crate::reserve::Reserve;

const USED: usize = 2 << 20; // 2 MiB of each buffer: a page that is never written to takes no memory.

/// In each round four buffers are used at the same time. From round to round some of them are kept.
pub(crate) fn scene() -> Result<()> {
    let rounds: usize = lesson::option("rounds")?;
    let mut memory = Memory::new()?;
    let mut rows = Vec::new();
    for most in [0, 2, 4] {
        let mut reserve = Reserve::new(most);
        let faults = memory.page_faults()?;
        let time = milliseconds(|| {
            for _ in 0..rounds {
                use_four(&mut reserve);
            }
        });
        rows.push((most, reserve.made, memory.page_faults()? - faults, time));
    }
    let longest = rows.iter().map(|row| row.3).fold(0.0, f64::max);
    for (most, made, faults, time) in rows {
        let bar = chart::bar(time, longest, 24);
        println!("keeps {most}: {bar} {time:.1} ms, malloc {made} times, {faults} page faults");
    }
    Ok(())
}

/// A burst of work: it takes four buffers, writes to them, and gives them all back.
fn use_four(reserve: &mut Reserve) {
    let mut buffers: Vec<_> = (0..4).map(|_| reserve.take()).collect();
    for buffer in &mut buffers {
        buffer[..USED].fill(1);
    }
    for buffer in buffers {
        reserve.give_back(buffer);
    }
}
