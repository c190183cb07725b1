//! Who waits for one client?

use std::net::TcpStream;

use nix::poll::PollFlags;

use crate::connection::Connection;
use crate::design::Terms;
use crate::door::Door;
use crate::stop::{Stop, Woken};

/// Serves one client until it has gone, and waits whenever the client makes it wait. SIGTERM, which `door` reports, ends
/// such a wait too. Six of the seven designs call this function.
pub(crate) fn serve(stream: TcpStream, door: &Door, terms: &Terms) {
    let Ok(mut connection) = Connection::new(stream, terms) else { return }; // The client has gone already.
    let mut wait: fn(&Stop, &TcpStream, PollFlags, f64) -> Woken = Stop::wait;
    while let Some(events) = connection.advance() {
        match wait(&door.stop, &connection.stream, events, connection.deadline.seconds_left()) {
            Woken::Ready => {}
            Woken::Stop => {
                door.close(); // If this thread is also the one at the door, no one else does it.
                connection.finish();
                wait = Stop::wait_on; // `Stop::wait` would return at once from now on.
            }
            Woken::Timeout => return connection.time_out(),
        }
    }
}
