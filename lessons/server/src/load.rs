//! What does each design cost?

use shared::clock::Stopwatch;
use shared::{Error, Result, lesson};

use crate::crowd;
use crate::design::{DESIGNS, Design, PROCESSES, Server, THREADS, Terms};
use crate::row::{self, Row};
use crate::usage::Usage;

/// All designs get the same load: some connections, which share the requests among them.
pub(crate) fn scene() -> Result<()> {
    let requests: usize = lesson::option("requests")?;
    let connections: String = lesson::option("connections")?;
    for connections in connections.split(',') {
        let connections = connections.parse().map_err(Error::other)?;
        let rows = DESIGNS.map(|design| measure(design, connections, requests.max(connections)));
        row::print(connections, &rows.into_iter().collect::<Result<Vec<_>>>()?);
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
