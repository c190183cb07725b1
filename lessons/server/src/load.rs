//! What does each design cost?

use shared::clock::Stopwatch;
use shared::{Error, Result, chart, lesson};

use crate::crowd;
use crate::design::{DESIGNS, Design, PROCESSES, Server, THREADS, Terms};
use crate::usage::Usage;

/// What was measured under one load.
struct Row {
    design: &'static str,
    rate: f64,
    median: f64,
    percentile_99: f64,
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
    fn new(design: &'static str, mut latencies: Vec<f64>, seconds: f64, usage: Usage) -> Self {
        latencies.sort_by(f64::total_cmp);
        let nth = |percent| latencies[(latencies.len() - 1) * percent / 100];
        let (median, percentile_99) = (nth(50), nth(99));
        Self { design, rate: latencies.len() as f64 / seconds, median, percentile_99, usage }
    }
}

fn print(connections: usize, rows: &[Row]) {
    println!("{connections} connections, no wrong answer");
    println!("                      proc.  thr.  requests/s          p50 ms   p99 ms memory");
    let largest = rows.iter().map(|row| row.rate).fold(0.0, f64::max);
    for Row { design, rate, median, percentile_99, usage: Usage { processes, threads, memory } } in
        rows
    {
        let (median, percentile_99) = (median * 1000.0, percentile_99 * 1000.0);
        let bar = chart::bar(*rate, largest, 10);
        print!("{design:<21} {processes:>5} {threads:>5}  {bar:<10} {rate:>6.0}");
        println!(" {median:>8.2} {percentile_99:>8.2} {memory} KiB");
    }
}
