//! Who waits for one client?

use std::net::TcpStream;

use super::connection::Connection;
use super::door::Door;
use super::stop::Woken;
use super::terms::Terms;

/// Serves one client until it has gone, and waits whenever the client makes it wait. SIGTERM, which `door` reports,
/// ends such a wait too. Six of the seven designs call this function.
pub(crate) fn serve(stream: TcpStream, door: &Door, terms: &Terms) {
    let Ok(mut client) = Connection::new(stream, terms) else { return }; // It has gone already.
    while let Some(events) = client.advance() {
        match door.stop.wait(&client.stream, events, client.deadline.seconds_left()) {
            Woken::Ready => {}
            Woken::Stop => {
                door.close(); // If this thread is also the one at the door, no one else does it.
                return finish(client, door);
            }
            Woken::Timeout => return client.time_out(),
        }
    }
}

/// Goes on after SIGTERM: answers what the client has begun, until it has gone or has been too slow.
fn finish(mut client: Connection, door: &Door) {
    client.finish();
    while let Some(events) = client.advance() {
        let seconds = client.deadline.seconds_left();
        if door.stop.wait_on(&client.stream, events, seconds) == Woken::Timeout {
            return client.time_out();
        }
    }
}
