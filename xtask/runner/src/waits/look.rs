//! Finds out what a thread waits for.
//!
//! /proc/PID/task/TID/syscall shows its system call with the arguments, and /proc/PID/fd what a descriptor is. Both
//! ends of a pipe show the same inode, so the other side can be named.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::os::unix::fs::{FileExt, FileTypeExt};

use nix::libc;
use nix::unistd::Pid;

use super::calls::{self, Kind};
use super::{Waiting, WaitsFor};
use crate::pidfd;
use crate::processes;
use crate::syscall::Syscall;

/// The size of a `pollfd`, which begins with the descriptor, and the most entries of a poll that are read.
const POLLFD: usize = size_of::<libc::pollfd>();
const MOST_POLLED: u64 = 1_024;

/// The descriptors of a family of processes, to find the other side of a pipe.
pub(crate) struct Waits(BTreeMap<i32, Vec<Descriptor>>);

struct Descriptor {
    number: i32,
    /// What /proc shows for it: a path, `pipe:[123]`, `socket:[123]`, ...
    what: String,
    reads: bool,
    writes: bool,
}

impl Waits {
    pub(crate) fn among(family: impl Iterator<Item = Pid>) -> Self {
        Self(family.map(|pid| (pid.as_raw(), descriptors(pid))).collect())
    }

    /// What each thread of a process of the family waits for, the main thread first.
    pub(crate) fn of(&self, pid: Pid) -> Vec<Waiting> {
        let mut threads = processes::threads(pid);
        threads.sort_unstable();
        threads.into_iter().map(|thread| self.of_thread(pid, thread.as_raw())).collect()
    }

    /// What one of its threads waits for.
    pub(crate) fn of_thread(&self, pid: Pid, thread: i32) -> Waiting {
        let read = |file: &str| {
            let text = processes::text(&format!("/proc/{pid}/task/{thread}/{file}"));
            text.unwrap_or_default().trim_end().to_owned()
        };
        let on = self.waits_for(pid, &read("status"), &read("syscall"), &read("wchan"));
        Waiting { thread: read("comm"), on }
    }

    /// What the files of these names say.
    fn waits_for(&self, pid: Pid, status: &str, syscall: &str, place: &str) -> WaitsFor {
        let state = status.lines().find_map(|line| line.strip_prefix("State:"));
        let state = state.and_then(|state| state.trim_start().chars().next());
        if matches!(state, Some('T' | 't')) {
            return WaitsFor::Continue;
        }
        let call = Syscall::read(syscall);
        let argument = |at: usize| call.argument(at);
        let kind = call
            .number
            .and_then(calls::kind)
            .or_else(|| calls::kind_of_place(place))
            .or_else(|| call.number.and_then(calls::kind_of_restarted));
        match kind {
            Some(Kind::Read) => self.read(pid, argument(0) as i32),
            // vmsplice can read from a pipe, too.
            Some(Kind::Write) if place.contains("readable") => self.read(pid, argument(0) as i32),
            Some(Kind::Write) => self.write(pid, argument(0) as i32),
            Some(Kind::Splice) if self.is_writing(pid, argument(0) as i32, place) => {
                self.write(pid, argument(2) as i32)
            }
            Some(Kind::Splice) => self.read(pid, argument(0) as i32),
            Some(Kind::Accept) => {
                self.descriptor(pid, argument(0) as i32, "waits for a connection to")
            }
            Some(Kind::Connect) => self.descriptor(pid, argument(0) as i32, "connects"),
            Some(Kind::Wait4) => {
                WaitsFor::Child(i32::try_from(argument(0)).ok().filter(|pid| *pid > 0))
            }
            Some(Kind::Waitid) => {
                let id = argument(1) as i32;
                WaitsFor::Child(match argument(0) as libc::idtype_t {
                    libc::P_PID => Some(id),
                    libc::P_PIDFD => pidfd::process_of(pid.as_raw(), id),
                    _ => None,
                })
            }
            Some(Kind::Poll) => match polled(pid, argument(0), argument(1)).as_deref() {
                Some([child]) => WaitsFor::Child(Some(*child)),
                Some(children @ [_, ..]) => WaitsFor::Children(children.to_vec()),
                _ => WaitsFor::Events,
            },
            Some(Kind::Child) => WaitsFor::Child(None),
            Some(Kind::Futex) => WaitsFor::Futex,
            Some(Kind::Events) => WaitsFor::Events,
            Some(Kind::Signal) => WaitsFor::Signal,
            Some(Kind::FileLock) => WaitsFor::FileLock,
            Some(Kind::Queue) => WaitsFor::Queue,
            Some(Kind::Pause) => WaitsFor::Pause,
            Some(Kind::Restarted) => WaitsFor::Time,
            None => match (call.number, place) {
                (Some(number), _) if number >= 0 => WaitsFor::Call(format!("system call {number}")),
                // It is running, or a page is being fetched.
                (_, "" | "0") => WaitsFor::Nothing,
                (_, place) if state == Some('S') => WaitsFor::Call(place.to_owned()),
                _ => WaitsFor::Nothing,
            },
        }
    }

