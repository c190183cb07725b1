//! Measures figures: a rate with criterion, a round trip as a median, memory from /proc.

use std::time::{Duration, Instant};
use std::{env, fs, process};

use criterion::{Criterion, SamplingMode};

/// Round trips to warm up, which do not count.
const WARM_UP: usize = 200;
/// The most samples that are kept.
const SAMPLES: usize = 1 << 20;

/// How long to measure: `BENCH_MILLISECONDS`, or 300 ms.
pub fn span() -> Duration {
    let milliseconds = env::var("BENCH_MILLISECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_millis(milliseconds.unwrap_or(300))
}

/// How many per second. `batch` does this many and returns how long that took, without what comes before and after.
///
/// This is the median of criterion's samples, in nanoseconds, from the file that criterion keeps for its next run.
pub fn rate(mut batch: impl FnMut(u64) -> Duration) -> f64 {
    let folder = env::temp_dir().join(format!("bench-{}", process::id()));
    let mut criterion = Criterion::default()
        .without_plots()
        .output_directory(&folder)
        .warm_up_time(span() / 3)
        .measurement_time(span())
        .sample_size(10)
        .nresamples(1001);
    let mut group = criterion.benchmark_group("rate");
    // Samples of one size, so that the start of a batch weighs the same in each.
    group.sampling_mode(SamplingMode::Flat);
    group.bench_function("one", |bencher| bencher.iter_custom(&mut batch));
    group.finish();
    let estimates = fs::read(folder.join("rate/one/new/estimates.json")).expect("criterion writes");
    _ = fs::remove_dir_all(&folder);
    let estimates: serde_json::Value = serde_json::from_slice(&estimates).expect("it is JSON");
    let nanoseconds = estimates["median"]["point_estimate"].as_f64().expect("it has a median");
    1e9 / nanoseconds
}

/// How many per second, for work that can be repeated in a loop.
pub fn rate_of(mut once: impl FnMut()) -> f64 {
    rate(|count| timed(|| (0..count).for_each(|_| once())))
}

/// How long `work` takes.
pub fn timed(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

/// The median of single round trips, in microseconds. Criterion would give the mean of many, in which a few slow ones
/// would hide the others.
pub fn p50(mut round_trip: impl FnMut()) -> f64 {
    p50_of(|| timed(&mut round_trip))
}

/// The same, if `sample` itself measures the part that counts.
pub fn p50_of(mut sample: impl FnMut() -> Duration) -> f64 {
    let end = Instant::now() + span();
    for _ in 0..WARM_UP {
        sample();
        if Instant::now() > end {
            break;
        }
    }
    let mut samples = Vec::with_capacity(SAMPLES);
    let end = Instant::now() + span();
    while samples.is_empty() || samples.len() < SAMPLES && Instant::now() < end {
        samples.push(sample());
    }
    median(&mut samples).as_nanos() as f64 / 1e3
}

/// How much faster two workers are than one, for work that takes `seconds(workers)`: compares the medians of three,
/// taken by turns.
pub fn speed_up(seconds: impl Fn(u64) -> Duration) -> f64 {
    let (mut one, mut two): (Vec<_>, Vec<_>) = (0..3).map(|_| (seconds(1), seconds(2))).unzip();
    median(&mut one).as_secs_f64() / median(&mut two).as_secs_f64()
}

fn median(samples: &mut [Duration]) -> Duration {
    samples.sort_unstable();
    samples[samples.len() / 2]
}

/// The average proportional set size of these processes, in KiB: the memory that a process has for itself, and its
/// share of the memory that it has in common with others.
pub fn memory(pids: &[u32]) -> f64 {
    let kibibytes = |pid: &u32| -> f64 {
        let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).expect("it is alive");
        let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:")).expect("it has a PSS");
        line.trim().trim_end_matches(" kB").parse().expect("it is a number")
    };
    pids.iter().map(kibibytes).sum::<f64>() / pids.len() as f64
}
