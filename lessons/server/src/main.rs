//! How does one machine answer many?
//!
//! Seven servers speak one protocol: each line comes back as it was sent. They differ in who waits for whom.

mod clients; // What does an event loop keep of each client?
mod connection; // What can be done for a client without waiting?
mod crowd; // How do many clients fit into one thread?
mod deadline; // When has a client been too slow?
mod design; // What is the same in all servers?
mod door; // Who comes in, and what if there is no room?
mod event_loop; // Can one thread wait for all clients at once?
mod fork_per_connection; // What if each client gets a process?
mod graceful_stop; // How does a server stop in the middle of its work?
mod load; // What does each design cost?
mod load_client; // How long does an answer take, and is it right?
mod one_at_a_time; // What does a slow client do to the others?
mod prefork; // What if the processes are there before the clients?
mod processes_and_threads; // Can a server have both?
mod protocol; // What is the answer to a line?
mod row; // What does a user of the server notice, and what does its owner pay?
mod serve; // Who waits for one client?
mod stop; // How do all threads and processes learn that they are to stop?
mod thread_per_connection; // What if each client gets a thread?
mod thread_pool; // What if there are more clients than threads?
mod usage; // How much memory, how many processes and threads?
mod visit; // Three clients come, and the first one is slow: who is answered when?

use std::process::ExitCode;

use shared::lesson;

fn main() -> ExitCode {
    lesson::run(&[
        ("one-at-a-time --clients 3 --timeout 1", one_at_a_time::scene),
        ("fork-per-connection --clients 3 --timeout 60", fork_per_connection::scene),
        ("thread-per-connection --clients 3 --timeout 60", thread_per_connection::scene),
        ("event-loop --clients 3 --timeout 60", event_loop::scene),
        ("load --requests 2000 --connections 1,10,100,1000", load::scene),
        ("graceful-stop --design thread-per-connection --clients 9", graceful_stop::scene),
        // More scenes.
        ("prefork --clients 3 --timeout 60", prefork::scene),
        ("thread-pool --clients 3 --timeout 60", thread_pool::scene),
        ("processes-and-threads --clients 3 --timeout 60", processes_and_threads::scene),
    ])
}
