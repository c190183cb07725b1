//! How does one machine answer many?
//!
//! Seven servers speak one protocol: each line comes back as it was sent. They differ in who waits for whom.

mod protocol; // What is the answer to a line?
mod server; // What is the same in all servers?

mod designs; // What waits for a client? Seven answers.
mod visit; // Three clients come, and the first one is slow: who is answered when?

mod graceful_stop; // How does a server stop in the middle of its work?
mod load; // What does each design cost?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("one-at-a-time --clients 3 --timeout 1", designs::one_at_a_time::scene),
        ("fork-per-connection --clients 3 --timeout 60", designs::fork_per_connection::scene),
        ("thread-per-connection --clients 3 --timeout 60", designs::thread_per_connection::scene),
        ("event-loop --clients 3 --timeout 60", designs::event_loop::scene),
        ("load --requests 2000 --connections 1,10,100,1000", load::scene),
        ("graceful-stop --design thread-per-connection --clients 9", graceful_stop::scene),
        // More scenes.
        ("prefork --clients 3 --timeout 60", designs::prefork::scene),
        ("thread-pool --clients 3 --timeout 60", designs::thread_pool::scene),
        ("processes-and-threads --clients 3 --timeout 60", designs::processes_and_threads::scene),
    ])
}
