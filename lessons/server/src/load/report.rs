//! What does a user of the server notice, and what does its owner pay?

use shared::chart;

use super::usage::Usage;

/// What was measured under one load. Half of the requests took the first time or less, 99 of 100 the second, and all of
/// them the third.
pub(crate) struct Row {
    name: &'static str,
    rate: f64,
    milliseconds: [f64; 3],
    usage: Usage,
}

impl Row {
    /// All times are in seconds.
    pub(crate) fn new(
        name: &'static str,
        mut latencies: Vec<f64>,
        seconds: f64,
        usage: Usage,
    ) -> Self {
        latencies.sort_by(f64::total_cmp);
        let at = |percent| latencies[(latencies.len() - 1) * percent / 100] * 1000.0;
        let rate = latencies.len() as f64 / seconds;
        Self { name, rate, milliseconds: [50, 99, 100].map(at), usage }
    }
}

/// Prints a table, with a bar for the requests in a second.
pub(crate) fn print(connections: usize, rows: &[Row]) {
    println!("{connections} connections, no wrong answer");
    println!("                      proc thr.    MiB  requests/s       p50 ms  p99 ms worst ms");
    let largest = rows.iter().map(|row| row.rate).fold(0.0, f64::max);
    for Row { name, rate, milliseconds: [median, p99, worst], usage } in rows {
        let Usage { processes, threads, memory } = usage;
        let (memory, bar) = (*memory as f64 / 1024.0, chart::bar(*rate, largest, 8));
        print!("{name:<21} {processes:>4} {threads:>4} {memory:>6.2}  {bar:<8} {rate:>6.0}");
        println!(" {median:>6.2} {p99:>7.2} {worst:>8.2}");
    }
}
