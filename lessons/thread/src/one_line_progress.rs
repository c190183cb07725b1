//! Who may draw on the terminal?

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{self, Sender};
use std::thread;

use shared::{Result, clock};

/// One thread works, another draws: each step turns a 0 into a 1.
pub(crate) fn scene() -> Result<()> {
    let (progress, steps) = mpsc::channel();
    let worker = thread::spawn(move || work(&progress)); // Its end drops the sender.

    let terminal = io::stdout().is_terminal();
    // `\r` goes back to the start of the line. A file or a pipe keeps every state, each on a line.
    let end = if terminal { '\r' } else { '\n' };
    for done in steps {
        print!("{}{}{end}", "1".repeat(done), "0".repeat(5 - done));
        io::stdout().flush()?; // Without a newline the text would stay in our buffer.
    }
    if terminal {
        println!(); // Leave the finished line alone.
    }
    worker.join().expect("work does not panic");
    println!("done");
    Ok(())
}

/// Runs in the worker.
fn work(progress: &Sender<usize>) {
    for done in 0..=5 {
        progress.send(done).expect("main draws until we end");
        clock::sleep(0.5);
    }
}
