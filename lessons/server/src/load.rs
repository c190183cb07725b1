//! What does each design cost?

mod client; // How long does an answer take, and is it right?
mod crowd; // How do many clients fit into one thread?
mod report; // What does a user of the server notice, and what does its owner pay?
mod usage; // How much memory, how many processes and threads?

use shared::clock::Stopwatch;
use shared::{Error, Result, lesson};

use self::crowd::Crowd;
use self::report::Row;
use self::usage::Usage;
use crate::designs::{self, Entry};

/// All designs get the same load: some connections, which share the requests among them.
pub(crate) fn scene() -> Result<()> {
    let requests: usize = lesson::option("requests")?;
    let connections: String = lesson::option("connections")?;
    for connections in connections.split(',') {
        let connections = connections.parse().map_err(Error::other)?;
        let rows =
            designs::ALL.map(|design| measure(&design, connections, requests.max(connections)));
        report::print(connections, &rows.into_iter().collect::<Result<Vec<_>>>()?);
    }
    Ok(())
}

/// Starts a server, sends it the load, and stops it.
fn measure(design: &Entry, connections: usize, requests: usize) -> Result<Row> {
    let server = design.start(1000.0)?;
    let watch = Stopwatch::start();
    let mut crowd = Crowd::open(server.address, connections, requests)?;
    crowd.wait_for(connections.min(design.room))?;
    let look = Stopwatch::start();
    let usage = Usage::of(server.pid());
    let looking = look.seconds();
    let latencies = crowd.finish()?;
    let seconds = watch.seconds() - looking;
    server.ask_to_stop()?;
    let exit = server.join()?;
    match exit.success() {
        true => Ok(Row::new(design.name, latencies, seconds, usage)),
        false => Err(Error::other(format!("{}: {exit}", design.name))),
    }
}
