//! Queues that a manager keeps: where their handles go, and what they survive.

mod faults;
mod handles;
#[path = "../harness/mod.rs"]
mod harness;
mod life;
#[path = "../harness/timeouts.rs"]
mod timeouts;
mod trust;

use std::fs;
use std::os::linux::net::SocketAddrExt;
use std::os::unix::net::SocketAddr;
use std::process::ExitCode;

use shared::{Child, ManagerQueue, Process, Result, decode, encode};

fn main() -> ExitCode {
    let tests = [handles::TESTS, faults::TESTS, trust::TESTS, life::TESTS];
    harness::main(&tests.concat(), &[handles::ACTS, life::ACTS].concat())
}

fn start(work: impl FnOnce() -> Result<()>) -> Child {
    Process::new(work).start().unwrap()
}

/// The same queue, in the state in which a process has it that received only the handle's bytes.
fn sent<T>(queue: &ManagerQueue<T>) -> ManagerQueue<T> {
    decode(&encode(queue).unwrap()).unwrap()
}

/// The names of sockets of ours that exist on this machine.
fn listeners() -> usize {
    fs::read_to_string("/proc/net/unix").unwrap().matches("@shared-queue-").count()
}

fn listener_address<T>(queue: &ManagerQueue<T>) -> SocketAddr {
    let name: u128 = decode(&encode(queue).unwrap()).unwrap();
    address(name)
}

fn address(name: u128) -> SocketAddr {
    SocketAddr::from_abstract_name(format!("shared-queue-{name:032x}")).unwrap()
}
