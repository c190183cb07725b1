//! Finds new processes.

use std::collections::HashSet;

use nix::unistd::Pid;

use crate::processes::{self, Stat, children, threads};

/// How new processes are found.
pub(crate) enum Births {
    /// The kernel lists the children of each thread, so only the run's own processes are read. The list has the threads
    /// of this process.
    Listed(Vec<Pid>),
    /// It does not: these were all processes of the machine at the last look, and others are new.
    Compared(HashSet<Pid>),
}

impl Births {
    /// The better way on this machine.
    pub(crate) fn from_now_on() -> Self {
        match children(Pid::this(), Pid::this()) {
            Some(_) => Self::listed(),
            None => Self::compared(),
        }
    }

    /// The supervisor starts no thread during a run.
    fn listed() -> Self {
        Self::Listed(threads(Pid::this()))
    }

    fn compared() -> Self {
        Self::Compared(processes::pids().collect())
    }

    /// Every descendant of this process that was born since the last look, among others.
    pub(super) fn since_the_last_look(&mut self) -> Vec<Stat> {
        match self {
            Self::Listed(own) => descendants(own.clone()),
            Self::Compared(before) => {
                let now: HashSet<Pid> = processes::pids().collect();
                let new = now.difference(before).copied().filter_map(Stat::read).collect();
                *before = now;
                new
            }
        }
    }
}

/// All descendants of these threads of this process, each after its parent.
fn descendants(own: Vec<Pid>) -> Vec<Stat> {
    // A process whose parent ends meanwhile may be in two lists.
    let mut seen = HashSet::new();
    let mut born = |pid: Pid, threads: Vec<Pid>| -> Vec<Stat> {
        let born = threads.into_iter().filter_map(|thread| children(pid, thread)).flatten();
        born.filter(|child| seen.insert(*child)).filter_map(Stat::read).collect()
    };
    let mut found = born(Pid::this(), own);
    let mut at = 0;
    while let Some(process) = found.get(at) {
        found.extend(born(process.pid, process.threads()));
        at += 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    use nix::sys::signal::{Signal, kill};

    use super::*;

    #[test]
    fn a_child_and_its_child_are_found_in_both_ways() {
        let mut ways = vec![Births::compared()];
        // A kernel that lists no children has only the other way.
        ways.extend(children(Pid::this(), Pid::this()).map(|_| Births::listed()));
        let mut shell = Command::new("sh")
            .args(["-c", "sleep 60 & echo $!; read _"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(shell.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let grandchild = Pid::from_raw(line.trim().parse().unwrap());
        let child = Pid::from_raw(shell.id().cast_signed());
        let mut found: Vec<Vec<Pid>> = Vec::new();
        for way in &mut ways {
            found.push(way.since_the_last_look().iter().map(|process| process.pid).collect());
        }
        kill(grandchild, Signal::SIGKILL).unwrap();
        shell.kill().unwrap();
        shell.wait().unwrap();
        for found in found {
            assert!(found.contains(&child) && found.contains(&grandchild), "{found:?}");
        }
    }
}
