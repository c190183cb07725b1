//! What does each design cost?

use std::sync::mpsc;
use std::thread;

use shared::clock::Stopwatch;
use shared::{Error, Result, chart, lesson};

use crate::client;
use crate::design::{DESIGNS, Design, Server, Terms};
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
        let rows = DESIGNS.map(|(name, design)| measure(name, design, connections, requests));
        print(connections, &rows.into_iter().collect::<Result<Vec<_>>>()?);
    }
    Ok(())
}

/// Starts a server, sends it the load, and stops it.
fn measure(name: &'static str, design: Design, connections: usize, requests: usize) -> Result<Row> {
    let server =
        Server::start(design, Terms { processes: 4, threads: 4, timeout: 1000.0, log: |_| {} })?;
    let (pid, address) = (server.pid(), server.address);
    let (halfway, is_halfway) = mpsc::channel();
    let watch = Stopwatch::start();
    let (latencies, seconds, usage) = thread::scope(|scope| {
        // Looking takes time. Another thread does it.
        let looking = scope.spawn(move || is_halfway.recv().map(|()| Usage::of(pid)));
        let latencies = client::run(address, connections, requests, || _ = halfway.send(()))?;
        let seconds = watch.seconds();
        let usage = looking.join().expect("looking does not panic").map_err(Error::other)?;
        Ok::<_, Error>((latencies, seconds, usage))
    })?;
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
    println!("{connections} connections, 0 wrong answers");
    println!("                      requests   p50 ms   p99 ms      KiB  proc.  thr.");
    let largest = rows.iter().map(|row| row.rate).fold(0.0, f64::max);
    for Row { design, rate, median, percentile_99, usage: Usage { memory, processes, threads } } in
        rows
    {
        let (median, percentile_99) = (median * 1000.0, percentile_99 * 1000.0);
        let bar = chart::bar(*rate, largest, 8);
        println!(
            "{design:<21} {rate:>6.0}/s {median:>8.2} {percentile_99:>8.2} {memory:>8} {processes:>6} {threads:>5} {bar}"
        );
    }
}