    /// Whether a splice from this descriptor waits for the other one, at this place in the kernel.
    fn is_writing(&self, pid: Pid, from: i32, place: &str) -> bool {
        match place {
            "" | "0" => false,
            pipe if pipe.contains("pipe") => pipe.contains("writable"),
            // One of the two is a pipe, and it does not wait for that one.
            _ => self.find(pid, from).is_some_and(Descriptor::is_pipe),
        }
    }

    fn read(&self, pid: Pid, number: i32) -> WaitsFor {
        match self.find(pid, number) {
            Some(pipe) if pipe.is_pipe() => {
                WaitsFor::Bytes(self.holders(|other| other.what == pipe.what && other.writes))
            }
            _ => self.descriptor(pid, number, "reads from"),
        }
    }

    fn write(&self, pid: Pid, number: i32) -> WaitsFor {
        match self.find(pid, number) {
            Some(pipe) if pipe.is_pipe() => {
                WaitsFor::Room(self.holders(|other| other.what == pipe.what && other.reads))
            }
            _ => self.descriptor(pid, number, "writes to"),
        }
    }

    fn descriptor(&self, pid: Pid, number: i32, does: &str) -> WaitsFor {
        let what = match self.find(pid, number) {
            Some(descriptor) if descriptor.what.starts_with("socket:") => "a socket".to_owned(),
            Some(descriptor) => descriptor.what.clone(),
            None => format!("descriptor {number}"),
        };
        WaitsFor::Descriptor(does.to_owned(), what)
    }

    fn find(&self, pid: Pid, number: i32) -> Option<&Descriptor> {
        self.0.get(&pid.as_raw())?.iter().find(|descriptor| descriptor.number == number)
    }

    fn holders(&self, holds: impl Fn(&Descriptor) -> bool) -> Vec<i32> {
        let family = self.0.iter().filter(|(_, descriptors)| descriptors.iter().any(&holds));
        family.map(|(pid, _)| *pid).collect()
    }
}

/// The processes for whose ends a poll waits. None if it waits for something else too, or its list cannot be read.
fn polled(pid: Pid, address: u64, count: u64) -> Option<Vec<i32>> {
    let mut list = vec![0; count.min(MOST_POLLED) as usize * POLLFD];
    File::open(format!("/proc/{pid}/mem")).ok()?.read_exact_at(&mut list, address).ok()?;
    let entries = list.chunks_exact(POLLFD);
    let descriptors =
        entries.map(|entry| i32::from_ne_bytes([entry[0], entry[1], entry[2], entry[3]]));
    // A negative descriptor is one to ignore.
    let descriptors = descriptors.filter(|descriptor| *descriptor >= 0);
    descriptors.map(|descriptor| pidfd::process_of(pid.as_raw(), descriptor)).collect()
}

/// Whether a thread sleeps in a system call that ends by itself after some time.
pub(crate) fn has_timeout(thread: i32) -> bool {
    calls::has_timeout(&Syscall::of(thread))
}

impl Descriptor {
    /// /proc shows a fifo in a folder by its path. The processes that hold it are found as for a pipe.
    fn is_pipe(&self) -> bool {
        self.what.starts_with("pipe:") || is_fifo(&self.what)
    }
}

fn is_fifo(path: &str) -> bool {
    path.starts_with('/') && fs::metadata(path).is_ok_and(|metadata| metadata.file_type().is_fifo())
}

