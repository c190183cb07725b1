//! A file that grows: when is it at its end?

use std::fs::{self, File};
use std::io::{Read, Write};
use std::{env, process};

use shared::{Process, Result, clock, join_all, lesson};

/// A reader that opens the file too early fails. A reader that is at the end of the file must look again and again.
pub(crate) fn scene() -> Result<()> {
    let rounds = lesson::option("rounds")?;
    let path = env::temp_dir().join(format!("lesson-ipc-{}", process::id()));
    if let Err(error) = File::open(&path) {
        println!("too early: {error}");
    }

    let to_append = File::create_new(&path)?; // New: it exists before either child starts.
    let to_read = File::open(&path)?;
    fs::remove_file(&path)?; // Removes the name. The file stays as long as a process has it open.
    let writer = Process::new(move || append(to_append, rounds)).start()?;
    let reader = Process::new(move || read(to_read, rounds)).start()?;
    join_all([writer, reader])
}

/// Runs in one child. The sleep stands for work.
fn append(mut file: File, rounds: u32) -> Result<()> {
    for round in 1..=rounds {
        clock::sleep(0.5);
        println!("writer: appends line {round}");
        file.write_all(b"hello world\n")?;
    }
    Ok(())
}

/// Runs in the other child, and reads one character at a time.
fn read(mut file: File, rounds: u32) -> Result<()> {
    let (mut lines, mut ends) = (0, 0);
    let mut character = [0];
    while lines < rounds {
        let count = file.read(&mut character)?;
        if count == 0 {
            ends += 1; // The end of the file, for now.
            clock::sleep(0.1);
        } else if character == *b"\n" {
            println!();
            lines += 1;
        } else {
            print!("[{}]", char::from(character[0]));
        }
    }
    println!("reader: found the end of the file {ends} times");
    Ok(())
}
