//! What does a slow client do to the others?

use shared::Result;

use crate::server::{Door, Terms, serve};
use crate::visit;

/// The server turns to the next client when the last one has gone, or has been too slow.
pub(crate) fn scene() -> Result<()> {
    visit::play(run)
}

/// The server.
pub(crate) fn run(door: &Door, terms: &Terms) -> Result<()> {
    while let Some(client) = door.next() {
        serve(client, door, terms);
    }
    Ok(())
}
