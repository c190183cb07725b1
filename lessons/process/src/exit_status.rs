//! How did a child end?

use std::thread;

use shared::{Child, Exit, Process, Result, exit};

/// A child returns, exits, is killed or panics, and join tells which.
pub(crate) fn scene() -> Result<()> {
    report("returns", Process::new(|| Ok(())).start()?)?;
    report("calls exit(3)", Process::new(|| exit(3)).start()?)?;
    let child = Process::new(wait_for_ever).start()?;
    child.terminate()?;
    report("is terminated", child)?;
    report("panics", Process::new(|| panic!("no paper")).start()?)
}

fn report(what: &str, child: Child) -> Result<()> {
    let exit = child.join()?;
    println!("{what}: {exit}; a shell would say {}", shell_status(&exit));
    Ok(())
}

/// What a shell has in `$?`: one number for every kind of end.
fn shell_status(exit: &Exit) -> i32 {
    match exit {
        Exit::Code(code) => *code,
        Exit::Signal(signal) => 128 + signal.0,
        Exit::Panicked(_) => 101,
        Exit::Unknown => 127, // As for a pid that is no child of the shell. It cannot happen here.
    }
}

/// Runs in the child that is terminated.
fn wait_for_ever() -> Result<()> {
    loop {
        thread::park();
    }
}
