//! What does a lock cost?

use std::sync::Mutex;
use std::thread;
use std::time::Instant;

use shared::{Result, chart};

/// How often each face of a die has come up.
type Tally = [u32; 6];

/// A way to tally throws.
type Way = fn(&[usize]) -> Tally;

/// Two threads tally the same 300,000 throws of a die in three ways: each throw is counted twice.
#[expect(clippy::disallowed_methods, reason = "real time: a lock gets no faster with --speed")]
pub(crate) fn scene() -> Result<()> {
    let throws: Vec<usize> = (0..300_000).map(|_| fastrand::usize(..6)).collect();
    let ways: [(&str, Way); 3] = [
        ("one big lock", one_big_lock),
        ("six small locks", six_small_locks),
        ("a tally each", a_tally_each),
    ];
    let times = ways.map(|(name, way)| {
        let watch = Instant::now();
        let tally = way(&throws);
        (name, tally.iter().sum::<u32>(), watch.elapsed().as_secs_f64() * 1000.0)
    });
    let largest = times.iter().map(|&(_, _, milliseconds)| milliseconds).fold(0.0, f64::max);
    for (name, counted, milliseconds) in times {
        let bar = chart::bar(milliseconds, largest, 36);
        println!("{name:<15} {bar} {milliseconds:.1} ms, {counted} counted");
    }
    Ok(())
}

fn one_big_lock(throws: &[usize]) -> Tally {
    let tally = Mutex::new([0; 6]);
    two_threads(|| {
        for &face in throws {
            tally.lock().expect("no holder panics")[face] += 1;
        }
    });
    tally.into_inner().expect("no holder panics")
}

fn six_small_locks(throws: &[usize]) -> Tally {
    let tally = [0; 6].map(Mutex::new);
    two_threads(|| {
        for &face in throws {
            *tally[face].lock().expect("no holder panics") += 1; // New: a lock for each face.
        }
    });
    tally.map(|count| count.into_inner().expect("no holder panics"))
}

fn a_tally_each(throws: &[usize]) -> Tally {
    let tally = Mutex::new([0; 6]);
    two_threads(|| {
        let mut own = [0; 6];
        for &face in throws {
            own[face] += 1;
        }
        // New: each thread acquires the lock once, when all its throws are counted.
        let mut tally = tally.lock().expect("no holder panics");
        tally.iter_mut().zip(own).for_each(|(count, own)| *count += own);
    });
    tally.into_inner().expect("no holder panics")
}

fn two_threads(work: impl Fn() + Sync) {
    thread::scope(|scope| {
        scope.spawn(&work);
        scope.spawn(&work);
    });
}
