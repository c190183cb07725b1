//! The network ports of a run. The kernel chooses them, differently in each run, unless the program does.

use std::fs;
use std::ops::RangeInclusive;

/// The tables of sockets, of the network of a process.
const TABLES: [&str; 4] = ["tcp", "tcp6", "udp", "udp6"];
/// The ports from which the kernel chooses, if it does not say which.
const USUAL: RangeInclusive<u16> = 32_768..=60_999;

/// Whether the kernel has chosen this port for a socket of one of these processes.
pub(super) fn is_chosen(number: i32, pids: impl Iterator<Item = i32> + Clone) -> bool {
    let Some(port) = u16::try_from(number).ok().filter(|port| range().contains(port)) else {
        return false;
    };
    let sockets: Vec<String> = pids.clone().take(1).flat_map(|pid| sockets(pid, port)).collect();
    !sockets.is_empty() && pids.into_iter().any(|pid| has_one(pid, &sockets))
}

fn range() -> RangeInclusive<u16> {
    let text = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").unwrap_or_default();
    let mut words = text.split_ascii_whitespace().filter_map(|word| word.parse().ok());
    words.next().zip(words.next()).map_or(USUAL, |(first, last)| first..=last)
}

/// The sockets with this port of their own, as the links of descriptors show them.
fn sockets(pid: i32, port: u16) -> Vec<String> {
    let table = |name| fs::read_to_string(format!("/proc/{pid}/net/{name}")).unwrap_or_default();
    let lines = TABLES.map(table).join("");
    lines.lines().filter_map(|line| socket_in(line, port)).collect()
}

/// The socket of a line of the table, if the port is its own. See proc_pid_net(5).
fn socket_in(line: &str, port: u16) -> Option<String> {
    let mut words = line.split_ascii_whitespace().skip(1);
    let (_, its) = words.next()?.rsplit_once(':')?;
    let inode = words.nth(7)?;
    (u16::from_str_radix(its, 16) == Ok(port)).then(|| format!("socket:[{inode}]"))
}

fn has_one(pid: i32, sockets: &[String]) -> bool {
    let descriptors = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let mut links = descriptors.filter_map(|descriptor| fs::read_link(descriptor.path()).ok());
    links.any(|link| sockets.iter().any(|socket| link.as_os_str() == socket.as_str()))
}

#[cfg(test)]
mod tests {
    use std::net::{TcpListener, UdpSocket};
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn a_port_is_of_those_who_have_the_socket() {
        let own = std::process::id().cast_signed();
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().unwrap();
        let other = child.id().cast_signed();
        for address in ["127.0.0.1:0", "[::1]:0"] {
            // A machine may have no IPv6.
            let Ok(socket) = UdpSocket::bind(address) else { continue };
            let port = socket.local_addr().unwrap().port().into();
            assert!(is_chosen(port, [own].into_iter()));
            assert!(is_chosen(port, [other, own].into_iter()), "one of them has it");
            assert!(!is_chosen(port, [other].into_iter()), "another process has it");
            drop(socket);
            assert!(!is_chosen(port, [own].into_iter()), "it is closed");
        }
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        assert!(is_chosen(listener.local_addr().unwrap().port().into(), [own].into_iter()));
        drop(child.stdin.take());
        child.wait().unwrap();
    }

    #[test]
    fn a_port_that_the_program_chooses_is_the_same_in_each_run() {
        let own = std::process::id().cast_signed();
        let first = *range().start();
        let mut sockets =
            (first - 100..first).rev().filter_map(|port| UdpSocket::bind(("127.0.0.1", port)).ok());
        let socket = sockets.next().expect("a free port below the range");
        let port = socket.local_addr().unwrap().port();
        assert!(!super::sockets(own, port).is_empty(), "it is open");
        assert!(!is_chosen(port.into(), [own].into_iter()));
    }
}
