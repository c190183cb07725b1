//! What does each design cost?

use shared::clock::Stopwatch;
use shared::{Error, Result, chart, lesson};

use crate::crowd;
use crate::design::{DESIGNS, Design, PROCESSES, Server, THREADS, Terms};
use crate::usage::Usage;

/// What was measured under one load. Half of the requests took the first time or less, 99 of 100 the second, and all of
/// them the third.
struct Row {
    name: &'static str,
    rate: f64,
    milliseconds: [f64; 3],
    usage: Usage,
}

/// All designs get the same load: some connections, which share the requests among them.
pub(crate) fn scene() -> Result<()> {
    let requests: usize = lesson::option("requests")?;
    let connections: String = lesson::option("connections")?;
    for connections in connections.split(',') {
        let connections = connections.parse().map_err(Error::other)?;
        let rows = DESIGNS.map(|design| measure(design, connections, requests.max(connections)));
        print(connections, &rows.into_iter().collect::<Result<Vec<_>>>()?);
    }
    Ok(())
}

/// Starts a server, sends it the load, and stops it.
fn measure(
    (name, design, room): (&'static str, Design, usize),
    connections: usize,
    requests: usize,
) -> Result<Row> {
    let terms = Terms { processes: PROCESSES, threads: THREADS, timeout: 1000.0, log: |_| {} };
    let server = Server::start(design, terms)?;
    let (mut usage, mut looking) = (Usage::default(), 0.0);
    let watch = Stopwatch::start();
    let latencies = crowd::run(server.address, connections, requests, room, || {
        let watch = Stopwatch::start();
        usage = Usage::of(server.pid());
        looking = watch.seconds();
    })?;
    let seconds = watch.seconds() - looking;
    server.ask_to_stop()?;
    let exit = server.join()?;
    match exit.success() {
        true => Ok(Row::new(name, latencies, seconds, usage)),
        false => Err(Error::other(format!("{name}: {exit}"))),
    }
}

impl Row {
    fn new(name: &'static str, mut latencies: Vec<f64>, seconds: f64, usage: Usage) -> Self {
        latencies.sort_by(f64::total_cmp);
        let at = |percent| latencies[(latencies.len() - 1) * percent / 100] * 1000.0;
        let rate = latencies.len() as f64 / seconds;
        Self { name, rate, milliseconds: [50, 99, 100].map(at), usage }
    }
}

fn print(connections: usize, rows: &[Row]) {
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
