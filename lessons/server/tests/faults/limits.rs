//! 10,000 connections against the limit of descriptors.

use std::net::SocketAddr;
use std::os::fd::OwnedFd;
use std::sync::Mutex;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use rustix::io::Errno;
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with};

use crate::designs::Design;
use crate::for_each_design;
use crate::server::Server;

for_each_design!(ten_thousand_connections);

/// This process has 10,000 descriptors at a time, not 70,000.
static ONE_STORM_AT_A_TIME: Mutex<()> = Mutex::new(());

/// A design that accepts all comers cannot accept them all: it says so, and goes on with those that it has. One with a
/// fixed number of workers does not get that far: the rest wait at the door.
fn ten_thousand_connections(design: Design) {
    let guard = ONE_STORM_AT_A_TIME.lock();
    let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("there is a limit");
    setrlimit(Resource::RLIMIT_NOFILE, hard, hard).expect("the hard limit is allowed");
    let connections = usize::try_from(hard).unwrap_or(usize::MAX).saturating_sub(500).min(10_000);

    let server = Server::start_limited(design, 60.0, 64);
    let mut old = server.connect();
    old.send(b"before\n");
    old.hears("before\n");
    let storm: Vec<OwnedFd> = (0..connections).map(|_| try_to_connect(server.address)).collect();
    for _ in 0..100 {
        old.send(b"meanwhile\n");
        old.hears("meanwhile\n");
    }
    drop(storm);
    drop(old);
    server.serves();
    let errors = server.stop();
    let accepts_all = design.room == usize::MAX || design.name == "thread-pool";
    // A process has one client only: fork-per-connection has no need of many descriptors.
    let has_complained = errors.contains("accept failed, goes on: Too many open files");
    assert_eq!(has_complained, accepts_all && design.name != "fork-per-connection", "{errors}");
    drop(guard);
}

/// Does not wait: when the queue at the door is full, the server does not even refuse.
fn try_to_connect(address: SocketAddr) -> OwnedFd {
    let flags = SocketFlags::NONBLOCK | SocketFlags::CLOEXEC;
    let socket = socket_with(AddressFamily::INET, SocketType::STREAM, flags, None)
        .expect("a descriptor is left");
    match connect(&socket, &address) {
        Ok(()) | Err(Errno::INPROGRESS) => socket,
        Err(error) => panic!("connect: {error}"),
    }
}