fn descriptors(pid: Pid) -> Vec<Descriptor> {
    let entries = fs::read_dir(format!("/proc/{pid}/fd")).into_iter().flatten().flatten();
    let descriptor = |entry: fs::DirEntry| {
        let number: i32 = entry.file_name().to_str()?.parse().ok()?;
        let what = fs::read_link(entry.path()).ok()?.to_string_lossy().into_owned();
        let info = fs::read_to_string(format!("/proc/{pid}/fdinfo/{number}")).ok()?;
        let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
        // O_RDONLY, O_WRONLY, O_RDWR; see open(2).
        let mode = u32::from_str_radix(flags.trim(), 8).ok()? & 3;
        Some(Descriptor { number, what, reads: mode != 1, writes: mode != 0 })
    };
    entries.filter_map(descriptor).collect()
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd;

    use nix::poll::PollFlags;
    use rustix::process::{PidfdFlags, getpid, pidfd_open};

    use super::*;

    #[test]
    fn a_call_and_its_arguments_tell() {
        let waits = Waits(BTreeMap::new());
        let tell = |state: &str, syscall: &str, place: &str| {
            waits.waits_for(Pid::this(), &format!("State:\t{state}"), syscall, place)
        };
        let call = |number: i64, arguments: &str| tell("S", &format!("{number} {arguments}"), "0");
        assert_eq!(call(libc::SYS_wait4, "0xc 0x0"), WaitsFor::Child(Some(12)));
        assert_eq!(call(libc::SYS_wait4, "0xffffffffffffffff 0x0"), WaitsFor::Child(None));
        assert_eq!(call(libc::SYS_waitid, "0x1 0xc"), WaitsFor::Child(Some(12)));
        assert_eq!(call(libc::SYS_waitid, "0x0 0x0"), WaitsFor::Child(None));
        // Through a pidfd, alone or in a list.
        let pidfd = pidfd_open(getpid(), PidfdFlags::empty()).unwrap();
        let this = Pid::this().as_raw();
        let waitid = call(libc::SYS_waitid, &format!("0x3 {:#x}", pidfd.as_raw_fd()));
        assert_eq!(waitid, WaitsFor::Child(Some(this)));
        let entry = |fd| libc::pollfd { fd, events: PollFlags::POLLIN.bits(), revents: 0 };
        let [entry, ignored, file] = [entry(pidfd.as_raw_fd()), entry(-1), entry(0)];
        let poll = |list: &[libc::pollfd]| {
            call(libc::SYS_ppoll, &format!("{:#x} {:#x}", list.as_ptr().addr(), list.len()))
        };
        assert_eq!(poll(&[entry, ignored]), WaitsFor::Child(Some(this)));
        assert_eq!(poll(&[entry, entry]), WaitsFor::Children(vec![this; 2]));
        assert_eq!(poll(&[entry, file]), WaitsFor::Events);
        assert_eq!(call(libc::SYS_ppoll, "0x8 0x1"), WaitsFor::Events);
        assert_eq!(call(100_000, ""), WaitsFor::Call("system call 100000".to_owned()));
        // A call that copies to or from a pipe.
        let copies = |place| tell("S", &format!("{} 0x7", libc::SYS_vmsplice), place).to_string();
        assert_eq!(copies("pipe_wait_readable"), "reads from descriptor 7");
        assert_eq!(copies("pipe_wait_writable"), "writes to descriptor 7");
        assert_eq!(tell("R", "running", "0"), WaitsFor::Nothing);
        assert_eq!(tell("T", "running", "do_signal_stop"), WaitsFor::Continue);
        // If the call may not be read, the place in the kernel shows it.
        assert_eq!(tell("S", "", "hrtimer_nanosleep"), WaitsFor::Pause);
        assert_eq!(tell("S", "", "strange_place"), WaitsFor::Call("strange_place".to_owned()));
        // A call that a signal has interrupted goes on under this number.
        let restarted = format!("{} 0x0", libc::SYS_restart_syscall);
        assert_eq!(tell("S", &restarted, "futex_do_wait"), WaitsFor::Futex);
        assert_eq!(tell("S", &restarted, "0"), WaitsFor::Time);
    }
}
