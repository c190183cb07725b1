//! The lessons that the tests play.

use std::io::{self, ErrorKind, Write};
use std::process::ExitCode;

use shared::clock::Stopwatch;
use shared::{Error, Result, clock, lesson};

/// The whole `main` of the lesson of that name.
pub(crate) fn play(name: &str) -> ExitCode {
    match name {
        "sick" => lesson::run(&[("well", well), ("sick", sick), ("last", well)]),
        "careless" => {
            lesson::run(&[("undeclared", workers), ("wrong-default --workers few", workers)])
        }
        "endless" => lesson::run(&[("long", long), ("longer", long)]),
        #[cfg(feature = "processes")]
        "parent" => lesson::run(&[
            ("child", forking::child),
            ("talker", forking::talker),
            ("redirected", forking::redirected),
            ("waits-for-process", forking::waits_for_process),
            ("waits-for-fork", forking::waits_for_fork),
            ("waits-for-grandchild", forking::waits_for_grandchild),
            ("waits-for-writer", forking::waits_for_writer),
        ]),
        _ => lesson::run(&[
            ("well", well),
            ("workers --workers 3", workers),
            ("missing", missing),
            ("many-lines", many_lines),
            ("other-pipe", other_pipe),
        ]),
    }
}

fn well() -> Result<()> {
    println!("all is well");
    Ok(())
}

fn workers() -> Result<()> {
    let workers: usize = lesson::option("workers")?;
    let watch = Stopwatch::start();
    clock::sleep(0.5);
    println!("{workers} workers, half a second: {}", watch.seconds() >= 0.5);
    Ok(())
}

fn missing() -> Result<()> {
    Err(lesson::skip("nslookup is not installed; apt-get install dnsutils"))
}

fn sick() -> Result<()> {
    Err(Error::other("nothing is well"))
}

fn many_lines() -> Result<()> {
    for line in 0..100_000 {
        println!("line {line}");
    }
    Ok(())
}

/// Its stdout has a reader, and another pipe has none.
fn other_pipe() -> Result<()> {
    let (reader, mut writer) = io::pipe()?;
    drop(reader);
    let error = writer.write(b"hello").expect_err("no one reads");
    println!("closed: {}", error.kind() == ErrorKind::BrokenPipe);
    Ok(())
}

fn long() -> Result<()> {
    println!("begins");
    clock::sleep(60.0);
    Ok(())
}

/// A child prints, and its parent waits for more than the child's end.
#[cfg(feature = "processes")]
mod forking {
    use nix::unistd::dup2_stdout;
    use shared::sync::Event;
    use shared::{Fork, Process, exit, fork};

    use super::*;

    pub(super) fn child() -> Result<()> {
        let exit = Process::new(|| Ok(())).start()?.join()?;
        println!("{exit}");
        Ok(())
    }

    pub(super) fn talker() -> Result<()> {
        let exit = Process::new(|| {
            loop {
                println!("and another thing");
            }
        });
        Err(Error::other(format!("the child is silent: {}", exit.start()?.join()?)))
    }

    /// The child prints to another pipe, which no one reads.
    pub(super) fn redirected() -> Result<()> {
        let child = Process::new(|| {
            let (reader, writer) = io::pipe()?;
            drop(reader);
            dup2_stdout(writer)?;
            println!("hello");
            Ok(())
        });
        println!("{}", child.start()?.join()?);
        Ok(())
    }

    pub(super) fn waits_for_process() -> Result<()> {
        let event = Event::new()?;
        let child = Process::new(|| say_and_set(&event)).start()?;
        event.wait();
        child.join().map(drop)
    }

    pub(super) fn waits_for_fork() -> Result<()> {
        let event = Event::new()?;
        if let Fork::Child = fork()? {
            let _ = say_and_set(&event);
            exit(0);
        }
        event.wait();
        Ok(())
    }

    pub(super) fn waits_for_grandchild() -> Result<()> {
        let event = Event::new()?;
        let child = Process::new(|| {
            let grandchild = Process::new(|| say_and_set(&event)).start()?;
            event.wait();
            grandchild.join().map(drop)
        });
        child.start()?.join().map(drop)
    }

    /// What it writes with fails without a panic.
    pub(super) fn waits_for_writer() -> Result<()> {
        let event = Event::new()?;
        let child = Process::new(|| {
            io::stdout().write_all(b"hello\n")?;
            event.set();
            Ok(())
        });
        let _child = child.start()?;
        event.wait();
        Ok(())
    }

    fn say_and_set(event: &Event) -> Result<()> {
        println!("hello");
        event.set();
        Ok(())
    }
}
